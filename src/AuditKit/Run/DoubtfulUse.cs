using AuditKit.Checks;
using AuditKit.Evidence;
using AuditKit.Results;
using AuditKit.Statistics;

namespace AuditKit.Run;

/// <summary>
/// Signs that the model is not used as it was trained: another usual preprocessing does better, or the outputs stand for the
/// classes in another order. Every figure of the audit would be about something else, so nothing passes while there is one.
/// </summary>
internal sealed class DoubtfulUse
{
    /// <summary>The section's name in reports.</summary>
    private const string Check = "use";

    private static readonly MethodText s_text = MethodText.Of<DoubtfulUse>();

    /// <summary>The section about what is doubtful; null where nothing is, or the clean answers are not complete.</summary>
    /// <param name="evidence">The evidence.</param>
    /// <param name="confidence">Confidence level of the audit.</param>
    public static Section? Of(EvidenceStore evidence, double confidence)
    {
        if (!Array.TrueForAll(evidence.PredictedImages(Condition.Clean), done => done))
        {
            return null;
        }

        var clean = CleanOutcomes.Read(evidence);
        Finding[] doubts = [.. Preprocessing(evidence, clean, confidence), .. Order(evidence, clean), .. Names(evidence, clean, confidence)];
        return doubts.Length == 0 ? null : new Section
        {
            Check = Check,
            Title = "Is the model used as it was trained?",
            Summary = "There are signs that it is not. The other figures of this report hold for the model as the spec uses it; look up what its training did "
                + "before relying on them.",
            Method =
            [
                s_text.Paragraph("preprocessing", ("few", OtherPreprocessings.Few), ("more", OtherPreprocessings.More)),
                s_text.Paragraph("order"),
                s_text.Paragraph("names"),
            ],
            Findings = doubts,
        };
    }

    private static IEnumerable<Finding> Preprocessing(EvidenceStore evidence, CleanOutcomes clean, double confidence)
    {
        Condition[] tried = [.. evidence.Conditions.Where(condition => condition.Kind == ConditionKind.Preprocessed && condition.Origin.Length == 0)];
        foreach (Condition other in tried)
        {
            Prediction[] answers = [.. evidence.Predictions(other)];
            bool[] right = [.. answers.Select(answer => answer.Predicted == clean.Images[answer.Image].Label)];
            int gained = answers.Zip(right).Count(pair => pair.Second && !clean.IsCorrect(pair.First.Image));
            int lost = answers.Zip(right).Count(pair => !pair.Second && clean.IsCorrect(pair.First.Image));
            // Each was looked at twice: on few images, and on more.
            if (gained > lost && McNemar.Test(lost, gained) * 2 * tried.Length < 1 - confidence)
            {
                var now = Proportion.Of(answers.Select(answer => clean.IsCorrect(answer.Image)));
                yield return Doubt("preprocessing", other.Name, Proportion.Of(right), confidence,
                    $"preprocessing is doubtful: with {other.Name} the model is right on {NumberText.Percent(Proportion.Of(right).Estimate)} of "
                    + $"{NumberText.Count(answers.Length)} images, as the spec has it on {NumberText.Percent(now.Estimate)}; model: "
                    + $"{{ {string.Join(", ", other.Options.Where(option => option.Value.Length > 0).Select(option => $"{option.Key}: {Yaml(option)}"))} }}");
            }
        }
    }

    private static IEnumerable<Finding> Order(EvidenceStore evidence, CleanOutcomes clean)
    {
        bool[] correct = [.. Enumerable.Range(0, clean.Count).Select(clean.IsCorrect)];
        var order = ClassPermutation.Find(
            evidence.Classes.Count, [.. clean.Predictions.Select(answer => answer.Predicted)], [.. clean.Images.Select(image => image.Label)], 0);
        if (order.IsClearlyBetterThan(correct))
        {
            string[] names = [.. order.LabelOf.Select(label => evidence.Classes[label])];
            yield return Doubt("class order", "", Proportion.Of(order.Correct), 0.95,
                $"the order of the classes is doubtful: with the outputs standing for {string.Join(", ", names.Take(20))}{(names.Length > 20 ? ", …" : "")} "
                + $"the model is right on {NumberText.Percent(Proportion.Of(order.Correct).Estimate)} of the images, not on "
                + $"{NumberText.Percent(Proportion.Of(correct).Estimate)}; set data.classes to the names in the order of the model's outputs");
        }
    }

    private static IEnumerable<Finding> Names(EvidenceStore evidence, CleanOutcomes clean, double confidence)
    {
        if (NamedClasses.Read(evidence) is not { } named || named.Differing(evidence.Classes) is not { } difference)
        {
            yield break;
        }

        bool[] asUsed = [.. Enumerable.Range(0, clean.Count).Select(clean.IsCorrect)], asNamed = named.Correct(clean, evidence.Classes);
        if (!NamedClasses.AreRefuted(asUsed, asNamed, confidence))
        {
            yield return Doubt("order, the model's own", named.Source, Proportion.Of(asNamed), confidence,
                $"the order of the classes is doubtful: {named.Source} has {difference}; by these names the model is right on "
                + $"{NumberText.Percent(Proportion.Of(asNamed).Estimate)} of the images, as the spec has it on "
                + $"{NumberText.Percent(Proportion.Of(asUsed).Estimate)}. Where the names are right, write data: {{ classes: "
                + $"[{string.Join(", ", named.Names.Take(20))}{(named.Names.Count > 20 ? ", …" : "")}] }}; where they are wrong, mend {named.Source}");
        }
    }

    private static string Yaml(KeyValuePair<string, string> option) => option.Key is "mean" or "std"
        ? $"[{option.Value.Replace(" ", ", ", StringComparison.Ordinal)}]"
        : option.Value.ToLowerInvariant();

    private static Finding Doubt(string metric, string subject, Proportion right, double confidence, string reason) => new()
    {
        Check = Check,
        Metric = $"accuracy under another {metric}",
        Subject = subject,
        Estimate = right.Estimate,
        Interval = Wilson.Interval(right, confidence),
        Method = $"Wilson {NumberText.ExactPercent(confidence)}",
        Count = right.Count,
        Outcome = GateOutcome.Inconclusive,
        Reason = reason,
    };
}
