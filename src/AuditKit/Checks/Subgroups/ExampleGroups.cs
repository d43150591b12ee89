using AuditKit.Evidence;
using AuditKit.Results;

namespace AuditKit.Checks.Subgroups;

/// <summary>An analysis that cuts the audited images into groups.</summary>
internal interface IGroups
{
    /// <summary>Each grouping, and which of its groups every image is in.</summary>
    IEnumerable<(string Grouping, GroupIndex Index)> Groups(EvidenceStore evidence);
}

/// <summary>Names the groups that example images are in, so that images that failed can be looked at by group, whichever check they failed.</summary>
internal static class ExampleGroups
{
    /// <summary>The sections, with a fact for every grouping in each example of an audited image.</summary>
    /// <param name="evidence">The evidence.</param>
    /// <param name="analyses">The audit's analyses; those that cut the images are asked how.</param>
    /// <param name="sections">What the analyses found.</param>
    public static IEnumerable<Section> Named(EvidenceStore evidence, IEnumerable<IAnalysis> analyses, IReadOnlyList<Section> sections)
    {
        // A grouping that cannot be formed has broken its own section, and is no reason to break the others.
        bool intact = sections.All(section => section.Error is null);
        (string Grouping, GroupIndex Index)[] groups =
        [
            .. intact ? analyses.OfType<IGroups>().SelectMany(analysis => analysis.Groups(evidence)).DistinctBy(grouping => grouping.Grouping) : [],
        ];
        // The class alone is a fact already.
        groups = [.. groups.Where(grouping => grouping.Grouping != Factor.Class)];
        return sections.Select(section => groups.Length == 0 ? section : section with { Examples = [.. section.Examples.Select(Name)] });

        Example Name(Example example) => example.Image is not { } image ? example : example with
        {
            Facts = [.. example.Facts, .. groups.Select(grouping => new Fact(grouping.Grouping, grouping.Index.Names[grouping.Index.Group[image]]))],
        };
    }
}
