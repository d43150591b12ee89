using AuditKit.Checks;
using AuditKit.Checks.Subgroups;
using AuditKit.Evidence;

namespace AuditKit.Comparisons;

/// <summary>The groups of the images that an audit's checks look at: by them two runs are compared too, and examples are named.</summary>
internal static class ComparedGroups
{
    /// <summary>Reads the groups of the images; what cannot be cut is left out, for the check that asks for it says why.</summary>
    public static IReadOnlyList<GroupIndex> Of(IEnumerable<PlannedCheck> checks, EvidenceStore evidence) =>
    [
        .. checks.SelectMany(check => check.ComparedBy).DistinctBy(grouping => grouping.Name)
            .Where(grouping => grouping.Factors.All(factor => factor.Attribute == Factor.Class || evidence.HasAttribute(factor.Attribute)))
            .Select(grouping => Cut(evidence, grouping)).OfType<GroupIndex>(),
    ];

    private static GroupIndex? Cut(EvidenceStore evidence, Grouping grouping)
    {
        try
        {
            return GroupIndex.Of(evidence, grouping);
        }
        catch (AuditException)
        {
            return null;
        }
    }
}
