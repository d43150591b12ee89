using AuditKit.Checks.Subgroups;
using AuditKit.Imaging;

namespace AuditKit.Checks;

/// <summary>A check as it is asked for: how to measure, and how to judge.</summary>
/// <param name="Check">Measures.</param>
/// <param name="Analysis">Judges.</param>
public sealed record PlannedCheck(ICheck Check, IAnalysis Analysis)
{
    /// <summary>The groupings by which a comparison of two runs shows groups too.</summary>
    public IReadOnlyList<Grouping> ComparedBy { get; init; } = [];

    /// <summary>The perturbations that predictions must not flip under: what a remedy trains against.</summary>
    public IReadOnlyList<IPerturbation> Perturbations { get; init; } = [];
}
