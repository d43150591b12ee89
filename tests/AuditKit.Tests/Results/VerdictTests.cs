using AuditKit.Results;

namespace AuditKit.Tests.Results;

public sealed class VerdictTests
{
    [Theory]
    [InlineData(GateOutcome.Pass, ExitCode.Pass, GateOutcome.Pass, GateOutcome.NotGated)]
    [InlineData(GateOutcome.Inconclusive, ExitCode.Inconclusive, GateOutcome.Pass, GateOutcome.Inconclusive, GateOutcome.Pass)]
    [InlineData(GateOutcome.Fail, ExitCode.GateFailed, GateOutcome.Inconclusive, GateOutcome.Fail, GateOutcome.Pass)]
    [InlineData(GateOutcome.Error, ExitCode.Error, GateOutcome.Error, GateOutcome.Fail)]
    [InlineData(GateOutcome.NotGated, ExitCode.Pass, GateOutcome.NotGated)]
    public void It_is_the_worst_outcome(GateOutcome verdict, ExitCode exitCode, params GateOutcome[] outcomes)
    {
        Assert.Equal(verdict, Verdict.Of([Section([.. outcomes[..1]]), Section([.. outcomes[1..]])]));
        Assert.Equal(exitCode, Verdict.ToExitCode(verdict));
    }

    [Fact]
    public void A_crashed_check_and_an_audit_without_checks_are_errors()
    {
        Assert.Equal(GateOutcome.Error, Verdict.Of([Section([GateOutcome.Pass]), Section([]) with { Error = "the model gave NaN" }]));
        Assert.Equal(GateOutcome.Error, Verdict.Of([]));
    }

    private static Section Section(IReadOnlyList<GateOutcome> outcomes) => new()
    {
        Check = "accuracy",
        Title = "Accuracy",
        Summary = "",
        Method = [],
        Findings = [.. outcomes.Select(outcome => new Finding
        {
            Check = "accuracy", Metric = "accuracy", Estimate = 0.9, Count = 10, Outcome = outcome,
        })],
    };
}
