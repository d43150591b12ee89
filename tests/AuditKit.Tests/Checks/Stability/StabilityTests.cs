using AuditKit.Checks;
using AuditKit.Checks.Stability;
using AuditKit.Evidence;
using AuditKit.Imaging;
using AuditKit.Results;
using AuditKit.Yaml;

namespace AuditKit.Tests.Checks.Stability;

public sealed class StabilityTests
{
    private static readonly InputShape OnePixel = new(1, 1, 1);

    /// <summary>Class 1 from 128 on; the embedding is the pixel's value, 0 to 255.</summary>
    private static SyntheticClassifier Threshold() => new(OnePixel, 2, (pixels, logits) => logits[1] = (255 * pixels[0]) - 127.5f)
    {
        EmbeddingLength = 1,
        Embedding = (pixels, embedding) => embedding[0] = 255 * pixels[0],
    };

    [Fact]
    public void Figures_of_a_small_case_are_those_worked_out_by_hand()
    {
        // Adding 10 moves 120 and 127 across the threshold.
        using var bench = new Bench(SyntheticData.Pixels([0, 120, 127, 128, 200], [0, 0, 1, 1, 0]));
        using SyntheticClassifier model = Threshold();
        Section section = Run(bench, model, maxFlipRate: 0.3);

        Finding flips = section.Findings[0];
        Assert.Equal("stability/flip rate/plus-10", flips.Id);
        Assert.Equal((2 / 5.0, 5), (flips.Estimate, flips.Count));
        Assert.Equal(GateOutcome.Inconclusive, flips.Outcome);
        Finding accuracy = section.Findings.Single(finding => finding.Metric == "accuracy");
        Assert.Equal(3 / 5.0, accuracy.Estimate);

        Finding confidence = section.Findings.Single(finding => finding.Metric == "mean |Δ confidence|");
        double expected = new[] { 0, 120, 127, 128, 200 }.Average(p => Math.Abs(Confidence(p + 10) - Confidence(p)));
        Assert.Equal(expected, confidence.Estimate!.Value, 1e-6);
        Assert.False(confidence.IsProportion);

        // Every copy is 10 away; other images nearer than that are 7 and 8 and 1 away.
        int[] values = [0, 120, 127, 128, 200];
        double[] between = [.. bench.Evidence.Predictions(DifferentImages.Pairs).Select(pair => (double)pair.Distance)];
        Assert.Equal(5, between.Length);
        for (int i = 0; i < between.Length; i++)
        {
            Assert.Contains(between[i], values.Where((_, j) => j != i).Select(value => (double)Math.Abs(value - values[i])));
        }

        Finding nearer = section.Findings.Single(finding => finding.Metric == "nearer than a different image");
        Assert.Equal(between.Count(distance => distance > 10) / 5.0, nearer.Estimate);

        Chart distances = section.Charts[1];
        Assert.Equal(["plus-10", "different images"], distances.Series.Select(series => series.Name));
        Assert.All(distances.Series[0].X, x => Assert.Equal(10, x, 1e-4));
        Assert.Equal(between.Order().First(), distances.Series[1].X[0]);
        Assert.Equal(between.Max(), distances.Series[1].X[^1]);
        Assert.Equal(1, distances.Series[1].Y[^1]);

        Assert.Equal(["plus-10", "40.0\u00a0%", "60.0\u00a0%", NumberText.Value(expected), "10"], section.Tables[0].Rows[1]);

        static double Confidence(int pixel) => 1 / (1 + Math.Exp(-Math.Abs(pixel - 127.5)));
    }

    [Fact]
    public void A_constant_classifier_never_flips()
    {
        using var bench = new Bench(SyntheticData.Pixels([.. Enumerable.Range(0, 200).Select(i => (byte)i)]));
        using var model = SyntheticClassifier.Constant(OnePixel, 1, 0);
        Section section = Run(bench, model, maxFlipRate: 0.05);
        Assert.Equal((0, GateOutcome.Pass), (section.Findings[0].Estimate, section.Findings[0].Outcome));
        Assert.Empty(section.Examples);
        Assert.DoesNotContain(section.Findings, finding => finding.Metric == "nearer than a different image");
        Assert.Single(section.Charts);
    }

    [Fact]
    public void A_classifier_of_parity_always_flips_and_fails()
    {
        using var bench = new Bench(SyntheticData.Pixels([.. Enumerable.Range(0, 100).Select(i => (byte)i)]));
        using var model = new SyntheticClassifier(OnePixel, 2, (pixels, logits) => logits[(int)MathF.Round(255 * pixels[0]) % 2] = 1);
        var options = new StabilityOptions { Perturbations = [new Plus(1)], MaxFlipRate = new(ThresholdKind.AtMost, 0.08, "checks.stability.max-flip-rate") };
        PlannedCheck planned = options.Bind([]);
        planned.Check.Run(bench.Context(model));
        Finding flips = planned.Analysis.Analyse(bench.Evidence, 0.95).Findings[0];
        Assert.Equal((1, GateOutcome.Fail), (flips.Estimate, flips.Outcome));
    }

