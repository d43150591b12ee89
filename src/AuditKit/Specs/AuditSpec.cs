using AuditKit.Data;
using AuditKit.Evidence;
using AuditKit.Models;
using AuditKit.Yaml;

namespace AuditKit.Specs;

/// <summary>An audit as its YAML file asks for it, validated: everything that can be refused has been refused.</summary>
public sealed record AuditSpec
{
    /// <summary>What is measured and demanded.</summary>
    public required AuditTerms Terms { get; init; }

    /// <summary>The file, relative to the working directory, with forward slashes; its name alone where it lies elsewhere.</summary>
    public required string File { get; init; }

    /// <summary>The <c>key=value</c> assignments that replaced values of the file.</summary>
    public required IReadOnlyList<string> Overrides { get; init; }

    /// <summary>The full path of the file's folder, which relative paths start from.</summary>
    public required string Folder { get; init; }

    /// <summary>The model under audit.</summary>
    public required ModelSpec Model { get; init; }

    /// <summary>The data that it is audited on.</summary>
    public required DataSpec Data { get; init; }

    /// <summary>The <c>remedy:</c> block, how the model may be trained when it fails; AuditKit.Training reads it. Null without one.</summary>
    public SpecMap? Remedy { get; init; }

    /// <summary>The spec's text as it is run, overrides applied.</summary>
    public required string Text { get; init; }

    /// <summary>Reads a spec.</summary>
    /// <param name="file">The YAML file.</param>
    /// <param name="overrides"><c>key=value</c> assignments that replace values of the file.</param>
    /// <exception cref="AuditException">The file cannot be read, or a key or value cannot be used; the message has line and column.</exception>
    public static AuditSpec Load(string file, IReadOnlyList<string> overrides)
    {
        string text = SpecMap.ReadFile(file);
        SpecMap map = SpecMap.Parse(file, text);
        foreach (string assignment in overrides)
        {
            map.Set(assignment);
        }

        string folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        var spec = new AuditSpec
        {
            Terms = AuditTerms.Parse(map),
            File = Relative(file),
            Overrides = [.. overrides],
            Folder = folder,
            Model = ModelSpec.Parse(map.Map("model"), folder),
            Data = DataSpec.Parse(map.Map("data"), folder),
            Remedy = map.OptionalMap("remedy"),
            Text = overrides.Count == 0 ? text : map.ToYaml(),
        };
        map.Finish();
        return spec.Terms.Baseline is { } baseline && !System.IO.File.Exists(Path.Combine(Path.GetFullPath(baseline.Run, folder), RunFolder.EvidenceFile))
            ? throw map.Error("baseline", $"'baseline.run': '{baseline.Run}' is no run's folder (it has no {RunFolder.EvidenceFile}).")
            : spec;
    }

    // What a repository calls the file, when the command is started in the repository's root as CI jobs do.
    private static string Relative(string file)
    {
        string path = Path.GetRelativePath(Environment.CurrentDirectory, Path.GetFullPath(file));
        return path.StartsWith("..", StringComparison.Ordinal) || Path.IsPathRooted(path) ? Path.GetFileName(path) : path.Replace('\\', '/');
    }
}
