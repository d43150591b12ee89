using System.Globalization;
using System.Text.RegularExpressions;

namespace AuditKit.Results;

/// <summary>
/// The prose of a <see cref="Section.Method"/>, from the file <c>method.md</c> beside the code: a paragraph under each heading
/// <c>## name</c>, its lines joined by one space, with placeholders such as <c>{confidence}</c> for what depends on the audit. Braces
/// after an underscore, as in max_{i≠y}, are a formula's. The file is an embedded resource of the assembly.
/// </summary>
public sealed partial class MethodText
{
    private const string Heading = "## ";

    private readonly string _file;
    private readonly Dictionary<string, string> _paragraphs = [];

    /// <summary>Takes a file apart.</summary>
    /// <param name="file">Its name, for errors.</param>
    /// <param name="text">What it says.</param>
    /// <exception cref="ArgumentException">A name comes twice, or words come before the first one.</exception>
    internal MethodText(string file, string text)
    {
        _file = file;
        string? name = null;
        foreach (string line in text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith(Heading, StringComparison.Ordinal))
            {
                name = line[Heading.Length..];
                _paragraphs.Add(name, "");
            }
            else
            {
                string before = name is null
                    ? throw new ArgumentException($"{file} has words before its first heading '{Heading}name'.", nameof(text))
                    : _paragraphs[name];
                _paragraphs[name] = before.Length == 0 ? line : $"{before} {line}";
            }
        }
    }

    /// <summary>The file in the folder of a type, which is its namespace.</summary>
    /// <exception cref="ArgumentException">The type's assembly has no such resource.</exception>
    public static MethodText Of<T>()
    {
        string file = $"{typeof(T).Namespace}.method.md";
        using Stream stream = typeof(T).Assembly.GetManifestResourceStream(file)
            ?? throw new ArgumentException($"{typeof(T).Assembly.GetName().Name} has no embedded resource '{file}', for {typeof(T).Name}.");
        using var reader = new StreamReader(stream);
        return new MethodText(file, reader.ReadToEnd());
    }

    /// <summary>A paragraph as the report prints it.</summary>
    /// <param name="name">Its heading.</param>
    /// <param name="values">A value for each of its placeholders.</param>
    /// <exception cref="ArgumentException">There is no such paragraph, a placeholder has no value, or a value no placeholder.</exception>
    public string Paragraph(string name, params (string Name, object Value)[] values)
    {
        string text = _paragraphs.GetValueOrDefault(name) ?? throw new ArgumentException($"{_file} has no paragraph '{name}'.", nameof(name));
        Dictionary<string, object> given = values.ToDictionary(value => value.Name, value => value.Value);
        HashSet<string> unused = [.. given.Keys];
        string filled = Placeholder().Replace(text, match =>
        {
            string placeholder = match.Groups[1].Value;
            unused.Remove(placeholder);
            return given.TryGetValue(placeholder, out object? value)
                ? string.Create(CultureInfo.InvariantCulture, $"{value}")
                : throw new ArgumentException($"{_file}, '{name}': there is no value for {match.Value}.", nameof(values));
        });
        return unused.Count == 0
            ? filled
            : throw new ArgumentException($"{_file}, '{name}': there is no placeholder for {string.Join(", ", unused)}.", nameof(values));
    }

    [GeneratedRegex(@"(?<!_)\{(.*?)\}")]
    private static partial Regex Placeholder();
}
