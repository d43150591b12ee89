using AuditKit.Checks.Weights;
using AuditKit.Models;
using AuditKit.Models.Onnx;

namespace AuditKit.Tests.Checks.Weights;

/// <summary>Weights that are kept as integers, read as the real numbers that they stand for.</summary>
public sealed class QuantisedLayersTests
{
    [Theory]
    [InlineData(QuantisedForm.QuantizeDequantize, true)]
    [InlineData(QuantisedForm.IntegerOperators, true)]
    [InlineData(QuantisedForm.Dynamic, false)]
    public void Layers_of_an_int8_export_are_the_float_models_within_half_a_step(QuantisedForm form, bool perFilter)
    {
        IReadOnlyList<WeightLayer> expected = Layers(FashionMnist.Graph), found = Layers(FashionMnist.Quantised(form));
        Assert.Equal(expected.Select(layer => (layer.Kind, layer.Rows, layer.Columns)), found.Select(layer => (layer.Kind, layer.Rows, layer.Columns)));
        foreach ((WeightLayer before, WeightLayer after) in expected.Zip(found))
        {
            double largest = before.Kernels.Max(kernel => kernel.Max(Math.Abs)), error = 0;
            foreach ((double[] w, double[] rounded) in before.Kernels.Zip(after.Kernels))
            {
                double step = (perFilter ? w.Max(Math.Abs) : largest) / 127;
                Assert.All(w.Zip(rounded), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, (step / 2) + 1e-6));
                error += w.Zip(rounded, (x, y) => (x - y) * (x - y)).Sum();
            }

            // No singular value of a sum is farther than the other summand's norm (Weyl); a kernel stands in at most its taps' number of places.
            Assert.NotEqual(0, error);
            double norm = Math.Sqrt(error * (before.Window is { } window ? window.KernelHeight * window.KernelWidth : 1));
            FrameBounds a = before.PeriodicBounds(1, CancellationToken.None), b = after.PeriodicBounds(1, CancellationToken.None);
            Assert.InRange(Math.Sqrt(b.B), Math.Sqrt(a.B) - norm, Math.Sqrt(a.B) + norm);
            Assert.InRange(Math.Sqrt(b.A), Math.Sqrt(a.A) - norm, Math.Sqrt(a.A) + norm);
        }
    }

    [Fact]
    public void Every_way_to_keep_a_matrix_of_integers_is_read_to_the_last_digit()
    {
        // (q − zero) · scale: rows [2 −1], [0 3] with scales ½ and 2 for the outputs.
        double[][] perTensor = [[1, -0.5], [0, 1.5]], perOutput = [[1, -0.5], [0, 6]];
        var graph = new Graph("matrices", 21);
        graph.Opsets["com.microsoft"] = 1;
        graph.Input("x", "n", 1, 1, 2);
        Bytes("rows", 2, [2, 2], [2, -1, 0, 3]);
        Bytes("columns", 2, [2, 2], [2, 0, -1, 3]);
        graph.Initializer("half", TensorValue.Of([0.5f]));
        graph.Initializer("both", TensorValue.Of([0.5f, 2], 2));
        graph.Initializer("four", TensorValue.Of([0.5f, 0.5f, 2, 2], 2, 2));
        graph.Initializer("one", TensorValue.Of([1f]));
        graph.Initializer("zero", new TensorValue(ElementType.UInt8, [], new byte[1]));
        graph.Initializer("rows zeros", new TensorValue(ElementType.Int8, [2], new byte[] { 2, 2 }));
        graph.Initializer("blocks zeros", new TensorValue(ElementType.Int8, [2, 2], new byte[] { 2, 2, 2, 2 }));
        graph.Initializer("floats", TensorValue.Of([1f, -0.5f, 0, 1.5f], 2, 2));
        string x = graph.Add("Flatten", ["x"], "flat");
        x = Gemm(x, graph.Add("DequantizeLinear", ["rows", "half", "rows zero"], "tensor"));
        x = Gemm(x, graph.Add("DequantizeLinear", ["rows", "both", "rows zeros"], "axis", ("axis", 0L)));
        x = Gemm(x, graph.Add("DequantizeLinear", ["rows", "four", "blocks zeros"], "blocks", ("axis", 1L), ("block_size", 1L)));
        x = Gemm(x, graph.Add("DequantizeLinear", [graph.Add("QuantizeLinear", ["floats", "half", "rows zero"], "q"), "half", "rows zero"], "trained"));
        x = graph.Add("MatMul", [x, graph.Add("DequantizeLinear", ["columns", "both", "rows zeros"], "columns real", ("axis", -1L))], "matmul");
        string bytes = graph.Add("QuantizeLinear", [x, "one", "zero"], "bytes");
        x = graph.Add("DequantizeLinear",
            [graph.Add("QLinearMatMul", [bytes, "one", "zero", "columns", "both", "rows zeros", "one", "zero"], "linear bytes"), "one", "zero"], "linear");
        bytes = graph.Add("QuantizeLinear", [x, "one", "zero"], "integers");
        string product = graph.Add("Cast", [graph.Add("MatMulInteger", [bytes, "columns", "zero", "rows zero"], "whole")], "cast", ("to", 1L));
        x = graph.Add("Mul", [product, graph.Add("Mul", ["both", "one"], "scales")], "scaled");
        graph.Nodes.Add(new Node("DynamicQuantizeMatMul", [x, "columns", "half", "rows zero"], ["dynamic"]) { Domain = "com.microsoft", Name = "dynamic" });
        graph.Output("dynamic", "n", 2);
        (IReadOnlyList<WeightLayer> layers, IReadOnlyList<string> leftOut) = LinearLayers.Find(ClassifierGraph.Of(graph));
        Assert.Empty(leftOut);
        Assert.Equal(
            [perTensor, perOutput, perOutput, perTensor, perOutput, perOutput, perOutput, perTensor], layers.Select(layer => layer.Kernels));

        string Gemm(string input, string weights) => graph.Add("Gemm", [input, weights], $"{weights} out", ("transB", 1L));

        void Bytes(string name, int zero, long[] dimensions, sbyte[] values)
        {
            graph.Initializer(name, new TensorValue(ElementType.Int8, dimensions, values.Select(value => (byte)(value + zero)).ToArray()));
            graph.Initializer($"{name} zero", new TensorValue(ElementType.Int8, [], new[] { (byte)zero }));
        }
    }

    [Fact]
    public void Weights_whose_scale_is_not_found_are_named_and_not_guessed()
    {
        var graph = new Graph("open");
        graph.Input("x", "n", 1, 1, 2);
        graph.Initializer("w", new TensorValue(ElementType.Int8, [2, 2], new byte[] { 1, 2, 3, 4 }));
        graph.Nodes.Add(new Node("DynamicQuantizeLinear", [graph.Add("Flatten", ["x"], "flat")], ["bytes", "scale", "zero"]));
        graph.Add("Cast", [graph.Add("MatMulInteger", ["bytes", "w", "zero"], "product")], "z", ("to", 1L));
        graph.Output("z", "n", 2);
        (IReadOnlyList<WeightLayer> layers, IReadOnlyList<string> leftOut) = LinearLayers.Find(ClassifierGraph.Of(graph));
        Assert.Empty(layers);
        Assert.Equal(["MatMulInteger 'product'"], leftOut);
    }

    private static IReadOnlyList<WeightLayer> Layers(Graph graph)
    {
        (IReadOnlyList<WeightLayer> layers, IReadOnlyList<string> leftOut) = LinearLayers.Find(ClassifierGraph.Of(graph, FashionMnist.Options));
        Assert.Empty(leftOut);
        return layers;
    }
}
