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

        Assert.True(trainer.History[trainer.BestEpoch!.Value].Accuracy >= 0.98, $"accuracy {trainer.History[trainer.BestEpoch!.Value].Accuracy}");
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
        Recipe recipe = Recipe(
            epochs: 4, extra: $"group-attribute: side\nselection: {{ hard-group: class = vertical x side = rare }}\nmethod: {method}");
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
        }, cancellation: kill.Token));
        using GraphModule resumed = Network();
        Trainer rest = Train(resumed, recipe, "broken");

        Assert.Equal(whole.History, rest.History);
        Assert.Equal(whole.BestEpoch, rest.BestEpoch);
        Assert.Equal(Weights(unbroken), Weights(resumed));
    }

    /// <summary>The schedule reaches the method's parameters, the weight decay does not.</summary>
    [Fact]
    public void A_methods_own_parameters_follow_the_schedule_without_decay()
    {
        using GraphModule network = Network();
        using var method = new OwnParameter();
        Recipe recipe = Recipe("{ name: sgd, rate: 0.001, weight-decay: 20 }") with { Method = _ => method };

        Train(network, recipe, "own");

        // The loss falls by 1 a unit: every step takes the rate, 0.001 along the cosine of 24 steps.
        double taken = Enumerable.Range(0, 24).Sum(step => 0.001 * 0.5 * (1 + Math.Cos(Math.PI * step / 24)));
        Assert.Equal(3 - taken, method.Value.item<float>(), 1e-5);
        using GraphModule start = Network();
        Assert.True(Norm(network) < 0.95 * Norm(start));

        static double Norm(GraphModule network) => network.Parameters.Values.Sum(weights => weights.square().sum().item<float>());
    }

    [Theory]
    [InlineData(2)]
    [InlineData(0)]
    public void A_method_may_change_what_the_best_epoch_left(int epochs)
    {
        using GraphModule trained = Network(), finished = Network();
        Recipe recipe = Recipe(epochs: 2) with { Epochs = epochs };
        if (epochs > 0)
        {
            Train(trained, recipe, "plain");
        }

        Trainer trainer = Train(finished, recipe with { Method = task => new Halved(task.Network) }, "finished");

        Assert.Equal(epochs, trainer.History.Count);
        Assert.Equal(epochs == 0, trainer.BestEpoch is null);
        foreach ((string name, TorchSharp.Modules.Parameter weights) in trained.Parameters)
        {
            bool isHalved = name == trained.Parameters.Keys.Last();
            Assert.Equal(weights.data<float>().Select(weight => isHalved ? weight / 2 : weight), finished.Parameters[name].data<float>());
        }
    }

    [Fact]
    public void Without_an_epoch_a_method_that_fits_nothing_is_refused()
    {
        using GraphModule network = Network();
        Recipe recipe = Recipe() with { Epochs = 0 };
        Assert.Contains("with epochs: 0 the method trains nothing", Assert.Throws<AuditException>(() => Train(network, recipe, "none")).Message);
        Assert.Contains("an epoch do not fill a batch. Set batch: 384 or less",
            Assert.Throws<AuditException>(() => Train(network, Recipe() with { Batch = 385 }, "large")).Message);
    }

    [Fact]
    public void Without_images_to_select_by_the_last_epoch_is_kept()
    {
        using GraphModule network = Network();
        Recipe recipe = Recipe("{ name: sgd, rate: 0.05 }", epochs: 3);

        Trainer trainer = Train(network, recipe, "last", selects: false);

        Assert.Equal(2, trainer.BestEpoch);
        Assert.All(trainer.History, record => Assert.True(double.IsNaN(record.Accuracy) && double.IsFinite(record.Loss)));
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

    // The loss is of the weights before its step, so that what the last one makes of them is seen by the answers alone.
    [Fact]
    public void Weights_that_an_epochs_last_step_ruins_are_not_kept()
    {
        using GraphModule network = Network();
        Recipe recipe = Recipe(epochs: 1) with { Method = _ => new Ruined(network) };

        TrainingDivergedException error = Assert.Throws<TrainingDivergedException>(() => Train(network, recipe, "ruined"));

        Assert.Contains("after epoch 1 the network's answers to validation images are no numbers", error.Message);
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

        EpochRecord best = trainer.History[trainer.BestEpoch!.Value];
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
        GraphModule network, Recipe recipe, string checkpoint, Action<string>? watch = null, bool selects = true,
        CancellationToken cancellation = default)
    {
        using var data = new StripesDataset(512, seed: 1);
        var transform = new InputTransform(new InputShape(1, 8, 8));
        var groups = GroupTable.Of(data, "side");
        int[] training = [.. Enumerable.Range(0, 384)];
        var task = new TrainingTask(network, data, training, transform, groups, recipe, _folder, (_, _, _) => { }, cancellation)
        {
            Normalisation = recipe.Model.Options(AuditKit.Models.Device.Cpu, 1).Normalisation(transform.Input),
            Validation = new TrainingSet(data, transform, [.. Enumerable.Range(384, 128)], groups),
        };
        using TrainingMethod method = recipe.Method(task);
        var trainer = new Trainer(recipe, network, task.Normalisation, method, task.ToTrainingSet(), selects ? task.Validation : null);
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

    /// <summary>A network of one number, which the loss rises with.</summary>
    private sealed class OwnParameter : TrainingMethod
    {
        public TorchSharp.Modules.Parameter Value { get; } = new(TorchSharp.torch.tensor(3f).DetachFromDisposeScope());

        public override IReadOnlyList<TorchSharp.Modules.Parameter> Parameters => [Value];

        public override TorchSharp.torch.Tensor Loss(TrainingStep step) => new Erm().Loss(step) + Value;
    }

    /// <summary>Halves the last parameter when training is over.</summary>
    private sealed class Halved(GraphModule network) : TrainingMethod
    {
        public override bool NeedsEpochs => false;

        public override TorchSharp.torch.Tensor Loss(TrainingStep step) => new Erm().Loss(step);

        public override ValidationScore? Finish(TrainingSet training)
        {
            Assert.False(network.Training);
            using IDisposable gradients = TorchSharp.torch.no_grad();
            network.Parameters.Values.Last().mul_(0.5);
            return new ValidationScore(0.75, 0.5);
        }
    }

    /// <summary>Leaves weights behind that are no numbers.</summary>
    private sealed class Ruined(GraphModule network) : TrainingMethod
    {
        public override TorchSharp.torch.Tensor Loss(TrainingStep step) => new Erm().Loss(step);

        public override void Release()
        {
            using IDisposable gradients = TorchSharp.torch.no_grad();
            network.Parameters.Values.Last().fill_(float.NaN);
        }
    }

    /// <summary>Has memory for some images only, and says otherwise what libtorch says then.</summary>
    private sealed class HungryMethod(int fits) : TrainingMethod
    {
        public override TorchSharp.torch.Tensor Loss(TrainingStep step) => step.Batch.Count <= fits
            ? new Erm().Loss(step)
            : throw new AuditException("model.onnx: the node Conv 'stem' cannot be run: CUDA out of memory. Tried to allocate 2.00 GiB");
    }
}
