using AuditKit.Checks.SimBa;
using AuditKit.Evidence;
using AuditKit.Statistics;

namespace AuditKit.Checks.WhiteBox;

/// <summary>
/// Images attacked both with gradients and by SimBA, which sees probabilities alone. A perturbation that SimBA found
/// inside the ball and gradients did not find shows that the gradients lead astray (Athalye et al., Obfuscated
/// Gradients Give a False Sense of Security, ICML 2018, section 3.1).
/// </summary>
/// <param name="Budget">The ball.</param>
/// <param name="WhiteBox">Images of both samples that fell to gradients.</param>
/// <param name="SimBa">Images of both samples that SimBA fooled inside the ball.</param>
/// <param name="SimBaOnly">Images that SimBA alone fooled inside the ball.</param>
internal sealed record GradientMasking(Budget Budget, Proportion WhiteBox, Proportion SimBa, Proportion SimBaOnly)
{
    // Both norms are rounded to 32 bits.
    private const double Rounding = 1 + 1e-5;

    /// <summary>Compares the outcomes under one budget with all of SimBA's; null where no image was attacked by both.</summary>
    public static GradientMasking? Of(EvidenceStore evidence, Budget budget, IEnumerable<AttackOutcome> whiteBox)
    {
        int[] labels = evidence.Labels();
        ILookup<int, bool> simBa = evidence.Conditions
            .Where(condition => condition is { Kind: ConditionKind.Attacked, Check: SimBaCheck.Key, Origin: "" })
            .SelectMany(evidence.AttackOutcomes)
            .ToLookup(outcome => outcome.Image, outcome => outcome.Predicted != labels[outcome.Image] && Size(outcome) <= budget.Epsilon * Rounding);
        (bool Fell, bool SimBa)[] both = [.. whiteBox.Where(outcome => simBa.Contains(outcome.Image))
            .Select(outcome => (outcome.Succeeded, simBa[outcome.Image].Any(fooled => fooled)))];
        return both.Length == 0 ? null : new GradientMasking(
            budget,
            Proportion.Of(both.Select(image => image.Fell)),
            Proportion.Of(both.Select(image => image.SimBa)),
            Proportion.Of(both.Select(image => image.SimBa && !image.Fell)));

        double Size(AttackOutcome outcome) => budget.Norm == Norm.LInf ? outcome.LInf : outcome.L2;
    }
}
