using AuditKit.Imaging;
using AuditKit.Models.Architectures;
using AuditKit.Models.Onnx;
using AuditKit.Training.Graphs;
using AuditKit.Training.Loop;
using AuditKit.Training.Remedies.WeightPrior;
using TorchSharp;
using static TorchSharp.torch;

namespace AuditKit.Training.Tests.Remedies.WeightPrior;

public sealed class VariationalTests : IDisposable
{
    private readonly SourceFolder _sources = new();

    private string Deep => $"{{ name: variational, sources: '{_sources.Path}', hidden: 4, z: 1, vae-steps: 3, samples: 2 }}";

    public void Dispose() => _sources.Dispose();

    [Fact]
    public void The_loss_is_the_cross_entropy_at_a_draw_and_the_divergence_by_the_images()
    {
        // With nearly no variance every draw is the mean.
        using DisposeScope scope = NewDisposeScope();
        using var task = new StripesTask("{ name: variational, prior: standard-normal, log-variance: -30 }");
        Batch batch = task.Batch();
        TrainingStep step = task.Step(batch);
        double expected = nn.functional.cross_entropy(step.Logits(step.Images()), step.Labels).item<float>();
        foreach (LinearLayer layer in KernelStarts.Convolutions(task.Network))
        {
            expected += 0.5 * (layer.Weights.square().sum().item<float>() + (layer.Weights.numel() * (29 + Math.Exp(-30)))) / 96;
        }

        Tensor loss = task.Method.Loss(task.Step(batch));
        loss.backward();

        Assert.Equal(expected, loss.item<float>(), 1e-4 * expected);
        // dKL/d log σ² = (σ² − 1)/2 of every weight; the cross-entropy's part vanishes with σ.
        Assert.All(task.Method.Parameters, parameter => Assert.All(parameter.grad!.data<float>(), value => Assert.Equal(-0.5 / 96, value, 1e-6)));
    }

    [Fact]
    public void Samples_that_no_file_holds_are_refused_before_training()
    {
        Graph graph = Architecture.Build("resnet18-cifar", new InputShape(1, 8, 8), 2, seed: 1);
        long kernels = graph.Initializers.Where(tensor => tensor.Value.Dimensions is [_, _, > 1, _]).Sum(tensor => (long)tensor.Value.Data.Length);
        // 2 GB less 16 MB; what all samples share is small beside it.
        int most = (int)(2_130_706_431 / kernels);
        Assert.InRange(most, 10, 900);

        var error = Assert.Throws<AuditException>(() => new StripesTask(
            "{ name: variational, prior: standard-normal, samples: 900 }", architecture: "resnet18-cifar").Dispose());

        Assert.Contains($"method.samples: 900 samples of this network's kernels are more than one ONNX file holds: at most {most}.", error.Message);
    }

