using AuditKit.Evidence;

namespace AuditKit.Comparisons;

/// <summary>Two runs can be compared image by image only if they are about the same images in the same order.</summary>
internal static class SameImages
{
    /// <summary>Compares data fingerprints, classes, labels and sources.</summary>
    /// <exception cref="AuditException">They differ; the message says in what.</exception>
    public static void Require(EvidenceStore baseline, string baselineData, EvidenceStore candidate, string candidateData)
    {
        string? difference = !baseline.Classes.SequenceEqual(candidate.Classes) ? "their classes differ"
            : baseline.ImageCount != candidate.ImageCount ? $"the baseline has {baseline.ImageCount} images, the candidate {candidate.ImageCount}"
            : !baseline.Images().SequenceEqual(candidate.Images()) ? "their labels or file names differ"
            : baselineData != candidateData ? "the files' contents differ (SHA-256 over all files)"
            : null;
        if (difference is not null)
        {
            throw new AuditException($"The baseline was audited on other images: {difference}. Audit the baseline's model on this data first.");
        }
    }
}
