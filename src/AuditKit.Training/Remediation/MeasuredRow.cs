using AuditKit.Results;
using AuditKit.Training.Loop;

namespace AuditKit.Training.Remediation;

/// <summary>What was measured for one method.</summary>
/// <param name="Row">The method.</param>
/// <param name="Seeds">The seeds it was trained with.</param>
/// <param name="Figures">For each column the finding of each seed; null where the audit has none.</param>
public sealed record MeasuredRow(MethodRow Row, IReadOnlyList<long> Seeds, IReadOnlyList<IReadOnlyList<Finding?>> Figures)
{
    /// <summary>What each of the row's settings reached on validation images; empty where there was nothing to choose.</summary>
    public IReadOnlyList<TriedSetting> Tried { get; init; } = [];

    /// <summary>The seeds with which training diverged, so that there are no figures.</summary>
    public IReadOnlyList<long> Diverged { get; init; } = [];
}

/// <summary>One setting of a method that was tried.</summary>
/// <param name="Setting">What it assigns to the recipe, <c>key=value</c>.</param>
/// <param name="Validation">What the models reached on validation images, mean over the choosing seeds; null where training diverged.</param>
/// <param name="IsChosen">Whether the row was measured with it.</param>
public sealed record TriedSetting(IReadOnlyList<string> Setting, ValidationScore? Validation, bool IsChosen);
