using AuditKit.Models.Onnx;
using AuditKit.Tests;
using AuditKit.Training.Graphs;
using AuditKit.Training.Tests.Conformance;
using TorchSharp;
using static TorchSharp.torch;

namespace AuditKit.Training.Tests.Graphs;

public sealed class GraphModuleTests : IDisposable
{
    private readonly DisposeScope _scope = torch.NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Theory]
    [InlineData("models/cifar10-resnet20.onnx")]
    [InlineData("models/cifar10-resnet20-fused.onnx")]
    [InlineData("models/cifar10-resnet32.onnx")]
    public void Both_engines_give_the_same_logits_on_real_images(string model)
    {
        Graph graph = OnnxFile.Read(Repository.Shared(model));
        TensorValue images = Cifar.Images(64);
        TensorValue expected = Engines.RunOnnxRuntime(graph, images)[0];
        TensorValue actual = Engines.RunLibtorch(graph, images)[0];
        Assert.InRange(Engines.LargestDifference(expected, actual), 0, 1e-4);
    }

    [Fact]
    public void Writing_back_a_trained_model_gives_the_same_logits_again()
    {
        Graph graph = OnnxFile.Read(Repository.Shared("models/cifar10-resnet20.onnx"));
        Tensor images = Cifar.Images(16).ToTensor();
        float[] before = Engines.RunLibtorch(graph, images.ToValue())[0].As<float>().ToArray();
        using var module = new GraphModule(graph) { Training = true };
        module.Forward(images).square().mean().backward();
        using (torch.no_grad())
        {
            foreach (Tensor parameter in module.Parameters.Values)
            {
                parameter.sub_(parameter.grad!.mul(0.01));
            }
        }

        module.Training = false;
        TensorValue trained = module.Forward(images).ToValue();
        module.WriteBack();
        graph.Metadata["epochs"] = "1";
        string path = Path.GetTempFileName();
        OnnxFile.Write(graph, path);
        Graph read = OnnxFile.Read(path);
        File.Delete(path);
        Assert.Equal("1", read.Metadata["epochs"]);
        Assert.True(trained.ContentEquals(Engines.RunLibtorch(read, images.ToValue())[0]));
        Assert.NotEqual(before, trained.As<float>().ToArray());
        Assert.InRange(Engines.LargestDifference(trained, Engines.RunOnnxRuntime(read, images.ToValue())[0]), 0, 1e-3);
    }

    [Fact]
    public void Gradients_equal_finite_differences()
    {
        // Every kind of layer of a small classifier, in double precision so that differences are exact enough.
        Graph graph = SmallClassifier();
        using var module = new GraphModule(graph) { Training = true };
        torch.manual_seed(1);
        Tensor x = torch.randn([2, 2, 6, 6], ScalarType.Float64);
        Loss().backward();
        Dictionary<string, double[]> gradients = module.Parameters.ToDictionary(
            entry => entry.Key, entry => entry.Value.grad!.ToDoubles());
        Assert.Equal(["beta", "fc.b", "fc.w", "gamma", "slope", "w"], gradients.Keys.Order(StringComparer.Ordinal));
        using IDisposable noGradients = torch.no_grad();
        foreach ((string name, double[] gradient) in gradients)
        {
            Tensor flat = module.Parameters[name].reshape(-1);
            for (int i = 0; i < gradient.Length; i++)
            {
                const double Step = 1e-5;
                Tensor element = flat[i];
                element.add_(Step);
                double above = Loss().item<double>();
                element.sub_(2 * Step);
                double below = Loss().item<double>();
                element.add_(Step);
                Assert.Equal(gradient[i], (above - below) / (2 * Step), 1e-6);
            }
        }

        Tensor Loss() => module.Forward(x).log_softmax(1).select(1, 0).mean().neg();
    }

    [Fact]
    public void Batch_norm_in_training_mode_equals_a_slow_reference()
    {
        const double Epsilon = 1e-3f;
        const double Momentum = 0.7f;
        var graph = new Graph("norm");
        graph.Input("x", "n", 2, 3);
        graph.Initializer("scale", TensorValue.Of([2f, 0.5f], 2));
        graph.Initializer("bias", TensorValue.Of([-1f, 3f], 2));
        graph.Initializer("mean", TensorValue.Of([0.25f, -4f], 2));
        graph.Initializer("var", TensorValue.Of([1.5f, 9f], 2));
        graph.Output(graph.Add(
            "BatchNormalization", ["x", "scale", "bias", "mean", "var"], "y", ("epsilon", (float)Epsilon), ("momentum", (float)Momentum)));
        float[] x = [.. Enumerable.Range(0, 4 * 2 * 3).Select(i => MathF.Sin(i) * 3)];

        using var module = new GraphModule(graph) { Training = true };
        Assert.Equal(["mean", "var"], module.Buffers.Keys);
        double[] y = module.Forward(TensorValue.Of(x, 4, 2, 3).ToTensor()).ToDoubles();
        module.WriteBack();
        for (int channel = 0; channel < 2; channel++)
        {
            int[] places = [.. Enumerable.Range(0, x.Length).Where(i => i / 3 % 2 == channel)];
            double mean = places.Average(i => x[i]);
            double variance = places.Average(i => Math.Pow(x[i] - mean, 2));
            (double scale, double bias) = channel == 0 ? (2, -1) : (0.5, 3);
            foreach (int i in places)
            {
                Assert.Equal((scale * (x[i] - mean) / Math.Sqrt(variance + Epsilon)) + bias, y[i], 1e-5);
            }

            // The running variance is the unbiased one, as every framework that trains batch norm has it.
            (double oldMean, double oldVariance) = channel == 0 ? (0.25, 1.5) : (-4, 9);
            double unbiased = variance * places.Length / (places.Length - 1);
            Assert.Equal((Momentum * oldMean) + ((1 - Momentum) * mean), graph.Initializers["mean"].As<float>()[channel], 1e-5);
            Assert.Equal((Momentum * oldVariance) + ((1 - Momentum) * unbiased), graph.Initializers["var"].As<float>()[channel], 1e-5);
        }

        module.Training = false;
        double[] first = module.Forward(TensorValue.Of(x, 4, 2, 3).ToTensor()).ToDoubles();
        double[] second = module.Forward(TensorValue.Of(x, 4, 2, 3).ToTensor()).ToDoubles();
        Assert.Equal(first, second);
        Assert.Equal(
            (2 * (x[0] - graph.Initializers["mean"].As<float>()[0]) / Math.Sqrt(graph.Initializers["var"].As<float>()[0] + Epsilon)) - 1,
            first[0],
            1e-5);
    }

    [Fact]
    public void Dropout_drops_and_rescales_only_while_training()
    {
        var graph = new Graph("dropout");
        graph.Input("x", "n");
        graph.Initializer("ratio", TensorValue.Of([0.25f]));
        graph.Output(graph.Add("Dropout", ["x", "ratio"], "y"));
        using var module = new GraphModule(graph);
        Tensor x = torch.ones(100_000);
        Assert.All(module.Forward(x).ToDoubles(), value => Assert.Equal(1, value));
        module.Training = true;
        torch.manual_seed(7);
        double[] dropped = module.Forward(x).ToDoubles();
        Assert.Equal([0, 1 / 0.75], dropped.Distinct().Order().Select(value => Math.Round(value, 6)), (a, b) => Math.Abs(a - b) < 1e-5);
        // Five standard deviations of a mean of 100,000 Bernoulli draws.
        Assert.Equal(0.25, dropped.Count(value => value == 0) / 100_000.0, 0.007);
        Assert.Empty(module.Parameters);
    }

    [Fact]
    public void Values_in_the_middle_are_tapped_by_name_and_nothing_beyond_them_is_run()
    {
        Graph graph = SmallClassifier();
        using var module = new GraphModule(graph);
        List<string> run = [];
        module.Hook = (node, _) =>
        {
            run.Add(node.Name);
            return null;
        };
        module.Training = true;
        Tensor x = torch.randn([2, 2, 6, 6], ScalarType.Float64);
        Tensor[] values = module.Run(x, "act", "conv", "act");
        Assert.Equal(["conv", "norm", "act"], run);
        Assert.Equal([2, 3, 6, 6], values[1].shape);
        Assert.Equal(values[0].ToDoubles(), values[2].ToDoubles());
        Assert.Contains("'nowhere'", Assert.Throws<AuditException>(() => module.Run(x, "nowhere")).Message);
    }

    [Fact]
    public void A_hook_runs_a_node_in_its_place_while_training()
    {
        Graph graph = SmallClassifier();
        using var module = new GraphModule(graph)
        {
            Hook = (node, inputs) => node.Type == "PRelu" ? inputs[0]!.mul(0) : null,
        };
        Tensor x = torch.randn([2, 2, 6, 6], ScalarType.Float64);
        Assert.Contains(module.Run(x, "act")[0].ToDoubles(), value => value != 0);
        module.Training = true;
        Assert.All(module.Run(x, "act")[0].ToDoubles(), value => Assert.Equal(0, value));
    }

    [Fact]
    public void Values_are_freed_after_their_last_use()
    {
        var graph = new Graph("chain");
        string x = graph.Input("x", 1);
        for (int i = 0; i < 20; i++)
        {
            x = graph.Add("Sigmoid", [x], $"s{i}");
        }

        graph.Output(x);
        using var module = new GraphModule(graph);
        List<Tensor> seen = [];
        module.Hook = (_, inputs) =>
        {
            // The image stays the caller's; of the values in between only the one used now is there.
            Assert.All(seen.Skip(1), value => Assert.True(value.IsInvalid));
            Assert.False(inputs[0]!.IsInvalid);
            seen.Add(inputs[0]!);
            return null;
        };
        module.Training = true;
        Tensor image = torch.zeros(1);
        Tensor result = module.Forward(image);
        Assert.Equal(20, seen.Count);
        Assert.False(image.IsInvalid);
        Assert.False(result.IsInvalid);
    }

    [Fact]
    public void Constants_and_shapes_are_computed_once_at_load()
    {
        // What torch.onnx.export makes of x.view(x.size(0), x.size(1) * 36) and of a padding given as a list.
        var graph = new Graph("export");
        string x = graph.Input("x", "batch", 2, 6, 6);
        graph.Add("Constant", [], "zero", ("value", TensorValue.Of([0L], 1)));
        graph.Add("Constant", [], "one", ("value", TensorValue.Of([1L], 1)));
        graph.Add("Constant", [], "36", ("value", TensorValue.Of([36L], 1)));
        graph.Add("Constant", [], "shape of pads", ("value", TensorValue.Of([8L], 1)));
        graph.Add("ConstantOfShape", ["shape of pads"], "pads", ("value", TensorValue.Of([0L], 1)));
        graph.Add("Pad", [x, "pads"], "padded");
        graph.Add("Shape", ["padded"], "shape");
        graph.Add("Gather", ["shape", "zero"], "n");
        graph.Add("Gather", ["shape", "one"], "c");
        graph.Add("Mul", ["c", "36"], "c*36");
        graph.Add("Div", ["c*36", "one"], "features");
        graph.Add("Concat", ["n", "features"], "target", ("axis", 0));
        graph.Output(graph.Add("Reshape", ["padded", "target"], "flat"));
        using var module = new GraphModule(graph);

        // The batch is all that a run has to look up.
        Assert.Equal(["Pad", "Shape", "Gather", "Concat", "Reshape"], module.Nodes.Select(node => node.Type));
        Assert.Equal([5, 72], module.Forward(torch.zeros(5, 2, 6, 6)).shape);
    }

    [Fact]
    public void Parameters_are_told_from_settings_scalars_and_built_in_normalisation()
    {
        var graph = new Graph("selection");
        string x = graph.Input("x", "n", 1, 2, 2);
        graph.Initializer("mean", TensorValue.Of([0.5f], 1, 1, 1));
        graph.Initializer("std", TensorValue.Of([0.25f], 1, 1, 1));
        graph.Initializer("weight", TensorValue.Of([2f], 1, 1, 1, 1));
        graph.Initializer("low", TensorValue.Of([0f], 1));
        graph.Initializer("six", TensorValue.Of([6f]));
        graph.Initializer("gain", TensorValue.Of([3f], 1, 1, 1));
        x = graph.Add("Div", [graph.Add("Sub", [x, "mean"], "centred"), "std"], "normal");
        x = graph.Add("Clip", [graph.Add("Conv", [x, "weight"], "conv"), "low"], "clipped");
        graph.Output(graph.Add("Mul", [graph.Add("Div", [x, "six"], "sixth"), "gain"], "y"));
        using var module = new GraphModule(graph);
        Assert.Equal(["weight", "gain"], module.Parameters.Keys);
        Assert.Equal(3, module.Forward(torch.ones(1, 1, 2, 2)).ToDoubles()[0] * 6 / 3 / 4 * 3, 1e-6);
    }

    [Fact]
    public void An_operator_that_cannot_be_trained_is_named_with_node_and_opset()
    {
        var graph = new Graph("recurrent", opset: 14);
        graph.Output(graph.Add("LSTM", [graph.Input("x", 1)], "y"));
        var e = Assert.Throws<AuditException>(() => new GraphModule(graph));
        Assert.Equal(ExitCode.Usage, e.ExitCode);
        Assert.Contains("operator LSTM (node LSTM 'y', opset 14)", e.Message);
    }

    [Fact]
    public void Graphs_that_contradict_themselves_are_refused()
    {
        Graph newer = new("newer", opset: 21);
        newer.Output(newer.Add("Relu", [newer.Input("x", 1)], "y"));
        AssertRefused(newer, "opset 21 is newer than 20");

        Graph twice = new("twice");
        twice.Add("Relu", [twice.Input("x", 1)], "y");
        twice.Add("Relu", ["x"], "y");
        AssertRefused(twice, "'y' is given twice");

        Graph unknown = new("unknown");
        unknown.Add("Relu", ["x"], "y");
        AssertRefused(unknown, "nothing gives the value 'x'");

        Graph impossible = new("impossible");
        impossible.Initializer("shape", TensorValue.Of([3L], 1));
        impossible.Initializer("four", TensorValue.Of([1L, 2L, 3L, 4L], 4));
        impossible.Add("Reshape", ["four", "shape"], "y");
        AssertRefused(impossible, "Reshape 'y' (opset 17) cannot be run on inputs of shape 4, 1");

        static void AssertRefused(Graph graph, string message)
        {
            var e = Assert.Throws<AuditException>(() => new GraphModule(graph));
            Assert.Equal(ExitCode.Usage, e.ExitCode);
            Assert.Contains(message, e.Message);
        }
    }

    [Fact]
    public void Text_is_refused_only_where_a_node_computes_with_it()
    {
        var graph = new Graph("named");
        graph.Output(graph.Add("Relu", [graph.Input("x", 1)], "y"));
        graph.Initializer("names", new TensorValue([1], ["cat"]));
        using var module = new GraphModule(graph);
        Assert.Equal(2, module.Forward(torch.full([1], 2f)).item<float>());
        graph.Add("Identity", ["names"], "z");
        Assert.Contains("'names' is of type String", Assert.Throws<AuditException>(() => new GraphModule(graph)).Message);
    }

    [Fact]
    public void An_image_of_the_wrong_shape_is_refused_with_node_and_shapes()
    {
        using var module = new GraphModule(SmallClassifier());
        var e = Assert.Throws<AuditException>(() => module.Forward(torch.zeros([1, 3, 6, 6], ScalarType.Float64)));
        Assert.Contains("Conv 'conv' (opset 17) cannot be run on inputs of shape 1×3×6×6, 3×2×3×3", e.Message);
    }

    /// <summary>Convolution, batch norm, parametric ReLU, dropout of nothing, pools and a linear layer, in double precision.</summary>
    private static Graph SmallClassifier()
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
            graph.Initializer(name, new TensorValue(ElementType.Double, shape, System.Runtime.InteropServices.MemoryMarshal.AsBytes<double>(values).ToArray()));
        }
    }
}
