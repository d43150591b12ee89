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
}
