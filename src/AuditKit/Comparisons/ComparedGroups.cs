using AuditKit.Checks;
using AuditKit.Checks.Subgroups;
using AuditKit.Evidence;

namespace AuditKit.Comparisons;

/// <summary>The groups of the images that an audit's checks look at: by them two runs are compared too, and examples are named.</summary>
internal static class ComparedGroups
{
    /// <summary>Reads the groups of the images; a check that broke has left its attributes, and so its groups, out.</summary>
    public static IReadOnlyList<GroupIndex> Of(IEnumerable<PlannedCheck> checks, EvidenceStore evidence) =>
    [
        .. checks.SelectMany(check => check.ComparedBy).DistinctBy(grouping => grouping.Name)
            .Where(grouping => grouping.Factors.All(factor => factor.Attribute == Factor.Class || evidence.HasAttribute(factor.Attribute)))
            .Select(grouping => GroupIndex.Of(evidence, grouping)),
    ];
}
