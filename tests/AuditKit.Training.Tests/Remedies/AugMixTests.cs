using AuditKit.Imaging;
using AuditKit.Training.Loop;
using AuditKit.Training.Remedies;
using AuditKit.Training.Tests.Loop;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AuditKit.Training.Tests.Remedies;

public sealed class AugMixTests
{
    private static readonly int[] _batch = [0, 1, 2, 3];

    private static Image Black => new(1, 1, 1, [0]);

    [Fact]
    public void The_loss_is_the_cross_entropy_and_the_weighted_Jensen_Shannon_divergence()
    {
        using TinyTask tiny = Tiny();
        using TrainingMethod augmix = tiny.Method("{ name: augmix, weight: 5 }");
        float[][][] versions = [Copies(tiny, 1), Copies(tiny, 2)];
        double expected = 0;
        for (int i = 0; i < _batch.Length; i++)
        {
            double[][] p = [.. new[] { tiny.Pixels(i), versions[0][i], versions[1][i] }.Select(pixels => TinyTask.Probabilities(TinyTask.Logits(pixels)))];
            double[] mean = [.. Enumerable.Range(0, 2).Select(k => p.Average(version => version[k]))];
            double divergence = p.Average(version => version.Zip(mean, (a, b) => a * Math.Log(a / b)).Sum());
            expected += (-Math.Log(p[0][i % 2]) + (5 * divergence)) / _batch.Length;
        }

        using DisposeScope scope = NewDisposeScope();
        Assert.Equal(expected, augmix.Loss(Step(tiny, versions)).item<float>(), 1e-5);
    }

    [Fact]
    public void Its_gradient_is_that_of_finite_differences()
    {
        using TinyTask tiny = Tiny();
        using TrainingMethod augmix = tiny.Method("{ name: augmix }");
        float[][][] versions = [Copies(tiny, 1), Copies(tiny, 2)];
        Parameter weights = tiny.Network.Parameters["hidden.weight"];

        Tensor Loss() => augmix.Loss(Step(tiny, versions));

        TinyTask.AssertClose(TinyTask.Differences(weights, Loss), TinyTask.Gradient(weights, Loss), 1e-3);
        using DisposeScope scope = NewDisposeScope();
        FiniteDifferences.AgreeWithAutograd(
            logits => AugMix.Divergence(logits.unbind()), tensor([1, 2, 0, 0, -1, 3, 0.5, 2, 0, 1, 1, 1], [2, 2, 3], ScalarType.Float64));
    }

    [Fact]
    public void Divergence_is_0_for_equal_versions_and_log_2_for_two_that_are_certain_of_different_classes()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor certain = tensor(new double[,] { { 80, 0 } });
        Tensor other = tensor(new double[,] { { 0, 80 } });

