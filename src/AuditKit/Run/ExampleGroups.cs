using AuditKit.Checks;
using AuditKit.Checks.Subgroups;
using AuditKit.Evidence;
using AuditKit.Results;

namespace AuditKit.Run;

/// <summary>Names the groups that example images are in, so that images that failed can be looked at by group, whichever check they failed.</summary>
internal static class ExampleGroups
{
    /// <summary>The sections, with a fact for every grouping of the checks in each example of an audited image.</summary>
    /// <param name="evidence">The evidence; a check that broke has left its attributes, and so its groups, out.</param>
    /// <param name="checks">The audit's checks.</param>
    /// <param name="sections">What the checks found.</param>
    public static IEnumerable<Section> Named(EvidenceStore evidence, IEnumerable<PlannedCheck> checks, IReadOnlyList<Section> sections)
    {
        (string Name, GroupIndex Index)[] groups =
        [
            // Every example names its class anyway.
            .. checks.SelectMany(check => check.ComparedBy).Where(grouping => grouping.Name != Factor.Class).DistinctBy(grouping => grouping.Name)
                .Where(grouping => grouping.Factors.All(factor => factor.Attribute == Factor.Class || evidence.HasAttribute(factor.Attribute)))
                .Select(grouping => (grouping.Name, GroupIndex.Of(evidence, grouping))),
        ];
        return groups.Length == 0 ? sections : sections.Select(section => section with { Examples = [.. section.Examples.Select(Name)] });

        Example Name(Example example) => example.Image is not { } image ? example : example with
        {
            Facts = [.. example.Facts, .. groups.Select(grouping => new Fact(grouping.Name, grouping.Index.Names[grouping.Index.Group[image]]))],
        };
    }
}
