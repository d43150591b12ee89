using AuditKit.Checks;
using AuditKit.Checks.Calibration;
using AuditKit.Evidence;
using AuditKit.Imaging;
using AuditKit.Results;
using AuditKit.Yaml;

namespace AuditKit.Tests.Checks.Calibration;

public sealed class CalibrationTests
{
    private const int Images = 2000;

    private static readonly InputShape OnePixel = new(1, 1, 1);

    [Fact]
    public void A_constant_classifier_is_off_by_confidence_minus_accuracy()
    {
        // Always class 0 with probability e²/(1 + e²) = 0.881; 60 % of the images are of class 0.
        using var bench = new Bench(SyntheticData.Pixels(new byte[100], [.. Enumerable.Range(0, 100).Select(i => i < 60 ? 0 : 1)]));
        using var model = SyntheticClassifier.Constant(OnePixel, 2, 0);
        Section section = Run(bench, model, "max-ece: 0.05, max-nll: 0.1");

        double claimed = 1 / (1 + Math.Exp(-2));
        Assert.Equal(claimed - 0.6, Estimate(section, "ECE"), 1e-6);
        Assert.Equal(claimed - 0.6, Estimate(section, "ECE, bins of equal mass"), 1e-6);
        Assert.Equal(claimed - 0.6, Estimate(section, "classwise ECE"), 1e-6);
        Assert.Equal((0.6 * 2 * Math.Pow(1 - claimed, 2)) + (0.4 * 2 * claimed * claimed), Estimate(section, "Brier score"), 1e-6);
        Assert.Equal(-(0.6 * Math.Log(claimed)) - (0.4 * Math.Log(1 - claimed)), Estimate(section, "NLL"), 1e-6);
        Assert.Equal(0.4, Estimate(section, "AURC"), 1e-9);
        Assert.Equal(2 / Math.Log(0.6 / 0.4), Estimate(section, "temperature"), 1e-5);
        Assert.Equal(GateOutcome.Fail, section.Findings.Single(finding => finding.Metric == "ECE").Outcome);
        Assert.Equal(GateOutcome.Fail, section.Findings.Single(finding => finding.Metric == "NLL").Outcome);
    }

    [Theory]
    [InlineData(1, GateOutcome.Pass)]
    [InlineData(3, GateOutcome.Fail)]
    public void Only_a_model_whose_claims_come_true_passes(double sharpening, GateOutcome outcome)
    {
        // The pixel is the probability of class 1, and the labels are drawn by it.
        using var bench = new Bench(Drawn(_ => 1));
        using SyntheticClassifier model = Reader(sharpening);
        Section section = Run(bench, model, "max-ece: 0.06");
        Finding ece = section.Findings.Single(finding => finding.Metric == "ECE");
        Assert.Equal(outcome, ece.Outcome);
        Assert.Equal(sharpening, Estimate(section, "temperature"), 0.15 * sharpening);
        double calibrated = Estimate(section, "calibrated NLL");
        Assert.Equal(sharpening > 1, Estimate(section, "NLL") > calibrated + 0.1);

        ChartSeries diagram = section.Charts[0].Series[0];
        Assert.Equal(sharpening > 1, diagram.X[^1] - diagram.Y[^1] > 0.05);
        Assert.Equal(Images, section.Tables[0].Rows.Sum(row => int.Parse(row[1].Replace(",", ""))));
    }

    [Fact]
    public void Few_images_prove_nothing()
    {
        using var bench = new Bench(SyntheticData.Pixels([0, 0, 0, 0, 0]));
        using var model = SyntheticClassifier.Constant(OnePixel, 50, 0);
        Finding ece = Run(bench, model, "max-ece: 0.1").Findings[0];
        Assert.Equal((0, GateOutcome.Inconclusive), (Math.Round(ece.Estimate!.Value, 6), ece.Outcome));
    }

