using AuditKit.Checks;
using AuditKit.Data;
using AuditKit.Evidence;
using AuditKit.Results;
using AuditKit.Statistics;

namespace AuditKit.Run;

/// <summary>
/// Whether the model's outputs are in another order than the data's classes: the two orders in which programs sort names,
/// as text and whole numbers by value.
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
            .Select(other => Of(classes, other.Item1, other.Item2, clean, confidence)).FirstOrDefault(doubt => doubt is not null);

    private static Doubt? Of(IReadOnlyList<string> classes, string sorted, string[] other, CleanOutcomes clean, double confidence)
    {
        // The class, by its place in the order that was used, that an output stands for in the other order.
        var places = classes.Index().ToDictionary(entry => entry.Item, entry => entry.Index, StringComparer.Ordinal);
        int[] stands = [.. other.Select(name => places[name])];
        var measured = PairedProportions.Of(Enumerable.Range(0, clean.Count)
            .Select(image => (stands[clean.Predictions[image].Predicted] == clean.Images[image].Label, clean.IsCorrect(image))));
        return measured.OnlyFirst > measured.OnlySecond && measured.McNemarTest() <= 1 - confidence
            ? new Doubt(
                "class order",
                measured,
                $"Class order is doubtful: with the classes sorted {sorted}, {NumberText.Percent(measured.First.Estimate)} of the answers "
                    + $"are correct, with the order that was used {NumberText.Percent(measured.Second.Estimate)}.",
                $"If the model was trained with the other order, write in data: {ClassOrder.Line(other)}",
                "data.classes")
            : null;
    }
}
