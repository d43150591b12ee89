using AuditKit.Imaging;
using AuditKit.Models;
using AuditKit.Models.Architectures;
using AuditKit.Models.Onnx;
using AuditKit.Training.Graphs;
using AuditKit.Training.Loop;
using AuditKit.Training.Remedies;
using TorchSharp;
using static TorchSharp.torch;

namespace AuditKit.Training.Tests.Loop;

public sealed class TrainedPartsTests : IDisposable
{
    private const int Training = 64, Validation = 16;

    private readonly string _folder = Directory.CreateTempSubdirectory("auditkit-parts").FullName;
    private readonly StripesDataset _data = new(Training + Validation, seed: 1);
    private readonly InputTransform _transform = new(new InputShape(1, 8, 8));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("resnet8-cifar", 16, TrainedPart.Head, "fc")]
    [InlineData("resnet8-cifar", 16, TrainedPart.LastBlock, "fc stage3")]
    [InlineData("resnet18", 64, TrainedPart.LastBlock, "fc stage4")]
    [InlineData("resnet18", 32, TrainedPart.LastBlock, "fc stage3 stage4")]
    [InlineData("lenet-5-caffe", 28, TrainedPart.LastBlock, "conv2 fc fc1")]
    public void A_part_is_found_by_the_graph(string architecture, int side, TrainedPart trained, string expected)
    {
        using GraphModule network = Network(architecture, side, out NetworkParts parts);
        string[] all = [.. network.Parameters.Keys.Concat(network.Buffers.Keys)];
        parts.Freeze(trained);
        Assert.Equal(expected.Split(' '), network.Parameters.Keys.Select(name => name.Split('.')[0]).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(all.Order(), network.Parameters.Keys.Concat(network.Buffers.Keys).Concat(network.Frozen.Keys).Order());
        Assert.All(parts.Head, name => Assert.StartsWith("fc.", name));
    }

    [Fact]
    public void Without_convolutions_there_is_no_last_block_and_without_a_dense_layer_no_head()
    {
        using GraphModule dense = Network("lenet-300-100", 28, out NetworkParts ofDense);
        Assert.Contains("train: head, or train: all", Assert.Throws<AuditException>(() => ofDense.Freeze(TrainedPart.LastBlock)).Message);
        var pooled = new Graph("pooled");
        pooled.Input("input", "batch", 1, 8, 8);
        pooled.Initializer("w", TensorValue.Of([.. Enumerable.Range(0, 18).Select(i => MathF.Sin(i))], 2, 1, 3, 3));
        pooled.Output(pooled.Add("Flatten", [pooled.Add("GlobalAveragePool", [pooled.Add("Conv", ["input", "w"], "conv")], "pool")], "logits"), "batch", 2);
        using var network = new GraphModule(pooled);
        var parts = new NetworkParts(network, ClassifierGraph.Of(pooled));
        Assert.Contains("train: all", Assert.Throws<AuditException>(() => parts.Freeze(TrainedPart.Head)).Message);
    }

    /// <summary>A layer that a frozen and a trained part share is of the frozen one.</summary>
    [Fact]
    public void What_a_frozen_part_uses_is_not_trained_by_another()
    {
        var graph = new Graph("shared");
        graph.Input("input", "batch", 3, 8, 8);
        graph.Initializer("w", TensorValue.Of([.. Enumerable.Range(0, 81).Select(i => MathF.Sin(i))], 3, 3, 3, 3));
        foreach ((string name, float value) in new[] { ("scale", 1.5f), ("shift", 0.5f), ("mean", 0.25f), ("variance", 2f) })
        {
            graph.Initializer(name, TensorValue.Of([value, 2 * value, value * value], 3));
        }

        graph.Initializer("fc", TensorValue.Of([1f, 2f, 3f, 4f, 5f, 6f], 3, 2));
        string value1 = Stage("input", "1");
        string value2 = Stage(graph.Add("MaxPool", [value1], "pool", ("kernel_shape", new long[] { 2, 2 }), ("strides", new long[] { 2, 2 })), "2");
        graph.Output(graph.Add("MatMul", [graph.Add("Flatten", [graph.Add("GlobalAveragePool", [value2], "mean2")], "flat"), "fc"], "logits"), "batch", 2);
        using var network = new GraphModule(graph) { Training = true };
        var parts = new NetworkParts(network, ClassifierGraph.Of(graph));

        parts.Freeze(TrainedPart.LastBlock);

        Assert.Equal("normal1", parts.FrozenValue);
        Assert.Equal(["fc"], network.Parameters.Keys);
        Assert.Empty(network.Buffers);
        float[] frozen = Values(network.Frozen.Values);
        network.Forward(randn(4, 3, 8, 8)).sum().backward();
        Assert.Equal(frozen, Values(network.Frozen.Values));

        string Stage(string input, string number)
        {
            string[] statistics = [graph.Add("Conv", [input, "w"], $"conv{number}", ("pads", new long[] { 1, 1, 1, 1 })), "scale", "shift", "mean", "variance"];
            return graph.Add("BatchNormalization", statistics, $"normal{number}");
        }
    }

    [Theory]
    [InlineData(TrainedPart.Head)]
    [InlineData(TrainedPart.LastBlock)]
    public void What_is_frozen_keeps_every_bit_and_what_is_not_learns(TrainedPart trained)
    {
        using GraphModule network = Network("resnet8-cifar", 8, out NetworkParts parts);
        parts.Freeze(trained);
        float[] frozen = Values(network.Frozen.Values), weights = Values(network.Parameters.Values), statistics = Values(network.Buffers.Values);
        Trainer trainer = Train(network, parts, "{ name: erm }", "a", kept: false, "weight-decay: 0.01, momentum: 0.9");
        Assert.Equal(frozen, Values(network.Frozen.Values));
        Assert.All(network.Parameters.Values, parameter => Assert.True(parameter.requires_grad));
        Assert.NotEqual(weights, Values(network.Parameters.Values));
        Assert.Equal(trained == TrainedPart.Head, statistics.SequenceEqual(Values(network.Buffers.Values)));
        Assert.True(trainer.History[^1].Loss < trainer.History[0].Loss);
    }

    [Theory]
    [InlineData("{ name: erm }")]
    [InlineData("{ name: gdro }")]
    [InlineData("{ name: aairm }")]
    [InlineData("{ name: soft-orthogonality, weight: 0.001 }")]
    [InlineData("{ name: adversarial, epsilon: 0.1, steps: 2 }")]
    [InlineData("{ name: stability, weight: 1, distortion: { gaussian: 0.04 } }")]
    [InlineData("{ name: l2-sp, beta: 0.1 }")]
    [InlineData("{ name: delta, beta: 0.001 }")]
    [InlineData("{ name: wasserstein, lambda: 0.1 }")]
    [InlineData("{ name: sparse-variational-dropout, warm-up: 1 }")]
    [InlineData("{ name: dynamic-network-surgery, deviations: 1 }")]
    [InlineData("{ name: jtt }")]
    [InlineData("{ name: augmix }")]
    public void Kept_values_train_a_part_to_what_computing_them_every_step_trains_it_to(string method)
    {
        // What changes the embedding would teach nothing behind a frozen one, and is refused.
        if (!((string[])["aairm", "l2-sp", "delta", "wasserstein"]).Any(method.Contains))
        {
            Compare(method, TrainedPart.Head);
        }
        else
        {
            using GraphModule network = Network("resnet8-cifar", 8, out NetworkParts parts);
            parts.Freeze(TrainedPart.Head);
            TrainingTask task = Task(network, method, "refused");
            Assert.Contains("nothing before it is trained", Assert.Throws<AuditException>(() => task.Recipe.Method(task)).Message);
        }

        Compare(method, TrainedPart.LastBlock);
    }

    private void Compare(string method, TrainedPart trained)
    {
        using GraphModule once = Network("resnet8-cifar", 8, out NetworkParts ofOnce), always = Network("resnet8-cifar", 8, out NetworkParts ofAlways);
        ofOnce.Freeze(trained);
        ofAlways.Freeze(trained);
        Trainer kept = Train(once, ofOnce, method, $"once {trained}", kept: true),
            other = Train(always, ofAlways, method, $"always {trained}", kept: false);
        Assert.Equal(Values(always.Parameters.Values), Values(once.Parameters.Values), (a, b) => Math.Abs(a - b) < 1e-4);
        Assert.Equal(other.History[^1].Accuracy, kept.History[^1].Accuracy);
    }

    [Fact]
    public void A_step_on_kept_embeddings_reads_no_pixels_unless_they_are_asked_for()
    {
        using DisposeScope scope = NewDisposeScope();
        using GraphModule network = Network("resnet8-cifar", 8, out NetworkParts parts);
        parts.Freeze(TrainedPart.Head);
        TrainingTask task = Task(network, "{ name: erm }", "kept");
        TrainingSet set = task.ToTrainingSet();
        set.Kept = KeptEmbeddings.Of(task, "embedding", task.ToTrainingSet(), "training", task.Folder);
        using TrainingMethod method = task.Recipe.Method(task);
        Batch batch = set.Epoch([.. Enumerable.Range(0, Training)], 0, task.Recipe, method).First();
        var step = new TrainingStep(network, batch, new TensorNormalisation(task.Normalisation, CPU), 1, 0, 0);
        _ = step.Logits();
        Assert.False(batch.Pixels.IsValueCreated);
        Assert.True(allclose(step.Logits(), step.Logits(step.Images()), rtol: 1e-4, atol: 1e-5));
        Assert.True(batch.Pixels.IsValueCreated);
        // What comes before the kept value is computed from the pixels.
        string early = network.Graph.Nodes[0].Outputs[0];
        Assert.True(allclose(step.Run(early)[0], network.Run(step.Normalise(step.Images()), early)[0]));
    }

    [Fact]
    public void Embeddings_are_read_again_as_long_as_nothing_they_depend_on_has_changed()
    {
        using GraphModule network = Network("resnet8-cifar", 8, out NetworkParts parts);
        parts.Freeze(TrainedPart.Head);
        TrainingTask task = Task(network, "{ name: erm }", "run");
        string kept = Path.Combine(task.Folder, KeptEmbeddings.FolderName);
        var computed = new List<string>();
        task = task with { Progress = (what, _, _) => computed.AddRange(what.StartsWith("embeddings", StringComparison.Ordinal) ? [what] : []) };
        KeptEmbeddings first = Kept();
        int calls = computed.Count;
        Assert.True(calls > 0);
        KeptEmbeddings second = Kept();
        Assert.Equal(calls, computed.Count);
        Assert.Equal(first.Rows, second.Rows);
        Assert.Equal(first.Shape, second.Shape);

        string file = Directory.GetFiles(kept).Single();
        byte[] bytes = File.ReadAllBytes(file);
        foreach (byte[] damaged in new byte[][] { [1, 2, 3], bytes[..^1], [.. bytes[..^1], (byte)(bytes[^1] ^ 1)], [.. bytes[..64], .. new byte[64]] })
        {
            File.WriteAllBytes(file, damaged);
            calls = computed.Count;
            Assert.Equal(first.Rows, Kept().Rows);
            Assert.True(computed.Count > calls);
        }

        using (no_grad())
        {
            network.Frozen.First().Value.mul_(1.5f);
        }

        Assert.NotEqual(first.Rows, Kept().Rows);

        // Two sets of one archive, or two makings of one set, have the same name, files and places.
        using var other = new StripesDataset(Training + Validation, seed: 2);
        var alike = new TrainingSet(other, _transform, task.Images, task.Groups);
        Assert.NotEqual(Kept().Rows, KeptEmbeddings.Of(task, "embedding", alike, "training", kept)!.Rows);

        KeptEmbeddings Kept() => KeptEmbeddings.Of(task, "embedding", task.ToTrainingSet(), "training", kept)!;
    }

    [Theory]
    [InlineData(TrainedPart.Head)]
    [InlineData(TrainedPart.LastBlock)]
    public void A_run_that_is_killed_goes_on_to_the_weights_of_an_unbroken_one(TrainedPart trained)
    {
        using GraphModule unbroken = Network("resnet8-cifar", 8, out NetworkParts whole), killed = Network("resnet8-cifar", 8, out NetworkParts first),
            resumed = Network("resnet8-cifar", 8, out NetworkParts second);
        Array.ForEach([whole, first, second], parts => parts.Freeze(trained));
        const string Optimiser = "head-rate: 0.02, momentum: 0.9";
        const bool kept = true;
        Train(unbroken, whole, "{ name: erm }", "unbroken", kept, Optimiser);
        using var kill = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => Train(killed, first, "{ name: erm }", "broken", kept, Optimiser, kill));
        Train(resumed, second, "{ name: erm }", "broken", kept, Optimiser);
        Assert.Equal(Values(unbroken.Parameters.Values), Values(resumed.Parameters.Values));
    }

    [Fact]
    public void The_head_has_a_rate_of_its_own()
    {
        float[] Change(string optimiser, Func<string, bool> which)
        {
            using GraphModule network = Network("resnet8-cifar", 8, out NetworkParts parts);
            float[] before = Of(network);
            Train(network, parts, "{ name: erm }", optimiser.Replace(": ", "-", StringComparison.Ordinal), kept: false, optimiser, epochs: 1, batch: Training);
            File.Delete(Path.Combine(_folder, optimiser.Replace(": ", "-", StringComparison.Ordinal), "checkpoint.bin"));
            return [.. Of(network).Zip(before, (after, start) => after - start)];

            float[] Of(GraphModule module) => Values(module.Parameters.Where(entry => which(entry.Key)).Select(entry => (Tensor)entry.Value));
        }

        // One step of plain gradient descent: proportional to the rate.
        static bool IsHead(string name) => name.StartsWith("fc.", StringComparison.Ordinal);
        float[] alike = Change("momentum: 0", IsHead), faster = Change("head-rate: 0.5", IsHead);
        Assert.Equal(alike.Select(value => value * 10), faster, (a, b) => Math.Abs(a - b) < 1e-4);
        Assert.Contains(alike, value => Math.Abs(value) > 1e-3);
        Assert.Equal(Change("momentum: 0", name => !IsHead(name)), Change("head-rate: 0.5", name => !IsHead(name)));
    }

    private static GraphModule Network(string architecture, int side, out NetworkParts parts)
    {
        Graph graph = Architecture.Build(architecture, new InputShape(1, side, side), 2, seed: 3);
        var classifier = ClassifierGraph.Of(graph);
        var network = new GraphModule(classifier.Graph) { Result = classifier.Logits };
        parts = new NetworkParts(network, classifier);
        return network;
    }

    private Trainer Train(
        GraphModule network, NetworkParts parts, string method, string run, bool kept, string optimiser = "momentum: 0.9", CancellationTokenSource? kill = null,
        int epochs = 2, int batch = 16)
    {
        TrainingTask task = Task(network, method, run, optimiser, epochs, batch);
        using TrainingMethod made = task.Recipe.Method(task);
        TrainingSet Set(TrainingSet set, string part)
        {
            set.Kept = kept && made.Versions == 1 ? KeptEmbeddings.Of(task, parts.FrozenValue!, set, part, task.Folder) : null;
            return set;
        }

        var trainer = new Trainer(task.Recipe, network, task.Normalisation, made, Set(task.ToTrainingSet(), "training"), Set(task.Validation, "validation"))
        {
            Head = parts.Head,
        };
        trainer.Run(Path.Combine(task.Folder, "checkpoint.bin"), (name, done, _) =>
        {
            if (kill is not null && name.StartsWith("epoch 2", StringComparison.Ordinal) && done > 2 * batch)
            {
                kill.Cancel();
            }
        }, kill?.Token ?? CancellationToken.None);
        return trainer;
    }

    private TrainingTask Task(GraphModule network, string method, string run, string optimiser = "momentum: 0.9", int epochs = 2, int batch = 16)
    {
        string folder = Directory.CreateDirectory(Path.Combine(_folder, run)).FullName, file = Path.Combine(folder, "recipe.yaml");
        File.WriteAllText(file, $$"""
            name: stripes
            model: { architecture: resnet8-cifar, mean: [0.4], std: [0.25] }
            data: { name: fashion-mnist }
            test: { name: fashion-mnist }
            group-attribute: side
            seed: 5
            epochs: {{epochs}}
            batch: {{batch}}
            optimiser: { name: sgd, rate: 0.05, {{optimiser}} }
            method: {{method}}
            """);
        Recipe recipe = Recipe.Load(file, [], MethodCatalog.Key);
        var groups = GroupTable.Of(_data, "side");
        return new TrainingTask(
            network, _data, [.. Enumerable.Range(0, Training)], _transform, groups, recipe, folder, (_, _, _) => { }, CancellationToken.None)
        {
            Normalisation = recipe.Model.Options(AuditKit.Models.Device.Cpu, 1).Normalisation(_transform.Input),
            Validation = new TrainingSet(_data, _transform, [.. Enumerable.Range(Training, Validation)], groups),
        };
    }

    private static float[] Values(IEnumerable<Tensor> tensors) => [.. tensors.SelectMany(value => value.detach().cpu().contiguous().data<float>().ToArray())];
}
