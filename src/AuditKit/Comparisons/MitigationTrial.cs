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

    /// <summary>
    /// One less the mean corruption error on these images, where corruptions stand in for shifted sets, which are the audited ones; else null.
    /// </summary>
    public double? CorruptedAccuracy { get; init; }

    /// <summary>The gated findings on these images.</summary>
    public IReadOnlyList<FindingBefore> Findings { get; init; } = [];

    /// <summary>
    /// Σ over the gated findings of how far the interval reaches beyond its limit (proportions as they are, other figures as a share of the limit, at most 1),
    /// and of what the accuracy fell below the failed model's by more than is allowed; null where it was not measured.
    /// </summary>
    public double? Shortfall { get; init; }

    /// <summary>What became of it, in a few words: kept, dropped, not possible.</summary>
    public string Result { get; init; } = "";

    /// <summary>Why it was not possible, in whole sentences; empty where it was.</summary>
    public string Reason { get; init; } = "";

    /// <summary>Gates that pass.</summary>
    internal int Passed => Findings.Count(finding => finding.Outcome == GateOutcome.Pass);

    /// <summary>Everything tried, a row each, with the figures of the gates; what the gates are, and why a method was not possible.</summary>
    internal static IReadOnlyList<Table> Tables(IReadOnlyList<MitigationTrial> trials)
    {
        // The first few gates: a table of twenty columns is none. Their names are long, so they stand below.
        const int Columns = 6;
        string[] gates = [.. trials.SelectMany(trial => trial.Findings).Select(finding => finding.Id).Distinct().Take(Columns)];
        bool isCorrupted = trials.Any(trial => trial.CorruptedAccuracy is not null);
        MitigationTrial[] refused = [.. trials.Where(trial => trial.Reason.Length > 0)];
        return
        [
            new Table(
                "What was tried, on images held out for it",
                ["Method", "Epochs", "Accuracy", .. isCorrupted ? ["Under corruptions"] : Array.Empty<string>(), .. gates.Index().Select(gate => $"Gate {gate.Index + 1}"), "Gates passed", "Shortfall", "Result"],
                [
                    .. trials.Select(trial => (string[])
                    [
                        trial.Method,
                        NumberText.Count(trial.Epochs),
                        NumberText.Percent(trial.Accuracy),
                        .. isCorrupted ? [NumberText.Percent(trial.CorruptedAccuracy)] : Array.Empty<string>(),
                        .. gates.Select(id => trial.Findings.FirstOrDefault(finding => finding.Id == id)?.ToString() ?? NumberText.None),
                        trial.Shortfall is null ? NumberText.None : $"{trial.Passed} of {trial.Findings.Count}",
                        NumberText.Value(trial.Shortfall),
                        trial.Result,
                    ]),
                ]),
            .. Rows("The gates above", ["Gate", "Finding"], gates.Index().Select(gate => new[] { NumberText.Count(gate.Index + 1), gate.Item })),
            .. Rows("What was not possible", ["Method", "Why"], refused.Select(trial => new[] { trial.Method, trial.Reason })),
        ];

        static IEnumerable<Table> Rows(string title, string[] columns, IEnumerable<string[]> rows)
        {
            string[][] all = [.. rows];
            return all.Length == 0 ? [] : [new Table(title, columns, all)];
        }
    }
}
