using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using AuditKit.Models;
using AuditKit.Run;
using AuditKit.Training.Graphs;
using AuditKit.Training.Libtorch;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AuditKit.Training.Loop;

/// <summary>
/// Descends a method's loss over batches, one epoch after the other, keeping the epoch that model selection prefers.
/// Same recipe, data and thread count: same weights, also after a kill.
/// </summary>
public sealed class Trainer
{
    private readonly Recipe _recipe;
    private readonly GraphModule _network;
    private readonly TrainingMethod _method;
    private readonly TrainingSet _training;
    private readonly TrainingSet? _validation;
    private readonly List<EpochRecord> _history = [];
    private readonly TensorNormalisation _normalisation;
    private readonly int? _hardGroup;
    private readonly Stopwatch _waited = new();
    private readonly Stopwatch _stepped = new();
    private float[][] _best = [];
    private long _steps;

    /// <summary>A trainer at the start of its run.</summary>
    /// <param name="recipe">How to train.</param>
    /// <param name="network">The network; its parameters and running statistics are changed in place.</param>
    /// <param name="normalisation">What is done to pixels before the network sees them.</param>
    /// <param name="method">Gives the loss; its parameters and state are changed in place.</param>
    /// <param name="training">The images to learn from.</param>
    /// <param name="validation">The images to select the epoch by; null to keep the last one.</param>
    /// <exception cref="AuditException">The recipe names a hard group that the validation images have not.</exception>
    public Trainer(
        Recipe recipe, GraphModule network, Normalisation normalisation, TrainingMethod method, TrainingSet training, TrainingSet? validation)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(method);
        (_recipe, _network, _normalisation, _method, _training, _validation) = (recipe, network,
            new TensorNormalisation(normalisation, network.Device), method, training, validation);
        _hardGroup = recipe.Selection.HardGroup is { } name ? validation?.Group(name) : null;
    }

    /// <summary>Names of the parameters behind the embedding, which the recipe may give a rate of their own.</summary>
    public IReadOnlyCollection<string> Head { get; init; } = [];

    /// <summary>The networks that the run started from: a checkpoint of a run from others is not gone on from.</summary>
    public IReadOnlyList<StartFile> StartedFrom { get; init; } = [];

    /// <summary>What tells the data from all other: a checkpoint of a run on other data is not gone on from.</summary>
    public string Data { get; init; } = "";

    /// <summary>One record for each epoch finished.</summary>
    public IReadOnlyList<EpochRecord> History => _history;

    /// <summary>The epoch whose weights are kept, from 0; null before the first one.</summary>
    public int? BestEpoch { get; private set; }

    /// <summary>What the network scores that the method changed after the epochs; null where it changed nothing.</summary>
    public ValidationScore? Fitted { get; private set; }

    /// <summary>The share of the time, in [0, 1], that steps waited for images to be read and augmented.</summary>
    public double WaitShare => _stepped.Elapsed > TimeSpan.Zero ? _waited.Elapsed / (_waited.Elapsed + _stepped.Elapsed) : 0;

    /// <summary>
    /// Trains to the end, or from a checkpoint to the end; the network then holds the best epoch's weights, and what the method made of them.
    /// </summary>
    /// <param name="checkpoint">The file that is written after every epoch and gone on from.</param>
    /// <param name="progress">Told the epoch's name, images done and images in all.</param>
    /// <param name="cancellation">Stops between steps; the last finished epoch is kept in the checkpoint.</param>
    /// <exception cref="TrainingDivergedException">The loss or the answers to validation images became NaN or infinite.</exception>
    /// <exception cref="AuditException">An image cannot be read, or there is nothing to train.</exception>
    public void Run(string checkpoint, Action<string, long, long> progress, CancellationToken cancellation)
        => Run(checkpoint, int.MaxValue, progress, cancellation);

    /// <summary>Trains as <see cref="Run(string, Action{string, long, long}, CancellationToken)"/> does, and stops after so many epochs.</summary>
    /// <param name="checkpoint">The file that is written after every epoch and gone on from, by a later call too.</param>
    /// <param name="until">How many epochs, counted from the run's start; the learning rate follows the recipe's own number.</param>
    /// <param name="progress">Told the epoch's name, images done and images in all.</param>
    /// <param name="cancellation">Stops between steps; the last finished epoch is kept in the checkpoint.</param>
    /// <exception cref="TrainingDivergedException">The loss or the answers to validation images became NaN or infinite.</exception>
    /// <exception cref="AuditException">An image cannot be read, or there is nothing to train.</exception>
    public void Run(string checkpoint, int until, Action<string, long, long> progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(progress);
        RequireEpochs(_recipe, _method);
        ParameterGroup[] groups =
        [
            .. _recipe.Optimiser.Groups(_network.Parameters, Head), new(_method.Parameters)
            {
                Rate = _method.LearnsAtHeadRate ? _recipe.Optimiser.HeadRate : null,
                Decays = false,
            },
        ];
        using OptimizerHelper optimiser = Told("begin", () => _recipe.Optimiser.Create([.. groups.Where(group => group.Parameters.Count > 0)]));
        IReadOnlyList<Tensor> weights = [.. _network.Parameters.Values, .. _network.Buffers.Values];
        IReadOnlyList<Tensor> state = [.. weights, .. _method.Parameters, .. _method.State];
        string identity = Identity();
        Resume(checkpoint, identity, state, optimiser, progress);
        for (int epoch = _history.Count; epoch < Math.Min(_recipe.Epochs, until); epoch++)
        {
            double loss = Epoch(epoch, optimiser, progress, cancellation);
            using var trained = new KeptWeights(_network.Parameters.Values);
            _method.Release();
            EpochRecord record = _validation is null ? new(loss, double.NaN, double.NaN) : Validate(epoch, loss, _validation, cancellation);
            if (Keep(record))
            {
                _best = [.. weights.Select(TensorConversion.ToFloats)];
            }

            trained.PutBack();
            new Checkpoint(identity, epoch + 1, _steps, [.. state.Select(TensorConversion.ToFloats), .. _best], _history)
                .Save(checkpoint, optimiser.save_state_dict);
        }

        Write(weights, _best);
        _network.Training = false;
        Fitted = _method.Finish(_training);
    }

    /// <summary>
    /// What became of a checkpoint of another run that lay here, of which hours may be worth keeping: « it is checkpoint.bin.old now, and this one began
    /// anew »; null where there was none.
    /// </summary>
    public string? PutAside { get; private set; }

    /// <summary>Refuses a recipe without epochs for a method that does nothing without.</summary>
    /// <exception cref="AuditException">It is such.</exception>
    internal static void RequireEpochs(Recipe recipe, TrainingMethod method)
    {
        if (recipe.Epochs == 0 && method.NeedsEpochs)
        {
            throw new AuditException($"{recipe.Name}: with epochs: 0 the method trains nothing. Give at least 1 epoch.");
        }
    }

    /// <summary>Refuses a batch that so many images do not fill.</summary>
    /// <exception cref="AuditException">They do not.</exception>
    internal static void RequireBatch(Recipe recipe, int images)
    {
        if (images < recipe.Batch)
        {
            throw new AuditException($"{recipe.Name}: the {images} images of an epoch do not fill a batch. Set batch: {images} or less.");
        }
    }

    // Whether an epoch that has ended is the best one so far.
    private bool Keep(EpochRecord record)
    {
        bool isBest = _validation is null || BestEpoch is not { } best || _history.Count <= _method.FirstKept(_recipe.Epochs)
            || _recipe.Selection.Prefers(record.Validation, _history[best].Validation);
        BestEpoch = isBest ? _history.Count : BestEpoch;
        _history.Add(record);
        return isBest;
    }

    private double Epoch(int epoch, OptimizerHelper optimiser, Action<string, long, long> progress, CancellationToken cancellation)
    {
        string name = $"epoch {epoch + 1} of {_recipe.Epochs}";
        Sampling sampling = _recipe.Sampling ?? _method.Sampling;
        IReadOnlyList<int> strata = sampling == Sampling.GroupBalanced ? _training.Groups : _training.Classes;
        int[] order = EpochOrder.Draw(sampling, strata, _recipe.Seed, epoch, _method.Repeats(_training));
        int steps = order.Length / _recipe.Batch;
        RequireBatch(_recipe, order.Length);
        double sum = 0;
        int step = 0;
        _waited.Start();
        foreach (Batch batch in _training.Epoch(order, epoch, _recipe, _method))
        {
            cancellation.ThrowIfCancellationRequested();
            _waited.Stop();
            _stepped.Start();
            double loss = Step(batch, optimiser, epoch + ((double)step / steps));
            _stepped.Stop();
            _waited.Start();
            if (!double.IsFinite(loss))
            {
                throw new TrainingDivergedException(loss, epoch, step);
            }

            sum += loss;
            step++;
            progress(name, (long)step * _recipe.Batch, (long)steps * _recipe.Batch);
        }

        _waited.Stop();
        return sum / steps;
    }

    // An optimiser takes memory for its state when it is made, or in its first step.
    private T Told<T>(string what, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (ExternalException e)
        {
            throw new AuditException($"{_recipe.Name}: the optimiser cannot {what}: {e.Text()}", ExitCode.Error, e);
        }
    }

    private double Step(Batch batch, OptimizerHelper optimiser, double epochs)
    {
        double loss;
        try
        {
            loss = Differentiate(batch, optimiser, epochs);
        }
        catch (Exception e) when (LargestBatch.IsOutOfMemory(e))
        {
            throw LargestBatch.Error(batch, smaller => Differentiate(smaller, optimiser, epochs), e);
        }
        catch (ExternalException e)
        {
            throw new AuditException($"{_recipe.Name}: libtorch cannot differentiate this network with this method: {e.Text()}", ExitCode.Error, e);
        }

        double factor = _recipe.Schedule.Factor(epochs, _recipe.Epochs);
        foreach (optim.ILearningRateController group in optimiser.ParamGroups)
        {
            group.LearningRate = group.InitialLearningRate * factor;
        }

        Told("take a step", () => optimiser.step());
        _steps++;
        return loss;
    }

    private double Differentiate(Batch batch, OptimizerHelper optimiser, double epochs)
    {
        using DisposeScope scope = NewDisposeScope();
        // Dropout draws from libtorch's generator: keyed by the step, it does not depend on what ran before.
        manual_seed(_recipe.Seed + (_steps << 20));
        _network.Training = true;
        optimiser.zero_grad();
        Tensor loss = _method.Loss(new TrainingStep(_network, batch, _normalisation, _recipe.Seed, _steps, epochs / _recipe.Epochs));
        loss.backward();
        return loss.item<float>();
    }

    // A loss is of the weights before its step: what the last step of an epoch made of them shows here.
    private EpochRecord Validate(int epoch, double loss, TrainingSet validation, CancellationToken cancellation)
    {
        bool[] right = Evaluation.Right(_network, _normalisation, validation, _recipe.Batch, cancellation) ?? throw new TrainingDivergedException(epoch);
        return new EpochRecord(loss, ValidationScore.Of(right, validation.Groups, _hardGroup));
    }

    private void Resume(
        string file, string identity, IReadOnlyList<Tensor> state, OptimizerHelper optimiser, Action<string, long, long> progress)
    {
        Checkpoint? saved = Checkpoint.Load(file, identity, optimiser.load_state_dict);
        if (saved is null)
        {
            string folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
            string? own = !Directory.Exists(folder) ? null
                : Directory.GetFiles(folder, $"{Path.GetFileName(file)}.old*").Order().FirstOrDefault(aside => Checkpoint.IsOf(aside, identity));
            if (File.Exists(file))
            {
                progress("the checkpoint here is of other settings, data or start weights: it is put aside", 0, _recipe.Epochs);
                string free = Enumerable.Range(1, int.MaxValue - 1).Select(number => number == 1 ? $"{file}.old" : $"{file}.old-{number}").First(name => !File.Exists(name));
                File.Move(file, free);
                PutAside = $"it is {Path.GetFileName(free)} now, and this one {(own is null ? "began anew" : "went on from its own checkpoint")}";
            }

            // What was put aside for these settings before.
            if (own is not null)
            {
                File.Move(own, file);
                saved = Checkpoint.Load(file, identity, optimiser.load_state_dict);
            }
        }

        if (saved is null)
        {
            return;
        }

        Write(state, saved.Tensors.Take(state.Count));
        _best = [.. saved.Tensors.Skip(state.Count)];
        _steps = saved.Steps;
        foreach (EpochRecord record in saved.History)
        {
            Keep(record);
        }
    }

    private string Identity()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{Provenance.Version}\n{_recipe.Identity}"));
        hash.AppendData(Encoding.UTF8.GetBytes(Data + string.Concat(StartedFrom.Select(start => start.Sha256))));
        hash.AppendData(MemoryMarshal.AsBytes<int>([.. _training.Groups, .. _validation?.Groups ?? []]));
        foreach (Tensor weight in _network.Parameters.Values.Concat(_network.Frozen.Values))
        {
            hash.AppendData(MemoryMarshal.AsBytes<float>(weight.ToFloats()));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Write(IEnumerable<Tensor> tensors, IEnumerable<float[]> values)
    {
        using IDisposable gradients = no_grad();
        using DisposeScope scope = NewDisposeScope();
        foreach ((Tensor target, float[] value) in tensors.Zip(values))
        {
            target.copy_(tensor(value).reshape(target.shape));
        }
    }
}
