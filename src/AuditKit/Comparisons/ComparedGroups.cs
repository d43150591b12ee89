using AuditKit.Checks;
using AuditKit.Checks.Subgroups;
using AuditKit.Evidence;

namespace AuditKit.Comparisons;

/// <summary>The groups by which two runs are compared too: those of the candidate's checks.</summary>
internal static class ComparedGroups
{
    /// <summary>Reads the groups of the images; a check that broke has left its attributes, and so its groups, out.</summary>
    public static IReadOnlyList<GroupIndex> Of(IEnumerable<PlannedCheck> checks, EvidenceStore evidence) =>
    [
        .. checks.SelectMany(check => check.ComparedBy)
            .Where(grouping => grouping.Factors.All(factor => factor.Attribute == Factor.Class || evidence.HasAttribute(factor.Attribute)))
            .Select(grouping => GroupIndex.Of(evidence, grouping)),
    ];
}
