using AuditKit.Imaging;
using AuditKit.Training.Loop;
using AuditKit.Training.Remedies;
using AuditKit.Yaml;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AuditKit.Training.Tests.Remedies;

public sealed class StabilityTests
{
    private const string Classification = "{ name: stability, weight: 0.7, distortion: jpeg-50 }";
    private const string Embedding = "{ name: stability, task: embedding, weight: 0.7, margin: 0.3, distortion: jpeg-50 }";
    private const string Normalised = "{ name: stability, task: embedding, normalise: true, weight: 0.7, margin: 0.3, distortion: jpeg-50 }";
    private static readonly int[] _batch = [0, 1, 2, 3];

    [Fact]
    public void The_loss_is_the_cross_entropy_and_the_expected_surprise_at_the_copy()
    {
        using TinyTask tiny = Tiny();
        using TrainingMethod stability = tiny.Method(Classification);
        float[][] copies = Copies(tiny);
        double expected = 0;
        for (int i = 0; i < _batch.Length; i++)
        {
            double[] p = TinyTask.Probabilities(TinyTask.Logits(tiny.Pixels(i)));
            double[] q = TinyTask.Probabilities(TinyTask.Logits(copies[i]));
            expected += (-Math.Log(p[i % 2]) - (0.7 * p.Zip(q, (a, b) => a * Math.Log(b)).Sum())) / _batch.Length;
        }

        using DisposeScope scope = NewDisposeScope();
        Assert.Equal(expected, stability.Loss(Step(tiny, copies)).item<float>(), 1e-5);
    }

    [Theory]
    [InlineData(Embedding, false)]
    [InlineData(Normalised, true)]
    public void The_embeddings_loss_is_the_ranking_loss_of_the_triplets_and_the_distance_to_the_copies(string method, bool isNormalised)
    {
        using TinyTask tiny = Tiny();
        using TrainingMethod stability = tiny.Method(method);
        float[][] copies = Copies(tiny);
        TrainingStep step = Step(tiny, copies);
        double[] Point(IReadOnlyList<float> pixels)
        {
            double[] embedding = TinyTask.Embedding(pixels);
            return isNormalised ? [.. embedding.Select(each => each / Math.Sqrt(embedding.Sum(e => e * e)))] : embedding;
        }

        double[][] embeddings = [.. _batch.Select(image => Point(tiny.Pixels(image)))];
        (int Query, int Same, int Other)[] triplets = EmbeddingStability.Triplets(step.Batch.Labels, CounterRandom.For(7, "training/step", 0));
        double expected = 0.7 * _batch.Average(i => Distance(embeddings[i], Point(copies[i])))
            + triplets.Average(t => Math.Max(0, 0.3 + Distance(embeddings[t.Query], embeddings[t.Same]) - Distance(embeddings[t.Query], embeddings[t.Other])));

        using DisposeScope scope = NewDisposeScope();
        Assert.Equal(4, triplets.Length);
        Assert.Equal(expected, stability.Loss(step).item<float>(), 1e-5);
    }

    [Theory]
    [InlineData(Classification)]
    [InlineData(Embedding)]
    [InlineData(Normalised)]
    [InlineData("{ name: stability, weight: 0.7, distortion: { gaussian: 0.1 } }")]
    public void The_gradient_is_that_of_finite_differences_through_image_and_copy(string method)
    {
        using TinyTask tiny = Tiny();
        using TrainingMethod stability = tiny.Method(method);
        float[][] copies = Copies(tiny);
        Parameter weights = tiny.Network.Parameters["hidden.weight"];

        float[] gradient = TinyTask.Gradient(weights, Loss);

        TinyTask.AssertClose(TinyTask.Differences(weights, Loss), gradient, 1e-3);
        Assert.Contains(gradient, value => Math.Abs(value) > 0.01);

        Tensor Loss()
        {
            manual_seed(3);
            return stability.Loss(Step(tiny, copies));
        }
    }

    /// <summary>Nothing trains the new head, so that its answers to the validation images say nothing of an epoch.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void With_a_new_head_the_last_epoch_of_an_embedding_is_kept(long seed)
    {
        using var task = new StripesTask(Embedding, epochs: 3, seed: seed);
        Assert.Equal(2, task.Train().BestEpoch);
        Assert.EndsWith("what the model answers means nothing, and the last epoch is kept.", task.Method.Report(""));
    }

    [Fact]
    public void Gaussian_noise_has_the_deviation_asked_for()
    {
        using DisposeScope scope = NewDisposeScope();
        using var task = new StripesTask("{ name: stability, weight: 1, distortion: { gaussian: 0.04 } }");
        var distortion = Distortion.Key.Read(SpecMap.Parse("recipe", "distortion: { gaussian: 0.04 }"));
        TrainingStep step = task.Step(task.Batch());

        Tensor noise = distortion.Images(step) - step.Images();

        // 1,024 draws: the standard error of the deviation is 0.04/√2048 ≈ 0.0009.
        Assert.InRange(noise.std().item<float>(), 0.036, 0.044);
        Assert.InRange(noise.mean().item<float>(), -0.005, 0.005);
        Assert.Equal(1, task.Method.Versions);
    }

