using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace AuditKit.Yaml;

/// <summary>The keys that hold several values.</summary>
public sealed partial class SpecMap
{
    /// <summary>A list of texts; a single value counts as a list of one.</summary>
    public IReadOnlyList<string> List(string key, IReadOnlyList<string>? otherwise = null) => Find(key) switch
    {
        null => otherwise ?? throw Missing(key),
        YamlScalarNode scalar => [scalar.Value ?? ""],
        YamlSequenceNode sequence => [.. sequence.Select(item => item is YamlScalarNode { Value: { } text }
            ? text
            : throw At(item, $"'{Qualified(key)}' must be a list of single values."))],
        var other => throw At(other, $"'{Qualified(key)}' must be a list."),
    };

    /// <summary>A list of things that specs name, none of them twice.</summary>
    /// <typeparam name="T">The things.</typeparam>
    /// <param name="key">The list's key.</param>
    /// <param name="parse">The thing of a name; refuses a name by an <see cref="AuditException"/>, which is given the list's place.</param>
    /// <param name="name">What a thing is called, however it was written.</param>
    /// <param name="otherwise">What an absent key means; null where it may not be absent.</param>
    public IReadOnlyList<T> List<T>(string key, Func<string, T> parse, Func<T, string> name, IReadOnlyList<string>? otherwise = null)
    {
        ArgumentNullException.ThrowIfNull(parse);
        ArgumentNullException.ThrowIfNull(name);
        var things = new List<T>();
        foreach (string text in List(key, otherwise))
        {
            T thing;
            try
            {
                thing = parse(text);
            }
            catch (AuditException e)
            {
                throw Error(key, e.Message);
            }

            things.Add(things.Exists(other => name(other) == name(thing)) ? throw Error(key, $"'{name(thing)}' is named twice.") : thing);
        }

        return things;
    }

    /// <summary>A list of numbers within bounds.</summary>
    public IReadOnlyList<double> Numbers(string key, IReadOnlyList<double>? otherwise, double min, double max)
        => Find(key) is { } node
            ? [.. List(key).Select(text => ParseNumber(text, node, Qualified(key), min, max))]
            : otherwise ?? throw Missing(key);

    /// <summary>A mapping from whole numbers to numbers, such as <c>{ 100: 0.60 }</c>; empty where the key is absent.</summary>
    public IReadOnlyDictionary<int, double> NumbersByInteger(string key, int minKey, int maxKey, double min, double max)
    {
        var result = new SortedDictionary<int, double>();
        if (OptionalMap(key) is { } map)
        {
            foreach (string name in map.Keys)
            {
                if (!int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int number) || number < minKey || number > maxKey)
                {
                    throw map.Error(name, $"the keys of '{map.Path}' must be whole numbers between {minKey} and {maxKey}, not '{name}'.");
                }

                result[number] = map.Number(name, null, min, max);
            }
        }

        return result;
    }

    /// <summary>A list of mappings.</summary>
    public IReadOnlyList<SpecMap> Maps(string key) => Find(key) switch
    {
        null => throw Missing(key),
        YamlSequenceNode sequence => [.. sequence.Select((item, i) => item is YamlMappingNode mapping
            ? new SpecMap(_file, $"{Qualified(key)}[{i}]", mapping, _places)
            : throw At(item, $"'{Qualified(key)}' must be a list of 'key: value' blocks."))],
        var other => throw At(other, $"'{Qualified(key)}' must be a list."),
    };
}
