using AuditKit.Models;
using AuditKit.Statistics;

namespace AuditKit.Proposals;

/// <summary>Which of the usual preprocessings a model wants, by what it says of labelled images under each.</summary>
/// <param name="Tried">Those that were tried on all images, the most likely first; under <see cref="Order"/> where there is one.</param>
/// <param name="Order">The order of the outputs that the labels ask for, where it is clearly another one; null otherwise.</param>
public sealed record PreprocessingChoice(IReadOnlyList<TriedPreprocessing> Tried, ClassPermutation? Order)
{
    private const double Confidence = 0.95;

    /// <summary>The most likely one.</summary>
    public TriedPreprocessing Best => Tried[0];

    /// <summary>The next one; null where there is none.</summary>
    public TriedPreprocessing? RunnerUp => Tried.ElementAtOrDefault(1);

    /// <summary>By how much the best is more likely than the next one, in nats an image, at 95 %; null where it cannot be said.</summary>
    public Interval? Lead => RunnerUp is null ? null
        : Mean.Of(Best.LogLikelihood.Zip(RunnerUp.LogLikelihood, (best, next) => best - next)).Interval(Confidence);

    /// <summary>Whether the best one can be told from the next.</summary>
    public bool IsClear => RunnerUp is null || Lead is { Lower: > 0 };

    /// <summary>The share of the most frequent class: what answering it always would get right.</summary>
    public double Chance => (double)Enumerable.Range(0, Best.Scores.Count).CountBy(Best.Scores.Label).Max(count => count.Value) / Best.Scores.Count;

    /// <summary>Whether the model knows anything of these images and labels under the best one.</summary>
    public bool BeatsChance => ClopperPearson.Lower(Best.Correct, 0.99) > Math.Max(Chance, 1.0 / Best.Scores.Classes);

    /// <summary>The model as it should be used.</summary>
    public ModelSpec Of(ModelSpec model) => Best.Sizing.Of(Best.Pixels.Of(model));
}
