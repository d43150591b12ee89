using System.Diagnostics.CodeAnalysis;
using AuditKit.Checks;
using AuditKit.Data;
using AuditKit.Evidence;
using AuditKit.Models;
using AuditKit.Yaml;

namespace AuditKit.Specs;

/// <summary>An audit as its YAML file asks for it, validated whole before a model or data is opened.</summary>
public sealed record AuditSpec : AuditPlan
{
    [SetsRequiredMembers]
    private AuditSpec(AuditTerms terms, ModelSpec model, DataSpec data)
    {
        (Name, Seed, Confidence, Checks) = (terms.Name, terms.Seed, terms.Confidence, terms.Checks);
        (Provider, Statements, Baseline) = (terms.Provider, terms.Statements, terms.Baseline);
        (Model, Data) = (model, data);
    }

    /// <summary>The <c>remedy:</c> block, how the model may be trained when it fails; AuditKit.Training reads it. Null without one.</summary>
    public SpecMap? Remedy { get; private init; }

    /// <summary>Reads a spec.</summary>
    /// <param name="file">The YAML file.</param>
    /// <param name="overrides"><c>key=value</c> assignments that replace values of the file.</param>
    /// <param name="catalog">The checks there are; null for <see cref="CheckCatalog.Standard"/>.</param>
    /// <exception cref="AuditException">The file cannot be read, or a key or value cannot be used; the message has line and column.</exception>
    public static AuditSpec Load(string file, IReadOnlyList<string> overrides, CheckCatalog? catalog = null)
        => Load(file, overrides, catalog, mustExist: true);

    /// <summary>The same; the model may be one that is yet to be made.</summary>
    internal static AuditSpec Load(string file, IReadOnlyList<string> overrides, CheckCatalog? catalog, bool mustExist)
    {
        string text = SpecMap.ReadFile(file);
        SpecMap map = SpecMap.Parse(file, text);
        SpecKind.Audit.Require(file, map);
        foreach (string assignment in overrides)
        {
            map.Set(assignment);
        }

        string folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        var spec = new AuditSpec(
            AuditTerms.Parse(map, folder, catalog ?? CheckCatalog.Standard), ModelSpec.Parse(map.Map("model"), folder, mustExist),
            DataSpec.Parse(map.Map("data"), folder))
        {
            File = Relative(file),
            Overrides = [.. overrides],
            Folder = folder,
            Remedy = map.OptionalMap("remedy"),
            Text = overrides.Count == 0 ? text : map.ToYaml(),
        };
        map.Finish();
        return spec.Baseline is { } baseline && !System.IO.File.Exists(Path.Combine(Path.GetFullPath(baseline.Run, folder), RunFolder.EvidenceFile))
            ? throw map.Error("baseline", $"'baseline.run': '{baseline.Run}' is no run's folder (it has no {RunFolder.EvidenceFile}).")
            : spec;
    }

    // What a repository calls the file, when the command is started in the repository's root as CI jobs do.
    private static string Relative(string file)
    {
        string path = Path.GetRelativePath(Environment.CurrentDirectory, Path.GetFullPath(file));
        return path.StartsWith("..", StringComparison.Ordinal) || Path.IsPathRooted(path) ? Path.GetFileName(path) : path
            .Replace(Path.DirectorySeparatorChar, '/');
    }
}
