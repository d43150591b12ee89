using AuditKit.Evidence;
using AuditKit.Imaging.Corruptions;
using AuditKit.Statistics;

namespace AuditKit.Checks.Corruptions;

/// <summary>
/// How often the model errs under one corruption: at each severity, and on average, where an image's share of wrong
/// answers over the severities is one observation.
/// </summary>
/// <param name="Kind">The corruption.</param>
/// <param name="BySeverity">The error at each of the options' severities.</param>
/// <param name="Shares">For each image its share of wrong answers.</param>
/// <param name="Conditions">The condition of each severity in the evidence.</param>
internal sealed record CorruptionErrors(CorruptionKind Kind, double[] BySeverity, float[] Shares, Condition[] Conditions)
{
    /// <summary>The mean over images of their shares.</summary>
    public Mean Mean { get; } = Mean.Of(Shares.Select(share => (double)share));

    /// <summary>Reads the predictions of the audited model, or of the reference.</summary>
    /// <param name="evidence">The finished evidence.</param>
    /// <param name="kind">The corruption.</param>
    /// <param name="severities">The severities.</param>
    /// <param name="by"><see cref="ConditionKind.Corrupted"/> for the audited model's, <see cref="ConditionKind.Reference"/> for the reference's.</param>
    /// <exception cref="AuditException">The evidence is not complete.</exception>
    public static CorruptionErrors Read(
        EvidenceStore evidence, CorruptionKind kind, IReadOnlyList<int> severities, ConditionKind by)
    {
        int[] labels = evidence.Labels();
        float[] shares = new float[labels.Length];
        double[] errors = new double[severities.Count];
        Condition[] measured = [.. evidence.Conditions
            .Where(condition => condition.Kind == by && condition.Origin.Length == 0 && condition.Check == CorruptionsCheck.Key
            && condition.Options[CorruptionsCheck.CorruptionOption] == kind.Name)];
        Condition[] conditions =
        [
            .. severities.Select(severity => measured.FirstOrDefault(condition => condition.Options[CorruptionsCheck.SeverityOption] == $"{severity}")
                ?? throw Incomplete($"{kind.Name}/{severity}")),
        ];
        for (int s = 0; s < severities.Count; s++)
        {
            (int seen, int wrong) = (0, 0);
            foreach (Prediction prediction in evidence.Predictions(conditions[s]))
            {
                seen++;
                if (prediction.Predicted != labels[prediction.Image])
                {
                    shares[prediction.Image]++;
                    wrong++;
                }
            }

            if (seen != labels.Length)
            {
                throw Incomplete(conditions[s].Name);
            }

            errors[s] = (double)wrong / labels.Length;
        }

        foreach (ref float share in shares.AsSpan())
        {
            share /= severities.Count;
        }

        return new CorruptionErrors(kind, errors, shares, conditions);
    }

    private static AuditException Incomplete(string condition)
        => new($"The evidence does not have all images under '{condition}': run the audit to its end first.", ExitCode.Error);
}
