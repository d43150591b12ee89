using AuditKit.Models.Onnx;
using AuditKit.Tests;
using AuditKit.Training.Graphs;
using AuditKit.Training.Tests.Conformance;
using TorchSharp;
using static TorchSharp.torch;

namespace AuditKit.Training.Tests.Graphs;

/// <summary>Runs of a graph: values, gradients, hooks and memory.</summary>
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
    public void A_run_goes_on_from_values_in_the_middle()
    {
        using var module = new GraphModule(SmallClassifier.Graph());
        Tensor[] whole = module.Run(torch.rand(2, 2, 6, 6, torch.float64), "logits", "act");

        Tensor rest = module.Run(new Dictionary<string, Tensor> { ["act"] = whole[1] }, "logits")[0];
        Assert.Equal(whole[0].data<double>().ToArray(), rest.data<double>().ToArray());
        Tensor none = module.Run(new Dictionary<string, Tensor> { ["act"] = torch.zeros_like(whole[1]) }, "logits")[0];
        Assert.Equal(module.Parameters["fc.b"].data<double>().ToArray(), none[0].data<double>().ToArray());
        Assert.Contains("the model's input 'x' is missing", Assert.Throws<AuditException>(
            () => module.Run(new Dictionary<string, Tensor> { ["flat"] = whole[1] }, "act")).Message, StringComparison.Ordinal);
    }

    // Below opset 5 a shape is an attribute, whose 0 stands for the input's own size.
    [Fact]
    public void A_run_leaves_the_attributes_of_the_graph_as_they_are()
    {
        var graph = new Graph("old", opset: 4);
        graph.Input("x", "batch", 2, 3);
        graph.Output(graph.Add("Reshape", ["x"], "y", ("shape", new long[] { 0, -1 })), "batch", 6);
        using var module = new GraphModule(graph);
        Assert.Equal([4, 6], module.Forward(torch.rand(4, 2, 3)).shape);
        Assert.Equal([3, 6], module.Forward(torch.rand(3, 2, 3)).shape);
        Assert.Equal(new long[] { 0, -1 }, (long[])graph.Nodes[0].Attributes["shape"].Value);
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
        Graph graph = SmallClassifier.Graph();
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
    public void Values_in_the_middle_are_tapped_by_name_and_nothing_beyond_them_is_run()
    {
        Graph graph = SmallClassifier.Graph();
        using var module = new GraphModule(graph);
        List<string> run = [];
        module.Hook = (node, _, _) =>
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
        Graph graph = SmallClassifier.Graph();
        using var module = new GraphModule(graph)
        {
            Hook = (node, inputs, _) => node.Type == "PRelu" ? inputs[0]!.mul(0) : null,
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
        module.Hook = (_, inputs, _) =>
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
}
