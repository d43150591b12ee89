using AuditKit.Checks;
using AuditKit.Checks.SimBa;
using AuditKit.Checks.WhiteBox;
using AuditKit.Evidence;
using AuditKit.Imaging;
using AuditKit.Results;
using AuditKit.Yaml;

namespace AuditKit.Tests.Checks.WhiteBox;

public sealed class WhiteBoxTests
{
    private static readonly InputShape Shape = new(1, 3, 3);

    private const string Spec = "linf: { epsilon: [4/255, 0.1], min-robust-accuracy: { 4/255: 0.2 } }, l2: { epsilon: 0.3 }, images: 20, steps: 6, restarts: 2";

    [Fact]
    public void A_constant_classifier_is_as_robust_as_it_is_accurate()
    {
        using var bench = new Bench(SyntheticData.Random(40, 3, 3, 1, 2)) { Models = Constant(0) };
        Section section = Run(bench, Constant(0), "linf: { epsilon: [0.5], min-robust-accuracy: { 0.5: 0.1 } }, images: 40, steps: 3");
        double right = bench.Evidence.Images().Count(image => image.Label == 0) / 40.0;
        Assert.InRange(right, 0.2, 0.8);
        Assert.Equal(right, section.Findings[0].Estimate);
        Assert.Equal(GateOutcome.Pass, section.Findings[0].Outcome);
        Assert.Equal(right, section.Findings[1].Estimate);
    }

    [Theory]
    [InlineData("linf")]
    [InlineData("l2")]
    public void A_classifier_that_reads_one_pixel_is_robust_up_to_that_pixels_distance_from_the_threshold(string norm)
    {
        // Class 1 where pixel 4 is above ½: the image's distance is |x₄ − ½| in either norm.
        byte[] values = [0, 40, 80, 110, 120, 130, 140, 150, 200, 255];
        Image[] images = [.. values.Select(value =>
        {
            var image = new Image(3, 3, 1);
            image.Samples[4] = value;
            return image;
        })];
        double[] w = new double[9];
        w[4] = 3;
        var model = SmallNetwork.Linear(Shape, w);
        using var bench = new Bench(new SyntheticData(images, [.. values.Select(v => v > 127 ? 1 : 0)], ["dark", "bright"])) { Models = model };
        Section section = Run(bench, model, $"{norm}: {{ epsilon: [0.02, 0.05, 0.1, 0.25, 0.6] }}, images: 10, steps: 10");
        Assert.Equal(
            new[] { 0.02, 0.05, 0.1, 0.25, 0.6 }.Select(epsilon => (double?)values.Count(v => Math.Abs((v / 255.0) - 0.5) > epsilon) / 10),
            section.Findings.Take(5).Select(finding => finding.Estimate));
        Assert.Equal([1, 0.9, 0.7, 0.5, 0.4, 0], section.Charts[0].Series[0].Y);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(64)]
    public void Evidence_does_not_depend_on_the_batch(int batch)
    {
        AttackOutcome[] expected = Measure(5);
        Assert.Contains(expected, outcome => outcome is { Succeeded: true, Iterations: > 0 });
        Assert.Contains(expected, outcome => !outcome.Succeeded);
        Assert.Equal(expected, Measure(batch));

        static AttackOutcome[] Measure(int batch)
        {
            using SmallNetwork model = SmallNetwork.Random(Shape, 3, batch);
            using var bench = new Bench(SyntheticData.Random(40, 3, 3, 1, 3)) { Models = model };
            Plan(Spec).Check.Run(bench.Context(model));
            return [.. bench.Evidence.Conditions.SelectMany(bench.Evidence.AttackOutcomes)];
        }
    }

