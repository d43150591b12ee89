using AuditKit.Checks;
using AuditKit.Checks.SimBa;
using AuditKit.Evidence;
using AuditKit.Imaging;
using AuditKit.Results;
using AuditKit.Yaml;

namespace AuditKit.Tests.Checks.SimBa;

public sealed partial class SimBaTests
{
    private static readonly InputShape Shape = new(1, 3, 3);

    private const string Spec = "images: 12, epsilon: 0.1, iterations: 9, max-success: { 4: 0.5 }";

    private static readonly Condition Condition = new SimBaOptions { Images = 12, Epsilon = 0.1, Iterations = 9 }.Condition;

    [Fact]
    public void Every_outcome_is_the_formulas_and_only_correctly_classified_images_are_attacked()
    {
        using var bench = new Bench(SyntheticData.Random(60, 3, 3, 1, 2));
        using var model = SyntheticClassifier.Random(Shape, 2, preferredBatch: 5);

        Plan(Spec).Check.Run(bench.Context(model));

        AttackOutcome[] outcomes = [.. bench.Evidence.AttackOutcomes(Condition)];
        Assert.Equal(12, outcomes.Length);
        Assert.Contains(outcomes, outcome => outcome.Succeeded);
        Assert.Contains(outcomes, outcome => !outcome.Succeeded);
        Prediction[] clean = [.. bench.Evidence.Predictions(Condition.Clean)];
        foreach (AttackOutcome outcome in outcomes)
        {
            Assert.Equal(bench.Data.Label(outcome.Image), clean[outcome.Image].Predicted);
            float[] pixels = new float[Shape.Length];
            new InputTransform(Shape).Apply(bench.Data.Load(outcome.Image), pixels);
            int[] basis = [.. Enumerable.Range(0, Shape.Length)];
            CounterRandom.For(20261121, "simba", outcome.Image).Shuffle(basis);
            (AttackOutcome expected, _) = Reference.Attack(model, outcome.Image, pixels, bench.Data.Label(outcome.Image), 0.1f, 9, basis);
            Assert.Equal(expected.L2, outcome.L2, 1e-6f);
            Assert.Equal(expected with { L2 = outcome.L2 }, outcome);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(64)]
    public void Evidence_does_not_depend_on_the_batch(int batch)
    {
        Assert.Equal(Measure(5), Measure(batch));

        static AttackOutcome[] Measure(int batch)
        {
            using var bench = new Bench(SyntheticData.Random(60, 3, 3, 1, 2));
            using var model = SyntheticClassifier.Random(Shape, 2, batch);
            Plan(Spec).Check.Run(bench.Context(model));
            return [.. bench.Evidence.AttackOutcomes(Condition)];
        }
    }

    [Fact]
    public void A_check_that_was_cut_off_ends_with_the_same_evidence()
    {
        using var whole = new Bench(SyntheticData.Random(60, 3, 3, 1, 2));
        using var model = SyntheticClassifier.Random(Shape, 2, preferredBatch: 4);
        PlannedCheck planned = Plan(Spec);
        planned.Check.Run(whole.Context(model));

        using var broken = new Bench(SyntheticData.Random(60, 3, 3, 1, 2));
        int attempts = 1;
        for (; ; attempts++)
        {
            int start = model.Batches.Count;
            model.BeforeRun = () => { if (model.Batches.Count == start + 25) { throw new AuditException("power cut", ExitCode.Error); } };
            try
            {
                planned.Check.Run(broken.Context(model));
                break;
            }
            catch (AuditException)
            {
                Assert.InRange(broken.Evidence.AttackOutcomes(Condition).Count(), 0, 11);
            }
        }

        Assert.True(attempts > 1);
        Assert.Equal(whole.Evidence.AttackOutcomes(Condition), broken.Evidence.AttackOutcomes(Condition));
        Assert.Equal(
            whole.Evidence.Examples(Condition).Select(e => (e.Image, e.Label, Convert.ToHexString(e.Pixels.Samples))),
            broken.Evidence.Examples(Condition).Select(e => (e.Image, e.Label, Convert.ToHexString(e.Pixels.Samples))));
        Assert.Equal(planned.Analysis.Analyse(whole.Evidence, 0.95).Findings, planned.Analysis.Analyse(broken.Evidence, 0.95).Findings);
    }

    [Theory]
    [InlineData("images: 12, epsilon: 0.4, iterations: 9")]
    [InlineData("images: 12, epsilon: 0.1, iterations: 5")]
    [InlineData("images: 8, epsilon: 0.1, iterations: 9")]
    public void A_run_that_goes_on_with_other_options_measures_anew(string changed)
    {
        using var bench = new Bench(SyntheticData.Random(60, 3, 3, 1, 2));
        using var model = SyntheticClassifier.Random(Shape, 2, preferredBatch: 4);
        Plan(Spec).Check.Run(bench.Context(model));
        PlannedCheck planned = Plan(changed);
        planned.Check.Run(bench.Context(model));

        using var fresh = new Bench(SyntheticData.Random(60, 3, 3, 1, 2));
        planned.Check.Run(fresh.Context(model));
        Assert.Equal(planned.Analysis.Analyse(fresh.Evidence, 0.95).Findings, planned.Analysis.Analyse(bench.Evidence, 0.95).Findings);
    }

    [Fact]
    public void The_sample_is_drawn_by_the_seed_and_not_in_the_datas_order()
    {
        using var bench = new Bench(SyntheticData.Pixels(new byte[100]));
        using var model = SyntheticClassifier.Constant(new(1, 1, 1), 1, 0);
        Plan("images: 10").Check.Run(bench.Context(model));
        int[] attacked = [.. bench.Evidence.AttackOutcomes(new SimBaOptions { Images = 10 }.Condition).Select(outcome => outcome.Image)];
        Assert.Equal(10, attacked.Length);
        Assert.True(attacked.Max() > 30);
    }

    [Fact]
    public void A_constant_classifier_resists_and_passes_whatever_the_budget()
    {
        using var bench = new Bench(SyntheticData.Random(100, 3, 3, 1, 1));
        using var model = SyntheticClassifier.Constant(Shape, 1, 0);
        Section section = Run(bench, model, "images: 100, iterations: 9, max-success: { 9: 0.05 }");
        Assert.Equal((0, GateOutcome.Pass, 100), (section.Findings[0].Estimate, section.Findings[0].Outcome, section.Findings[0].Count));
        Assert.Equal(["Iterations", "not reached", "not reached", "not reached"], section.Tables[1].Rows[0]);
        Assert.Equal(["L2 norm, successful attacks", "–", "–", "–"], section.Tables[1].Rows[2]);
    }

    [Fact]
    public void Figures_of_a_small_case_are_those_worked_out_by_hand()
    {
        using var bench = new Bench(SyntheticData.Pixels([0, 0, 0, 0, 0], [0, 0, 0, 0, 1], ["cat", "dog"]));
        bench.Evidence.Write(Condition.Clean, [.. Enumerable.Range(0, 5).Select(i => new Prediction(i, 0, 0.9f))]);
        bench.Evidence.Write(new SimBaOptions { Images = 4, Iterations = 100 }.Condition,
        [
            new AttackOutcome(0, true, 1, 2, 0.2f, 0.2f, 1, 0.6f),
            new AttackOutcome(1, true, 8, 13, 0.4f, 0.2f, 1, 0.7f),
            new AttackOutcome(2, true, 40, 61, 0.9f, 0.2f, 1, 0.5f),
            new AttackOutcome(3, false, 100, 150, 1.5f, 0.2f, 0, 0.8f),
        ]);
        Section section = Plan("images: 4, iterations: 100, max-success: { 20: 0.9 }").Analysis.Analyse(bench.Evidence, 0.95);

        Assert.Equal(
            [("20 iterations", 0.5), ("1 iteration", 0.25), ("10 iterations", 0.5), ("50 iterations", 0.75), ("100 iterations", 0.75)],
            section.Findings.Select(finding => (finding.Subject, finding.Estimate!.Value)));
        Assert.Equal(GateOutcome.Inconclusive, section.Findings[0].Outcome);
        Assert.Equal("checks.simba.max-success.20", section.Findings[0].Threshold!.Key);
        Assert.All(section.Findings, finding => Assert.Equal(4, finding.Count));

        ChartSeries iterations = section.Charts[0].Series[0];
        Assert.Equal([1, 1, 1, 8, 8, 40, 40, 100], iterations.X);
        Assert.Equal([0, 0, 0.25, 0.25, 0.5, 0.5, 0.75, 0.75], iterations.Y);
        Assert.Equal([1, 2, 2, 13, 13, 61, 61, 150], section.Charts[1].Series[0].X);

        Assert.Equal(
            [["10", "1 of 4"], ["50", "2 of 4"], ["100", "3 of 4"], ["150", "3 of 4"]],
            section.Tables[0].Rows.Select(row => row.Take(2).ToArray()));
        Assert.Equal(["Iterations", "1", "8", "40"], section.Tables[1].Rows[0]);
        Assert.Equal(["Queries", "2", "13", "61"], section.Tables[1].Rows[1]);
        Assert.Equal(["L2 norm, successful attacks", "0.2", "0.4", "0.9"], section.Tables[1].Rows[2]);
    }

    [Fact]
    public void Examples_show_the_image_before_and_after_and_what_changed()
    {
        using var bench = new Bench(SyntheticData.Pixels([130], [1]));
        using var model = new SyntheticClassifier(new(1, 1, 1), 2, (pixels, logits) => logits[1] = pixels[0] - 0.5f);
        Section section = Run(bench, model, "images: 1, epsilon: 0.2");
        Example example = Assert.Single(section.Examples);
        Assert.Equal([130, 79, 0], example.Panels.Select(panel => panel.Image.Samples[0]));
        Assert.StartsWith("#0: one becomes zero after 1 iteration and 2 queries", example.Caption);
    }

    [Fact]
    public void A_model_that_is_never_right_cannot_be_attacked_and_does_not_pass()
    {
        using var bench = new Bench(SyntheticData.Pixels(new byte[20], [.. Enumerable.Repeat(1, 20)]));
        using var model = SyntheticClassifier.Constant(new(1, 1, 1), 1, 0);
        Section section = Run(bench, model, "max-success: { 100: 0.6 }");
        Assert.Equal((null, 0, GateOutcome.Inconclusive), (section.Findings[0].Estimate, section.Findings[0].Count, section.Findings[0].Outcome));
    }

    [Theory]
    [InlineData("basis: dct")]
    [InlineData("basis: dct, frequencies: 2")]
    [InlineData("target: random")]
    [InlineData("target: least-likely, basis: dct")]
    [InlineData("max-l2: 0.25")]
    [InlineData("max-l2: 0.25, basis: dct, target: random")]
    [InlineData("max-linf: 0.06")]
    [InlineData("max-linf: 0.06, max-l2: 0.15, basis: dct")]
    [InlineData("restarts: 3")]
    [InlineData("restarts: 2, max-l2: 0.2, max-linf: 0.08, target: random, basis: dct")]
    public void Every_variant_ends_as_in_the_formula_and_does_not_depend_on_the_batch(string variant)
    {
        string spec = $"images: 25, epsilon: 0.1, iterations: 7, {variant}";
        SimBaOptions options = TestPlan.Options<SimBaOptions>(SimBaOptions.Check, spec);
        AttackOutcome[] outcomes = Measure(5);
        Assert.Equal(outcomes, Measure(32));
        Assert.Contains(outcomes, outcome => outcome.Succeeded);
        Assert.Contains(outcomes, outcome => !outcome.Succeeded);

        using var model = SyntheticClassifier.Random(Shape, 3, 1);
        var data = SyntheticData.Random(120, 3, 3, 1, 3);
        Basis basis = options.Basis(Shape);
        foreach (AttackOutcome outcome in outcomes)
        {
            int label = data.Label(outcome.Image);
            float[] pixels = new float[Shape.Length];
            new InputTransform(Shape).Apply(data.Load(outcome.Image), pixels);
            (AttackOutcome expected, _) = Reference.Attack(
                model, outcome.Image, pixels, label, 0.1f, 7, [.. Enumerable.Range(0, options.Restarts).Select(restart => Order(outcome.Image, restart))],
                Target(outcome.Image, label, pixels), options.MaxL2 ?? double.PositiveInfinity, (float)(options.MaxLInf ?? 1));
            Assert.Equal(expected.L2, outcome.L2, 1e-5f);
            Assert.Equal(expected.LInf, outcome.LInf, 1e-5f);
            Assert.Equal(expected.Confidence, outcome.Confidence, 1e-5f);
            Assert.Equal(expected with { L2 = 0, LInf = 0, Confidence = 0 }, outcome with { L2 = 0, LInf = 0, Confidence = 0 });
            Assert.InRange(outcome.L2, 0, (options.MaxL2 ?? 1) + 1e-5);
            Assert.InRange(outcome.LInf, 0, (options.MaxLInf ?? 1) + 1e-5);
        }

        AttackOutcome[] Measure(int batch)
        {
            using var bench = new Bench(SyntheticData.Random(120, 3, 3, 1, 3));
            using var attacked = SyntheticClassifier.Random(Shape, 3, batch);
            Plan(spec).Check.Run(bench.Context(attacked));
            return [.. bench.Evidence.AttackOutcomes(options.Condition)];
        }

        IEnumerable<float[]> Order(int image, int restart)
        {
            int[] order = [.. Enumerable.Range(0, basis.Count)];
            CounterRandom.For(20261121, restart == 0 ? "simba" : $"simba/restart-{restart}", image).Shuffle(order);
            return order.Select(vector => BasisTests.Dense(basis, vector, Shape));
        }

        int? Target(int image, int label, float[] pixels) => options.Target switch
        {
            SimBaTarget.Random => CounterRandom.For(20261121, "simba/target", image).NextInt32(2) is var t && t < label ? t : t + 1,
            SimBaTarget.LeastLikely => Reference.LeastLikely(model, pixels),
            _ => null,
        };
    }

    [Fact]
    public void A_group_that_is_easier_to_attack_is_found_and_one_that_is_not_is_not_named()
    {
        // Images of class 1 are classified by a margin that any step overturns, those of class 0 by one that none does.
        byte[] values = [.. Enumerable.Range(0, 60).Select(i => (byte)(i % 2 == 0 ? 0 : 150))];
        using var bench = new Bench(SyntheticData.Pixels(values, [.. values.Select(v => v > 127 ? 1 : 0)], ["steady", "shaky"]));
        using var model = new SyntheticClassifier(new(1, 1, 1), 2, (pixels, logits) => logits[1] = pixels[0] - 0.5f);
        Section section = Run(bench, model, "images: 60, epsilon: 0.1, by: [class, brightness/2]");
        Assert.Contains("Easier to attack than the others: class = shaky", section.Summary);
        Assert.DoesNotContain("class = steady", section.Summary);
        Assert.Equal(1, section.Findings.Single(finding => finding.Subject == "class = shaky").Estimate);
        Assert.Equal(["class = steady", "0 of 30", "0.0\u00a0%"], section.Tables[2].Rows[0].Take(3));
        Assert.Equal("p < 0.0001", section.Tables[2].Rows[0][4]);

        using var even = new Bench(SyntheticData.Pixels([.. Enumerable.Repeat((byte)150, 60)], [.. Enumerable.Repeat(1, 60)], ["steady", "shaky"]));
        Assert.Contains("No group is easier", Run(even, model, "images: 60, epsilon: 0.1, by: class").Summary);
    }

    private static Section Run(Bench bench, SyntheticClassifier model, string options)
    {
        PlannedCheck planned = Plan(options);
        planned.Check.Run(bench.Context(model));
        return planned.Analysis.Analyse(bench.Evidence, 0.95);
    }

    private static PlannedCheck Plan(string options)
        => Assert.Single(TestPlan.Of(SpecMap.Parse("audit.yaml", $"checks: {{ simba: {{ {options} }} }}").Map("checks"), ".", []));
}
