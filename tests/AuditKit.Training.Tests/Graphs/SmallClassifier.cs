using System.Runtime.InteropServices;
using AuditKit.Models.Onnx;

namespace AuditKit.Training.Tests.Graphs;

/// <summary>Convolution, batch norm, parametric ReLU, pools and a linear layer, in double precision.</summary>
internal static class SmallClassifier
{
    /// <summary>Makes the graph anew.</summary>
    public static Graph Graph()
    {
        var graph = new Graph("small");
        graph.Inputs.Add(new GraphValue("x", ElementType.Double, ["n", 2, 6, 6]));
        Initializer("w", 3, 2, 3, 3);
        Initializer("gamma", 3);
        Initializer("beta", 3);
        Initializer("mean", 3);
        Initializer("var", 3);
        Initializer("slope", 3, 1, 1);
        Initializer("fc.w", 4, 12);
        Initializer("fc.b", 4);
        string x = graph.Add("Conv", ["x", "w"], "conv", ("pads", new long[] { 1, 1, 1, 1 }));
        x = graph.Add("BatchNormalization", [x, "gamma", "beta", "mean", "var"], "norm");
        x = graph.Add("PRelu", [x, "slope"], "act");
        x = graph.Add("MaxPool", [x], "max", ("kernel_shape", new long[] { 2, 2 }), ("strides", new long[] { 1, 1 }));
        x = graph.Add("AveragePool", [x], "mean pool", ("kernel_shape", new long[] { 3, 3 }), ("strides", new long[] { 2, 2 }));
        x = graph.Add("Flatten", [x], "flat");
        graph.Output(graph.Add("Gemm", [x, "fc.w", "fc.b"], "logits", ("transB", 1)));
        return graph;

        void Initializer(string name, params long[] shape)
        {
            int count = (int)shape.Aggregate((a, b) => a * b);
            double[] values = [.. Enumerable.Range(name.Length, count).Select(i => 0.5 + (0.4 * Math.Sin(i * i)))];
            graph.Initializer(name, new TensorValue(ElementType.Double, shape, MemoryMarshal.AsBytes<double>(values).ToArray()));
        }
    }
}