    [Fact]
    public void A_check_that_was_cut_off_ends_with_the_same_evidence()
    {
        PlannedCheck planned = Plan(Spec);
        using SmallNetwork model = SmallNetwork.Random(Shape, 3);
        using var whole = new Bench(SyntheticData.Random(40, 3, 3, 1, 3)) { Models = model };
        planned.Check.Run(whole.Context(model));

        using var broken = new Bench(SyntheticData.Random(40, 3, 3, 1, 3)) { Models = model };
        int attempts = 1;
        for (; ; attempts++)
        {
            int left = 60;
            model.BeforeBackward = () => { if (left-- == 0) { throw new AuditException("power cut", ExitCode.Error); } };
            try
            {
                planned.Check.Run(broken.Context(model));
                break;
            }
            catch (AuditException)
            {
                Assert.InRange(attempts, 1, 100);
            }
        }

        Assert.True(attempts > 1);
        Assert.Equal(whole.Evidence.Conditions, broken.Evidence.Conditions);
        foreach (Condition attack in whole.Evidence.Conditions)
        {
            Assert.Equal(whole.Evidence.AttackOutcomes(attack), broken.Evidence.AttackOutcomes(attack));
            Assert.Equal(whole.Evidence.Examples(attack).Select(e => (e.Image, e.Label)), broken.Evidence.Examples(attack).Select(e => (e.Image, e.Label)));
        }

        Assert.Equal(planned.Analysis.Analyse(whole.Evidence, 0.95).Findings, planned.Analysis.Analyse(broken.Evidence, 0.95).Findings);
    }

    [Fact]
    public void Images_that_fall_leave_the_batch_and_are_not_attacked_at_larger_budgets()
    {
        double[] w = [1, 1, 1, 1, 1, 1, 1, 1, 1];
        using var model = SmallNetwork.Linear(Shape, w, offset: 0.01);
        byte[] grey = [.. Enumerable.Repeat((byte)128, 9)];
        using var bench = new Bench(new SyntheticData([.. Enumerable.Range(0, 6).Select(_ => new Image(3, 3, 1, grey))], [1, 1, 1, 1, 1, 1],
            ["a", "b"]))
        { Models = model };
        Section section = Run(bench, model, "linf: { epsilon: [0.05, 0.1, 0.2] }, images: 6, steps: 50");
        Assert.Equal([0, 0, 0], section.Findings.Take(3).Select(finding => finding.Estimate!.Value));
        Assert.InRange(model.Passes, 6, 6 * 30);
    }

    [Fact]
    public void SimBA_that_finds_what_hidden_gradients_do_not_is_a_finding()
    {
        Section honest = Both(hidesGradients: false);
        Section masked = Both(hidesGradients: true);
        Finding Masking(Section section) => section.Findings.Single(finding => finding.Metric == "fooled by SimBA but not by gradients");
        Assert.Equal(0, Masking(honest).Estimate);
        Assert.InRange(Masking(masked).Estimate!.Value, 0.2, 1);
        Assert.DoesNotContain("lead astray", honest.Summary);
        Assert.Contains("lead astray", masked.Summary);
        Assert.Equal("Beside SimBA, on the images attacked by both", masked.Tables[1].Title);

        static Section Both(bool hidesGradients)
        {
            using SmallNetwork model = SmallNetwork.Random(Shape, 3, hidesGradients: hidesGradients);
            using var bench = new Bench(SyntheticData.Random(60, 3, 3, 1, 3)) { Models = model };
            PlannedCheck whiteBox = Plan("linf: { epsilon: 0.2 }, images: 60, steps: 10");
            whiteBox.Check.Run(bench.Context(model));
            new SimBaCheck(new SimBaOptions { Images = 60, Epsilon = 0.2, Iterations = 9 }, []).Run(bench.Context(model));
            return whiteBox.Analysis.Analyse(bench.Evidence, 0.95);
        }
    }

