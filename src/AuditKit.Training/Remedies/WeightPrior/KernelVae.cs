using AuditKit.Models.Onnx;
using AuditKit.Training.Graphs;
using static TorchSharp.torch;

namespace AuditKit.Training.Remedies.WeightPrior;

/// <summary>
/// A variational autoencoder (Kingma and Welling, Auto-encoding variational Bayes, ICLR 2014) of kernels: an encoder r(z|w) and a decoder
/// p(w|z), both normal with a mean and a variance for each number, over codes z ~ N(0, I). Both are dense networks of four layers of ELUs,
/// the authors' general form; theirs for 7×7 and 5×5 convolve, at a hundred times the cost. It is an ONNX graph of two halves.
/// </summary>
internal sealed class KernelVae : IDisposable
{
    private const int Layers = 4;
    private const float LeastVariance = 1e-6f;
    private const string Kernel = "kernel", Code = "code", Mean = ".mean", Variance = ".variance";
    private static readonly double s_logTwoPi = Math.Log(2 * Math.PI);

    private readonly GraphModule _network;

    /// <summary>The autoencoder that a graph holds.</summary>
    /// <param name="graph">A graph that <see cref="Build"/> made.</param>
    /// <param name="device">Where it runs; null for the CPU.</param>
    public KernelVae(Graph graph, Device? device = null)
    {
        _network = new GraphModule(graph, device);
        Size = Length(graph, Kernel);
        CodeSize = Length(graph, Code);
    }

    /// <summary>Numbers in a kernel d.</summary>
    public int Size { get; }

    /// <summary>Numbers in a code.</summary>
    public int CodeSize { get; }

    /// <summary>What training changes.</summary>
    public IEnumerable<TorchSharp.Modules.Parameter> Parameters => _network.Parameters.Values;

    /// <summary>The graph, with the parameters as they are now.</summary>
    public Graph ToGraph()
    {
        _network.WriteBack();
        return _network.Graph;
    }

    /// <summary>An autoencoder with parameters as they are before training.</summary>
    /// <param name="size">Numbers in a kernel d.</param>
    /// <param name="hidden">Width of the hidden layers.</param>
    /// <param name="code">Numbers in a code.</param>
    /// <param name="scale">What kernels are divided by: their root mean square about 0.</param>
    /// <param name="seed">The seed of the parameters.</param>
    public static Graph Build(int size, int hidden, int code, double scale, long seed)
    {
        var graph = new Graph("kernel autoencoder");
        graph.Input(Kernel, "batch", size);
        graph.Input(Code, "batch", code);
        graph.Initializer("scale", TensorValue.Of([(float)scale]));
        graph.Initializer("scale.squared", TensorValue.Of([(float)(scale * scale)]));
        graph.Initializer("variance.least", TensorValue.Of([LeastVariance]));

        string encoded = Hidden(graph.Add("Div", [Kernel, "scale"], "kernel.scaled"), "encoder", size);
        Output($"{Code}{Mean}", Dense(encoded, "encoder.mean", hidden, code));
        Output($"{Code}{Variance}", Positive(Dense(encoded, "encoder.variance", hidden, code), "encoder"));
        string decoded = Hidden(Code, "decoder", code);
        Output($"{Kernel}{Mean}", graph.Add("Mul", [Dense(decoded, "decoder.mean", hidden, size), "scale"], $"{Kernel}{Mean}"));
        string variance = Positive(Dense(decoded, "decoder.variance", hidden, size), "decoder");
        Output($"{Kernel}{Variance}", graph.Add("Mul", [variance, "scale.squared"], $"{Kernel}{Variance}"));
        return graph;

        string Hidden(string from, string name, int inputs)
        {
            for (int i = 1; i <= Layers; i++)
            {
                from = graph.Add("Elu", [Dense(from, $"{name}.{i}", i == 1 ? inputs : hidden, hidden)], $"{name}.{i}.elu");
            }

            return from;
        }

        string Dense(string from, string name, int inputs, int outputs)
        {
            float[] weights = new float[inputs * outputs];
            CounterRandom.For(seed, $"kernel autoencoder/{name}", 0).FillNormal(weights, 0, MathF.Sqrt(1f / inputs));
            graph.Initializer($"{name}.weight", TensorValue.Of(weights, outputs, inputs));
            graph.Initializer($"{name}.bias", TensorValue.Of(new float[outputs], outputs));
            return graph.Add("Gemm", [from, $"{name}.weight", $"{name}.bias"], $"{name}.dense", ("transB", 1L));
        }

        string Positive(string from, string name)
            => graph.Add("Add", [graph.Add("Softplus", [from], $"{name}.softplus"), "variance.least"], $"{name}.positive");

        void Output(string name, string value) => graph.Output(value == name ? name : graph.Add("Identity", [value], name), "batch", "length");
    }

    /// <summary>r(z|w): the codes' means and variances, n×code each.</summary>
    /// <param name="kernels">n×d.</param>
    public (Tensor Mean, Tensor Variance) Encode(Tensor kernels) => Run(Code, kernels, zeros(1, CodeSize, kernels.dtype, kernels.device));

    /// <summary>p(w|z): the kernels' means and variances, n×d each.</summary>
    /// <param name="codes">n×code.</param>
    public (Tensor Mean, Tensor Variance) Decode(Tensor codes) => Run(Kernel, zeros(1, Size, codes.dtype, codes.device), codes);

    /// <summary>
    /// KL(r(z|w)‖p(z)) − log p(w|z) of each kernel, n numbers, with one z ~ r(z|w): on average at least −log p(w), which makes
    /// it the loss of training (the negative evidence lower bound) and the part of the divergence bound that depends on the prior.
    /// </summary>
    /// <param name="kernels">n×d.</param>
    /// <param name="noise">n×code standard normal draws.</param>
    public Tensor Bound(Tensor kernels, Tensor noise)
    {
        (Tensor mean, Tensor variance) = Encode(kernels);
        Tensor divergence = 0.5 * (variance + mean.square() - 1 - variance.log()).sum(1);
        (Tensor kernel, Tensor spread) = Decode(mean + (variance.sqrt() * noise));
        return divergence + (0.5 * (((kernels - kernel).square() / spread) + spread.log() + s_logTwoPi).sum(1));
    }

    /// <inheritdoc/>
    public void Dispose() => _network.Dispose();

    private (Tensor Mean, Tensor Variance) Run(string half, Tensor kernels, Tensor codes)
    {
        Tensor[] values = _network.Run(new Dictionary<string, Tensor> { [Kernel] = kernels, [Code] = codes }, $"{half}{Mean}", $"{half}{Variance}");
        return (values[0], values[1]);
    }

    private static int Length(Graph graph, string input)
        => graph.Inputs.FirstOrDefault(each => each.Name == input)?.Shape is [_, { Size: > 0 and < 1_000_000 } length]
            ? (int)length.Size
            : throw new AuditException($"{graph.Source}: this is no kernel autoencoder of AuditKit. Delete the file to train it again.", ExitCode.Error);
}
