using AuditKit.Checks.Subgroups;
using AuditKit.Data;
using AuditKit.Results;
using AuditKit.Yaml;

namespace AuditKit.Checks.DomainShift;

/// <summary>What a spec says under <c>domain-shift</c>: <c>{ sets: [{ name: CINIC-10, data: { path: …, split: test } }], max-drop: 0.25,
/// by: [class] }</c>.</summary>
public sealed record DomainShiftOptions : ICheckOptions
{
    private static readonly BlockKey s_sets = new(
        "sets", "The shifted sets", new TextKey("name", "What the report calls the set") { IsRequired = true },
            new BlockKey("data", "Where it is", [.. DataSpec.Keys]) { IsRequired = true })
    {
        IsList = true,
        IsRequired = true,
    };
    private static readonly LimitKey s_minAccuracy = new("min-accuracy", "The least accuracy on every set", ThresholdKind.AtLeast) { Example = "0.1" };
    private static readonly LimitKey s_maxDrop = new("max-drop", "The most that accuracy may drop from the audited "
        + "data to any set", ThresholdKind.AtMost)
    { Example = "0.9" };
    private static readonly GroupingsKey s_by = new("How every set is cut into groups") { Example = "[class]" };
    private static readonly LimitKey s_minWorst = new("min-worst", "The least accuracy of every group", ThresholdKind.AtLeast);
    private static readonly IntegerKey s_minSize = new("min-size", "Images that a group needs to be judged", 30, 1, 1_000_000_000) { Example = "2" };

    /// <summary>The check.</summary>
    public static CheckDescriptor Check { get; } = new()
    {
        Key = DomainShiftCheck.Key,
        Assesses = "data from other sources than the model was built on",
        Keys = [s_sets, s_minAccuracy, s_maxDrop, s_by, s_minWorst, s_minSize],
        Parse = Parse,
        Clauses = ["ai-act-15 15(1)", "ai-act-15 15(4), errors and inconsistencies", "nist-measure-2 2.3", "nist-measure-2 2.5"],
        Weakness = Checks.Weakness.Corruption,
    };

    /// <summary>The shifted sets, <c>sets</c>; at least one, no two of the same name.</summary>
    public required IReadOnlyList<ShiftedSet> Sets
    {
        get;
        init => field = value.Count > 0 && value.DistinctBy(set => set.Name).Count() == value.Count ? value
            : throw new ArgumentException("'sets' needs at least one set, and no two of the same name.", nameof(value));
    }

    /// <summary>The least accuracy on every set, <c>min-accuracy</c>; null to report it only.</summary>
    public Threshold? MinAccuracy { get; init => field = s_minAccuracy.Require(value); }

    /// <summary>The most that accuracy may drop from the audited data to any set, <c>max-drop</c>; null to report it only.</summary>
    public Threshold? MaxDrop { get; init => field = s_maxDrop.Require(value); }

    /// <summary>How every set is cut into groups, <c>by</c>; which attributes there are each set says itself.</summary>
    public Groupings By { get; init; } = new();

    /// <summary>The least accuracy of every group, <c>min-worst</c>; null to report it only.</summary>
    public Threshold? MinWorst { get; init => field = s_minWorst.Require(value); }

    /// <summary>Images that a group needs to be judged, <c>min-size</c>.</summary>
    public int MinSize { get; init => field = s_minSize.Require(value); } = s_minSize.Default;

    /// <inheritdoc/>
    public CheckDescriptor Descriptor => Check;

    /// <inheritdoc/>
    public PlannedCheck Bind(IReadOnlyList<string> attributes) => LacksGroups ? throw new ArgumentException("'min-worst' needs 'by', which says what the groups are.")
        : new(new DomainShiftCheck(this), new DomainShiftAnalysis(this));

    private bool LacksGroups => MinWorst is not null && By.Names.Count == 0;

    private static DomainShiftOptions Parse(SpecMap map, string folder)
    {
        var sets = new List<ShiftedSet>();
        foreach (SpecMap entry in map.Maps(s_sets.Key))
        {
            var set = new ShiftedSet(entry.Title("name"), DataSpec.Parse(entry.Map("data"), folder));
            entry.Finish();
            sets.Add(sets.Exists(other => other.Name == set.Name) ? throw entry.Error("name", $"'{set.Name}' is named twice.") : set);
        }

        var options = new DomainShiftOptions
        {
            Sets = sets.Count > 0 ? sets : throw map.Error(s_sets.Key, "name at least one set."),
            MinAccuracy = s_minAccuracy.Read(map),
            MaxDrop = s_maxDrop.Read(map),
            By = s_by.Read(map),
            MinWorst = s_minWorst.Read(map),
            MinSize = s_minSize.Read(map),
        };
        map.Finish();
        return options.LacksGroups
            ? throw map.Error(s_minWorst.Key, $"'{map.Path}.min-worst' needs 'by', which says what the groups are.")
            : options;
    }
}

/// <summary>A set of images that differ from the audited ones in where they come from.</summary>
/// <param name="Name">What the report calls it.</param>
/// <param name="Data">Where it is, and how its classes become the audited data's.</param>
public sealed record ShiftedSet(string Name, DataSpec Data);