    [Fact]
    public void The_flipped_images_of_the_lowest_indices_are_shown_before_and_after()
    {
        using var bench = new Bench(SyntheticData.Pixels([5, 120, 121, 122, 123, 124], [0, 0, 0, 0, 0, 1], ["dark", "bright"]));
        using SyntheticClassifier model = Threshold();
        Section section = Run(bench, model, maxFlipRate: 1);
        Assert.Equal([120, 121, 122], section.Examples.Select(example => example.Panels[0].Image.Samples[0]));
        Assert.Equal([130, 131, 132], section.Examples.Select(example => example.Panels[1].Image.Samples[0]));
        Assert.Equal("#1, labelled dark: plus-10 turns dark (99.9\u00a0%) into bright (92.4\u00a0%).", section.Examples[0].Caption);
    }

    [Fact]
    public void A_check_that_was_cut_off_ends_with_the_same_evidence()
    {
        byte[] values = [.. Enumerable.Range(0, 30).Select(i => (byte)(7 * i))];
        using var whole = new Bench(SyntheticData.Pixels(values));
        using SyntheticClassifier model = Threshold();
        Section expected = Run(whole, model, maxFlipRate: 1);

        using var broken = new Bench(SyntheticData.Pixels(values));
        PlannedCheck planned = Plan(1);
        int runs = 0;
        while (true)
        {
            // Fails at the third batch of every attempt.
            int start = model.Batches.Count;
            model.BeforeRun = () => { if (model.Batches.Count == start + 2) { throw new AuditException("power cut", ExitCode.Error); } };
            try
            {
                planned.Check.Run(broken.Context(model));
                break;
            }
            catch (AuditException)
            {
                runs++;
            }
        }

        Assert.InRange(runs, 3, 10);
        foreach (Condition condition in whole.Evidence.Conditions)
        {
            Assert.Equal(whole.Evidence.Predictions(condition), broken.Evidence.Predictions(condition));
        }

        Section actual = planned.Analysis.Analyse(broken.Evidence, 0.95);
        Assert.Equal(expected.Findings, actual.Findings);
    }

    [Fact]
    public void A_single_image_has_no_other_to_be_compared_with()
    {
        using var bench = new Bench(SyntheticData.Pixels([3]));
        using SyntheticClassifier model = Threshold();
        Run(bench, model, maxFlipRate: 1);
        Assert.Empty(bench.Evidence.Predictions(DifferentImages.Pairs));
    }

    [Theory]
    [InlineData("perturbations: [jpg-50]", "Did you mean 'jpeg-50'?")]
    [InlineData("perturbations: [jpeg-50, crop-2, jpeg-50]", "'jpeg-50' is named twice")]
    [InlineData("perturbations: []", "name at least one")]
    [InlineData("max-flip-rate: 0.1", "'checks.stability.perturbations' is missing")]
    [InlineData("perturbations: jpeg-50, max-flip-rate: 1.1", "between 0 and 1")]
    [InlineData("perturbations: jpeg-50, max-fliprate: 0.1", "Did you mean 'max-flip-rate'?")]
    public void Options_that_make_no_sense_are_refused_with_their_place(string options, string message)
    {
        var map = SpecMap.Parse("audit.yaml", $"checks: {{ stability: {{ {options} }} }}").Map("checks");
        var error = Assert.Throws<AuditException>(() => TestPlan.Of(map, ".", []));
        Assert.StartsWith("audit.yaml:1:", error.Message);
        Assert.Contains(message, error.Message);
    }

    [Theory]
    [InlineData("stability: { perturbations: [jpeg-50, crop-200] }", "checks.stability.perturbations: crop-200 could crop all of an image of 28×28 pixels.")]
    [InlineData("stability: { perturbations: [thumb-784] }", "checks.stability.perturbations: thumb-784 does not shrink an image of 28×28 pixels.")]
    [InlineData("near-duplicates: { perturbations: [crop-14] }", "checks.near-duplicates.perturbations: crop-14 could crop all")]
    [InlineData("tta: { under: [crop-14] }", "checks.tta.under: crop-14 could crop all")]
    public void A_perturbation_that_the_images_are_too_small_for_is_refused_before_measuring(string check, string message)
    {
        var data = SyntheticData.Random(1, 28, 28, 1, 2);
        PlannedCheck planned = TestPlan.Of(SpecMap.Parse("audit.yaml", $"checks: {{ {check} }}").Map("checks"), ".", []).Single();
        var error = Assert.Throws<AuditException>(() => planned.Check.Validate(data, new InputTransform(new(1, 28, 28))));
        Assert.StartsWith(message, error.Message);
        Assert.Equal(ExitCode.Usage, error.ExitCode);
    }

    private static PlannedCheck Plan(double maxFlipRate) => new StabilityOptions
    {
        Perturbations = [new Plus(10)],
        MaxFlipRate = new(ThresholdKind.AtMost, maxFlipRate, "checks.stability.max-flip-rate"),
    }.Bind([]);

    private static Section Run(Bench bench, SyntheticClassifier model, double maxFlipRate)
    {
        PlannedCheck planned = Plan(maxFlipRate);
        planned.Check.Run(bench.Context(model));
        return planned.Analysis.Analyse(bench.Evidence, 0.95);
    }

    /// <summary>Makes every sample lighter.</summary>
    private sealed class Plus(int amount) : IPerturbation
    {
        public string Name => $"plus-{amount}";

        public string Description => $"{amount} added to every sample.";

        public Image Apply(Image image, CounterRandom random)
            => new(image.Width, image.Height, image.Channels, [.. image.Samples.Select(sample => (byte)(sample + amount))]);
    }
}
