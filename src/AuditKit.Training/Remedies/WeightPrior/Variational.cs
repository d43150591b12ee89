using System.Globalization;
using System.Text;
using AuditKit.Models.Onnx;
using AuditKit.Training.Graphs;
using AuditKit.Training.Loop;
using AuditKit.Yaml;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AuditKit.Training.Remedies.WeightPrior;

/// <summary>
/// Variational inference over the kernels of a network's convolutions: q(w) = N(μ, σ²) for each weight, and the evidence lower bound is
/// climbed, per image mean cross-entropy + KL(q‖p)/N. All other weights are point estimates. A step draws one w for the whole batch. The
/// prior p is the deep weight prior (<see cref="DeepPrior"/>) or one of those that it is compared with. The model's file has the means; an
/// ensemble of weight samples is written beside it.
/// </summary>
public sealed class Variational : TrainingMethod
{
    /// <summary>The ensemble's file in the run's folder.</summary>
    public const string SamplesFile = "weight-samples.onnx";

    private static readonly ChoiceKey<Prior> s_prior = new("prior", "The distribution of kernels that is known before", new Dictionary<string, Prior>
    {
        ["deep"] = Prior.Deep,
        ["gaussian"] = Prior.Normal,
        ["log-uniform"] = Prior.LogUniform,
        ["standard-normal"] = Prior.StandardNormal,
    }, Prior.Deep);

    private static readonly ChoiceKey<KernelStart?> s_start = new(
        "start", "What the kernels' means start from; absent, the prior where it is learnt, else the network's own", KernelStarts.Words, null);

    private static readonly NumberKey s_logVariance = new("log-variance", "What log σ² of every weight starts at", -10, -30, 2);
    private static readonly NumberKey s_weight = new("weight", "How much the divergence weighs; 1 is the evidence lower bound", 1, 0, 1e6);
    private static readonly IntegerKey s_samples = new("samples", "Weight samples in the ensemble that is written beside the model", 10, 1, 1000);

    /// <summary>The keys of its block.</summary>
    internal static IReadOnlyList<SpecKey> Keys { get; } = [s_prior, s_start, s_logVariance, s_weight, s_samples, .. KernelSources.Keys];

    private readonly TrainingTask _task;
    private readonly Options _options;
    private readonly LearntKernels _learnt;
    private readonly List<LinearLayer> _layers;
    private readonly KernelPrior[] _priors;
    private readonly Parameter[] _logVariances;
    private readonly Dictionary<string, Tensor> _drawn = new(StringComparer.Ordinal);

    private Variational(TrainingTask task, Options options)
    {
        (_task, _options, _learnt) = (task, options, new LearntKernels(task, options.Sources));
        _layers = [.. KernelStarts.Convolutions(task.Network)];
        RequireSize(task, options.Samples);
        options.Start.Draw(task.Network, _learnt, task.Recipe.Seed);
        _priors = [.. _layers.Select(PriorOf)];
        _logVariances =
        [
            .. _layers.Select(layer => new Parameter(full_like(layer.Weights, options.LogVariance, requires_grad: false).DetachFromDisposeScope())),
        ];
        task.Network.Hook = Substitute;
    }

    // Said before training: the samples are written behind it, as one file.
    private void RequireSize(TrainingTask task, int samples)
    {
        long kernels = _layers.Sum(layer => layer.Weights.numel()) * sizeof(float);
        long rest = task.Network.Graph.Initializers.Values.Sum(tensor => (long)tensor.Data.Length) - kernels;
        long most = (OnnxWriter.MostBytes - rest) / kernels;
        if (samples > most)
        {
            throw new AuditException($"{task.Recipe.Name}: method.samples: {samples} samples of this network's kernels are more than one ONNX file holds: at "
                + $"most {most}.");
        }
    }

    private enum Prior
    {
        Deep,
        Normal,
        LogUniform,
        StandardNormal,
    }

