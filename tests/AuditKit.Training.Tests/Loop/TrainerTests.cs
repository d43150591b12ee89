using AuditKit.Imaging;
using AuditKit.Models.Architectures;
using AuditKit.Training.Graphs;
using AuditKit.Training.Loop;
using AuditKit.Training.Remedies;

namespace AuditKit.Training.Tests.Loop;

public sealed class TrainerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("auditkit-trainer").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("{ name: sgd, rate: 0.05, momentum: 0.9 }")]
    [InlineData("{ name: adam, rate: 0.003 }")]
    [InlineData("{ name: adamw, rate: 0.003, weight-decay: 0.01 }")]
    [InlineData("{ name: sgd, rate: 0.05, momentum: 0.9 }", "precision: bfloat16")]
    public void A_small_network_learns_stripes(string optimiser, string extra = "")
    {
        using GraphModule network = Network();
        Recipe recipe = Recipe(optimiser, epochs: 4, extra: extra);
        network.Precision = recipe.Precision;

        Trainer trainer = Train(network, recipe, "a");

        Assert.True(trainer.History[trainer.BestEpoch].Accuracy >= 0.98, $"accuracy {trainer.History[trainer.BestEpoch].Accuracy}");
        Assert.True(trainer.History[^1].Loss < trainer.History[0].Loss);
    }

    [Fact]
    public void The_same_seed_gives_the_same_weights_and_another_seed_gives_others()
    {
        using GraphModule first = Network();
        using GraphModule second = Network();
        using GraphModule other = Network();
        Train(first, Recipe(epochs: 2), "a");
        Train(second, Recipe(epochs: 2), "b");
        Train(other, Recipe(epochs: 2, seed: 6), "c");

        Assert.Equal(Weights(first), Weights(second));
        Assert.NotEqual(Weights(first), Weights(other));
    }

    [Theory]
    [InlineData("{ name: erm }")]
    [InlineData("{ name: gdro, step: 0.1, adjustment: 2 }")]
    [InlineData("{ name: aairm, ramp: true }")]
    [InlineData("{ name: clamp, gan: { steps: 3, batch: 4 } }")]
    public void A_run_that_is_killed_goes_on_to_the_weights_of_an_unbroken_one(string method)
    {
        Recipe recipe = Recipe(epochs: 4, extra: $"group-attribute: side\nmethod: {method}");
        using GraphModule unbroken = Network();
        Trainer whole = Train(unbroken, recipe, "unbroken");

        using GraphModule killed = Network();
        using var kill = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => Train(killed, recipe, "broken", name =>
        {
            if (name.StartsWith("epoch 3", StringComparison.Ordinal))
            {
                kill.Cancel();
            }
        }, kill.Token));
        using GraphModule resumed = Network();
        Trainer rest = Train(resumed, recipe, "broken");

        Assert.Equal(whole.History, rest.History);
        Assert.Equal(whole.BestEpoch, rest.BestEpoch);
        Assert.Equal(Weights(unbroken), Weights(resumed));
    }

    [Fact]
    public void A_loss_that_explodes_stops_the_run_and_says_where()
    {
        using GraphModule network = Network();

        TrainingDivergedException error = Assert.Throws<TrainingDivergedException>(
            () => Train(network, Recipe("{ name: sgd, rate: 100, weight-decay: 100 }", epochs: 3), "nan"));

        Assert.Contains("the training loss became", error.Message);
        Assert.Contains("epoch", error.Message);
        Assert.Equal(ExitCode.Error, error.ExitCode);
    }

    [Theory]
    [InlineData(8, "set batch: 8")]
    [InlineData(1, "not enough memory for a batch of 2")]
    public void Without_memory_for_a_batch_the_run_says_which_one_fits(int fits, string expected)
    {
        using GraphModule network = Network();
        Recipe recipe = Recipe() with { Method = _ => new HungryMethod(fits) };

        AuditException error = Assert.Throws<AuditException>(() => Train(network, recipe, "memory"));

        Assert.Contains(expected, error.Message);
        Assert.Equal(ExitCode.Error, error.ExitCode);
    }

    [Fact]
    public void Group_balanced_training_keeps_the_epoch_with_the_best_worst_group()
    {
        using GraphModule network = Network();

        Trainer trainer = Train(network, Recipe(epochs: 3, extra: "sampling: group-balanced\ngroup-attribute: side"), "groups");

        EpochRecord best = trainer.History[trainer.BestEpoch];
        Assert.All(trainer.History, record => Assert.True(record.WorstGroup <= record.Accuracy));
        Assert.All(trainer.History.Where(record => record.Accuracy >= 0.9), record => Assert.True(record.WorstGroup <= best.WorstGroup));
    }

    private static GraphModule Network() => new(Architecture.Build("resnet8-cifar", new InputShape(1, 8, 8), 2, seed: 3));

    private static Recipe Recipe(
        string optimiser = "{ name: sgd, rate: 0.05, momentum: 0.9, nesterov: true, weight-decay: 0.0005 }",
        int epochs = 2, long seed = 5, string extra = "")
    {
        string file = Path.GetTempFileName();
        File.WriteAllText(file, $$"""
            name: stripes
            model: { architecture: resnet8-cifar, mean: [0.4], std: [0.25] }
            data: { name: fashion-mnist }
            test: { name: fashion-mnist }
            seed: {{seed}}
            epochs: {{epochs}}
            batch: 32
            optimiser: {{optimiser}}
            schedule: { name: cosine }
            augmentation: { crop: 1 }
            {{extra}}
            """);
        Recipe recipe = Training.Loop.Recipe.Load(file, [], MethodCatalog.Key);
        File.Delete(file);
        return recipe;
    }

    private Trainer Train(
        GraphModule network, Recipe recipe, string checkpoint, Action<string>? watch = null, CancellationToken cancellation = default)
    {
        using var data = new StripesDataset(512, seed: 1);
        var transform = new InputTransform(new InputShape(1, 8, 8));
        var groups = GroupTable.Of(data, "side");
        int[] training = [.. Enumerable.Range(0, 384)];
        using TrainingMethod method = recipe.Method(
            new TrainingTask(network, data, training, transform, groups, recipe, _folder, (_, _, _) => { }, cancellation));
        var trainer = new Trainer(
            recipe, network, recipe.Model.Options(AuditKit.Models.Device.Cpu, 1).Normalisation(transform.Input), method,
            new TrainingSet(data, transform, training, groups),
            new TrainingSet(data, transform, [.. Enumerable.Range(384, 128)], groups));
        trainer.Run(Path.Combine(_folder, checkpoint), (name, _, _) => watch?.Invoke(name), cancellation);
        return trainer;
    }

    private static float[] Weights(GraphModule network)
    {
        network.WriteBack();
        return [.. network.Graph.Initializers.Values
            .Where(value => value.Type == Models.Onnx.ElementType.Float)
            .SelectMany(value => value.As<float>().ToArray())];
    }

    /// <summary>Has memory for some images only, and says otherwise what libtorch says then.</summary>
    private sealed class HungryMethod(int fits) : TrainingMethod
    {
        public override TorchSharp.torch.Tensor Loss(TrainingStep step) => step.Batch.Count <= fits
            ? new Erm().Loss(step)
            : throw new AuditException("model.onnx: the node Conv 'stem' cannot be run: CUDA out of memory. Tried to allocate 2.00 GiB");
    }
}
