using AuditKit.Checks;
using AuditKit.Compliance;
using AuditKit.Results;

namespace AuditKit.Tests.Compliance;

public sealed class ComplianceAnalysisTests
{
    [Theory]
    [InlineData(GateOutcome.Pass, ClauseAnswer.Met)]
    [InlineData(GateOutcome.Fail, ClauseAnswer.NotMet)]
    [InlineData(GateOutcome.Inconclusive, ClauseAnswer.NotMet)]
    [InlineData(GateOutcome.NotGated, ClauseAnswer.NotAssessed)]
    public void A_clause_is_met_only_where_its_gates_passed(GateOutcome outcome, ClauseAnswer expected)
        => Assert.Equal(expected, Clause(ComplianceAnalysis.Of([Section("simba", outcome)], [], CheckCatalog.Standard.Checks), "15(5), evasion").Answer);

    [Fact]
    public void One_failed_check_is_not_outweighed_by_another_that_passed()
    {
        ClauseStatus clause = Clause(ComplianceAnalysis.Of([Section("simba", GateOutcome.Pass), Section("white-box", GateOutcome.Fail)], [],
            CheckCatalog.Standard.Checks), "15(5), evasion");
        Assert.Equal(ClauseAnswer.NotMet, clause.Answer);
        Assert.Contains("white-box", clause.Note);
        Assert.DoesNotContain("simba", clause.Note);
    }

    [Fact]
    public void A_check_that_broke_meets_nothing()
    {
        Section broken = Section("subgroups", GateOutcome.Pass) with { Error = "it broke" };
        Assert.Equal(ClauseAnswer.NotMet, Clause(ComplianceAnalysis.Of([broken], [], CheckCatalog.Standard.Checks), "2.11").Answer);
        Assert.Equal(ClauseAnswer.NotMet, Clause(ComplianceAnalysis.Of([broken], [], CheckCatalog.Standard.Checks), "Tests").Answer);
    }

    [Fact]
    public void What_was_not_asked_for_is_named()
    {
        ComplianceMatrix matrix = ComplianceAnalysis.Of([Section("accuracy", GateOutcome.Pass)], [], CheckCatalog.Standard.Checks);
        Assert.Equal(ClauseAnswer.NotAssessed, Clause(matrix, "15(5), evasion").Answer);
        Assert.Contains(matrix.NotAssessed, line => line.Contains("(simba)", StringComparison.Ordinal));
        Assert.DoesNotContain(matrix.NotAssessed, line => line.Contains("(accuracy)", StringComparison.Ordinal));
        Assert.Contains("not in this audit: subgroups", Clause(matrix, "15(1)").Note);
    }

    [Fact]
    public void The_providers_words_are_printed_and_not_taken_for_evidence()
    {
        ComplianceMatrix matrix = ComplianceAnalysis.Of([], [new("Privacy", "No personal data."), new("Risk management", "")], CheckCatalog.Standard.Checks);
        Assert.Equal((ClauseAnswer.Stated, "No personal data."), (Clause(matrix, "2.10").Answer, Clause(matrix, "2.10").Provider.Single().Value));
        Assert.Equal(ClauseAnswer.ToBeFilledIn, Clause(matrix, "2.6").Answer);
        Assert.Contains("not provided: Risk management", Clause(matrix, "2.6").Note);
    }

    [Fact]
    public void The_workflow_is_complete_only_with_goals_and_a_verdict_of_pass()
    {
        ComplianceMatrix passed = ComplianceAnalysis.Of([Section("accuracy", GateOutcome.Pass)], [], CheckCatalog.Standard.Checks);
        ComplianceMatrix reported = ComplianceAnalysis.Of([Section("accuracy", GateOutcome.NotGated)], [], CheckCatalog.Standard.Checks);
        Assert.Equal([ClauseAnswer.Met, ClauseAnswer.Met], new[] { Clause(passed, "Goals").Answer, Clause(passed, "Achievement").Answer });
        Assert.Equal([ClauseAnswer.NotMet, ClauseAnswer.NotAssessed], new[] { Clause(reported, "Goals").Answer, Clause(reported, "Achievement").Answer });
    }

    [Fact]
    public void Every_clause_has_a_source_of_evidence_that_exists()
    {
        ClauseCatalog catalog = ClauseCatalog.Own;
        string[] clauses = [.. catalog.Frameworks.SelectMany(framework => framework.Clauses.Select(clause => $"{framework.Id} {clause.Reference}"))];
        string[] answered = [.. CheckCatalog.Standard.Checks.SelectMany(check => check.Clauses).Distinct()];
        Assert.All(answered, clause => Assert.Contains(clause, clauses));
        Assert.Equal(4, catalog.Frameworks.Count);
        Assert.All(catalog.Frameworks.SelectMany(framework => framework.Clauses.Select(clause => (framework, clause))), entry =>
        {
            (ClauseCatalog.Framework framework, ClauseCatalog.Entry clause) = entry;
            bool isAnswered = answered.Contains($"{framework.Id} {clause.Reference}");
            Assert.True(isAnswered || clause.Sections.Count + clause.Provider.Count + clause.Documents.Count > 0
                || clause.Rule is "thresholds" or "finished" or "verdict", clause.Reference);
            Assert.All(clause.Sections, section => Assert.Equal("comparison", section));
            Assert.All(clause.Documents, part => Assert.Contains(part, (string[])["model", "data", "protocol", "findings", "limits", "provenance"]));
        });
    }

    private static ClauseStatus Clause(ComplianceMatrix matrix, string reference) => matrix.Clauses.Single(clause => clause.Reference == reference);

    private static Section Section(string check, GateOutcome outcome) => new()
    {
        Check = check,
        Title = check,
        Summary = "",
        Method = [],
        Findings =
        [
            new Finding
            {
                Check = check,
                Metric = "m",
                Estimate = 0.5,
                Count = 10,
                Threshold = outcome is GateOutcome.NotGated ? null : new Threshold(ThresholdKind.AtLeast, 0.4, "key"),
                Outcome = outcome,
            },
        ],
    };
}
