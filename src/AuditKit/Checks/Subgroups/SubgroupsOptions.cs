using AuditKit.Results;
using AuditKit.Yaml;

namespace AuditKit.Checks.Subgroups;

/// <summary>What a spec says under <c>subgroups</c>: <c>{ by: [class, brightness/3, class x brightness/3], min-worst: 0.70, min-size: 100 }</c>.</summary>
public sealed record SubgroupsOptions : ICheckOptions
{
    internal const string HardGroupKey = "hard-group";
    internal const string TrainSharesKey = "train-shares";

    private static readonly GroupingsKey s_by = new("How the images are cut into groups: class, an attribute, brightness/3, or several "
        + "crossed (class x place)")
    { Example = "[brightness/2]", IsRequired = true };
    private static readonly LimitKey s_minWorst = new("min-worst", "The least accuracy of every group", ThresholdKind.AtLeast) { Example = "0.4" };
    private static readonly IntegerKey s_minSize = new("min-size", "Images that a group needs to be judged", 30, 1, 1_000_000_000) { Example = "2" };
    private static readonly BlockKey s_trainShares = new(TrainSharesKey, "Training images by grouping and group, for the train-weighted average");

    private static readonly TextKey s_hardGroup = new(HardGroupKey, "The group that is known to be hard, as reports name it: class = waterbird x place = land");
    private static readonly LimitKey s_minHard = new("min-hard", "The least accuracy of the hard group", ThresholdKind.AtLeast);

    /// <summary>The check.</summary>
    public static CheckDescriptor Check { get; } = new()
    {
        Key = SubgroupsCheck.Key,
        Assesses = "accuracy of subgroups, the worst group",
        Keys = [s_by, s_minWorst, s_minSize, s_hardGroup, s_minHard, s_trainShares],
        Parse = Parse,
        Clauses = ["ai-act-15 15(1)", "ai-act-annex-iv 2(g), groups", "ai-act-annex-iv 3", "nist-measure-2 2.3", "nist-measure-2 2.11"],
        Weakness = Checks.Weakness.WorstGroup,
    };

    /// <summary>How the images are cut into groups, <c>by</c>; at least one way.</summary>
    public required Groupings By
    {
        get;
        init => field = value.Names.Count > 0 ? value : throw new ArgumentException("'by' needs at least one grouping, such as class.", nameof(value));
    }

    /// <summary>The least accuracy of every group, <c>min-worst</c>; null to report it only.</summary>
    public Threshold? MinWorst { get; init => field = s_minWorst.Require(value); }

    /// <summary>Images that a group needs to be judged, <c>min-size</c>.</summary>
    public int MinSize { get; init => field = s_minSize.Require(value); } = s_minSize.Default;

    /// <summary>The group that is known to be hard, <c>hard-group</c>, by its name in reports; one of a grouping of <see cref="By"/>. Null for none.</summary>
    public string? HardGroup { get; init; }

    /// <summary>The least accuracy of <see cref="HardGroup"/>, <c>min-hard</c>; null to report it only.</summary>
    public Threshold? MinHard { get; init => field = s_minHard.Require(value); }

    /// <summary>
    /// Numbers (or shares) of training images by grouping and group, <c>train-shares</c>, for the train-weighted
    /// average; groupings may be missing.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> TrainShares { get; init; }
        = new Dictionary<string, IReadOnlyDictionary<string, double>>();

    /// <summary>The key of <see cref="By"/>.</summary>
    internal static string ByKey => s_by.Key;

    /// <summary>Where they were read from.</summary>
    internal SpecPlace Place { get; private init; } = SpecPlace.None;

    /// <inheritdoc/>
    public CheckDescriptor Descriptor => Check;

    /// <inheritdoc/>
    public PlannedCheck Bind(IReadOnlyList<string> attributes)
    {
        if (LacksHardGroup)
        {
            throw new ArgumentException("'min-hard' needs 'hard-group': which group is it?");
        }

        IReadOnlyList<Grouping> by = By.Bind(attributes);
        SubgroupsOptions named = this with { TrainShares = TrainShares.ToDictionary(shares => NameOf(shares.Key, by), shares => shares.Value) };
        return new(new SubgroupsCheck(named, by), new SubgroupsAnalysis(named, by)) { ComparedBy = by };
    }

    private bool LacksHardGroup => MinHard is not null && HardGroup is null;

    // Reports and groups call a grouping by its own name, however it was written: class x place, brightness/3.
    private string NameOf(string written, IReadOnlyList<Grouping> by)
        => by.Where((grouping, i) => By.Names[i] == written || grouping.Name == written).FirstOrDefault()?.Name
            ?? throw new ArgumentException($"'train-shares' has shares of '{written}', which is none of the groupings of 'by'.");

    private static SubgroupsOptions Parse(SpecMap map, string folder)
    {
        Groupings by = s_by.Read(map);
        var options = new SubgroupsOptions
        {
            By = by.Names.Count > 0 ? by : throw map.Error(s_by.Key, "name at least one grouping, such as class."),
            MinWorst = s_minWorst.Read(map),
            MinSize = s_minSize.Read(map),
            HardGroup = s_hardGroup.Read(map),
            MinHard = s_minHard.Read(map),
            TrainShares = ParseShares(map, by.Names),
            Place = new SpecPlace(map),
        };
        map.Finish();
        if (options.LacksHardGroup)
        {
            throw map.Error(s_minHard.Key, $"'{map.Path}.{s_minHard.Key}' needs '{s_hardGroup.Key}': which group is it?");
        }

        return options;
    }

    private static Dictionary<string, IReadOnlyDictionary<string, double>> ParseShares(SpecMap map, IReadOnlyList<string> by)
    {
        var shares = new Dictionary<string, IReadOnlyDictionary<string, double>>();
        if (map.OptionalMap(s_trainShares.Key) is { } groupings)
        {
            foreach (string grouping in by.Distinct())
            {
                if (groupings.OptionalMap(grouping) is { } groups)
                {
                    shares[grouping] = groups.Keys.ToDictionary(group => group, group => groups.Number(group, null, 0, 1e12));
                    if (shares[grouping].Values.Sum() <= 0)
                    {
                        throw groupings.Error(grouping, $"the shares of '{grouping}' add up to nothing.");
                    }
                }
            }

            groupings.Finish();
        }

        return shares;
    }
}
