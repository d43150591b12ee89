using AuditKit.Checks;
using AuditKit.Evidence;
using AuditKit.Results;

namespace AuditKit.Run;

/// <summary>Whether the predictions on the images as they are show that something else was measured than was meant.</summary>
internal static class Doubts
{
    /// <summary>The section of the doubts; none where there is no doubt, or no such predictions.</summary>
    public static IEnumerable<Section> Of(EvidenceStore evidence, double confidence)
    {
        if (evidence.ImageCount == 0 || evidence.Predictions(Condition.Clean).Count() < evidence.ImageCount)
        {
            yield break;
        }

        var clean = CleanOutcomes.Read(evidence);
        Doubt[] doubts = [.. new[] { ClassOrderDoubt.Of(evidence.Classes, clean, confidence) }.OfType<Doubt>()];
        if (doubts.Length > 0)
        {
            yield return Doubt.Section(doubts, confidence);
        }
    }
}
