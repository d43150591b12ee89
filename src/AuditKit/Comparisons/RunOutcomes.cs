using AuditKit.Checks;
using AuditKit.Checks.DomainShift;
using AuditKit.Evidence;
using AuditKit.Imaging;
using AuditKit.Statistics;

namespace AuditKit.Comparisons;

/// <summary>
/// One of the two runs that are compared: a store's own outcomes, or those of a baseline that were copied into the
/// candidate's store.
/// </summary>
/// <param name="evidence">The store.</param>
/// <param name="origin">The digest of the run that the outcomes were copied from; empty for the store's own.</param>
internal sealed class RunOutcomes(EvidenceStore evidence, string origin)
{
    // Kinds under which a model answered images, or was attacked. All others hold something else than its answers.
    private static readonly ConditionKind[] s_paired =
        [ConditionKind.Clean, ConditionKind.Perturbed, ConditionKind.Corrupted, ConditionKind.Augmented, ConditionKind.Attacked];

    /// <summary>The run's conditions that can be held against another run's, in the order in which they were measured.</summary>
    public IReadOnlyList<Condition> Conditions { get; } =
    [
        .. evidence.Conditions.Where(condition => condition.Origin == origin && s_paired.Contains(condition.Kind)).Select(condition => condition.From("")),
    ];

    /// <summary>
    /// All conditions that the run measured, those of shifted sets among them: more than are in the store where only some were copied.
    /// </summary>
    public IReadOnlyList<MeasuredCondition> Measured
    {
        get => field ??=
        [
            .. Conditions.Select(MeasuredCondition.Of),
            .. ShiftedSets().SelectMany(set => set.Value.Outcomes.Conditions.Select(condition => MeasuredCondition.Of(condition, set.Key, set.Value.Name))),
        ];
        init;
    }

    /// <summary>The floating point model that a quantised model's attacks were made on; null where they were made on the model itself.</summary>
    public string? AttackedModel
    {
        get => field ?? (origin.Length == 0 ? Checks.AttackedModel.Read(evidence) : null);
        init;
    }

    /// <summary>The images, in index order.</summary>
    public IReadOnlyList<ImageRecord> Images { get; } = [.. evidence.Images()];

    /// <summary>Predictions under a condition, by image: made from the logits where those alone were kept.</summary>
    public IReadOnlyDictionary<int, Prediction> Predictions(Condition condition)
    {
        Condition here = condition.From(origin);
        var predictions = evidence.Predictions(here).ToDictionary(prediction => prediction.Image);
        return predictions.Count > 0 ? predictions : evidence.Logits(here).ToDictionary(row => row.Image, row =>
        {
            int predicted = Softmax.Predict(row.Logits);
            return new Prediction(row.Image, predicted, (float)Softmax.Probability(row.Logits, predicted));
        });
    }

    /// <summary>An attack's outcomes, by image.</summary>
    public IReadOnlyDictionary<int, AttackOutcome> Attacks(Condition attack)
        => evidence.AttackOutcomes(attack.From(origin)).ToDictionary(outcome => outcome.Image);

    /// <summary>The shifted sets that were measured, by their data sets in the evidence: the spec's name of each, and its outcomes.</summary>
    public IReadOnlyDictionary<string, (string Name, RunOutcomes Outcomes)> ShiftedSets()
        => ShiftedSetRecord.All(evidence).DistinctBy(set => set.Record.Dataset)
            .ToDictionary(set => set.Record.Dataset, set => (set.Name, On(set.Record.Dataset)));

    /// <summary>The run's outcomes on another data set.</summary>
    public RunOutcomes On(string dataset) => new(evidence.Of(dataset), origin);

    /// <summary>The unchanged images that were kept, by image.</summary>
    public IReadOnlyDictionary<int, Image> Originals()
        => Conditions.SelectMany(condition => evidence.Examples(condition.From(origin)))
            .Where(example => example.Label == ChangedAnswer.Original)
            .GroupBy(example => example.Image)
            .ToDictionary(group => group.Key, group => group.First().Pixels);
}
