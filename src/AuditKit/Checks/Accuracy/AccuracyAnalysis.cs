using AuditKit.Evidence;
using AuditKit.Gates;
using AuditKit.Results;
using AuditKit.Statistics;

namespace AuditKit.Checks.Accuracy;

/// <summary>Accuracy over all images, recall and precision of each class, and which classes are taken for which.</summary>
public sealed class AccuracyAnalysis(AccuracyOptions options) : IAnalysis
{
    private static readonly MethodText s_text = MethodText.Of<AccuracyAnalysis>();

    /// <summary>Rows of the table of confusions.</summary>
    private const int Confusions = 10;

    /// <summary>Bars that a chart can hold and still be read.</summary>
    private const int Bars = 30;

    /// <inheritdoc/>
    public Section Analyse(EvidenceStore evidence, double confidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        IReadOnlyList<string> classes = evidence.Classes;
        var clean = CleanOutcomes.Read(evidence);
        int[,] confusion = new int[classes.Count, classes.Count];
        for (int i = 0; i < clean.Count; i++)
        {
            confusion[clean.Labels[i], clean.Predictions[i].Predicted]++;
        }

        Recall[] recalls = [.. classes.Select((name, label) => Recall.Of(name, label, confusion))];
        var accuracy = new Proportion(recalls.Sum(recall => recall.Correct.Successes), clean.Count);
        return new Section
        {
            Check = "accuracy",
            Title = "Accuracy",
            Summary = Summary(accuracy, recalls, confidence),
            Method =
            [
                s_text.Paragraph("accuracy"),
                s_text.Paragraph("class"),
                s_text.Paragraph("intervals", ("confidence", NumberText.ExactPercent(confidence))),
            ],
            Findings = [Gate.Judge("accuracy", "accuracy", "", accuracy, options.Min, confidence)],
            Charts = [RecallChart(recalls, confidence)],
            Tables = [RecallTable(recalls, confidence), ConfusionTable(classes, confusion, recalls)],
            Examples = [.. MisclassifiedExample.Read(evidence, clean)],
        };
    }

    private static string Summary(Proportion accuracy, Recall[] recalls, double confidence)
    {
        string all = $"{NumberText.Count(accuracy.Successes)} of {NumberText.Count(accuracy.Count)} images are classified correctly: "
            + $"{NumberText.Percent(accuracy.Estimate)} ({NumberText.ExactPercent(confidence)} interval {Wilson.Interval(accuracy, confidence).ToPercent()}).";
        Recall[] present = [.. recalls.Where(recall => recall.Correct.Count > 0)];
        Recall? lowest = present.MinBy(recall => recall.Correct.Estimate);
        Recall? highest = present.MaxBy(recall => recall.Correct.Estimate);
        return lowest is null || present.Length < 2 ? all
            : $"{all} By class, recall lies between {NumberText.Percent(lowest.Correct.Estimate)} ({lowest.Class}) and "
                + $"{NumberText.Percent(highest!.Correct.Estimate)} ({highest.Class}).";
    }

    private static Chart RecallChart(Recall[] recalls, double confidence)
    {
        Recall[] present = [.. recalls.Where(recall => recall.Correct.Count > 0)];
        Recall[] shown = present.Length <= Bars ? present : [.. present.OrderBy(recall => recall.Correct.Estimate).Take(Bars)];
        string which = shown.Length == present.Length ? "" : $", the {Bars} lowest of {present.Length}";
        return ProportionBars.Draw(
            $"Recall by class{which}", "recall", "class", [.. shown.Select(recall => new Group(recall.Class, recall.Correct))], null, confidence);
    }

    private static Table RecallTable(Recall[] recalls, double confidence) => new(
        "Classes",
        ["Class", "Images", "Correct", "Recall", $"{NumberText.ExactPercent(confidence)} interval", "Precision"],
        [
            .. recalls.Select(recall => new[]
            {
                recall.Class,
                NumberText.Count(recall.Correct.Count),
                NumberText.Count(recall.Correct.Successes),
                NumberText.Percent(recall.Correct.Estimate),
                recall.Correct.Count == 0 ? NumberText.None : Wilson.Interval(recall.Correct, confidence).ToPercent(),
                NumberText.Percent(recall.Precision),
            }),
        ]);

    private static Table ConfusionTable(IReadOnlyList<string> classes, int[,] confusion, Recall[] recalls) => new(
        "Most frequent confusions",
        ["Label", "Classified as", "Images", "Share of the label's images"],
        [
            .. (from label in Enumerable.Range(0, classes.Count)
                from predicted in Enumerable.Range(0, classes.Count)
                let images = confusion[label, predicted]
                where label != predicted && images > 0
                orderby images descending, label, predicted
                select new[]
                {
                    classes[label],
                    classes[predicted],
                    NumberText.Count(images),
                    NumberText.Percent((double)images / recalls[label].Correct.Count),
                }).Take(Confusions),
        ]);

    /// <summary>How a class fares.</summary>
    private sealed record Recall(string Class, Proportion Correct, double? Precision)
    {
        public static Recall Of(string name, int label, int[,] confusion)
        {
            (int images, int predicted) = (0, 0);
            for (int k = 0; k < confusion.GetLength(0); k++)
            {
                images += confusion[label, k];
                predicted += confusion[k, label];
            }

            int correct = confusion[label, label];
            return new(name, new Proportion(correct, images), predicted == 0 ? null : (double)correct / predicted);
        }
    }
}
