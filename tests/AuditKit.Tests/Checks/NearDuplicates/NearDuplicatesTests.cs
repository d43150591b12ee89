using AuditKit.Checks;
using AuditKit.Checks.NearDuplicates;
using AuditKit.Imaging;
using AuditKit.Models;
using AuditKit.Results;
using AuditKit.Yaml;

namespace AuditKit.Tests.Checks.NearDuplicates;

public sealed class NearDuplicatesTests
{
    private static readonly InputShape OnePixel = new(1, 1, 1);

    [Fact]
    public void An_embedding_that_a_perturbation_leaves_alone_finds_every_copy()
    {
        // The embedding is the pixel over 10, whole part: adding 1 to a multiple of 10 changes nothing.
        using var bench = new Bench(SyntheticData.Pixels([.. Enumerable.Range(0, 250).Select(i => (byte)(10 * (i % 25)))]));
        Section section = Run(bench, Reader(pixel => MathF.Floor(((pixel * 255) + 0.1f) / 10) + pixel / 1e6f), 0.8);
        Finding found = section.Findings[0];
        Assert.Equal(("near-duplicates/average precision/plus-1", 250), (found.Id, found.Count));
        Assert.Equal(GateOutcome.Pass, found.Outcome);
        Assert.InRange(found.Estimate!.Value, 0.9, 1);
        Assert.Equal(2, section.Charts.Count);
        Assert.All(section.Charts[0].Series, series => Assert.Equal(1, series.Y.Sum(), 1e-9));
    }

    [Fact]
    public void An_embedding_that_says_nothing_of_the_image_fails()
    {
        using var bench = new Bench(SyntheticData.Pixels([.. Enumerable.Range(0, 200).Select(i => (byte)i)]));
        Finding found = Run(bench, Reader(_ => 7), 0.8).Findings[0];
        Assert.Equal(0.5, found.Estimate!.Value, 1e-12);
        Assert.Equal(GateOutcome.Fail, found.Outcome);
    }

    [Fact]
    public void An_embedding_that_a_perturbation_throws_far_away_fails()
    {
        // Odd pixels lie a thousand away from even ones; copies of even pixels are odd, other images are as often even.
        using var bench = new Bench(SyntheticData.Pixels([.. Enumerable.Range(0, 200).Select(i => (byte)i)]));
        Finding found = Run(bench, Reader(pixel => (MathF.Round(pixel * 255) % 2 * 1000) + pixel), 0.8).Findings[0];
        Assert.True(found.Estimate < 0.6);
        Assert.Equal(GateOutcome.Fail, found.Outcome);
    }

    [Fact]
    public void A_model_without_embedding_cannot_be_checked()
    {
        using var bench = new Bench(SyntheticData.Pixels([1, 2, 3]));
        using var model = SyntheticClassifier.Constant(OnePixel, 1, 0);
        var error = Assert.Throws<AuditException>(
            () => Plan(0.5).Check.Validate(TestPlan.Opened(model, new ModelSpec { Path = "model.onnx" }), new OnnxModels(default, 1)));
        Assert.Contains("model.embedding", error.Message);
        error = Assert.Throws<AuditException>(() => Plan(0.5).Check.Validate(SyntheticData.Pixels([1]), new InputTransform(OnePixel)));
        Assert.Contains("two to tell apart", error.Message);
    }

    [Theory]
    [InlineData("perturbations: []", "name at least one")]
    [InlineData("perturbations: jpeg-50, min-average-precision: 3", "between 0 and 1")]
    [InlineData("perturbations: [jpeg-50, jpeg-50]", "named twice")]
    public void Options_that_make_no_sense_are_refused_with_their_place(string options, string message)
    {
        var map = SpecMap.Parse("audit.yaml", $"checks: {{ near-duplicates: {{ {options} }} }}").Map("checks");
        var error = Assert.Throws<AuditException>(() => TestPlan.Of(map, ".", []));
        Assert.StartsWith("audit.yaml:1:", error.Message);
        Assert.Contains(message, error.Message);
    }

    private static SyntheticClassifier Reader(Func<float, float> embed) => new(OnePixel, 2, (_, _) => { })
    {
        EmbeddingLength = 1,
        Embedding = (pixels, embedding) => embedding[0] = embed(pixels[0]),
    };

    private static PlannedCheck Plan(double least) => new NearDuplicatesOptions
    {
        Perturbations = [new PlusOne()],
        MinAveragePrecision = new(ThresholdKind.AtLeast, least, "checks.near-duplicates.min-average-precision"),
    }.Bind([]);

    private static Section Run(Bench bench, SyntheticClassifier model, double least)
    {
        PlannedCheck planned = Plan(least);
        planned.Check.Run(bench.Context(model));
        return planned.Analysis.Analyse(bench.Evidence, 0.95);
    }

    private sealed class PlusOne : IPerturbation
    {
        public string Name => "plus-1";

        public string Description => "1 added to every sample.";

        public Image Apply(Image image, CounterRandom random)
            => new(image.Width, image.Height, image.Channels, [.. image.Samples.Select(sample => (byte)(sample + 1))]);
    }
}
