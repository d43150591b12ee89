using AuditKit.Models;
using AuditKit.Models.Forms;
using AuditKit.Models.Onnx;
using AuditKit.Training.Graphs;
using AuditKit.Training.Loop;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AuditKit.Training.Remedies.LastLayer;

/// <summary>
/// The fully connected layer that reads the logits off the embedding. Its D weights and, where it has one, its bias are a row of a K×D or
/// K×(D + 1) matrix for each class.
/// </summary>
internal sealed class DenseHead
{
    private readonly TrainingTask _task;
    private readonly LinearLayer _layer;
    private readonly Parameter? _bias;
    private readonly double _biasScale;

    private readonly int _batch;

    private DenseHead(TrainingTask task, ClassifierGraph classifier, LinearLayer layer, Node node, Parameter? bias)
    {
        (_task, Embedding, _layer, _bias, _batch, Classes) = (task, classifier.Embedding!, layer, bias, classifier.FixedBatch ?? 4, classifier.Classes);
        _biasScale = node.Type == "Gemm" && node.Inputs.Count > 2 ? node.Attribute("beta", 1f) : 1;
        if (_bias is not null && _bias.numel() != (IsSigmoid ? 1 : Classes))
        {
            throw Unusable(task, Embedding);
        }

        // Whatever else is trained behind the embedding may be any number later.
        HashSet<string> before = new ValueGivers(task.Network.Graph).UsedFor(Embedding);
        RequireMultiple([.. task.Network.Parameters.Where(parameter => !before.Contains(parameter.Key)).Select(parameter => parameter.Value)]);
    }

    /// <summary>The name of the embedding's value.</summary>
    public string Embedding { get; }

    /// <summary>Number of classes K.</summary>
    public int Classes { get; }

    /// <summary>Whether the layer has a bias.</summary>
    public bool HasBias => _bias is not null;

    private bool IsSigmoid => Classes == 2 && _layer.Weights.numel() == Length;

    private long Length => _layer.Weights.shape[_layer.IsTransposed ? 0 : 1];

    /// <summary>Finds the layer, and sees by a trial run that the logits are its outputs.</summary>
    /// <param name="task">Network and data.</param>
    /// <param name="embedding">The name of the embedding's value; null for the one that an audit takes.</param>
    /// <exception cref="AuditException">The model has no such value, or something else makes logits of it.</exception>
    public static DenseHead Of(TrainingTask task, string? embedding)
    {
        ClassifierGraph classifier = task.WithEmbedding(embedding);
        using DisposeScope scope = NewDisposeScope();
        using IDisposable gradients = no_grad();
        (Node? node, LinearLayer? layer) = LinearLayer.ByNode(task.Network).LastOrDefault(
            each => each.Value.Weights.ndim == 2 && each.Key.Inputs[0] == classifier.Embedding);
        if (node is null || layer is null)
        {
            throw Unusable(task, classifier.Embedding!);
        }

        Node? sum = task.Network.Nodes.FirstOrDefault(next => next.Type == "Add" && next.Inputs.Contains(node.Outputs[0]));
        string? bias = node.Type == "Gemm" && node.Inputs.Count > 2 ? node.Inputs[2] : sum?.Inputs.FirstOrDefault(input => input != node.Outputs[0]);
        return new DenseHead(task, classifier, layer, node, bias is null ? null : task.Network.Parameters.GetValueOrDefault(bias));
    }

    /// <summary>Embeddings as rows that weights are multiplied by, n×D or n×(D + 1), 64-bit floats: the last column is 1 for the bias.</summary>
    /// <param name="embeddings">n×D.</param>
    public Tensor Features(Embeddings embeddings)
    {
        Tensor features = tensor(embeddings.Values, [embeddings.Count, embeddings.Length]).to(ScalarType.Float64);
        return HasBias ? cat([features, ones([embeddings.Count, 1], ScalarType.Float64)], 1) : features;
    }

    /// <summary>The embeddings of a set's images, as the network now makes them.</summary>
    /// <exception cref="AuditException">An image cannot be read.</exception>
    public Embeddings EmbeddingsOf(TrainingSet set) => Embeddings.Of(
        _task.Network, Embedding, _task.Normalisation, set, _task.Recipe.Batch, done => _task.Progress("embedding images", done, set.Count),
        _task.Cancellation);

    /// <summary>The weights, K×D or K×(D + 1), 64-bit floats.</summary>
    public Tensor Read()
    {
        double temperature = Temperature();
        Tensor weights = Double(_layer.IsTransposed ? _layer.Weights.t() : _layer.Weights) * (_layer.Scale * temperature);
        Tensor rows = _bias is null ? weights : cat([weights, Double(_bias).reshape(-1, 1) * (_biasScale * temperature)], 1);
        return IsSigmoid ? cat([zeros_like(rows), rows]) : rows;
    }

