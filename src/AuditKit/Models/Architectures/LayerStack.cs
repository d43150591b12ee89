using AuditKit.Imaging;
using AuditKit.Models.Onnx;

namespace AuditKit.Models.Architectures;

/// <summary>
/// Adds layers to a graph, with their initial parameters. Weights are drawn from N(0, 2 / fan-in) (He et al.,
/// Delving deep into rectifiers, ICCV 2015, eq. 10), biases are 0, batch normalisation starts as the identity.
/// Parameters are named as PyTorch names them: <c>stage1.block0.conv1.weight</c>, <c>….bn1.running_mean</c>.
/// </summary>
internal sealed class LayerStack
{
    private readonly long _seed;

    /// <summary>An empty network of one image input.</summary>
    public LayerStack(string name, InputShape input, long seed)
    {
        _seed = seed;
        Graph = new Graph(name);
        Graph.Input("input", "batch", input.Channels, input.Height, input.Width);
    }

    /// <summary>The graph built so far.</summary>
    public Graph Graph { get; }

    /// <summary>A square convolution from <paramref name="channels"/> to <paramref name="filters"/> channels.</summary>
    public string Conv(
        string from, string name, int channels, int filters, int kernel, int stride = 1, int pad = 0, bool bias = false)
    {
        List<string> inputs = [from, Weight(name, channels * kernel * kernel, filters, channels, kernel, kernel)];
        if (bias)
        {
            inputs.Add(Fill($"{name}.bias", 0, filters));
        }

        return Graph.Add(
            "Conv",
            inputs,
            name,
            ("kernel_shape", new long[] { kernel, kernel }),
            ("strides", new long[] { stride, stride }),
            ("pads", new long[] { pad, pad, pad, pad }));
    }

    /// <summary>Batch normalisation over <paramref name="channels"/> channels; ε and momentum as PyTorch has them.</summary>
    public string BatchNorm(string from, string name, int channels) => Graph.Add(
        "BatchNormalization",
        [
            from,
            Fill($"{name}.weight", 1, channels),
            Fill($"{name}.bias", 0, channels),
            Fill($"{name}.running_mean", 0, channels),
            Fill($"{name}.running_var", 1, channels),
        ],
        name,
        ("epsilon", 1e-5f),
        ("momentum", 0.9f));

    /// <summary>max(x, 0).</summary>
    public string Relu(string from, string name) => Graph.Add("Relu", [from], name);

    /// <summary>x, or 0.01·x where it is negative.</summary>
    public string LeakyRelu(string from, string name) => Graph.Add("LeakyRelu", [from], name, ("alpha", 0.01f));

    /// <summary>Square max pooling.</summary>
    public string MaxPool(string from, string name, int kernel, int stride, int pad = 0) => Graph.Add(
        "MaxPool",
        [from],
        name,
        ("kernel_shape", new long[] { kernel, kernel }),
        ("strides", new long[] { stride, stride }),
        ("pads", new long[] { pad, pad, pad, pad }));

    /// <summary>N×C×H×W to N×C·H·W.</summary>
    public string Flatten(string from, string name) => Graph.Add("Flatten", [from], name);

    /// <summary>A fully connected layer with bias.</summary>
    public string Linear(string from, string name, int inputs, int outputs) => Graph.Add(
        "Gemm",
        [from, Weight(name, inputs, outputs, inputs), Fill($"{name}.bias", 0, outputs)],
        name,
        ("transB", 1L));

    /// <summary>The classifier's last layer, N×D <c>embedding</c> to N×K <c>logits</c>; ends the network.</summary>
    public Graph Classify(string embedding, int length, int classes)
    {
        Graph.Add(
            "Gemm",
            [embedding, Weight("fc", length, classes, length), Fill("fc.bias", 0, classes)],
            "logits",
            ("transB", 1L));
        Graph.Output("logits", "batch", classes);
        return Graph;
    }

    private string Weight(string layer, int fanIn, params ReadOnlySpan<long> dimensions)
    {
        string name = $"{layer}.weight";
        var random = CounterRandom.For(_seed, $"initialise/{name}", 0);
        double deviation = Math.Sqrt(2.0 / fanIn);
        float[] values = new float[Count(dimensions)];
        foreach (ref float value in values.AsSpan())
        {
            value = (float)(deviation * random.NextNormal());
        }

        return Add(name, values, dimensions);
    }

    private string Fill(string name, float value, int count)
    {
        float[] values = new float[count];
        Array.Fill(values, value);
        return Add(name, values, count);
    }

    private string Add(string name, float[] values, params ReadOnlySpan<long> dimensions) =>
        Graph.Initializer(name, TensorValue.Of(values, dimensions));

    private static long Count(ReadOnlySpan<long> dimensions)
    {
        long count = 1;
        foreach (long dimension in dimensions)
        {
            count *= dimension;
        }

        return count;
    }
}