    [Fact]
    public void Only_perturbations_inside_the_ball_are_held_against_gradients()
    {
        using var bench = new Bench(SyntheticData.Pixels([0, 0, 0, 0], [0, 0, 0, 0], ["cat", "dog"]));
        var options = new WhiteBoxOptions { Budgets = [new Budget(Norm.L2, "0.5", 0.5)], Images = 4, Steps = 10, Restarts = 1 };
        bench.Evidence.Write(options.Condition(options.Budgets[0]),
        [
            new AttackOutcome(0, true, 1, 1, 0.4f, 0.2f, 1, 0.6f),
            new AttackOutcome(1, false, 33, 33, 0.5f, 0.2f, 0, 0.6f),
            new AttackOutcome(2, false, 33, 33, 0.5f, 0.2f, 0, 0.6f),
            new AttackOutcome(3, true, 13, 13, 0.5f, 0.2f, 1, 0.6f),
        ]);
        bench.Evidence.Write(new SimBaOptions().Condition,
        [
            new AttackOutcome(0, true, 1, 1, 0.4f, 0.2f, 1, 0.6f),
            new AttackOutcome(1, true, 1, 1, 0.5f, 0.2f, 1, 0.6f),
            new AttackOutcome(2, true, 1, 1, 0.51f, 0.2f, 1, 0.6f),
        ]);
        Section section = new WhiteBoxAnalysis(options).Analyse(bench.Evidence, 0.95);
        Assert.Equal(["L2 ≤ 0.5", "3", "33.3\u00a0%", "66.7\u00a0%", "1"], section.Tables[1].Rows[0]);
        Assert.Equal(["L2 ≤ 0.5", "2 of 4", "50.0\u00a0%"], section.Tables[0].Rows[0].Take(3));
        // Each attack judges 11 points: the first belongs to pgd, the thirteenth to apgd-ce.
        Assert.Equal(["0", "1", "1", "0"], section.Tables[0].Rows[0].Skip(4));
    }

    [Fact]
    public void An_audit_that_was_not_finished_gives_no_figures()
    {
        using var bench = new Bench(SyntheticData.Pixels([0, 0]));
        Assert.Contains("run the audit to its end", Assert.Throws<AuditException>(() => Plan(Spec).Analysis.Analyse(bench.Evidence, 0.95)).Message);
    }

    [Theory]
    [InlineData("images: 3", "needs a budget")]
    [InlineData("linf: { epsilon: [0.1, 1/10] }", "different values")]
    [InlineData("linf: { epsilon: 8/0 }", "ε must be")]
    [InlineData("linf: { epsilon: [2] }", "at most 1")]
    [InlineData("linf: { epsilon: [4/255], min-robust-accuracy: { 8/255: 0.4 } }", "can never be judged")]
    [InlineData("linf: { epsilon: [4/255], min-robust-accuracy: { 4/255: 4 } }", "must be between 0 and 1")]
    [InlineData("linf: { epsilon: 0.1 }, attacks: [pdg]", "Did you mean 'pgd'?")]
    [InlineData("linf: { epsilon: 0.1, steps: 3 }", "unknown key 'steps'")]
    public void Options_that_make_no_sense_are_refused_with_their_place(string options, string message)
    {
        var error = Assert.Throws<AuditException>(() => Plan(options));
        Assert.StartsWith("audit.yaml:1:", error.Message);
        Assert.Contains(message, error.Message);
    }

    private static SmallNetwork Constant(int label)
        => new(Shape, [new double[9]], [[0], [0]], [label == 0 ? 1 : 0, label]) { IsLinear = true };

    private static Section Run(Bench bench, SmallNetwork model, string options)
    {
        PlannedCheck planned = Plan(options);
        planned.Check.Run(bench.Context(model));
        return planned.Analysis.Analyse(bench.Evidence, 0.95);
    }

    private static PlannedCheck Plan(string options)
        => Assert.Single(TestPlan.Of(SpecMap.Parse("audit.yaml", $"checks: {{ white-box: {{ {options} }} }}").Map("checks"), ".", []));
}