    [Fact]
    public void Copies_are_the_audits_perturbations_each_drawn_for_some_images()
    {
        using var task = new StripesTask("{ name: stability, weight: 1, distortion: [jpeg-50, crop-2] }");
        Image[] originals = [.. Enumerable.Range(0, 40).Select(i => new Loop.StripesDataset(40, 1).Load(i))];
        int jpegs = 0;
        int crops = 0;
        for (int i = 0; i < originals.Length; i++)
        {
            byte[] copy = task.Method.Version(1, i, originals[i], CounterRandom.For(1, "copy", i)).Samples;
            CounterRandom random = CounterRandom.For(1, "copy", i);
            bool isCrop = random.NextInt32(2) == 1;
            IPerturbation named = PerturbationCatalog.Parse(isCrop ? "crop-2" : "jpeg-50");
            Assert.Equal(named.Apply(originals[i], random).Samples, copy);
            (jpegs, crops) = isCrop ? (jpegs, crops + 1) : (jpegs + 1, crops);
        }

        Assert.Equal(2, task.Method.Versions);
        Assert.True(jpegs >= 5 && crops >= 5);
    }

    [Fact]
    public void Triplets_have_a_partner_of_the_same_class_and_one_of_another()
    {
        long[] labels = [0, 0, 1, 2, 1, 0, 3];
        var partners = new HashSet<(int, int, int)>();
        for (int step = 0; step < 300; step++)
        {
            (int Query, int Same, int Other)[] triplets = EmbeddingStability.Triplets(labels, CounterRandom.For(1, "step", step));
            // The only image of its class has no partner.
            Assert.Equal([0, 1, 2, 4, 5], triplets.Select(triplet => triplet.Query));
            Assert.All(triplets, t => Assert.True(t.Query != t.Same && labels[t.Query] == labels[t.Same] && labels[t.Query] != labels[t.Other]));
            partners.UnionWith(triplets);
        }

        // Three queries with 2 partners and 4 others, two with 1 and 5.
        Assert.Equal((3 * 2 * 4) + (2 * 5), partners.Count);
        Assert.Empty(EmbeddingStability.Triplets([4, 4], CounterRandom.For(1, "step", 0)));
    }

    [Theory]
    [InlineData(Classification)]
    [InlineData("{ name: stability, task: embedding, weight: 0.5, distortion: { gaussian: 0.04 } }")]
    public void A_run_trains_and_a_kill_changes_nothing(string method)
    {
        using var unbroken = new StripesTask(method, epochs: 2);
        Trainer whole = unbroken.Train();
        using var broken = new StripesTask(method, epochs: 2);
        broken.TrainAndKill(epoch: 2);
        using var resumed = new StripesTask(method, epochs: 2);

        Assert.Equal(whole.History, resumed.Train(broken.Checkpoint).History);
        Assert.True(whole.History[1].Loss < whole.History[0].Loss);
    }

    [Theory]
    [InlineData("{ name: stability, weight: 1, distortion: jepg-50 }", "Did you mean 'jpeg-50'?")]
    [InlineData("{ name: stability, weight: 1, distortion: { gausian: 0.1 } }", "'method.distortion.gaussian' is missing")]
    [InlineData("{ name: stability, weight: 1 }", "'method.distortion' is missing")]
    [InlineData("{ name: stability, task: embeding, weight: 1, distortion: jpeg-50 }", "Did you mean 'embedding'?")]
    [InlineData("{ name: stability, weight: 1, margin: 1, distortion: jpeg-50 }", "unknown key 'margin'")]
    [InlineData(
        "{ name: stability, task: embedding, embedding: embeding, weight: 1, distortion: jpeg-50 }",
        "no value of the model is named 'embeding', which is to be the embedding. Did you mean 'embedding'?")]
    public void What_it_does_not_have_is_named(string method, string message)
        => Assert.Contains(message, Assert.Throws<AuditException>(() => new StripesTask(method)).Message, StringComparison.Ordinal);

    private static TinyTask Tiny() => new((0, "a"), (1, "a"), (0, "b"), (1, "b"));

    private static float[][] Copies(TinyTask tiny)
        => [.. _batch.Select(image => tiny.Pixels(image).Select((pixel, i) => pixel + (0.2f * MathF.Sin((5 * image) + i))).ToArray())];

    private static TrainingStep Step(TinyTask tiny, float[][] copies) => tiny.Step(_batch, versions: [[.. copies.SelectMany(copy => copy)]]);

    private static double Distance(double[] a, double[] b) => Math.Sqrt(a.Zip(b, (x, y) => (x - y) * (x - y)).Sum());
}
