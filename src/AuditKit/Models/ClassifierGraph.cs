using AuditKit.Imaging;
using AuditKit.Models.Onnx;
using AuditKit.Yaml;

namespace AuditKit.Models;

/// <summary>
/// A graph seen as a classifier: one image input, logits, and an embedding. Where the model ends in a softmax, the
/// softmax's input is the logits: the same classes and probabilities, without the rounding to 0 and 1.
/// </summary>
public sealed class ClassifierGraph
{
    // What exporters put behind a softmax or between layers without changing a number.
    private static readonly HashSet<string> Reshaping = ["Identity", "Flatten", "Reshape", "Squeeze", "Unsqueeze", "Dropout"];

    private ClassifierGraph(Graph graph, GraphValue input, InputShape shape, int? batch)
        => (Graph, InputName, Input, FixedBatch) = (graph, input.Name, shape, batch);

    /// <summary>The graph, with <see cref="Logits"/> and <see cref="Embedding"/> among its outputs.</summary>
    public Graph Graph { get; private set; }

    /// <summary>The name of the value that takes N×C×H×W pixels.</summary>
    public string InputName { get; }

    /// <summary>The shape of one image.</summary>
    public InputShape Input { get; }

    /// <summary>The only batch size that the model accepts; null where it is variable.</summary>
    public int? FixedBatch { get; }

    /// <summary>The name of the value that holds N×K logits.</summary>
    public string Logits { get; private set; } = "";

    /// <summary>The name of the value that holds the embedding, N×D once flattened; null where there is none.</summary>
    public string? Embedding { get; private set; }

    /// <summary>Reads a model file as a classifier.</summary>
    /// <param name="path">An ONNX file.</param>
    /// <param name="input">The shape of one image, where the user gives it.</param>
    /// <param name="embedding">The name of the embedding's value, where the user gives it.</param>
    /// <exception cref="AuditException">The file is no ONNX model, or the model is no image classifier.</exception>
    public static ClassifierGraph Read(string path, InputShape? input = null, string? embedding = null)
        => Of(OnnxFile.Read(path), input, embedding);

    /// <summary>Sees a graph as a classifier.</summary>
    /// <param name="graph">A model, which is not changed.</param>
    /// <param name="input">The shape of one image, where the user gives it.</param>
    /// <param name="embedding">The name of the embedding's value, where the user gives it.</param>
    /// <exception cref="AuditException">The model is no image classifier, or has no such value.</exception>
    public static ClassifierGraph Of(Graph graph, InputShape? input = null, string? embedding = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        string path = graph.Source;
        GraphValue[] inputs = [.. graph.RequiredInputs];
        if (inputs.Length != 1)
        {
            throw new AuditException(
                $"{path}: a classifier has one input, but this model has {inputs.Length}: {string.Join(", ", inputs.Select(value => value.Name))}.");
        }

        if (graph.Outputs.Count != 1)
        {
            throw new AuditException(
                $"{path}: a classifier has one output, but this model has {graph.Outputs.Count}: "
                + $"{string.Join(", ", graph.Outputs.Select(value => value.Name))}. Export it with its logits alone.");
        }

        (InputShape shape, int? batch) = Shape(path, inputs[0], input);
        var classifier = new ClassifierGraph(graph, inputs[0], shape, batch);
        classifier.FindLogits();
        classifier.FindEmbedding(embedding);
        return classifier;
    }

    /// <summary>The batch size to run the model in: its only one, or one that keeps a device busy.</summary>
    /// <param name="device">Where it runs.</param>
    public int PreferredBatch(Device device)
    {
        // A rule rather than a measurement, so that two runs choose the same batch: small images are batched to keep
        // the threads busy, large ones keep them busy alone, and a GPU takes several times as many.
        int images = Math.Clamp((1 << 20) / Input.Length, 1, 32);
        return FixedBatch ?? (device.Gpu is null ? images : 8 * images);
    }

