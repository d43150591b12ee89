using System.Runtime.InteropServices;
using AuditKit.Imaging;
using AuditKit.Models;
using AuditKit.Models.Onnx;
using AuditKit.Training.Libtorch;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace AuditKit.Training.Graphs;

/// <summary>An ONNX classifier whose batch norm adapts itself to the batches that it is shown; the file's own model is not changed.</summary>
public sealed class AdaptedGraph : IAdaptedModel
{
    private const string BatchNorm = "BatchNormalization";
    private const double Momentum = 0.9;

    private readonly Adaptation _adaptation;
    private readonly ClassifierGraph _graph;
    private readonly GraphModule _module;
    private readonly Parameter[] _trained;
    private readonly OptimizerHelper? _optimiser;

    // Of the batch that is being run. A value may have more rows than there are images: one for every patch, say.
    private int _images;

    /// <summary>Opens a copy of a model.</summary>
    /// <param name="model">The model, which is not changed.</param>
    /// <param name="options">What the file does not say.</param>
    /// <param name="adaptation">How it adapts.</param>
    /// <exception cref="AuditException">
    /// The model has no batch norm or one batch size alone, an operator cannot be run here, or the device is not there.
    /// </exception>
    public AdaptedGraph(Graph model, ClassifierOptions options, Adaptation adaptation)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(adaptation);
        FixedBatch.RequireDevice(options.Device);
        (_adaptation, _graph) = (adaptation, ClassifierGraph.Of(SharedTensors.Divide(model), options));
        RequireBatches(model.Source, _graph);
        set_num_threads(options.Threads);
        _module = new GraphModule(SinglePrecision.Of(_graph.Graph), torch.device(options.Device.ToString())) { Training = true, Hook = Replace };
        _trained = adaptation is TentAdaptation ? [.. ScalesAndShifts()] : [];
        if (adaptation is TentAdaptation && _trained.Length == 0)
        {
            _module.Dispose();
            throw new AuditException($"{model.Source}: its batch norms have no scale and shift that TENT could train. Leave tent out of "
                + "checks.tta.adapt.methods.");
        }

        foreach (Parameter parameter in _module.Parameters.Values.Except(_trained))
        {
            parameter.requires_grad = false;
        }

        _optimiser = adaptation switch
        {
            TentAdaptation { Optimiser: TentOptimiser.Adam, Rate: var rate } => optim.Adam(_trained, rate),
            TentAdaptation { Optimiser: TentOptimiser.Sgd, Rate: var rate } => optim.SGD(_trained, rate, Momentum),
            _ => null,
        };
    }

    /// <inheritdoc/>
    public InputShape Input => _graph.Input;

    /// <inheritdoc/>
    public int Classes => _graph.Classes;

    /// <inheritdoc/>
    public void Run(ReadOnlySpan<float> pixels, int count, Span<float> logits)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        _images = count;
        float[] images = new float[count * Input.Length];
        _graph.Normalisation.Apply(pixels[..images.Length], images);
        using IDisposable gradients = set_grad_enabled(_optimiser is not null);
        try
        {
            Predict(images, count, logits);
            // Outside of the scope that frees what a batch made: the optimiser keeps its state.
            _ = _optimiser?.step();
        }
        catch (ExternalException e)
        {
            throw new AuditException($"{_graph.Graph.Source}: the model cannot adapt itself to a batch of {count}: {e.Text()}", ExitCode.Error, e);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _optimiser?.Dispose();
        _module.Dispose();
    }

    private void Predict(float[] images, int count, Span<float> logits)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor input = tensor(images, [count, Input.Channels, Input.Height, Input.Width]).to(_module.Device);
        Tensor output = _module.Run(input, _graph.Logits)[0].reshape(count, Classes);
        ModelOutput.CopyFinite(_graph.Graph.Source, output.ToFloats(), Classes, logits);
        if (_optimiser is not null)
        {
            // TENT's loss: the mean entropy −Σ_k p_k·log p_k of what was just said, which the step after it does not change any more.
            Tensor log = output.log_softmax(1);
            _optimiser.zero_grad();
            (-(log.exp() * log).sum(1).mean()).backward();
        }
    }

    // All else runs as it does when a trained model is used.
    private Tensor? Replace(Node node, IReadOnlyList<Tensor?> inputs, Func<IReadOnlyList<Tensor?>, Tensor> run) => node.Type switch
    {
        BatchNorm => Normalise(node, inputs[0]!, inputs[1]!, inputs[2]!, inputs[3]!, inputs[4]!),
        "Dropout" => inputs[0],
        _ => null,
    };

    private Tensor Normalise(Node node, Tensor x, Tensor scale, Tensor shift, Tensor mean, Tensor variance)
    {
        float epsilon = node.Attribute("epsilon", 1e-5f);
        if (_adaptation is not BatchNormAdaptation { SourceImages: var source })
        {
            return F.batch_norm(x, null, null, scale, shift, training: true, momentum: 0, eps: epsilon);
        }

        // What training has normalised by: the variance over the batch, not an estimate from it.
        long[] others = [0, .. Enumerable.Range(2, (int)x.ndim - 2).Select(axis => (long)axis)];
        double batch = _images / (source + _images);
        Tensor mixedMean = (mean * (1 - batch)) + (x.mean(others) * batch);
        Tensor mixedVariance = (variance * (1 - batch)) + (x.var(others, unbiased: false) * batch);
        return F.batch_norm(x, mixedMean, mixedVariance, scale, shift, training: false, momentum: 0, eps: epsilon);
    }

    private IEnumerable<Parameter> ScalesAndShifts() => _module.Nodes.Where(node => node.Type == BatchNorm)
        .SelectMany(node => new[] { node.Inputs[1], node.Inputs[2] }).Distinct()
        .Where(_module.Parameters.ContainsKey).Select(name => _module.Parameters[name]);

    private static void RequireBatches(string path, ClassifierGraph graph)
    {
        if (!graph.Graph.Nodes.Exists(node => node.Type == BatchNorm))
        {
            throw new AuditException(
                $"{path}: has no batch norm that could adapt itself; exports fold it into the convolutions. Export the model in evaluation mode "
                + "with torch.onnx.export(…, training=TrainingMode.PRESERVE, do_constant_folding=False), or leave out checks.tta.adapt.");
        }

        if (graph.FixedBatch is { } only)
        {
            throw new AuditException(
                $"{path}: takes batches of {only} alone, so it cannot adapt itself to others. Export the model with a variable batch size.");
        }
    }
}