        Assert.Equal(0, AugMix.Divergence([certain, certain, certain]).item<double>(), 1e-12);
        Assert.Equal(Math.Log(2), AugMix.Divergence([certain, other]).item<double>(), 1e-12);
        // Probabilities that single precision rounds to 0 have a finite divergence, too.
        Tensor far = tensor(new float[,] { { 2000, 0 } });
        Assert.Equal(Math.Log(2), AugMix.Divergence([far, -far]).item<float>(), 1e-6);
    }

    [Fact]
    public void Chains_that_change_nothing_give_the_image_back()
    {
        Image image = Stripes(0);

        Assert.Equal(image.Samples, AugMix.Mix(image, CounterRandom.For(1, "mix", 0), (chain, _) => chain).Samples);
    }

    // Where every operation gives black, what is left of white is m; where the first chain's alone does, m + (1 − m)·(1 − w).
    [Fact]
    public void Mixtures_have_uniform_weights_and_chains_one_to_three_operations()
    {
        const int Images = 2000;
        double[] kept = new double[Images];
        double[] others = new double[Images];
        int operations = 0;
        for (int i = 0; i < Images; i++)
        {
            int ofImage = 0;
            kept[i] = Level(i, _ =>
            {
                ofImage++;
                return Black;
            });
            Assert.InRange(ofImage, 3, 9);
            operations += ofImage;
            // The first chain's image is the last one that an operation saw before it sees the original again.
            bool first = true;
            Image? before = null;
            others[i] = Level(i, image =>
            {
                first = first && (before is null || ReferenceEquals(image, before));
                before = first ? new Image(1, 1, 1, [0]) : image;
                return first ? before : image;
            });
        }

        // m ~ U(0, 1), with a standard error of 0.0065; w has mean 1/3, so that 1 − (1 − m)·w has mean 5/6, error 0.004.
        Assert.InRange(kept.Average(), 0.47, 0.53);
        Assert.InRange(kept.Count(share => share < 0.25), 0.22 * Images, 0.28 * Images);
        Assert.InRange(others.Average(), (5.0 / 6) - 0.02, (5.0 / 6) + 0.02);
        // Each of three chains has two operations on average, with a standard error of 0.03 over all.
        Assert.InRange(operations, 5.85 * Images, 6.15 * Images);

        static double Level(int image, Func<Image, Image> operate)
            => AugMix.Mix(new Image(1, 1, 1, [255]), CounterRandom.For(1, "mix", image), (chain, _) => operate(chain)).Samples[0] / 255.0;
    }

    // Its authors keep 4 bits at levels below 2.5 and one less from each further 2.5 on, and invert levels of 256 − ⌊25.6·level⌋ and above.
    [Theory]
    [InlineData(0.1, 240, 254)]
    [InlineData(2.4, 240, 195)]
    [InlineData(2.6, 224, 190)]
    [InlineData(9.9, 128, 3)]
    public void Posterised_and_solarised_images_are_its_authors(double level, byte posterised, byte solarisedFrom)
    {
        var image = new Image(256, 1, 1, [.. Enumerable.Range(0, 256).Select(i => (byte)i)]);

        Assert.Equal(posterised, Apply(2).Samples[255]);
        Assert.Equal(solarisedFrom, Apply(4).Samples.Index().First(sample => sample.Item != sample.Index).Index);

        Image Apply(int operation) => AugMixOperations.All[operation](image, level, CounterRandom.For(1, "sign", 0));
    }

    [Fact]
    public void A_version_depends_on_its_draws_alone_and_two_draws_differ()
    {
        using var method = new AugMix(12, 3);
        byte[] first = method.Version(1, 0, Stripes(0), CounterRandom.For(1, "version", 0)).Samples;

        Assert.Equal(first, method.Version(1, 0, Stripes(0), CounterRandom.For(1, "version", 0)).Samples);
        Assert.NotEqual(first, method.Version(2, 0, Stripes(0), CounterRandom.For(1, "version", 1)).Samples);
        Assert.Equal(3, method.Versions);
    }

    [Fact]
    public void Batches_are_the_same_for_the_same_seed_and_a_run_trains()
    {
        using var one = new StripesTask("{ name: augmix }");
        using var same = new StripesTask("{ name: augmix }");
        using var other = new StripesTask("{ name: augmix }", seed: 6);
        Batch batch = one.Batch();

        Assert.Equal(batch.Versions, same.Batch().Versions);
        Assert.NotEqual(batch.Versions[1], other.Batch().Versions[1]);
        Assert.NotEqual(batch.Versions[1], one.Batch(epoch: 1).Versions[1]);
        Assert.NotEqual(batch.Versions[1], batch.Versions[2]);
        Trainer trainer = one.Train();
        Assert.True(trainer.History[1].Loss < trainer.History[0].Loss);
    }

    [Theory]
    [InlineData("{ name: augmix, severty: 3 }", "unknown key 'severty' in 'method'. Did you mean 'severity'?")]
    [InlineData("{ name: augmix, severity: 11 }", "'method.severity' must be between 1 and 10, not 11.")]
    public void What_it_does_not_have_is_named(string method, string message)
        => Assert.Contains(message, Assert.Throws<AuditException>(() => new StripesTask(method)).Message, StringComparison.Ordinal);

    private static Image Stripes(int index) => new StripesDataset(4, 1).Load(index);

    private static TinyTask Tiny() => new((0, "a"), (1, "a"), (0, "b"), (1, "b"));

    private static float[][] Copies(TinyTask tiny, int version)
        => [.. _batch.Select(image => tiny.Pixels(image).Select((pixel, i) => pixel + (0.3f * MathF.Sin((5 * image * version) + i))).ToArray())];

    private static TrainingStep Step(TinyTask tiny, float[][][] versions)
        => tiny.Step(_batch, versions: [.. versions.Select(copies => copies.SelectMany(copy => copy).ToArray())]);
}
