using AuditKit.Data;
using AuditKit.Results;
using AuditKit.Yaml;

namespace AuditKit.Checks.DomainShift;

/// <summary>What a spec says under <c>domain-shift</c>.</summary>
public sealed record DomainShiftOptions
{
    /// <summary>The shifted sets, <c>sets</c>; at least one, no two of the same name.</summary>
    public required IReadOnlyList<ShiftedSet> Sets { get; init; }

    /// <summary>The least accuracy on every set, <c>min-accuracy</c>; null to report it only.</summary>
    public Threshold? MinAccuracy { get; init; }

    /// <summary>The most that accuracy may drop from the audited data to any set, <c>max-drop</c>; null to report it only.</summary>
    public Threshold? MaxDrop { get; init; }

    /// <summary>How every set is cut into groups, <c>by</c>, as the spec writes it; which attributes there are the set says.</summary>
    public IReadOnlyList<string> By { get; init; } = [];

    /// <summary>The least accuracy of every group, <c>min-worst</c>; null to report it only.</summary>
    public Threshold? MinWorst { get; init; }

    /// <summary>Images that a group needs to be judged, <c>min-size</c>.</summary>
    public int MinSize { get; init; } = 30;

    /// <summary>Reads <c>{ sets: [{ name: CINIC-10, data: { path: …, split: test } }], max-drop: 0.25, by: [class] }</c>. No data is opened.</summary>
    /// <param name="map">The options.</param>
    /// <param name="folder">The spec's folder, which relative paths start from.</param>
    /// <exception cref="AuditException">An unknown key, a set named twice, a value out of range.</exception>
    public static DomainShiftOptions Parse(SpecMap map, string folder)
    {
        ArgumentNullException.ThrowIfNull(map);
        var sets = new List<ShiftedSet>();
        foreach (SpecMap entry in map.Maps("sets"))
        {
            var set = new ShiftedSet(entry.Title("name"), DataSpec.Parse(entry.Map("data"), folder));
            entry.Finish();
            sets.Add(sets.Exists(other => other.Name == set.Name) ? throw entry.Error("name", $"'{set.Name}' is named twice.") : set);
        }

        var standard = new DomainShiftOptions { Sets = sets };
        var options = standard with
        {
            Sets = sets.Count > 0 ? sets : throw map.Error("sets", "name at least one set."),
            MinAccuracy = map.Limit(ThresholdKind.AtLeast, "min-accuracy"),
            MaxDrop = map.Limit(ThresholdKind.AtMost, "max-drop"),
            By = map.List("by", []),
            MinWorst = map.Limit(ThresholdKind.AtLeast, "min-worst"),
            MinSize = map.Integer("min-size", standard.MinSize, 1, 1_000_000_000),
        };
        map.Finish();
        return options.MinWorst is not null && options.By.Count == 0
            ? throw map.Error("min-worst", $"'{map.Path}.min-worst' needs 'by', which says what the groups are.")
            : options;
    }

    internal PlannedCheck Plan() => new(new DomainShiftCheck(this), new DomainShiftAnalysis(this));
}

/// <summary>A set of images that differ from the audited ones in where they come from.</summary>
/// <param name="Name">What the report calls it.</param>
/// <param name="Data">Where it is, and how its classes become the audited data's.</param>
public sealed record ShiftedSet(string Name, DataSpec Data);
