using AuditKit.Checks;
using AuditKit.Evidence;
using AuditKit.Results;

namespace AuditKit.Run;

/// <summary>Whether the predictions on the images as they are show that something else was measured than was meant.</summary>
internal sealed class Doubts
{
    private static readonly MethodText s_text = MethodText.Of<Doubts>();

    /// <summary>The section of the doubts; none where there is no doubt, or no such predictions.</summary>
    public static IEnumerable<Section> Of(EvidenceStore evidence, double confidence)
    {
        if (evidence.ImageCount == 0 || evidence.Predictions(Condition.Clean).Count() < evidence.ImageCount)
        {
            yield break;
        }

        var clean = CleanOutcomes.Read(evidence);
        Doubt[] doubts =
        [
            .. new[] { NamedClasses.Doubt(evidence, clean, confidence)
                ?? ClassOrderDoubt.Of(evidence.Classes, clean, confidence) }.OfType<Doubt>(),
            .. PreprocessingDoubt.Of(evidence, clean, confidence),
        ];
        if (doubts.Length > 0)
        {
            yield return new Section
            {
                Check = Doubt.Check,
                Title = "What is doubtful",
                Summary = "Every figure of this report may be of something else than was meant. "
                    + string.Join(' ', doubts.Select(doubt => $"{doubt.Text} {doubt.Remedy}")),
                Method =
                [
                    s_text.Paragraph("doubts"),
                    s_text.Paragraph("class order"),
                    s_text.Paragraph("preprocessing", ("few", OtherPreprocessings.Few), ("more", OtherPreprocessings.More)),
                ],
                Findings = [.. doubts.Select(doubt => doubt.Finding(confidence))],
            };
        }
    }
}
