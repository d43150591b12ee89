using AuditKit.Checks;
using AuditKit.Checks.Corruptions;
using AuditKit.Checks.DomainShift;
using AuditKit.Checks.Tta;
using AuditKit.Evidence;
using AuditKit.Imaging;
using AuditKit.Statistics;

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
            // Distances between images, vectors kept for themselves, and what another model said: no answers of this one.
            .Where(condition => condition != DifferentImages.Condition && !TtaPlan.IsMetta(condition) && !CorruptionsCheck.IsOfReference(condition)),
    ];

    /// <summary>All conditions that the run measured: more than <see cref="Conditions"/> where only some were copied.</summary>
    public IReadOnlyList<string> Measured
    {
        get => field ?? Conditions;
        init;
    }

    /// <summary>The images, in index order.</summary>
    public IReadOnlyList<ImageRecord> Images { get; } = [.. evidence.Images()];

    /// <summary>Predictions under a condition, by image: made from the logits where those alone were kept.</summary>
    public IReadOnlyDictionary<int, Prediction> Predictions(string condition)
    {
        var predictions = evidence.Predictions(heading + condition).ToDictionary(prediction => prediction.Image);
        return predictions.Count > 0 ? predictions : evidence.Logits(heading + condition).ToDictionary(row => row.Image, row =>
        {
            int predicted = Softmax.Predict(row.Logits);
            return new Prediction(row.Image, predicted, (float)Softmax.Probability(row.Logits, predicted));
        });
    }

    /// <summary>An attack's outcomes, by image.</summary>
    public IReadOnlyDictionary<int, AttackOutcome> Attacks(string attack)
        => evidence.AttackOutcomes(heading + attack).ToDictionary(outcome => outcome.Image);

    /// <summary>The shifted sets that were measured, by their data sets in the evidence: the spec's name of each, and its outcomes.</summary>
    public IReadOnlyDictionary<string, (string Name, RunOutcomes Outcomes)> ShiftedSets()
        => ShiftedSetRecord.All(evidence).DistinctBy(set => set.Record.Dataset).ToDictionary(set => set.Record.Dataset, set => (set.Name, On(set.Record.Dataset)));

    /// <summary>The run's outcomes on another data set.</summary>
    public RunOutcomes On(string dataset) => new(evidence.Of(dataset), heading);

    /// <summary>The unchanged images that were kept, by image.</summary>
    public IReadOnlyDictionary<int, Image> Originals()
        => Conditions.SelectMany(condition => evidence.Examples(heading + condition))
            .Where(example => example.Label == Original)
            .GroupBy(example => example.Image)
            .ToDictionary(group => group.Key, group => group.First().Pixels);
}
