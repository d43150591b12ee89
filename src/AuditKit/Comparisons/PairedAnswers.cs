using AuditKit.Evidence;
using AuditKit.Statistics;

namespace AuditKit.Comparisons;

/// <summary>What both models said under one condition.</summary>
internal sealed class PairedAnswers
{
    private readonly IReadOnlyList<ImageRecord> _images;

    /// <summary>Pairs answers to the same images.</summary>
    /// <param name="condition">What reports call the condition.</param>
    /// <param name="images">The records of the images, in index order.</param>
    /// <param name="baseline">The baseline's answers, by image.</param>
    /// <param name="candidate">The candidate's answers, by image.</param>
    /// <param name="isPerturbed">Whether the images are audited ones that were perturbed, so that an answer may flip.</param>
    public PairedAnswers(
        string condition, IReadOnlyList<ImageRecord> images, IReadOnlyDictionary<int, Prediction> baseline, IReadOnlyDictionary<int,
            Prediction> candidate, bool isPerturbed = false)
    {
        (Condition, _images, Baseline, Candidate, IsPerturbed) = (condition, images, baseline, candidate, isPerturbed);
        Images = [.. candidate.Keys.Where(baseline.ContainsKey).Order()];
    }

    /// <summary>What reports call the condition.</summary>
    public string Condition { get; }

    /// <summary>Whether the images are audited ones that were perturbed.</summary>
    public bool IsPerturbed { get; }

    /// <summary>The baseline's answers, by image.</summary>
    public IReadOnlyDictionary<int, Prediction> Baseline { get; }

    /// <summary>The candidate's answers, by image.</summary>
    public IReadOnlyDictionary<int, Prediction> Candidate { get; }

    /// <summary>The images that both answered, ascending.</summary>
    public IReadOnlyList<int> Images { get; }

    /// <summary>Which of the images each classifies correctly, the candidate first.</summary>
    public PairedProportions Correct => CorrectAmong(Images);

    /// <summary>The same for some of the images.</summary>
    public PairedProportions CorrectAmong(IEnumerable<int> images)
        => PairedProportions.Of(images.Select(image => (IsCorrect(Candidate[image]), IsCorrect(Baseline[image]))));

    /// <summary>The images that the two answer otherwise, whichever of them is right.</summary>
    public Proportion Differing => DifferingAmong(Images);

    /// <summary>The same among some of the images.</summary>
    public Proportion DifferingAmong(IEnumerable<int> images) => Proportion.Of(images.Select(image => Candidate[image].Predicted != Baseline[image].Predicted));

    /// <summary>Which of the images each answers otherwise than unchanged, the candidate first.</summary>
    public PairedProportions Flips(PairedAnswers clean)
        => PairedProportions.Of(Images.Where(clean.Baseline.ContainsKey).Where(clean.Candidate.ContainsKey).Select(image =>
        (Candidate[image].Predicted != clean.Candidate[image].Predicted, Baseline[image].Predicted != clean.Baseline[image].Predicted)));

    /// <summary>The images that only one of the two classifies correctly: the baseline where they are lost.</summary>
    public IEnumerable<int> Changed(bool lost) => Images.Where(image => IsCorrect(Baseline[image]) == lost && IsCorrect(Candidate[image]) != lost);

    /// <summary>The record of an image.</summary>
    public ImageRecord Record(int image) => _images[image];

    private bool IsCorrect(Prediction prediction) => prediction.Predicted == _images[prediction.Image].Label;
}
