using AuditKit.Checks;
using AuditKit.Evidence;
using AuditKit.Imaging;

namespace AuditKit.Comparisons;

/// <summary>
/// One of the two runs that are compared: the outcomes of a store, or those of a baseline that were copied into the
/// candidate's store under a heading of their own.
/// </summary>
/// <param name="evidence">The store.</param>
/// <param name="heading">What the copied conditions' names begin with; empty for the store's own.</param>
internal sealed class RunOutcomes(EvidenceStore evidence, string heading)
{
    /// <summary>What the names of all copied conditions begin with.</summary>
    public const string Copied = "baseline ";

    /// <summary>The label under which checks keep unchanged images.</summary>
    public const string Original = "original";

    /// <summary>The run's conditions, without the heading, in the order in which they were measured.</summary>
    public IReadOnlyList<string> Conditions { get; } =
    [
        .. evidence.Conditions
            .Where(condition => heading.Length == 0 ? !condition.StartsWith(Copied, StringComparison.Ordinal) : condition.StartsWith(heading, StringComparison.Ordinal))
            .Select(condition => condition[heading.Length..])
            // Distances between images, not answers.
            .Where(condition => condition != DifferentImages.Condition),
    ];

    /// <summary>Predictions under a condition, by image.</summary>
    public IReadOnlyDictionary<int, Prediction> Predictions(string condition)
        => evidence.Predictions(heading + condition).ToDictionary(prediction => prediction.Image);

    /// <summary>An attack's outcomes, by image.</summary>
    public IReadOnlyDictionary<int, AttackOutcome> Attacks(string attack)
        => evidence.AttackOutcomes(heading + attack).ToDictionary(outcome => outcome.Image);

    /// <summary>The unchanged images that were kept, by image.</summary>
    public IReadOnlyDictionary<int, Image> Originals()
        => Conditions.SelectMany(condition => evidence.Examples(heading + condition))
            .Where(example => example.Label == Original)
            .GroupBy(example => example.Image)
            .ToDictionary(group => group.Key, group => group.First().Pixels);
}
