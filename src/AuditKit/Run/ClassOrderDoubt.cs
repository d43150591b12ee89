using AuditKit.Checks;
using AuditKit.Data;
using AuditKit.Results;
using AuditKit.Statistics;

namespace AuditKit.Run;

/// <summary>
/// Whether the model's outputs are in another order than the data's classes: one of the two in which programs sort names, as text and
/// whole numbers by value, or else the one that the confusion matrix asks for.
/// </summary>
internal static class ClassOrderDoubt
{
    /// <summary>The doubt; null where the order that was used does as well as the other.</summary>
    /// <param name="classes">The classes in the order that was used.</param>
    /// <param name="clean">The predictions of the images as they are.</param>
    /// <param name="confidence">The confidence at which chance is excluded.</param>
    public static Doubt? Of(IReadOnlyList<string> classes, CleanOutcomes clean, double confidence)
        => new[] { ("as text", ClassOrder.AsText(classes)), ("as numbers", ClassOrder.Of(classes)) }
            .Where(other => !other.Item2.SequenceEqual(classes))
            .Select(other => Sorted(classes, other.Item1, other.Item2, clean, confidence)).FirstOrDefault(doubt => doubt is not null)
            ?? Permuted(classes, clean);

    private static Doubt? Permuted(IReadOnlyList<string> classes, CleanOutcomes clean)
    {
        bool[] used = [.. Enumerable.Range(0, clean.Count).Select(clean.IsCorrect)];
        var order = ClassPermutation.Find(
            classes.Count, [.. clean.Predictions.Select(answer => answer.Predicted)], clean.Labels, seed: 0);
        var measured = PairedProportions.Of(order.Correct.Zip(used));
        return order.IsClearlyBetterThan(used) ? Found("in the order that the confusion "
            + "matrix asks for", [.. order.LabelOf.Select(label => classes[label])], measured) : null;
    }

    private static Doubt? Sorted(IReadOnlyList<string> classes, string sorted, string[] other, CleanOutcomes clean, double confidence)
    {
        // The class, by its place in the order that was used, that an output stands for in the other order.
        var places = classes.Index().ToDictionary(entry => entry.Item, entry => entry.Index, StringComparer.Ordinal);
        int[] stands = [.. other.Select(name => places[name])];
        var measured = PairedProportions.Of(Enumerable.Range(0, clean.Count)
            .Select(image => (stands[clean.Predictions[image].Predicted] == clean.Labels[image], clean.IsCorrect(image))));
        return measured.OnlyFirst > measured.OnlySecond && measured.McNemarTest() <= 1 - confidence ? Found($"sorted {sorted}", other, measured) : null;
    }

    private static Doubt Found(string how, string[] other, PairedProportions measured) => new(
        "class order",
        measured,
        $"Class order is doubtful: with the classes {how}, {NumberText.Percent(measured.First.Estimate)} of the answers "
            + $"are correct, with the order that was used {NumberText.Percent(measured.Second.Estimate)}.",
        $"If the model was trained with the other order, write in data: {ClassOrder.Line(other)}",
        "data.classes");
}
