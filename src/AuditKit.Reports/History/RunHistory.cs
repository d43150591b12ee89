using AuditKit.Results;

namespace AuditKit.Reports.History;

/// <summary>Runs of one audit on the same data, oldest first, and each gate over them.</summary>
/// <param name="Name">The audit's name.</param>
/// <param name="Data">The data audited.</param>
/// <param name="Runs">The runs in order of time.</param>
public sealed record RunHistory(string Name, string Data, IReadOnlyList<PastRun> Runs)
{
    /// <summary>
    /// Every gate that any of the runs has, those that block in the newest run that has them first: its id, and the finding
    /// of each run, null where a run has none.
    /// </summary>
    public IReadOnlyList<(string Id, IReadOnlyList<Finding?> Findings)> Gates =>
    [
        .. Runs.Reverse().SelectMany(run => run.Gates).DistinctBy(finding => finding.Id).OrderBy(newest => Outcomes.Severity(newest.Outcome))
            .Select(newest => (newest.Id, (IReadOnlyList<Finding?>)[.. Runs.Select(run => run.Gates.FirstOrDefault(finding => finding.Id == newest.Id))])),
    ];

    /// <summary>The histories that runs belong to: another audit or other data are another history, another model or spec is told in its run.</summary>
    public static IReadOnlyList<RunHistory> Of(IEnumerable<PastRun> runs)
        => [.. runs.OrderBy(run => run.Written).ThenBy(run => run.Folder, StringComparer.Ordinal)
            .GroupBy(run => (run.Name, run.Data)).Select(same => new RunHistory(same.Key.Name, same.Key.Data, [.. same]))];
}