    [Fact]
    public void A_group_that_the_average_hides_is_found()
    {
        // Honest on images of site a, far too sure on those of site b, which are a tenth.
        SyntheticData data = Drawn(i => i % 10 == 0 ? 0 : 1);
        data.Columns["site"] = [.. Enumerable.Range(0, Images).Select(i => i % 10 == 0 ? "b" : i == 1 ? "c" : "a")];
        using var bench = new Bench(data);
        using SyntheticClassifier model = Reader(1);
        Section section = Run(bench, model, "by: [site], max-ece: 0.10, max-group-ece: 0.10", "site");

        Assert.Equal(GateOutcome.Pass, section.Findings[0].Outcome);
        Finding Group(string name) => section.Findings.Single(finding => finding.Metric == "ECE" && finding.Subject == $"site = {name}");
        Assert.Equal(GateOutcome.Pass, Group("a").Outcome);
        Assert.Equal(GateOutcome.Fail, Group("b").Outcome);
        Assert.Equal(200, Group("b").Count);
        Assert.Equal((GateOutcome.Inconclusive, 1, null), (Group("c").Outcome, Group("c").Count, Group("c").Estimate));
        Assert.Contains("site = b", section.Summary);
    }

    [Fact]
    public void The_same_evidence_gives_the_same_findings()
    {
        using var bench = new Bench(Drawn(_ => 1));
        using SyntheticClassifier model = Reader(2);
        Section first = Run(bench, model, "by: [class]");
        Assert.Equal(first.Findings, Run(bench, model, "by: [class]").Findings);
        Assert.Equal(Images / model.PreferredBatch, model.Batches.Count);
    }

    [Fact]
    public void Evidence_that_is_not_complete_is_no_finding()
    {
        using var bench = new Bench(SyntheticData.Pixels(new byte[10]));
        AuditSeed.Record(bench.Context(SyntheticClassifier.Constant(OnePixel, 1, 0)));
        bench.Evidence.WriteLogits(Condition.Clean, [3], [1, 0]);
        var error = Assert.Throws<AuditException>(() => new CalibrationOptions().Bind([]).Analysis.Analyse(bench.Evidence, 0.95));
        Assert.Contains("1 of 10 images", error.Message);
    }

    [Theory]
    [InlineData("max-ece: 2", "between 0 and 1")]
    [InlineData("max-group-ece: 0.1", "name at least one grouping")]
    [InlineData("bins: 0", "between 1 and 1000")]
    [InlineData("max-eec: 0.1", "Did you mean 'max-ece'?")]
    [InlineData("by: [klass]", "Did you mean 'class'?")]
    public void Options_that_make_no_sense_are_refused_with_their_place(string options, string message)
    {
        var map = SpecMap.Parse("audit.yaml", $"checks: {{ calibration: {{ {options} }} }}").Map("checks");
        var error = Assert.Throws<AuditException>(() => TestPlan.Of(map, ".", []));
        Assert.StartsWith("audit.yaml:1:", error.Message);
        Assert.Contains(message, error.Message);
    }

    /// <summary>Labels drawn by the pixel's value p: 1 with probability ½ + honesty·(p − ½).</summary>
    private static SyntheticData Drawn(Func<int, double> honesty)
    {
        byte[] values = [.. Enumerable.Range(0, Images).Select(i => (byte)(5 + CounterRandom.For(4, "pixel", i).NextInt32(246)))];
        int[] labels = [.. values.Select((value, i) =>
            CounterRandom.For(4, "label", i).NextDouble() < 0.5 + (honesty(i) * ((value / 255.0) - 0.5)) ? 1 : 0)];
        return SyntheticData.Pixels(values, labels);
    }

    /// <summary>Reads the probability of class 1 off the pixel; its logits times a number.</summary>
    private static SyntheticClassifier Reader(double sharpening)
        => new(OnePixel, 2, (pixels, logits) => logits[1] = (float)(sharpening * Math.Log(pixels[0] / (1 - pixels[0]))));

    private static double Estimate(Section section, string metric)
        => section.Findings.Single(finding => finding.Metric == metric && finding.Subject == "").Estimate!.Value;

    private static Section Run(Bench bench, SyntheticClassifier model, string options, params string[] attributes)
    {
        PlannedCheck planned = TestPlan.Options<CalibrationOptions>(CalibrationOptions.Check, options).Bind(attributes);
        planned.Check.Run(bench.Context(model));
        return planned.Analysis.Analyse(bench.Evidence, 0.95);
    }
}
