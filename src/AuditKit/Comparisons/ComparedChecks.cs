using AuditKit.Checks.Subgroups;
using AuditKit.Evidence;
using AuditKit.Specs;

namespace AuditKit.Comparisons;

/// <summary>What the candidate's checks mean for a comparison: the groups that are compared too, and what cannot be paired.</summary>
/// <param name="Groups">The groups of the images by each of the spec's groupings.</param>
/// <param name="NotPaired">What the checks measure besides, and why no image of one run can be held against the other's.</param>
internal sealed record ComparedChecks(IReadOnlyList<GroupIndex> Groups, IReadOnlyList<(string What, string Why)> NotPaired)
{
    private static readonly Dictionary<string, (string What, string Why)> Unpaired = new()
    {
        ["calibration"] = ("calibration: errors, temperature, risk and coverage", "figures of a whole set of images, not of each: hold the sections of both reports side by side"),
        ["near-duplicates"] = ("near-duplicates: distances between embeddings", "two models' embeddings have no common scale; predictions under the same perturbations are paired"),
        ["stability"] = ("stability: distances between embeddings", "two models' embeddings have no common scale"),
        ["weights"] = ("weights: all figures", "figures of the model alone, no image is looked at"),
        ["tta"] = ("tta: log-likelihoods, fewer samples than the most, embeddings", "answers are paired once a variant, at the most samples that both runs have"),
        ["white-box"] = ("white-box: sizes of perturbations", "only whether an attack succeeds is paired"),
        ["simba"] = ("simba: queries and sizes of perturbations", "only whether an attack succeeds is paired"),
    };

    /// <summary>Reads them from the candidate's spec and evidence.</summary>
    /// <param name="terms">The spec.</param>
    /// <param name="evidence">The evidence.</param>
    /// <param name="attributes">The attributes that come with the data.</param>
    public static ComparedChecks Of(AuditTerms terms, EvidenceStore evidence, IReadOnlyList<string> attributes)
    {
        IReadOnlyList<Grouping> by = terms.Checks.OptionalMap("subgroups") is { } subgroups ? SubgroupsOptions.Parse(subgroups, attributes).By : [];
        return new ComparedChecks(
            // A check that broke has left its attributes out.
            [.. by.Where(grouping => grouping.Factors.All(factor => factor.Attribute == Factor.Class || evidence.HasAttribute(factor.Attribute))).Select(grouping => GroupIndex.Of(evidence, grouping))],
            [.. terms.Checks.Keys.Where(Unpaired.ContainsKey).Select(check => Unpaired[check])]);
    }
}
