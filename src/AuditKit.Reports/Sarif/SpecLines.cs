using AuditKit.Results;
using AuditKit.Yaml;

namespace AuditKit.Reports.Sarif;

/// <summary>Finds the lines of a spec's keys, where the file is the text that was run.</summary>
internal sealed class SpecLines
{
    private readonly SpecMap? _spec;

    private SpecLines(SpecMap? spec) => _spec = spec;

    /// <summary>The lines of a result's spec. Overrides on the command line leave no line to point at.</summary>
    public static SpecLines Of(AuditResult result)
        => new(result.Overrides.Count == 0 && result.Spec.Length > 0 ? SpecMap.Parse(result.SpecFile, result.Spec) : null);

    /// <summary>The line, from 1, of a key by its path, or of the nearest of its parents that is there.</summary>
    public int Find(string key) => _spec?.LineOf(key) ?? 1;
}