    /// <summary>What weights score.</summary>
    /// <param name="weights">K×D.</param>
    /// <param name="features">n×D.</param>
    /// <param name="classes">n classes.</param>
    /// <param name="groups">n groups; those without an image do not count.</param>
    /// <param name="hardGroup">The hard group; null for none.</param>
    public static ValidationScore Score(Tensor weights, Tensor features, IReadOnlyList<int> classes, IReadOnlyList<int> groups, int? hardGroup)
    {
        long[] predicted = features.mm(weights.t()).argmax(1).ToLongs();
        return ValidationScore.Of([.. predicted.Zip(classes, (answer, truth) => answer == truth)], groups, hardGroup);
    }

    /// <summary>Puts weights into the network.</summary>
    /// <param name="weights">K×D or K×(D + 1).</param>
    public void Write(Tensor weights)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable gradients = no_grad();
        Tensor rows = (IsSigmoid ? weights.narrow(0, 1, 1) - weights.narrow(0, 0, 1) : weights) / Temperature();
        Tensor matrix = rows.narrow(1, 0, Length) / _layer.Scale;
        _layer.Weights.copy_(_layer.IsTransposed ? matrix.t() : matrix);
        _bias?.copy_((rows.narrow(1, Length, 1) / _biasScale).reshape(_bias.shape));
    }

    // Refuses a network whose logits are no multiple of the layer's outputs when these parameters are noise as the layer's own are.
    private void RequireMultiple(IReadOnlyList<Tensor> others)
    {
        if (Trial(others) is not var (logits, outputs) || !allclose(logits, outputs * Quotient(logits, outputs), rtol: 1e-3, atol: 1e-4))
        {
            throw Unusable(_task, Embedding);
        }
    }

    // What the logits are multiples of the layer's outputs by, as the network now is.
    private double Temperature() => Trial([]) is var (logits, outputs) ? Quotient(logits, outputs) : throw Unusable(_task, Embedding);

    private static double Quotient(Tensor logits, Tensor outputs)
        => (logits * outputs).sum().item<double>() / outputs.square().sum().item<double>() is var quotient && double.IsFinite(quotient) ? quotient : 1;

    // The logits of noise, and what this layer gives for its embedding, as many numbers; null where there are others. The weights are noise,
    // too, because the layer's own may be zeros.
    private (Tensor Logits, Tensor Outputs)? Trial(IReadOnlyList<Tensor> others)
    {
        using IDisposable gradients = no_grad();
        (int channels, int height, int width) = _task.Transform.Input;
        Tensor[] parameters = [.. new[] { _layer.Weights, _bias }.OfType<Tensor>().Concat(others).Distinct(ReferenceEqualityComparer.Instance)
            .Cast<Tensor>()];
        using var own = new KeptWeights(parameters);
        bool trains = _task.Network.Training;
        _task.Network.Training = false;
        try
        {
            Array.ForEach(parameters, parameter => parameter.copy_(Noise(parameter.shape)));
            Tensor[] values = _task.Network.Run(Noise([_batch, channels, height, width]).to(_task.Network.Device), _task.Network.Result, Embedding);
            (Tensor logits, Tensor rows) = (Double(values[0]), Double(values[1].flatten(1)));
            if (rows.shape[1] != Length)
            {
                return null;
            }

            Tensor outputs = rows.mm(Double(_layer.IsTransposed ? _layer.Weights : _layer.Weights.t())) * _layer.Scale;
            outputs = _bias is null ? outputs : outputs + (Double(_bias).flatten() * _biasScale);
            // A single sigmoid gives the logits (0, z).
            (logits, outputs) = IsSigmoid ? (logits.select(1, 1) - logits.select(1, 0), outputs.flatten()) : (logits, outputs);
            return logits.numel() == outputs.numel() ? (logits, outputs) : null;
        }
        finally
        {
            own.PutBack();
            _task.Network.Training = trains;
        }

        static Tensor Noise(long[] shape)
        {
            float[] noise = new float[checked((int)shape.Aggregate(1L, (product, length) => product * length))];
            CounterRandom.For(0, "last layer/trial", noise.Length).FillNormal(noise, 0, 1);
            return tensor(noise, shape);
        }
    }

    private static Tensor Double(Tensor values) => values.detach().cpu().to(ScalarType.Float64);

    private static AuditException Unusable(TrainingTask task, string embedding) => new(
        $"{task.Recipe.Name}: the last layer cannot be fitted anew, because the model's logits are not made of '{embedding}' by one fully connected "
        + "layer. Name the input of its last layer with method.embedding: NAME, or choose gdro or jtt.");
}
