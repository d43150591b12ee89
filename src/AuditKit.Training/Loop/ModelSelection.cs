namespace AuditKit.Training.Loop;

/// <summary>
/// Which epoch's model is kept: among those whose validation accuracy reaches the floor, the one with the highest validation
/// accuracy on the hard group, where one is named, or on the worst group (Sagawa et al., ICLR 2020). Ties go to the higher accuracy, then to the
/// later epoch. Where none reaches the floor, the most accurate one is kept.
/// </summary>
/// <param name="Floor">The validation accuracy that an epoch must reach, in [0, 1].</param>
/// <param name="HardGroup">The group by its name in audits, <c>class = waterbird x place = land</c>; null for the worst one.</param>
public sealed record ModelSelection(double Floor, string? HardGroup = null)
{
    /// <summary>Whether a later epoch is kept instead of the best one before it.</summary>
    /// <param name="later">What the later one scores.</param>
    /// <param name="best">What the best one before it scores.</param>
    public bool Prefers(ValidationScore later, ValidationScore best)
    {
        bool laterQualifies = later.Accuracy >= Floor;
        bool bestQualifies = best.Accuracy >= Floor;
        return laterQualifies != bestQualifies ? laterQualifies
            : laterQualifies && later.WantedGroup != best.WantedGroup ? later.WantedGroup > best.WantedGroup
            : later.Accuracy >= best.Accuracy;
    }

    /// <summary>Which of several is kept by the same rule where none is later than another: at a tie the first.</summary>
    /// <param name="scores">At least one.</param>
    /// <returns>Its index.</returns>
    internal int Best(IReadOnlyList<ValidationScore> scores)
        => Enumerable.Range(1, scores.Count - 1).Aggregate(0, (best, i) => Prefers(scores[best], scores[i]) ? best : i);
}
