using AuditKit.Checks;
using AuditKit.Evidence;
using AuditKit.Results;
using AuditKit.Statistics;

namespace AuditKit.Run;

/// <summary>Whether the model does better under another usual preprocessing than under the spec's, by <see cref="OtherPreprocessings"/>.</summary>
internal static class PreprocessingDoubt
{
    // Each was looked at twice: on few images, and on more.
    private const int Looks = 2;

    /// <summary>The doubt about the one that does best; none where chance explains them all.</summary>
    /// <param name="evidence">The evidence.</param>
    /// <param name="clean">The predictions of the images as they are.</param>
    /// <param name="confidence">The confidence at which chance is excluded.</param>
    public static IEnumerable<Doubt> Of(EvidenceStore evidence, CleanOutcomes clean, double confidence)
    {
        Condition[] tried = [.. evidence.Conditions.Where(condition => condition.Kind == ConditionKind.Preprocessed && condition.Origin.Length == 0)];
        return tried.Select(other => (Other: other, Measured: PairedProportions.Of(evidence.Predictions(other)
                .Select(answer => (answer.Predicted == clean.Labels[answer.Image], clean.IsCorrect(answer.Image))))))
            .Where(each => each.Measured.OnlyFirst > each.Measured.OnlySecond
                && each.Measured.McNemarTest() * Looks * tried.Length <= 1 - confidence)
            .OrderByDescending(each => each.Measured.Difference).Take(1)
            .Select(each => new Doubt(
                "preprocessing",
                each.Measured,
                $"Preprocessing is doubtful: with {each.Other.Name}, {NumberText.Percent(each.Measured.First.Estimate)} of "
                    + $"{NumberText.Count(each.Measured.Count)} images are answered correctly, with the spec's "
                        + $"{NumberText.Percent(each.Measured.Second.Estimate)}.",
                $"If the model was trained so, write in model: {Line(each.Other)}. 'auditkit doctor MODEL --data DATA' compares all the usual ones.",
                "model"));
    }

    private static string Line(Condition other) => string.Join(", ", other.Options.Where(option => option.Value.Length > 0)
        .Select(option => option.Key is "mean" or "std"
            ? $"{option.Key}: [{option.Value.Replace(" ", ", ", StringComparison.Ordinal)}]"
            : $"{option.Key}: {option.Value.ToLowerInvariant()}"));
}
