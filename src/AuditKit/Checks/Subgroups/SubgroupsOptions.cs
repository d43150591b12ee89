using AuditKit.Results;
using AuditKit.Yaml;

namespace AuditKit.Checks.Subgroups;

/// <summary>What a spec says under <c>subgroups</c>.</summary>
public sealed record SubgroupsOptions
{
    /// <summary>How the images are cut into groups, <c>by</c>; at least one way, no two the same.</summary>
    public required IReadOnlyList<Grouping> By { get; init; }

    /// <summary>The least accuracy of every group, <c>min-worst</c>; null to report it only.</summary>
    public Threshold? MinWorst { get; init; }

    /// <summary>Images that a group needs to be judged, <c>min-size</c>.</summary>
    public int MinSize { get; init; } = 30;

    /// <summary>
    /// Numbers (or shares) of training images by grouping and group, <c>train-shares</c>, for the train-weighted
    /// average; groupings may be missing.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> TrainShares { get; init; }
        = new Dictionary<string, IReadOnlyDictionary<string, double>>();

    /// <summary>Reads <c>{ by: [class, brightness/3, class x brightness/3], min-worst: 0.70, min-size: 100 }</c>.</summary>
    /// <param name="map">The options.</param>
    /// <param name="attributes">The attributes that come with the data.</param>
    /// <exception cref="AuditException">An unknown key or attribute, a grouping named twice, a value out of range.</exception>
    public static SubgroupsOptions Parse(SpecMap map, IReadOnlyList<string> attributes)
    {
        ArgumentNullException.ThrowIfNull(map);
        IReadOnlyList<Grouping> by = Grouping.ParseList(map, "by", attributes);
        var standard = new SubgroupsOptions { By = by };
        var options = standard with
        {
            By = by.Count > 0 ? by : throw map.Error("by", "name at least one grouping, such as class."),
            MinWorst = map.Limit(ThresholdKind.AtLeast, "min-worst"),
            MinSize = map.Integer("min-size", standard.MinSize, 1, 1_000_000_000),
            TrainShares = ParseShares(map, by),
        };
        map.Finish();
        return options;
    }

    internal PlannedCheck Plan() => new(new SubgroupsCheck(this), new SubgroupsAnalysis(this));

    private static Dictionary<string, IReadOnlyDictionary<string, double>> ParseShares(SpecMap map, IReadOnlyList<Grouping> by)
    {
        var shares = new Dictionary<string, IReadOnlyDictionary<string, double>>();
        if (map.OptionalMap("train-shares") is { } groupings)
        {
            foreach (Grouping grouping in by)
            {
                if (groupings.OptionalMap(grouping.Name) is { } groups)
                {
                    shares[grouping.Name] = groups.Keys.ToDictionary(group => group, group => groups.Number(group, null, 0, 1e12));
                    if (shares[grouping.Name].Values.Sum() <= 0)
                    {
                        throw groupings.Error(grouping.Name, $"the shares of '{grouping.Name}' add up to nothing.");
                    }
                }
            }

            groupings.Finish();
        }

        return shares;
    }
}
