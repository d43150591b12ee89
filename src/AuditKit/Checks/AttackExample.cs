using AuditKit.Evidence;
using AuditKit.Imaging;
using AuditKit.Results;

namespace AuditKit.Checks;

/// <summary>An image before and after an attack, kept in the evidence and shown side by side with what changed.</summary>
internal static class AttackExample
{
    /// <summary>What the evidence calls the image at the attack's end, see <see cref="ChangedAnswer.Write"/>.</summary>
    public const string Attacked = "attacked";

    /// <summary>The first of the kept images whose attacks succeeded.</summary>
    /// <param name="evidence">The evidence.</param>
    /// <param name="condition">The attack's heading in it.</param>
    /// <param name="attacks">The attack's outcomes.</param>
    /// <param name="count">The most examples.</param>
    /// <param name="cost">What the attack took, as the caption says it: <c>3 iterations and 5 queries (L2 0.2)</c>.</param>
    public static IEnumerable<Example> Read(
        EvidenceStore evidence, Condition condition, IEnumerable<AttackOutcome> attacks, int count, Func<AttackOutcome, string> cost)
    {
        var images = evidence.Examples(condition).GroupBy(example => example.Image).ToDictionary(group => group.Key, group => group.ToArray());
        foreach (AttackOutcome attack in attacks.Where(attack => attack.Succeeded && images.ContainsKey(attack.Image)).Take(count))
        {
            Image original = images[attack.Image].Single(example => example.Label == ChangedAnswer.Original).Pixels;
            Image attacked = images[attack.Image].Single(example => example.Label == Attacked).Pixels;
            ImageRecord record = evidence.Image(attack.Image);
            string label = evidence.Classes[record.Label];
            string predicted = evidence.Classes[attack.Predicted];
            yield return new Example(
                $"{record.Source}: {label} becomes {predicted} after {cost(attack)}.",
                [
                    new ExamplePanel($"unchanged: {label}", original),
                    new ExamplePanel($"attacked: {predicted} ({NumberText.Percent(attack.Confidence)})", attacked),
                    new ExamplePanel("difference, amplified", Difference(original, attacked)),
                ])
            {
                Image = attack.Image,
                Facts = [new("Class", label), new("Changed by", "attack")],
            };
        }
    }

    /// <summary>Grey where nothing changed, white and black at the largest change.</summary>
    private static Image Difference(Image original, Image attacked)
    {
        int[] change = [.. attacked.Samples.Zip(original.Samples, (a, b) => a - b)];
        double largest = Math.Max(change.Max(Math.Abs), 1);
        return new Image(original.Width, original.Height, original.Channels, [.. change.Select(c => (byte)Math.Round(127.5 + (127.5 * c / largest)))]);
    }
}
