namespace AuditKit.Results;

/// <summary>The answer of a whole audit: the worst of its gates'.</summary>
public static class Verdict
{
    private static readonly GateOutcome[] FromBestToWorst =
        [GateOutcome.NotGated, GateOutcome.Pass, GateOutcome.Inconclusive, GateOutcome.Fail, GateOutcome.Error];

    /// <summary>
    /// The worst outcome over all sections. A section that broke is an error, and so is an audit without sections:
    /// nothing passes because it did not run. <see cref="GateOutcome.NotGated"/> where no section has a gate.
    /// </summary>
    public static GateOutcome Of(IReadOnlyCollection<Section> sections) => sections.Count == 0
        ? GateOutcome.Error
        : sections
            .SelectMany(section => section.Findings.Select(finding => finding.Outcome)
                .Append(section.Error is null ? GateOutcome.NotGated : GateOutcome.Error))
            .MaxBy(outcome => Array.IndexOf(FromBestToWorst, outcome));

    /// <summary>What the process tells the shell. An audit without gates was asked for figures only: it passes.</summary>
    public static ExitCode ToExitCode(GateOutcome verdict) => verdict switch
    {
        GateOutcome.NotGated or GateOutcome.Pass => ExitCode.Pass,
        GateOutcome.Fail => ExitCode.GateFailed,
        GateOutcome.Inconclusive => ExitCode.Inconclusive,
        _ => ExitCode.Error,
    };
}
