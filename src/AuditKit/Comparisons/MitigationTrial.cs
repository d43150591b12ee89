using AuditKit.Results;

namespace AuditKit.Comparisons;

/// <summary>One thing that was tried to mend a model: a method with its settings, and what it did on images that no audit judges.</summary>
public sealed record MitigationTrial
{
    /// <summary>The method with its settings; for the first, the model that had failed.</summary>
    public required string Method { get; init; }

    /// <summary>Epochs trained when it was measured.</summary>
    public required int Epochs { get; init; }

    /// <summary>Accuracy on the images of the trials; null where it was not measured.</summary>
    public double? Accuracy { get; init; }

    /// <summary>The gated findings on these images.</summary>
    public IReadOnlyList<FindingBefore> Findings { get; init; } = [];

    /// <summary>
    /// Σ over the gated findings of how far the interval reaches beyond its limit (proportions as they are, other figures as a share of the limit, at most 1),
    /// and of what the accuracy fell below the failed model's by more than is allowed; null where it was not measured.
    /// </summary>
    public double? Shortfall { get; init; }

    /// <summary>What became of it: kept, dropped, or why it was not tried.</summary>
    public string Result { get; init; } = "";

    /// <summary>Gates that pass.</summary>
    internal int Passed => Findings.Count(finding => finding.Outcome == GateOutcome.Pass);

    /// <summary>Everything tried, a row each, with the figures of the gates.</summary>
    internal static Table Table(IReadOnlyList<MitigationTrial> trials)
    {
        // What every trial measured, the first few: a table of twenty columns is none.
        const int Columns = 4;
        string[] ids = [.. trials.SelectMany(trial => trial.Findings).Select(finding => finding.Id).Distinct().Take(Columns)];
        return new Table(
            "What was tried, on images held out for it",
            ["Method", "Epochs", "Accuracy", .. ids, "Gates passed", "Shortfall", "Result"],
            [
                .. trials.Select(trial => (string[])
                [
                    trial.Method,
                    NumberText.Count(trial.Epochs),
                    NumberText.Percent(trial.Accuracy),
                    .. ids.Select(id => NumberText.Value(trial.Findings.FirstOrDefault(finding => finding.Id == id)?.Estimate)),
                    trial.Shortfall is null ? NumberText.None : $"{trial.Passed} of {trial.Findings.Count}",
                    NumberText.Value(trial.Shortfall),
                    trial.Result,
                ]),
            ]);
    }
}
