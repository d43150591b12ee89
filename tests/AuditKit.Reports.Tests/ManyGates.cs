using AuditKit.Checks;
using AuditKit.Compliance;
using AuditKit.Results;
using AuditKit.Statistics;

namespace AuditKit.Reports.Tests;

/// <summary>A result with any number of gates: two thirds passed groups of one metric, the rest of several outcomes and units.</summary>
internal static class ManyGates
{
    public static AuditResult Of(int gates)
    {
        int passed = gates * 2 / 3;
        Finding[] groups = [.. Enumerable.Range(0, passed)
            .Select(i => Gate("subgroups", "accuracy", $"group {i}", 0.8 + (i * 0.1 / gates), GateOutcome.Pass, i))];
        Finding[] others =
        [
            .. Enumerable.Range(passed, gates - passed).Select(i => (i % 3) switch
            {
                0 => Gate("subgroups", "accuracy", $"group {i}", 0.69, GateOutcome.Inconclusive, i),
                1 => Gate("weights", "condition number", $"layer {i}", 5e11 * i, GateOutcome.Fail, i) with { IsProportion = false,
                    Threshold = new(ThresholdKind.AtMost, 1e9, "k") },
                _ => Gate("stability", "flip rate", $"jpeg-{i}", 0.3, GateOutcome.Fail, i) with { Threshold = new(ThresholdKind.AtMost, 0.08, "k") },
            }),
            Gate("stability", "flip rate", "always", 0.3, GateOutcome.Fail, gates) with { Threshold = new(ThresholdKind.AtMost, 0.08, "k") },
        ];
        Section[] sections =
        [
            .. groups.Concat(others).GroupBy(finding => finding.Check).Select(check => new Section
            {
                Check = check.Key, Title = check.Key, Summary = "Measured.", Method = ["As usual."], Findings = [.. check],
            }),
        ];
        return SampleResult.Create() with
        {
            Name = "Many gates",
            Verdict = GateOutcome.Fail,
            Sections = sections,
            Compliance = ComplianceAnalysis.Of(sections, [], CheckCatalog.Standard.Checks),
        };
    }

    private static Finding Gate(string check, string metric, string subject, double estimate, GateOutcome outcome, int number) => new()
    {
        Check = check,
        Metric = metric,
        Subject = subject,
        Estimate = estimate,
        Interval = new Interval(estimate * 0.97, estimate * 1.03),
        Count = 500,
        Threshold = new Threshold(ThresholdKind.AtLeast, 0.7, "k"),
        Outcome = outcome,
        Reason = $"because of number {number}",
    };
}
