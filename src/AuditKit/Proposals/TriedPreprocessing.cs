using AuditKit.Models;
using AuditKit.Statistics;

namespace AuditKit.Proposals;

/// <summary>What a model said of some labelled images under one preprocessing.</summary>
/// <param name="pixels">How pixels became the model's.</param>
/// <param name="sizing">How images got the model's size.</param>
/// <param name="scores">The model's answers.</param>
public sealed class TriedPreprocessing(UsualPreprocessing pixels, UsualSizing sizing, ClassScores scores)
{
    /// <summary>How pixels became the model's.</summary>
    public UsualPreprocessing Pixels { get; } = pixels;

    /// <summary>How images got the model's size.</summary>
    public UsualSizing Sizing { get; } = sizing;

    /// <summary>The model's answers.</summary>
    public ClassScores Scores { get; } = scores;

    /// <summary>What people call it.</summary>
    public string Name => $"{Pixels.Name}, {Sizing.Name}";

    /// <summary>How many images are classified correctly.</summary>
    public Proportion Correct => Proportion.Of(Enumerable.Range(0, Scores.Count).Select(Scores.IsCorrect));

    /// <summary>The calibrated log-likelihood of every image: which preprocessing is right shows in it before it shows in the accuracy.</summary>
    public IReadOnlyList<double> LogLikelihood => field ??= CalibratedLogLikelihood.Of(Scores, 0);

    /// <summary>The mean of <see cref="LogLikelihood"/>, in nats an image.</summary>
    public double MeanLogLikelihood => LogLikelihood.Average();

    /// <summary>The order of the outputs that the labels ask for.</summary>
    public ClassPermutation Order => field ??= ClassPermutation.Find(
        Scores.Classes, [.. Enumerable.Range(0, Scores.Count).Select(Scores.Predicted)], [.. Enumerable.Range(0, Scores.Count).Select(Scores.Label)], 0);

    /// <summary>The same answers with the outputs in another order.</summary>
    public TriedPreprocessing Under(ClassPermutation order) => new(Pixels, Sizing, order.Apply(Scores));
}