    [Fact]
    public void With_a_log_uniform_prior_a_weight_has_no_more_noise_than_its_size()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor mean = tensor([0.1, -2.0, 0.5], [1, 3]), logVariance = tensor([0.0, 0.0, -4.0], [1, 3]);
        Tensor allowed = new LogUniformPrior().Allowed(mean, logVariance);
        Assert.True(allowed.allclose(tensor([2 * Math.Log(0.1), 0.0, -4.0], [1, 3]), 1e-4, 1e-4));
        Assert.Same(logVariance, new StandardNormalPrior().Allowed(mean, logVariance));
    }

    [Fact]
    public void A_step_runs_with_one_draw_of_the_weights_and_leaves_the_means()
    {
        using DisposeScope scope = NewDisposeScope();
        using var task = new StripesTask("{ name: variational, prior: standard-normal, log-variance: 0 }");
        Batch batch = task.Batch();
        LinearLayer first = KernelStarts.Convolutions(task.Network)[0];
        float[] means = [.. first.Weights.data<float>()];
        float one = task.Method.Loss(task.Step(batch)).item<float>();
        manual_seed(2);
        Assert.Equal(one, task.Method.Loss(task.Step(batch)).item<float>());
        Assert.NotEqual(one, task.Method.Loss(task.Step(batch, number: 1)).item<float>(), 1e-3f);
        Assert.Equal(means, first.Weights.data<float>());
        // The same draws of libtorch's generator, the same loss.
        Assert.Equal(one, task.Method.Loss(task.Step(batch)).item<float>());
    }

    [Fact]
    public void Weights_drawn_for_a_step_and_for_the_ensemble_lie_about_their_means_by_the_deviation_of_their_log_variance()
    {
        const int Samples = 4;
        using DisposeScope scope = NewDisposeScope();
        using var task = new StripesTask($"{{ name: variational, prior: standard-normal, log-variance: -3, samples: {Samples} }}");
        var means = KernelStarts.Convolutions(task.Network).ToDictionary(layer => layer.Name, layer => layer.Weights.ToDoubles());
        var drawn = new Dictionary<string, double[]>();
        NodeHook hook = task.Network.Hook!;
        task.Network.Hook = (node, inputs, run) => hook(node, inputs, taken =>
        {
            drawn.Add(node.Inputs[1], taken[1]!.ToDoubles());
            return run(taken);
        });

        task.Method.Loss(task.Step(task.Batch()));
        Graph ensemble = Assert.Single(task.Method.FurtherModels()).Graph;

        Assert.Equal(means.Keys.Order(), drawn.Keys.Order());
        foreach ((string name, double[] mean) in means)
        {
            AssertDrawn([.. drawn[name].Zip(mean, (weight, at) => weight - at)]);
            for (int sample = 1; sample <= Samples; sample++)
            {
                float[] weights = ensemble.Initializers[$"sample{sample}/{name}"].As<float>().ToArray();
                AssertDrawn([.. weights.Zip(mean, (weight, at) => weight - at)]);
            }
        }
    }

    [Fact]
    public void A_steps_convolutions_vary_as_the_deviation_of_their_weights_and_the_pixels_say()
    {
        const int Steps = 60, Side = 8, Place = 3;
        using DisposeScope scope = NewDisposeScope();
        using IDisposable gradients = no_grad();
        using var task = new StripesTask("{ name: variational, prior: standard-normal, log-variance: -3 }");
        double[] means = task.Network.Parameters["stem.conv.weight"].ToDoubles();
        List<double> noise = [];
        NodeHook hook = task.Network.Hook!;
        task.Network.Hook = (node, inputs, run) =>
        {
            Tensor? output = hook(node, inputs, run);
            if (node.Name == "stem.conv")
            {
                AddNoise(inputs[0]!.ToDoubles(), output!.ToDoubles());
            }

            return output;
        };
        Batch batch = task.Batch();
        for (int step = 0; step < Steps; step++)
        {
            using DisposeScope inner = NewDisposeScope();
            task.Method.Loss(task.Step(batch, number: step));
        }

        Assert.Equal(Steps * means.Length / 9, noise.Count);
        AssertDrawn([.. noise]);

        // At one place of the first image, whose output is Σ w·x over 3×3 pixels for each filter: its noise has the deviation σ·√(Σ x²).
        void AddNoise(double[] pixels, double[] outputs)
        {
            for (int filter = 0; filter < means.Length / 9; filter++)
            {
                double mean = 0, squares = 0;
                for (int tap = 0; tap < 9; tap++)
                {
                    double pixel = pixels[((Place + (tap / 3) - 1) * Side) + Place + (tap % 3) - 1];
                    mean += pixel * means[(filter * 9) + tap];
                    squares += pixel * pixel;
                }

                noise.Add((outputs[(filter * Side * Side) + (Place * Side) + Place] - mean) / Math.Sqrt(squares));
            }
        }
    }

    [Theory]
    [InlineData("standard-normal")]
    [InlineData("log-uniform")]
    public void The_losss_gradient_is_its_difference_quotient_for_means_and_log_variances(string prior)
    {
        using var tiny = new TinyTask((0, "a"), (1, "a"), (0, "b"), (1, "b"));
        using GraphModule network = TinyConvolution();
        TrainingTask task = tiny.Task(method: $"{{ name: variational, prior: {prior}, log-variance: -3 }}") with { Network = network };
        using TrainingMethod method = task.Recipe.Method(task);
        var normalisation = new TensorNormalisation(task.Normalisation, CPU);
        // Draws go by the step's number alone.
        Tensor Loss() => method.Loss(new TrainingStep(network, tiny.Step([0, 1, 2, 3]).Batch, normalisation, seed: 7, number: 0, progress: 0));

        Assert.All([.. network.Parameters.Values, .. method.Parameters], parameter
            => TinyTask.AssertClose(TinyTask.Differences(parameter, Loss), TinyTask.Gradient(parameter, Loss), 2e-3));
    }

    [Fact]
    public void It_goes_on_after_a_kill_keeps_the_last_epoch_and_learns_its_prior_once()
    {
        using var unbroken = new StripesTask(Deep, epochs: 3);
        Trainer whole = unbroken.Train();
        Assert.Equal(2, whole.BestEpoch);
        Dictionary<string, DateTime> priors = Written();
        Assert.Equal(7, priors.Count);

        using var broken = new StripesTask(Deep, epochs: 3);
        broken.TrainAndKill(epoch: 2);
        using var resumed = new StripesTask(Deep, epochs: 3);
        Trainer rest = resumed.Train(broken.Checkpoint);

        Assert.Equal(whole.History, rest.History);
        Assert.Equal(
            unbroken.Method.Parameters.SelectMany(each => each.data<float>()), resumed.Method.Parameters.SelectMany(each => each.data<float>()));
        Assert.Equal(priors, Written());
        FurtherModel samples = Assert.Single(resumed.Method.FurtherModels());
        Assert.Equal(("2 weight samples", "weight-samples.onnx"), (samples.Name, samples.File));
        Assert.Contains("kernels of 2 networks (", resumed.Method.Report(_sources.Path));
        Assert.Contains("`deep-prior/", resumed.Method.Report(_sources.Path));

        Dictionary<string, DateTime> Written()
            => Directory.GetFiles(Path.Combine(_sources.Path, "deep-prior")).ToDictionary(file => file, File.GetLastWriteTimeUtc);
    }

    // Kernels whose squares leave the floats. A table takes a row that diverged for ended only as long as these networks are the same.
    [Fact]
    public void An_autoencoder_that_diverges_is_a_training_that_did_and_names_what_it_was_learnt_from()
    {
        foreach (int seed in new[] { 1, 2 })
        {
            Graph network = SourceFolder.Network(seed);
            foreach ((string name, TensorValue weights) in network.Initializers.Where(each => each.Value.Dimensions.Length == 4).ToArray())
            {
                network.Initializers[name] = TensorValue.Of([.. weights.As<float>().ToArray().Select(weight => weight * 1e30f)], weights.Dimensions.ToArray());
            }

            OnnxFile.Write(network, Path.Combine(_sources.Path, $"seed-{seed}", "model.onnx"));
        }

        var error = Assert.Throws<TrainingDivergedException>(() => new StripesTask(Deep));
        Assert.Equal([_sources.Path], error.Networks);
    }

    [Fact]
    public void A_network_that_is_named_with_its_copy_is_refused()
    {
        File.Copy(Path.Combine(_sources.Path, "seed-1", "model.onnx"), Path.Combine(_sources.Path, "copy.onnx"));
        Assert.Contains("are one network. Name it once", Assert.Throws<AuditException>(() => new StripesTask(Deep)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("kernels")]
    [InlineData("gaussian")]
    [InlineData("deep")]
    [InlineData("xavier")]
    public void Kernels_start_where_the_recipe_says(string start)
    {
        using DisposeScope scope = NewDisposeScope();
        using var task = new StripesTask($"{{ name: erm, start: {start}, sources: '{_sources.Path}', hidden: 4, z: 1, vae-steps: 3 }}");
        LinearLayer layer = KernelStarts.Convolutions(task.Network)[1];
        Tensor kernels = layer.Weights.flatten(2).flatten(0, 1);
        SourceKernels source = SourceNetworks.Kernels(NetworkFiles.Of([_sources.Path]), layer.Name, (3, 3), 0.05);
        double spread = kernels.std().item<float>(), ofSources = source.ToTensor().std().item<float>();
        switch (start)
        {
            case "kernels":
                HashSet<string> known = [.. source.Values.Chunk(9).Select(kernel => string.Join(' ', kernel))];
                Assert.All(kernels.data<float>().ToArray().Chunk(9), kernel => Assert.Contains(string.Join(' ', kernel), known));
                break;
            case "gaussian":
                Assert.Equal(ofSources, spread, 0.15 * ofSources);
                break;
            case "xavier":
                double expected = Math.Sqrt(2.0 / (9 * (layer.Weights.shape[0] + layer.Weights.shape[1])));
                Assert.Equal(expected, spread, 0.1 * expected);
                break;
            default:
                Assert.True(spread < ofSources);
                break;
        }

        Assert.Contains("started from", task.Method.Report(_sources.Path));
        using var again = new StripesTask($"{{ name: erm, start: {start}, sources: '{_sources.Path}', hidden: 4, z: 1, vae-steps: 3 }}");
        Assert.Equal(layer.Weights.data<float>(), KernelStarts.Convolutions(again.Network)[1].Weights.data<float>());
    }

    [Fact]
    public void The_ensemble_is_the_mean_of_its_members_probabilities()
    {
        using DisposeScope scope = NewDisposeScope();
        Graph graph = SourceFolder.Network(1);
        string layer = graph.Initializers.First(each => each.Value.Dimensions.Length == 4).Key;
        Tensor images = rand(3, 1, 8, 8), sum = zeros(3, 2);
        var samples = new List<Dictionary<string, TensorValue>>();
        foreach (int seed in new[] { 2, 3, 4 })
        {
            samples.Add(new() { [layer] = SourceFolder.Network(seed).Initializers[layer] });
            Graph member = SourceFolder.Network(1);
            member.Initializers[layer] = samples[^1][layer];
            using var network = new GraphModule(member);
            sum += network.Forward(images).softmax(1);
        }

        using var ensemble = new GraphModule(WeightSamples.Ensemble(graph, "logits", samples));
        Tensor probabilities = ensemble.Forward(images).exp();
        Assert.True(probabilities.allclose(sum / 3, 1e-4, 1e-6));
        // An audit takes its output for logits.
        var classifier = AuditKit.Models.ClassifierGraph.Of(ensemble.Graph);
        using var seen = new GraphModule(classifier.Graph);
        Assert.True(seen.Run(images, classifier.Logits)[0].softmax(1).allclose(sum / 3, 1e-4, 1e-6));
    }

    [Theory]
    [InlineData("{ name: variational }", "'prior: deep' learns from trained networks")]
    [InlineData("{ name: variational, prior: gaussian }", "'prior: gaussian' learns from trained networks")]
    [InlineData("{ name: variational, prior: log-uniform, start: kernels }", "'start: kernels' learns from trained networks")]
    [InlineData("{ name: erm, start: deep }", "'start: deep' learns from trained networks")]
    [InlineData("{ name: variational, sources: nowhere }", "there is no such file or folder of source networks")]
    [InlineData("{ name: variational, prior: normal }", "'normal'")]
    public void What_it_lacks_is_said(string method, string message)
        => Assert.Contains(message, Assert.Throws<AuditException>(() => new StripesTask(method)).Message);

    // Around 0 with the deviation e^(−3/2), both within six standard errors.
    private static void AssertDrawn(double[] noise)
    {
        double deviation = Math.Exp(-1.5), sum = 0, squares = 0;
        foreach (double one in noise)
        {
            sum += one;
            squares += one * one;
        }

        Assert.Equal(0, sum / noise.Length, 6 * deviation / Math.Sqrt(noise.Length));
        Assert.Equal(deviation, Math.Sqrt(squares / noise.Length), 6 * deviation / Math.Sqrt(2.0 * noise.Length));
    }

    // 2×2 pixels → tanh of three filters → 2 logits. A log-uniform prior gives the two small weights less noise than the others.
    private static GraphModule TinyConvolution()
    {
        var graph = new Graph("tiny convolution");
        graph.Input("input", "batch", 1, 2, 2);
        graph.Initializer("conv.weight", TensorValue.Of([0.5f, -0.4f, 0.3f, 0.8f, -0.6f, 0.15f, 0.7f, -0.12f, 0.4f, 0.9f, -0.8f, 0.35f], 3, 1, 2, 2));
        graph.Initializer("head.weight", TensorValue.Of([0.6f, -0.5f, 0.9f, -0.3f, 0.8f, 0.2f], 2, 3));
        graph.Add("Conv", ["input", "conv.weight"], "conv");
        graph.Add("Tanh", ["conv"], "tanh");
        graph.Add("Flatten", ["tanh"], "embedding");
        graph.Add("Gemm", ["embedding", "head.weight"], "logits", ("transB", 1L));
        graph.Output("logits", "batch", 2);
        return new GraphModule(graph) { Training = true };
    }
}
