using AuditKit.Checks.Accuracy;
using AuditKit.Checks.Calibration;
using AuditKit.Checks.Corruptions;
using AuditKit.Checks.DomainShift;
using AuditKit.Checks.NearDuplicates;
using AuditKit.Checks.SimBa;
using AuditKit.Checks.Stability;
using AuditKit.Checks.Subgroups;
using AuditKit.Checks.Tta;
using AuditKit.Checks.Weights;
using AuditKit.Checks.WhiteBox;
using AuditKit.Yaml;

namespace AuditKit.Checks;

/// <summary>The checks that a spec can ask for, by their keys under <c>checks</c>.</summary>
public static class CheckCatalog
{
    private static readonly Dictionary<string, Func<SpecMap, CheckScope, PlannedCheck>> Checks = new()
    {
        ["accuracy"] = (map, _) => AccuracyOptions.Parse(map).Plan(),
        ["subgroups"] = (map, scope) => SubgroupsOptions.Parse(map, scope.Attributes).Plan(),
        ["domain-shift"] = (map, scope) => DomainShiftOptions.Parse(map, scope.Folder).Plan(),
        ["corruptions"] = (map, scope) => CorruptionsOptions.Parse(map, scope.Folder).Plan(),
        ["stability"] = (map, _) => StabilityOptions.Parse(map).Plan(),
        ["near-duplicates"] = (map, _) => NearDuplicatesOptions.Parse(map).Plan(),
        ["weights"] = (map, _) => WeightsOptions.Parse(map).Plan(),
        ["white-box"] = (map, _) => WhiteBoxOptions.Parse(map).Plan(),
        ["calibration"] = (map, scope) => CalibrationOptions.Parse(map, scope.Attributes).Plan(),
        ["simba"] = (map, scope) => SimBaOptions.Parse(map, scope.Attributes).Plan(),
        ["tta"] = (map, scope) => TtaOptions.Parse(map, scope.Folder).Plan(),
    };

    /// <summary>The keys of all checks there are.</summary>
    public static IReadOnlyCollection<string> Names => Checks.Keys;

    /// <summary>The checks of a spec, in its order.</summary>
    /// <param name="checks">The mapping under <c>checks</c>: a key a check, its options below.</param>
    /// <param name="scope">What the checks' options may refer to.</param>
    /// <exception cref="AuditException">An unknown check or option, or options that contradict each other; the message has line, column and the nearest valid key.</exception>
    public static IReadOnlyList<PlannedCheck> Plan(SpecMap checks, CheckScope scope)
    {
        ArgumentNullException.ThrowIfNull(checks);
        Dictionary<string, SpecMap?> options = Checks.Keys.ToDictionary(key => key, checks.OptionalMap);
        checks.Finish();
        PlannedCheck[] planned = [.. checks.Keys.Select(key => Checks[key](options[key]!, scope))];
        return planned.Length > 0
            ? planned
            : throw checks.Error("", $"'{checks.Path}' asks for no check. Valid keys: {string.Join(", ", Checks.Keys)}.");
    }
}

/// <summary>What the options of checks may refer to beyond their own block.</summary>
/// <param name="Folder">The spec's folder, which relative paths start from.</param>
/// <param name="Attributes">The attributes that come with the data (<see cref="Data.IDataset.Attributes"/>).</param>
public sealed record CheckScope(string Folder, IReadOnlyList<string> Attributes);