    private static (InputShape Shape, int? Batch) Shape(string path, GraphValue input, InputShape? given)
    {
        if (input is not { Type: ElementType.Float, Shape: { Count: 4 } shape })
        {
            throw new AuditException($"{path}: its input must be N×C×H×W 32-bit floats, but it is '{input}'.");
        }

        if (shape.Skip(1).Any(dimension => dimension.Size is null) && given is null)
        {
            throw new AuditException(
                $"{path}: its input '{input}' leaves the image's size open. Say which size to use: input: [channels, height, width].");
        }

        if (given is { } wanted && !(Fits(shape[1], wanted.Channels) && Fits(shape[2], wanted.Height) && Fits(shape[3], wanted.Width)))
        {
            throw new AuditException($"{path}: images of {wanted} do not fit its input '{input}'.");
        }

        long[] dimensions = given is { } size
            ? [size.Channels, size.Height, size.Width]
            : [.. shape.Skip(1).Select(dimension => dimension.Size!.Value)];
        if (dimensions[0] is not (1 or 3) || dimensions.Any(length => length is < 1 or > 4096))
        {
            throw new AuditException(
                $"{path}: its input '{input}' is no image: expected N×C×H×W with 1 or 3 channels"
                + (dimensions[2] is 1 or 3 ? "; the channels stand last, export it with the channels first." : "."));
        }

        var image = new InputShape((int)dimensions[0], (int)dimensions[1], (int)dimensions[2]);
        return shape[0].Size is not { } batch ? (image, null)
            : batch is >= 1 and <= 65536 && batch * image.Length <= int.MaxValue / sizeof(float) ? (image, (int)batch)
            : throw new AuditException($"{path}: the batch size of its input '{input}' cannot be used: 0, or more than 2 GB of images.");

        static bool Fits(Dimension dimension, int length) => dimension.Size is null || dimension.Size == length;
    }

    private void FindLogits()
    {
        string value = Graph.Outputs[0].Name;
        int node = Producer(value, Graph.Nodes.Count);
        while (node >= 0 && Reshaping.Contains(Graph.Nodes[node].Type))
        {
            node = Producer(Graph.Nodes[node].Inputs[0], node);
        }

        Logits = value;
        if (node >= 0 && Graph.Nodes[node] is { Type: "Softmax" } softmax)
        {
            Logits = softmax.Inputs[0];
            Graph = Graph.WithOutputs(Logits);
            Graph.Outputs.RemoveAt(0);
        }
    }

    private void FindEmbedding(string? name)
    {
        if (name is null)
        {
            Embedding = InputOfLastDenseLayer();
        }
        else
        {
            string[] values = [.. Graph.Nodes.SelectMany(node => node.Outputs).Where(value => value.Length > 0)];
            Embedding = values.Contains(name)
                ? name
                : throw new AuditException(
                    $"{Graph.Source}: no value of the model is named '{name}', which is to be the embedding.{Spelling.Nearest(name, values)} "
                    + $"The last values are: {string.Join(", ", values.TakeLast(8))}.");
        }

        if (Embedding is not null)
        {
            Graph = Graph.WithOutputs(Embedding);
        }
    }

    // Back from the logits to the fully connected layer that gives them: over its bias, a temperature and what only reshapes.
    private string? InputOfLastDenseLayer()
    {
        int index = Producer(Logits, Graph.Nodes.Count);
        while (index >= 0)
        {
            Node node = Graph.Nodes[index];
            if (node.Type is "Gemm" or "MatMul")
            {
                return Producer(node.Inputs[0], index) >= 0 ? node.Inputs[0] : null;
            }

            index = node.Type is "Add" or "Div" || Reshaping.Contains(node.Type)
                ? node.Inputs.Max(input => Producer(input, index))
                : -1;
        }

        return null;
    }

    // The index of the node before another one that gives a value; -1 where none does. Looking only backwards ends
    // even in a damaged graph with a cycle.
    private int Producer(string value, int before) =>
        before == 0 ? -1 : Graph.Nodes.FindLastIndex(before - 1, node => node.Outputs.Contains(value));
}
