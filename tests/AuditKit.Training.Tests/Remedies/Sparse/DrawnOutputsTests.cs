using AuditKit.Models.Onnx;
using AuditKit.Training.Graphs;
using AuditKit.Training.Remedies.Sparse;
using AuditKit.Training.Tests.Graphs;
using TorchSharp;
using static TorchSharp.torch;

namespace AuditKit.Training.Tests.Remedies.Sparse;

/// <summary>Sparse variational dropout draws outputs with the variances of their own weights, however the layer is written down.</summary>
public sealed class DrawnOutputsTests
{
    private const int Draws = 20_000, Width = 4;

    // Six standard errors of a variance.
    private static readonly double s_error = 6 * Math.Sqrt(2.0 / Draws);

    private static readonly float[] s_row = [0.5f, -1, 2, 0.25f];

    // No two alike, so that a matrix that is taken the wrong way round shows.
    private static readonly double[] s_logVariances = [.. Enumerable.Range(0, Width * Width).Select(i => -4 + (0.25 * (i * 7 % 16)))];

    /// <summary>Σ x²·σ² over the inputs, times the square of what the node multiplies its weights by.</summary>
    /// <param name="form">How the layer is written down.</param>
    /// <param name="hasRows">Whether the graph's tensor has a row an output instead of a column.</param>
    /// <param name="scale">What the node multiplies its weights by.</param>
    [Theory]
    [InlineData("matmul", false, 1)]
    [InlineData("matmul of a transpose", true, 1)]
    [InlineData("gemm", false, 1)]
    [InlineData("gemm, scaled", false, 0.5)]
    [InlineData("gemm, transposed, scaled", true, 0.5)]
    [InlineData("gemm of a renamed transpose", false, 1)]
    public void A_products_variance_is_that_of_its_weights(string form, bool hasRows, double scale)
    {
        var graph = new Graph(form);
        graph.Input("x", "batch", Width);
        string w = Weights(graph, Width, Width);
        switch (form)
        {
            case "matmul":
                graph.Add("MatMul", ["x", w], "y");
                break;
            case "matmul of a transpose":
                graph.Add("MatMul", ["x", graph.Add("Transpose", [w], "t")], "y");
                break;
            case "gemm of a renamed transpose":
                graph.Add("Gemm", ["x", graph.Add("Identity", [graph.Add("Transpose", [w], "t")], "i")], "y", ("transB", 1L));
                break;
            default:
                graph.Add("Gemm", ["x", w], "y", ("transB", hasRows ? 1L : 0), ("alpha", (float)scale));
                break;
        }

        graph.Output("y");
        double[] expected =
        [
            .. Enumerable.Range(0, Width).Select(output => scale * scale * Enumerable.Range(0, Width).Sum(input
                => s_row[input] * s_row[input] * Math.Exp(s_logVariances[hasRows ? (output * Width) + input : (input * Width) + output]))),
        ];

        AssertClose(expected, Variances(graph, s_row, [Width], s_logVariances, "y")[0]);
    }

    [Fact]
    public void A_grouped_convolutions_variance_is_that_of_its_groups_weights()
    {
        // Three filters of 2×2 for each of two groups of two channels of 3×3 pixels.
        const int Side = 3, Kernel = 2, Filters = 6, Taps = 2 * Kernel * Kernel;
        var graph = new Graph("grouped");
        graph.Input("x", "batch", 4, Side, Side);
        graph.Add("Conv", ["x", Weights(graph, Filters, 2, Kernel, Kernel)], "y", ("group", 2L));
        graph.Output("y");
        float[] pixels = [.. Enumerable.Range(0, 4 * Side * Side).Select(i => 1.5f + MathF.Sin(i))];
        double[] logVariances = [.. Enumerable.Range(0, Filters * Taps).Select(i => -4 + (i * 19 % 48 / 12.0))];
        double[] expected =
        [
            .. from filter in Enumerable.Range(0, Filters)
               from top in Enumerable.Range(0, Side - Kernel + 1)
               from left in Enumerable.Range(0, Side - Kernel + 1)
               select Enumerable.Range(0, Taps).Sum(tap =>
               {
                   int channel = (filter / 3 * 2) + (tap / (Kernel * Kernel));
                   double pixel = pixels[(((channel * Side) + top + (tap / Kernel % Kernel)) * Side) + left + (tap % Kernel)];
                   return pixel * pixel * Math.Exp(logVariances[(filter * Taps) + tap]);
               }),
        ];

        AssertClose(expected, Variances(graph, pixels, [4, Side, Side], logVariances, "y")[0]);
    }

    [Fact]
    public void Products_of_shared_weights_have_variances_of_their_own_scale()
    {
        var graph = new Graph("shared");
        graph.Input("x", "batch", Width);
        string w = Weights(graph, Width, Width);
        graph.Output(graph.Add("Gemm", ["x", w], "whole"));
        graph.Output(graph.Add("Gemm", ["x", w], "half", ("alpha", 0.5f)));
        double[] whole =
        [
            .. Enumerable.Range(0, Width).Select(output => Enumerable.Range(0, Width).Sum(input
                => s_row[input] * s_row[input] * Math.Exp(s_logVariances[(input * Width) + output]))),
        ];

        double[][] variances = Variances(graph, s_row, [Width], s_logVariances, "whole", "half");

        AssertClose(whole, variances[0]);
        AssertClose([.. whole.Select(variance => variance / 4)], variances[1]);
    }

    /// <summary>The variances of outputs over many draws for the same input.</summary>
    /// <param name="graph">A graph with the weights <c>w</c>.</param>
    /// <param name="input">The input, without the batch's dimension.</param>
    /// <param name="shape">Its dimensions.</param>
    /// <param name="logVariances">log σ² of the weights, as the graph has them.</param>
    /// <param name="outputs">Names of values.</param>
    private static double[][] Variances(Graph graph, float[] input, long[] shape, double[] logVariances, params string[] outputs)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable gradients = no_grad();
        using var network = new GraphModule(graph) { Training = true };
        using var tiny = new TinyTask((0, "a"), (1, "a"));
        using var method = new SparseVariationalDropout(
            tiny.Task() with { Network = network }, threshold: 3, logVariance: -10, weight: 1, warmUp: 0);
        Tensor parameter = Assert.Single(method.Parameters);
        parameter.copy_(tensor(logVariances, ScalarType.Float32).reshape(parameter.shape));
        float[] batch = [.. Enumerable.Repeat(input, Draws).SelectMany(values => values)];
        return [.. network.Run(tensor(batch, [Draws, .. shape]), outputs).Select(drawn => drawn.var(0).ToDoubles())];
    }

    private static void AssertClose(double[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(1, pair.Second / pair.First, s_error));
    }

    private static string Weights(Graph graph, params long[] shape)
    {
        float[] values = [.. SampleLayers.Weights(shape).data<double>().Select(value => (float)value)];
        return graph.Initializer("w", TensorValue.Of(values, shape));
    }
}
