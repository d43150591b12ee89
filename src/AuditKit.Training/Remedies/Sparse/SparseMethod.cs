using AuditKit.Models.Onnx;
using AuditKit.Training.Graphs;
using AuditKit.Training.Loop;
using TorchSharp;
using static TorchSharp.torch;

namespace AuditKit.Training.Remedies.Sparse;

/// <summary>
/// A method that leaves few weights of the network's convolutions and matrix products other than zero. After every epoch the sparse
/// network is validated, and it alone is kept; channels that it does without leave the file.
/// </summary>
public abstract class SparseMethod : TrainingMethod
{
    private readonly TrainingTask _task;
    private readonly IReadOnlyDictionary<Node, LinearLayer> _byNode;

    // The layers' indices by their weights' names: several nodes may run the same layer.
    private readonly Dictionary<string, int> _places;
    private SparsityReport? _report;

    /// <summary>A method for the layers of a network.</summary>
    /// <param name="task">The network, as it is before training.</param>
    /// <exception cref="AuditException">The network has no convolution and no matrix product with trained weights.</exception>
    private protected SparseMethod(TrainingTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        _task = task;
        Layers = LinearLayer.Require(task.Network, "of which some could be zero");
        _byNode = LinearLayer.ByNode(task.Network);
        _places = Layers.Index().ToDictionary(layer => layer.Item.Name, layer => layer.Index);
    }

    /// <summary>The layers that become sparse.</summary>
    private protected IReadOnlyList<LinearLayer> Layers { get; }

    /// <summary>The run's length in epochs.</summary>
    private protected int Epochs => _task.Recipe.Epochs;

    /// <summary>Images that are learnt from.</summary>
    private protected int Images => _task.Images.Count;

    /// <summary>The method's name and settings, and what a reader must know of it, for the card.</summary>
    private protected abstract string Description { get; }

    /// <summary>The weights of a layer in the model that is given out, as the graph has them.</summary>
    /// <param name="layer">The layer's index in <see cref="Layers"/>.</param>
    private protected abstract Tensor Released(int layer);

    /// <inheritdoc/>
    public override int FirstKept(int epochs) => epochs - 1;

    /// <inheritdoc/>
    public override void Release()
    {
        using IDisposable gradients = no_grad();
        using DisposeScope scope = NewDisposeScope();
        for (int i = 0; i < Layers.Count; i++)
        {
            // A weight times a mask may be −0: added to 0 it is 0, whose bytes are all alike.
            Layers[i].Weights.copy_(Released(i) + 0);
        }
    }

    /// <inheritdoc/>
    public sealed override Graph Export(Graph trained)
    {
        ArgumentNullException.ThrowIfNull(trained);
        _report = SparsityReport.Of(trained, Layers, _task.Recipe.Model);
        return _report.Model;
    }

    /// <inheritdoc/>
    public sealed override string Report(string folder) => $"{Description}\n\n{_report?.ToMarkdown()}";

    /// <summary>The epoch that a step belongs to, from 0.</summary>
    private protected int Epoch(TrainingStep step) => EpochAt(step.Progress, Epochs);

    /// <summary>The epoch that a share of the run falls into.</summary>
    internal static int EpochAt(double progress, int epochs) => Math.Min((int)((progress * epochs) + 1e-9), epochs - 1);

    /// <summary>The index in <see cref="Layers"/> of the layer that a node runs; null where it runs none.</summary>
    private protected int? LayerOf(Node node) => _byNode.TryGetValue(node, out LinearLayer? layer) ? _places[layer.Name] : null;

    /// <summary>What a node multiplies its weights by; two nodes may take the same weights by different numbers.</summary>
    private protected double ScaleOf(Node node) => _byNode[node].Scale;

    /// <summary>A tensor of the weights' shape, as a node takes the weights.</summary>
    private protected Tensor AsTaken(Node node, Tensor tensor) => _byNode[node].IsTurned ? tensor.t() : tensor;
}
