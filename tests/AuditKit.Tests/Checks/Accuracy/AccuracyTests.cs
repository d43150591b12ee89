using AuditKit.Checks;
using AuditKit.Evidence;
using AuditKit.Results;
using AuditKit.Yaml;

namespace AuditKit.Tests.Checks.Accuracy;

public sealed class AccuracyTests
{
    [Fact]
    public void Figures_of_a_small_case_are_those_worked_out_by_hand()
    {
        // The model says class = pixel value / 100. Labels: three of class 0 (one taken for 1), two of class 1 (one taken for 2), none of class 2.
        using var bench = new Bench(SyntheticData.Pixels([0, 10, 100, 100, 200], [0, 0, 0, 1, 1], ["cat", "dog", "owl"]));
        Section section = Analyse(bench, "accuracy: { min: 0.5 }");

        Finding accuracy = Assert.Single(section.Findings);
        Assert.Equal("accuracy/accuracy", accuracy.Id);
        Assert.Equal(0.6, accuracy.Estimate);
        Assert.Equal(5, accuracy.Count);
        Assert.Equal(new Threshold(ThresholdKind.AtLeast, 0.5, "checks.accuracy.min"), accuracy.Threshold);
        Assert.Equal(GateOutcome.Inconclusive, accuracy.Outcome);

        Table classes = section.Tables[0];
        Assert.Equal(["cat", "3", "2", "66.7\u00a0%", "20.8 to 93.9\u00a0%", "100.0\u00a0%"], classes.Rows[0]);
        Assert.Equal(["dog", "2", "1", "50.0\u00a0%", "9.5 to 90.5\u00a0%", "50.0\u00a0%"], classes.Rows[1]);
        Assert.Equal(["owl", "0", "0", "–", "–", "0.0\u00a0%"], classes.Rows[2]);
        Table confusions = section.Tables[1];
        Assert.Equal(["cat", "dog", "1", "33.3\u00a0%"], confusions.Rows[0]);
        Assert.Equal(["dog", "owl", "1", "50.0\u00a0%"], confusions.Rows[1]);
        Assert.Equal(2, confusions.Rows.Count);

        ChartSeries recall = Assert.Single(Assert.Single(section.Charts).Series);
        Assert.Equal(["cat", "dog"], recall.Names);
        Assert.Equal([2 / 3.0, 0.5], recall.Y);
    }

    [Fact]
    public void A_constant_classifier_scores_the_share_of_its_class()
    {
        using var bench = new Bench(SyntheticData.Pixels(new byte[1000], [.. Enumerable.Range(0, 1000).Select(i => i % 4 == 0 ? 1 : 0)]));
        using var model = SyntheticClassifier.Constant(new(1, 1, 1), 0, 1);
        PlannedCheck planned = Plan("accuracy: { min: 0.5 }");
        planned.Check.Run(bench.Context(model));
        Finding accuracy = planned.Analysis.Analyse(bench.Evidence, 0.95).Findings[0];
        Assert.Equal(0.25, accuracy.Estimate);
        Assert.Equal(GateOutcome.Fail, accuracy.Outcome);
    }

    [Fact]
    public void Without_a_limit_the_figure_is_only_reported()
    {
        using var bench = new Bench(SyntheticData.Pixels([0], [0], ["cat", "dog", "owl"]));
        Assert.Equal(GateOutcome.NotGated, Analyse(bench, "accuracy:").Findings[0].Outcome);
    }

    [Fact]
    public void Unfinished_evidence_is_not_judged()
    {
        using var bench = new Bench(SyntheticData.Pixels([0, 0]));
        bench.Evidence.Write(Condition.Clean, [new AuditKit.Evidence.Prediction(0, 0, 1)]);
        var error = Assert.Throws<AuditException>(() => Plan("accuracy:").Analysis.Analyse(bench.Evidence, 0.95));
        Assert.Contains("1 of 2 images", error.Message);
        Assert.Equal(ExitCode.Error, error.ExitCode);
    }

    private static Section Analyse(Bench bench, string spec)
    {
        using var model = new SyntheticClassifier(new(1, 1, 1), 3, (pixels, logits) => logits[(int)(pixels[0] * 255 / 99.9f)] = 1);
        PlannedCheck planned = Plan(spec);
        planned.Check.Run(bench.Context(model));
        return planned.Analysis.Analyse(bench.Evidence, 0.95);
    }

    private static PlannedCheck Plan(string spec)
        => Assert.Single(TestPlan.Of(SpecMap.Parse("audit.yaml", $"checks: {{ {spec} }}").Map("checks"), ".", []));
}
