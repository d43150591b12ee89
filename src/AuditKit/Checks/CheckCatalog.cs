using AuditKit.Checks.Accuracy;
using AuditKit.Checks.SimBa;
using AuditKit.Checks.Stability;
using AuditKit.Checks.Subgroups;
using AuditKit.Specs;

namespace AuditKit.Checks;

/// <summary>The checks that a spec can ask for, by their keys under <c>checks</c>.</summary>
public static class CheckCatalog
{
    private static readonly Dictionary<string, Func<SpecMap, IReadOnlyList<string>, PlannedCheck>> Checks = new()
    {
        ["accuracy"] = (map, _) => AccuracyOptions.Parse(map).Plan(),
        ["subgroups"] = (map, attributes) => SubgroupsOptions.Parse(map, attributes).Plan(),
        ["stability"] = (map, _) => StabilityOptions.Parse(map).Plan(),
        ["simba"] = (map, _) => SimBaOptions.Parse(map).Plan(),
    };

    /// <summary>The checks of a spec, in its order.</summary>
    /// <param name="checks">The mapping under <c>checks</c>: a key a check, its options below.</param>
    /// <param name="attributes">The attributes that come with the data (<see cref="Data.IDataset.Attributes"/>).</param>
    /// <exception cref="AuditException">An unknown check or option, or options that contradict each other; the message has line, column and the nearest valid key.</exception>
    public static IReadOnlyList<PlannedCheck> Plan(SpecMap checks, IReadOnlyList<string> attributes)
    {
        ArgumentNullException.ThrowIfNull(checks);
        Dictionary<string, SpecMap?> options = Checks.Keys.ToDictionary(key => key, checks.OptionalMap);
        checks.Finish();
        PlannedCheck[] planned = [.. checks.Keys.Select(key => Checks[key](options[key]!, attributes))];
        return planned.Length > 0
            ? planned
            : throw checks.Error("", $"'{checks.Path}' asks for no check. Valid keys: {string.Join(", ", Checks.Keys)}.");
    }
}
