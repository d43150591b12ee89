using AuditKit.Imaging;
using AuditKit.Models;
using AuditKit.Models.Architectures;
using AuditKit.Training.Graphs;
using AuditKit.Training.Loop;
using AuditKit.Training.Remedies;
using AuditKit.Training.Tests.Loop;
using static TorchSharp.torch;

namespace AuditKit.Training.Tests.Remedies;

/// <summary>A method at work on a small network and the stripes: everything between a recipe's text and a step.</summary>
internal sealed class StripesTask : IDisposable
{
    private const int Training = 96;
    private const int Validation = 32;

    private readonly string _folder = Directory.CreateTempSubdirectory("auditkit-method").FullName;
    private readonly StripesDataset _data = new(Training + Validation, seed: 1);
    private readonly InputTransform _transform = new(new InputShape(1, 8, 8));
    private readonly GroupTable _groups;
    private readonly Recipe _recipe;
    private readonly Normalisation _normalisation;

    /// <summary>A method before its first step.</summary>
    /// <param name="method">The recipe's <c>method:</c> block.</param>
    /// <param name="epochs">How long <see cref="Train"/> trains.</param>
    /// <param name="batch">Images in a batch.</param>
    /// <param name="seed">The seed of every draw.</param>
    /// <param name="optimiser">The recipe's <c>optimiser:</c> block.</param>
    /// <param name="architecture">The network.</param>
    public StripesTask(
        string method, int epochs = 2, int batch = 16, long seed = 5, string optimiser = "{ name: sgd, rate: 0.05, momentum: 0.9 }",
        string architecture = "resnet8-cifar")
    {
        string file = Path.Combine(_folder, "recipe.yaml");
        File.WriteAllText(file, $$"""
            name: stripes
            model: { architecture: {{architecture}}, mean: [0.4], std: [0.25] }
            data: { name: fashion-mnist }
            test: { name: fashion-mnist }
            seed: {{seed}}
            epochs: {{epochs}}
            batch: {{batch}}
            optimiser: {{optimiser}}
            method: {{method}}
            """);
        _recipe = Recipe.Load(file, [], MethodCatalog.Key);
        _normalisation = _recipe.Model.Options(AuditKit.Models.Device.Cpu, 1).Normalisation(_transform.Input);
        _groups = GroupTable.Of(_data, null);
        Network = new GraphModule(Architecture.Build(architecture, _transform.Input, 2, seed: 3));
        try
        {
            Method = _recipe.Method(new TrainingTask(
                Network, _data, [.. Enumerable.Range(0, Training)], _transform, _groups, _recipe, _folder, (_, _, _) => { }, CancellationToken.None)
            {
                Normalisation = _normalisation,
                Validation = Set(Training, Validation),
            });
        }
        catch
        {
            Network.Dispose();
            Directory.Delete(_folder, recursive: true);
            throw;
        }
    }

    public GraphModule Network { get; }

    public TrainingMethod Method { get; }

    /// <summary>The first batch of an epoch, as the loop gives it to the method.</summary>
    public Batch Batch(int epoch = 0) => Set(0, Training).Epoch([.. Enumerable.Range(0, Training)], epoch, _recipe, Method).First();

    /// <summary>A step on a batch, the network in training mode. What draws from libtorch draws the same each time.</summary>
    public TrainingStep Step(Batch batch, long number = 0)
    {
        Network.Training = true;
        manual_seed(1);
        return new TrainingStep(Network, batch, new TensorNormalisation(_normalisation, CPU), _recipe.Seed, number, progress: 0);
    }

    /// <summary>The file that training goes on from after a kill.</summary>
    public string Checkpoint => Path.Combine(_folder, "checkpoint.bin");

    /// <summary>Trains the network to the end.</summary>
    public Trainer Train(string? checkpoint = null, Action<string>? watch = null, CancellationToken cancellation = default)
    {
        var trainer = new Trainer(_recipe, Network, _normalisation, Method, Set(0, Training), Set(Training, Validation));
        trainer.Run(checkpoint ?? Checkpoint, (name, _, _) => watch?.Invoke(name), cancellation);
        return trainer;
    }

    /// <summary>Trains until an epoch has begun, in which the run is killed.</summary>
    /// <param name="epoch">Which, from 1.</param>
    public void TrainAndKill(int epoch)
    {
        using var kill = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => Train(cancellation: kill.Token, watch: name =>
        {
            if (name.StartsWith($"epoch {epoch}", StringComparison.Ordinal))
            {
                kill.Cancel();
            }
        }));
    }

    public void Dispose()
    {
        Method.Dispose();
        Network.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private TrainingSet Set(int first, int count) => new(_data, _transform, [.. Enumerable.Range(first, count)], _groups);
}