    /// <summary>Reads <c>method: { name: variational, prior: deep, sources: [FOLDER], start: deep, log-variance: -10, weight: 1, samples: 10 }</c>.</summary>
    /// <exception cref="AuditException">A value is out of range, or sources are missing.</exception>
    public static MethodFactory Parse(SpecMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        Prior prior = s_prior.Read(map);
        KernelStart start = s_start.Read(map) ?? prior switch
        {
            Prior.Deep => KernelStart.Deep,
            Prior.Normal => KernelStart.Normal,
            _ => KernelStart.Network,
        };
        string? needed = prior is Prior.Deep or Prior.Normal ? $"prior: {map.OptionalText(s_prior.Key) ?? "deep"}"
            : start.Learns() ? $"start: {map.OptionalText(s_start.Key)}" : null;
        var options = new Options(
            prior, start, s_logVariance.Read(map), s_weight.Read(map), s_samples.Read(map), KernelSources.Parse(map, needed));
        return task => new Variational(task, options);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters => _logVariances;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Networks => _learnt.Kernels.Count > 0 ? _options.Sources.Paths : [];

    /// <summary>The last epoch is kept: the bound is what is climbed, and the variances are those of its end.</summary>
    public override int FirstKept(int epochs) => epochs - 1;

    /// <inheritdoc/>
    public override Tensor Loss(TrainingStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        Tensor divergence = zeros(1, device: step.Network.Device).sum();
        using Generator draws = step.Draws();
        _drawn.Clear();
        foreach ((LinearLayer layer, KernelPrior prior) in _layers.Zip(_priors))
        {
            Tensor logVariance = LogVariance(layer);
            Tensor sample = layer.Weights + ((logVariance / 2).exp() * empty_like(logVariance, requires_grad: false).normal_(generator: draws));
            _drawn[layer.Name] = sample;
            divergence += prior.Divergence(ByKernel(layer.Weights), ByKernel(logVariance), ByKernel(sample), draws);
        }

        Tensor loss = step.CrossEntropy();
        _drawn.Clear();
        return loss + (_options.Weight / _task.Images.Count * divergence);
    }

    /// <inheritdoc/>
    public override IEnumerable<FurtherModel> FurtherModels()
    {
        _task.Network.WriteBack();
        Dictionary<string, TensorValue>[] samples = [.. Enumerable.Range(0, _options.Samples).Select(Sample)];
        string name = FormattableString.Invariant($"{_options.Samples} weight samples");
        return [new FurtherModel(name, SamplesFile, WeightSamples.Ensemble(_task.Network.Graph, _task.Network.Result, samples))];
    }

    /// <inheritdoc/>
    public override string Report(string folder)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable gradients = no_grad();
        string prior = _options.Prior switch
        {
            Prior.Deep => "the deep weight prior (autoencoders of source kernels)",
            Prior.Normal => "a normal distribution of source kernels with a full covariance",
            Prior.LogUniform => "log-uniform, with noise of at most a weight's own size",
            _ => "standard normal",
        };
        var text = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"""
            Variational inference over the kernels of {_layers.Count} convolutions, weight of the divergence {_options.Weight}; all other weights are
            point estimates. Prior: {prior}. The means started from {_options.Start.Text()}, log σ² from {_options.LogVariance}. The model has the
            means; `{SamplesFile}` averages the probabilities of {_options.Samples} draws of the kernels.


            """));
        text.Append("| layer | kernels | mean σ of its weights | root mean square of their means |\n|---|---:|---:|---:|\n");
        foreach (LinearLayer layer in _layers)
        {
            double sigma = (LogVariance(layer) / 2).exp().mean().item<float>(), size = layer.Weights.square().mean().sqrt().item<float>();
            text.Append($"| `{layer.Name}` | {NumberText.Count(layer.Weights.shape[0] * layer.Weights.shape[1])} | {NumberText.Value(sigma)} "
                + $"| {NumberText.Value(size)} |\n");
        }

        return text.Append(KernelsTable.Markdown(_learnt, folder)).ToString();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _task.Network.Hook = null;
        _learnt.Dispose();
        foreach (Parameter parameter in _logVariances)
        {
            parameter.Dispose();
        }

        base.Dispose(disposing);
    }

    private static Tensor ByKernel(Tensor weights) => weights.flatten(2).flatten(0, 1);

    private KernelPrior PriorOf(LinearLayer layer) => _options.Prior switch
    {
        Prior.Deep => new DeepPrior(_learnt.Vae(layer)),
        Prior.Normal => new NormalPrior(_learnt.Normal(layer)),
        Prior.LogUniform => new LogUniformPrior(),
        _ => new StandardNormalPrior(),
    };

    private Tensor LogVariance(LinearLayer layer)
    {
        int i = _layers.FindIndex(one => one.Name == layer.Name);
        return _priors[i].Allowed(layer.Weights, _logVariances[i]);
    }

    // Whatever node takes a layer's weights takes the step's draw of them instead.
    private Tensor? Substitute(Node node, IReadOnlyList<Tensor?> inputs, Func<IReadOnlyList<Tensor?>, Tensor> run)
        => node.Inputs.Any(_drawn.ContainsKey)
            ? run([.. node.Inputs.Zip(inputs, (name, value) => _drawn.TryGetValue(name, out Tensor? drawn) ? drawn.to(value!.dtype) : value)])
            : null;

    private Dictionary<string, TensorValue> Sample(int number)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable gradients = no_grad();
        var sample = new Dictionary<string, TensorValue>(StringComparer.Ordinal);
        foreach (LinearLayer layer in _layers)
        {
            float[] noise = new float[layer.Weights.numel()];
            CounterRandom.For(_task.Recipe.Seed, $"weight sample/{layer.Name}", number).FillNormal(noise, 0, 1);
            Tensor draws = tensor(noise, layer.Weights.shape).to(layer.Weights.device);
            sample[layer.Name] = (layer.Weights + ((LogVariance(layer) / 2).exp() * draws)).ToValue();
        }

        return sample;
    }

    private sealed record Options(Prior Prior, KernelStart Start, double LogVariance, double Weight, int Samples, KernelSources Sources);
}
