namespace AuditKit.Training.Loop;

/// <summary>What an epoch ended with.</summary>
/// <param name="Loss">Mean training loss over the epoch's batches.</param>
/// <param name="Accuracy">Accuracy on the validation images, in [0, 1].</param>
/// <param name="WorstGroup">The lowest accuracy of a validation group, in [0, 1].</param>
public readonly record struct EpochRecord(double Loss, double Accuracy, double WorstGroup)
{
    /// <summary>The mean of several, figure by figure.</summary>
    /// <param name="records">At least one.</param>
    internal static EpochRecord Mean(IReadOnlyList<EpochRecord> records)
        => new(records.Average(one => one.Loss), records.Average(one => one.Accuracy), records.Average(one => one.WorstGroup));
}

/// <summary>
/// Which epoch's model is kept: among those whose validation accuracy reaches the floor, the one with the highest
/// worst-group validation accuracy (methods of Sagawa et al., ICLR 2020); where none reaches it, the most accurate one.
/// </summary>
/// <param name="Floor">The validation accuracy that an epoch must reach, in [0, 1].</param>
public sealed record ModelSelection(double Floor)
{
    /// <summary>Whether <paramref name="candidate"/> is kept instead of <paramref name="best"/>. At a tie the earlier one stays.</summary>
    public bool Prefers(EpochRecord candidate, EpochRecord best)
    {
        bool candidateQualifies = candidate.Accuracy >= Floor;
        bool bestQualifies = best.Accuracy >= Floor;
        return candidateQualifies != bestQualifies
            ? candidateQualifies
            : candidateQualifies
            ? candidate.WorstGroup > best.WorstGroup
            : candidate.Accuracy > best.Accuracy;
    }
}
