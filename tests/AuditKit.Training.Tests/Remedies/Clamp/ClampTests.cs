using AuditKit.Data;
using AuditKit.Imaging;
using AuditKit.Models;
using AuditKit.Models.Architectures;
using AuditKit.Models.Onnx;
using AuditKit.Training.Graphs;
using AuditKit.Training.Loop;
using AuditKit.Training.Remedies;
using AuditKit.Training.Remedies.Clamp;
using AuditKit.Training.Tests.Loop;
using AuditKit.Yaml;
using TorchSharp;
using static TorchSharp.torch;

namespace AuditKit.Training.Tests.Remedies.Clamp;

public sealed class ClampTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("auditkit-clamp").FullName;
    private readonly StripesDataset _data = new(60, seed: 1);
    private readonly GraphModule _network = new(Architecture.Build("resnet8-cifar", new InputShape(1, 8, 8), 2, seed: 3));
    private readonly InputTransform _transform = new(new InputShape(1, 8, 8), resize: 10, crop: true);

    public void Dispose()
    {
        _network.Dispose();
        _data.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void The_loss_is_group_DROs_and_the_weighted_consistency()
    {
        using TrainingMethod clamp = Method("{ name: clamp, weight: 3, anneal: 0, step: 0.2, adjustment: 1, gan: { steps: 2, batch: 2 } }");
        using var gdro = new Gdro(Task(), step: 0.2, adjustment: 1);
        using DisposeScope scope = NewDisposeScope();
        Batch batch = Batches(clamp).First();
        var step = new TrainingStep(_network, batch, new TensorNormalisation(new Normalisation(_transform.Input, [], []), CPU), seed: 1, number: 0,
            progress: 0);

        // Without training mode an image's logits do not depend on the batch.
        Tensor[] logits = [.. Enumerable.Range(0, 3).Select(version => step.Logits(step.Images(version)))];
        double expected = gdro.Loss(step).item<float>() + (3 * Consistency.Loss(logits[0], logits[1], logits[2]).item<float>());
        Assert.Equal(expected, clamp.Loss(step).item<float>(), 1e-4);
        Assert.True(Consistency.Loss(logits[0], logits[1], logits[2]).item<float>() > 1e-6);
        TinyTask.AssertClose([.. gdro.State[0].data<float>()], [.. clamp.State[0].data<float>()], 1e-6);
        Assert.Equal(Sampling.GroupBalanced, clamp.Sampling);
    }

    /// <summary>All by loops: the logits of a linear network, the groups' cross-entropies with equal weights, and the consistency.</summary>
    [Fact]
    public void The_consistencys_weight_rises_linearly_from_0_over_the_annealed_share_of_the_run_and_then_stays()
    {
        const int Count = 8, Pixels = 64;
        using DisposeScope scope = NewDisposeScope();
        float[] weights = [.. Enumerable.Range(0, 2 * Pixels).Select(i => 0.6f * MathF.Sin(i))];
        using GraphModule network = Linear(weights);
        using TrainingMethod clamp = Method(
            "{ name: clamp, weight: 3, anneal: 0.4, step: 0, gan: { steps: 1, batch: 2 } }", Task() with { Network = network });
        float[][] versions = [.. Enumerable.Range(0, 3).Select(Noise)];
        int[] images = [.. Enumerable.Range(0, Count)];
        var groups = GroupTable.Of(_data, "side");
        var batch = new Batch(
            _transform.Input, versions, [.. images.Select(image => (long)_data.Label(image))], [.. images.Select(image => groups[image])], images);
        Assert.Equal(4, batch.Groups.Distinct().Count());

        double robust = 0, consistency = 0;
        for (int image = 0; image < Count; image++)
        {
            double[][] p = [.. versions.Select(pixels => Probabilities(pixels.AsSpan(image * Pixels, Pixels)))];
            int same = 0;
            for (int other = 0; other < Count; other++)
            {
                same += batch.Groups[other] == batch.Groups[image] ? 1 : 0;
            }

            robust -= Math.Log(p[0][_data.Label(image)]) / (4 * same);
            for (int k = 0; k < 2; k++)
            {
                double mean = (p[1][k] + p[2][k]) / 2;
                consistency += ((0.5 * p[0][k] * Math.Log(p[0][k] / mean))
                    + (0.25 * p[1][k] * Math.Log(p[1][k] / mean)) + (0.25 * p[2][k] * Math.Log(p[2][k] / mean))) / Count;
            }
        }

        Assert.True(consistency > 0.01);
        var normalisation = new TensorNormalisation(new Normalisation(_transform.Input, [], []), CPU);
        foreach ((double progress, double share) in new[] { (0.0, 0.0), (0.1, 0.25), (0.2, 0.5), (0.4, 1.0), (0.9, 1.0) })
        {
            var step = new TrainingStep(network, batch, normalisation, seed: 1, number: 0, progress);
            Assert.Equal(robust + (share * 3 * consistency), clamp.Loss(step).item<float>(), 1e-4);
        }

        float[] Noise(int version)
        {
            float[] pixels = new float[Count * Pixels];
            CounterRandom.For(1, "pixels", version).FillUniform(pixels, 0, 1);
            return pixels;
        }

        double[] Probabilities(ReadOnlySpan<float> pixels)
        {
            double[] logits = new double[2];
            for (int k = 0; k < 2; k++)
            {
                for (int i = 0; i < Pixels; i++)
                {
                    logits[k] += (double)weights[(k * Pixels) + i] * pixels[i];
                }
            }

            return TinyTask.Probabilities(logits);
        }
    }

    // 1,100 images of class 1 in two versions of 1,000×1,000 pixels: 2.2 GB. Class 0 has few, whose networks would be trained first.
    [Fact]
    public void A_class_that_memory_does_not_hold_is_refused_before_any_network_is_trained()
    {
        int[] images = [.. Enumerable.Range(0, 60), .. Enumerable.Repeat(1, 1_100)];
        TrainingTask task = Task() with
        {
            Images = images,
            Transform = new InputTransform(new InputShape(1, 1_000, 1_000)),
            Cancellation = new CancellationToken(canceled: true),
        };
        var method = SpecMap.Parse("recipe.yaml", "{ gan: { steps: 1, batch: 1 } }");
        Assert.Contains(
            "more than can be kept in memory",
            Assert.Throws<AuditException>(() => AuditKit.Training.Remedies.Clamp.Clamp.Parse(method)(task)).Message);
    }

    [Fact]
    public void Both_versions_of_an_image_are_what_its_class_s_generators_make_of_it()
    {
        using TrainingMethod clamp = Method("{ name: clamp, anneal: 0, gan: { steps: 2, batch: 2 } }");
        Batch batch = Batches(clamp).First();
        Assert.Equal(3, batch.Versions.Count);
        for (int i = 0; i < batch.Count; i++)
        {
            foreach (int version in new[] { 1, 2 })
            {
                Image moved = clamp.Version(version, batch.Images[i], _data.Load(batch.Images[i]), CounterRandom.For(1, "unused", 0));
                float[] pixels = new float[64];
                new InputTransform(_transform.Input).Apply(moved, pixels);
                Assert.Equal(pixels, batch.Versions[version].AsSpan(64 * i, 64).ToArray());
            }
        }

        Assert.NotEqual(batch.Versions[1], batch.Versions[2]);
    }

    [Fact]
    public void Translations_are_made_once_and_again_only_where_something_changed()
    {
        (byte[][] first, int trained) = Made("steps: 3, batch: 2");
        Assert.Equal(6, trained);
        (byte[][] kept, int again) = Made("steps: 3, batch: 2");
        Assert.Equal(0, again);
        Assert.Equal(first, kept);

        (byte[][] other, int otherSteps) = Made("steps: 4, batch: 2");
        Assert.Equal(8, otherSteps);
        Assert.NotEqual(first, other);

        // A file that was damaged on the disk is made anew, the other is kept; so is one of a run that was killed.
        string file = Path.Combine(_folder, "translations-0.bin");
        byte[] bytes = File.ReadAllBytes(file);
        bytes[100] ^= 1;
        File.WriteAllBytes(file, bytes);
        (byte[][] repaired, int repairing) = Made("steps: 4, batch: 2");
        Assert.Equal(4, repairing);
        Assert.Equal(other, repaired);
        File.Delete(file);
        Assert.Equal(4, Made("steps: 4, batch: 2").Steps);
    }

    [Fact]
    public void Its_report_shows_images_of_every_group()
    {
        using TrainingMethod clamp = Method("{ name: clamp, anneal: 0, gan: { steps: 1, batch: 2 } }");
        string report = clamp.Report(_folder);
        Image grid = ImageFile.Read(Path.Combine(_folder, "translations.png"));
        Assert.Equal(((12 * 88) + 4, (4 * 88) + 4), (grid.Width, grid.Height));
        Assert.Contains("translations.png", report);
        Assert.Contains("horizontal, side common; horizontal, side rare; vertical, side common; vertical, side rare", report);
        Assert.Contains("| vertical, side rare |", report);
    }

    [Fact]
    public void What_it_cannot_move_is_said()
    {
        TrainingTask task = Task();
        Assert.Contains("group-attribute: NAME", Refused(() => Method("{ name: clamp }", task with { Groups = GroupTable.Of(_data, null) })));
        Assert.Contains("at least 8×8 pixels, not 1×7×8", Refused(() => Method("{ name: clamp }", task with { Transform = new(new InputShape(1, 7, 8)) })));
        Assert.Contains("no training image of the groups horizontal, side common; vertical, side rare",
            Refused(() => Method("{ name: clamp }", task with { Images = [0, 1] })));
        Assert.Contains("Did you mean 'steps'?", Refused(() => Method("{ name: clamp, gan: { stps: 1 } }")));
    }

    [Fact]
    public void Three_values_make_a_star_of_two_networks_a_class_and_a_version_for_each()
    {
        using var data = new ThreeSides(_data);
        var groups = GroupTable.Of(data, "side");
        List<string> told = [];
        TrainingTask task = Task() with { Data = data, Groups = groups, Progress = (what, _, _) => told.Add(what) };
        using TrainingMethod clamp = Method("{ name: clamp, weight: 3, anneal: 0, weights: within-class, gan: { steps: 2, batch: 2 } }", task);

        Assert.Equal(4, clamp.Versions);
        Assert.Equal(
            [
                "CycleGAN 1 of 4, horizontal: a and c", "CycleGAN 2 of 4, horizontal: b and c",
                "CycleGAN 3 of 4, vertical: a and c", "CycleGAN 4 of 4, vertical: b and c",
            ],
            told.Distinct());
        Assert.Equal(8, told.Count);

        using DisposeScope scope = NewDisposeScope();
        var set = new TrainingSet(data, _transform, [.. Enumerable.Range(0, 60)], groups);
        Batch batch = set.Epoch([.. Enumerable.Range(0, 60)], 0, TinyTask.Recipe("{ name: erm }"), clamp).First();
        var step = new TrainingStep(_network, batch, new TensorNormalisation(task.Normalisation, CPU), seed: 1, number: 0, progress: 0);
        Tensor[] logits = [.. Enumerable.Range(0, 4).Select(version => step.Logits(step.Images(version)))];
        using var gdro = new Gdro(task, step: 0.01, adjustment: 0, withinClass: true);
        Assert.Equal(gdro.Loss(step).item<float>() + (3 * Consistency.Loss(logits[0], logits[1..]).item<float>()), clamp.Loss(step).item<float>(), 1e-4);
        clamp.Report(_folder);
        Image grid = ImageFile.Read(Path.Combine(_folder, "translations.png"));
        Assert.Equal(((16 * 88) + 4, (6 * 88) + 4), (grid.Width, grid.Height));
    }

    [Fact]
    public void An_image_between_two_ends_of_the_star_passes_its_middle()
    {
        using var data = new ThreeSides(_data);
        TrainingTask task = Task() with { Data = data, Groups = GroupTable.Of(data, "side") };
        var images = ClassImages.Read(task, 0);
        using DisposeScope scope = NewDisposeScope();
        using var star = TranslationStar.Train(task, 0, images, new GanOptions(2, 2, 1e-3, 0));
        using IDisposable gradients = no_grad();

        // c is the largest subgroup.
        Tensor ofA = images.Tensor([.. images.Members[0]], CPU);
        Assert.True(allclose(star.Move(star.Move(ofA, 0, 2), 2, 1), star.Move(ofA, 0, 1)));
        Tensor[] moved = [.. Enumerable.Range(0, 3).Select(to => star.Move(ofA, 0, to))];
        Assert.Equal(3, moved.Select(image => image.sum().item<float>()).Distinct().Count());
    }

    // 8×8 pixels to two logits.
    private static GraphModule Linear(float[] weights)
    {
        var graph = new Graph("linear");
        graph.Input("input", "batch", 1, 8, 8);
        graph.Initializer("weight", TensorValue.Of(weights, 2, 64));
        graph.Add("Flatten", ["input"], "pixels");
        graph.Add("Gemm", ["pixels", "weight"], "logits", ("transB", 1L));
        graph.Output("logits", "batch", 2);
        return new GraphModule(graph);
    }

    private (byte[][] Images, int Steps) Made(string gan)
    {
        int steps = 0;
        using TrainingMethod clamp = Method($"{{ name: clamp, gan: {{ {gan} }} }}", Task() with { Progress = (_, _, _) => steps++ });
        return ([.. Enumerable.Range(0, 60).Select(image => clamp.Version(1, image, _data.Load(image), CounterRandom.For(1, "unused", 0)).Samples)], steps);
    }

    private IEnumerable<Batch> Batches(TrainingMethod method)
    {
        var set = new TrainingSet(_data, _transform, [.. Enumerable.Range(0, 60)], GroupTable.Of(_data, "side"));
        return set.Epoch([.. Enumerable.Range(0, 60)], 0, TinyTask.Recipe("{ name: erm }"), method);
    }

    private TrainingMethod Method(string block, TrainingTask? task = null)
        => MethodCatalog.Key.Read(SpecMap.Parse("recipe.yaml", $"method: {block}"))(task ?? Task());

    private TrainingTask Task() => new(
        _network, _data, [.. Enumerable.Range(0, 60)], _transform, GroupTable.Of(_data, "side"), TinyTask.Recipe("{ name: erm }"),
        _folder, (_, _, _) => { }, CancellationToken.None)
    {
        Normalisation = new Normalisation(_transform.Input, [], []),
        Validation = new TrainingSet(_data, _transform, [.. Enumerable.Range(0, 60)], GroupTable.Of(_data, "side")),
    };

    /// <summary>The images with an attribute of the values a, b and c, of which c is the most frequent.</summary>
    private sealed class ThreeSides(IDataset data) : IDataset
    {
        public string Name => data.Name;

        public string Format => data.Format;

        public IReadOnlyList<string> Files => data.Files;

        public int Count => data.Count;

        public IReadOnlyList<string> Classes => data.Classes;

        public IReadOnlyList<string> Attributes => data.Attributes;

        public int Label(int index) => data.Label(index);

        public string Attribute(string name, int index) => (index / 2 % 5) switch { 0 => "a", 1 => "b", _ => "c" };

        public string Source(int index) => data.Source(index);

        public Image Load(int index) => data.Load(index);

        public void Dispose()
        {
        }
    }

    private static string Refused(Func<object> action)
    {
        AuditException error = Assert.Throws<AuditException>(action);
        Assert.Equal(ExitCode.Usage, error.ExitCode);
        return error.Message;
    }
}
