using AuditKit.Models.Onnx;

namespace AuditKit.Training.Tests.Graphs.Channels;

/// <summary>
/// A residual network of random make: blocks with and without batch norm, padding and biases, shortcuts that pad channels or convolve,
/// concatenations, pools and a dense end; of its filters, and of what looks at them, a random part is zero.
/// </summary>
internal sealed class SparseNetwork
{
    private readonly CounterRandom _random;
    private int _channels = 3;

    public SparseNetwork(int seed)
    {
        _random = CounterRandom.For(seed, "network", 0);
        Graph = new Graph("sparse");
        string x = Graph.Input("input", "n", 3, 8, 8);
        x = Layer(x, "stem", 6, kernel: 3);
        for (int block = 0; block < 3; block++)
        {
            x = Block(x, $"block{block}");
        }

        x = Graph.Add("MaxPool", [x], "pool", ("kernel_shape", new long[] { 2, 2 }), ("strides", new long[] { 2, 2 }));
        int features = _channels * 16;
        x = Chance(0.5) ? Graph.Add("Flatten", [x], "flat")
            : Graph.Add("Reshape", [x, Graph.Initializer("shape", TensorValue.Of([Chance(0.5) ? 0L : -1, features], 2))], "flat");
        bool isTransposed = Chance(0.5);
        x = Graph.Add(
            "Gemm", [x, Weights("fc1.weight", isTransposed ? 0 : 1, isTransposed ? [9, features] : [features, 9]), Bias("fc1", 9)], "fc1",
            ("transB", isTransposed ? 1L : 0));
        x = Graph.Add(Chance(0.5) ? "Relu" : "Tanh", [x], "embedding");
        if (Chance(0.5))
        {
            x = Graph.Add("MatMul", [x, Weights("mid.weight", 1, [9, 7])], "mid");
            x = Graph.Add("Relu", [Graph.Add("Add", [x, Bias("mid", 7)], "mid.add")], "mid.relu");
        }

        Graph.Add("Gemm", [x, Weights("fc2.weight", 0, [4, x == "embedding" ? 9 : 7]), Bias("fc2", 4)], "logits", ("transB", 1L));
        Graph.Output("logits", "n", 4);
    }

    public Graph Graph { get; }

    public static float[] Values(int count, int seed)
    {
        CounterRandom random = CounterRandom.For(seed, "values", 0);
        return [.. Enumerable.Range(0, count).Select(_ => (float)(0.5 * random.NextNormal()))];
    }

    private string Block(string x, string name)
    {
        (int before, int width) = (_channels, _channels + _random.NextInt32(4));
        string inner = Layer(Layer(x, $"{name}.a", width, kernel: 3), $"{name}.b", width, kernel: 1);
        _channels = before;
        string shortcut = Chance(0.5) ? Layer(x, $"{name}.shortcut", width, kernel: 1)
            : width == before ? x
            : Graph.Add("Pad", [x, Graph.Initializer($"{name}.pads", TensorValue.Of([0L, 1, 0, 0, 0, width - before - 1, 0, 0], 8))], $"{name}.pad");
        _channels = width;
        string sum = Graph.Add("Relu", [Graph.Add("Add", [inner, shortcut], $"{name}.add")], $"{name}.relu");
        if (Chance(0.3))
        {
            sum = Graph.Add("Concat", [sum, inner], $"{name}.concat", ("axis", 1L));
            _channels = 2 * width;
        }

        return sum;
    }

    private string Layer(string x, string name, int filters, int kernel)
    {
        bool hasNorm = Chance(0.5);
        List<string> inputs = [x, Weights($"{name}.weight", 0, [filters, _channels, kernel, kernel])];
        if (Chance(0.6))
        {
            inputs.Add(Bias(name, filters));
        }

        string y = Graph.Add("Conv", inputs, name, ("pads", Enumerable.Repeat((long)(kernel / 2), 4).ToArray()));
        if (hasNorm)
        {
            string[] parameters = [.. new[] { "scale", "shift", "mean", "var" }.Select(each => Graph.Initializer(
                $"{name}.{each}", TensorValue.Of([.. Values(filters, _random.NextInt32(1 << 20)).Select(v => each == "var" ? 1 + (v * v) : each == "shift" ? Sparse(v) : v)], filters)))];
            y = Graph.Add("BatchNormalization", [y, .. parameters], $"{name}.norm");
        }

        _channels = filters;
        return Graph.Add(_random.NextInt32(3) switch { 0 => "Relu", 1 => "LeakyRelu", _ => "Tanh" }, [y], $"{name}.act");
    }

    private string Bias(string name, int count)
        => Graph.Initializer($"{name}.bias", TensorValue.Of([.. Values(count, _random.NextInt32(1 << 20)).Select(Sparse)], count));

    private float Sparse(float value) => Chance(0.5) ? 0 : value;

    /// <summary>Weights of which some outputs have none, and nobody has any for some inputs.</summary>
    private string Weights(string name, int outputDimension, long[] dimensions)
    {
        int count = (int)dimensions.Aggregate((product, dimension) => product * dimension);
        float[] values = Values(count, _random.NextInt32(1 << 20));
        int taps = count / (int)(dimensions[0] * dimensions[1]);
        bool[][] isCut = [.. dimensions.Take(2).Select((dimension, i) => Enumerable.Range(0, (int)dimension)
            .Select(_ => Chance(name == "fc2.weight" && i == outputDimension ? 0 : 0.35)).ToArray())];
        for (int i = 0; i < count; i++)
        {
            if (isCut[0][i / taps / dimensions[1]] || isCut[1][i / taps % dimensions[1]] || Chance(0.3))
            {
                values[i] = 0;
            }
        }

        return Graph.Initializer(name, TensorValue.Of(values, dimensions));
    }

    private bool Chance(double share) => _random.NextDouble() < share;
}
