using AuditKit.Models;
using AuditKit.Models.Onnx;
using Microsoft.ML.OnnxRuntime;
using NativeLibrary = System.Runtime.InteropServices.NativeLibrary;

namespace AuditKit.Tests.Models;

/// <content>What shows when a model runs.</content>
public sealed partial class UnusableModelTests
{
    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void A_model_that_gives_no_finite_number_fails_while_running_and_names_the_image(float value)
    {
        Graph graph = SmallModels.Linear();
        graph.Initializer("half", TensorValue.Of([0.5f], 1));
        graph.Initializer("bad", TensorValue.Of([value], 1));
        graph.Initializer("column", TensorValue.Of([0L], 1));
        graph.Add("Gather", ["flat", "column"], "first", ("axis", 1L));
        graph.Add("Greater", ["first", "half"], "bright");
        graph.Add("Where", ["bright", "bad", "logits"], "broken");
        graph.Outputs.Clear();
        graph.Output("broken", "batch", 4);
        Write(graph);

        using var model = new OnnxRuntimeClassifier(Model, Options);
        float[] pixels = new float[40 * SmallModels.Length];
        float[] logits = new float[40 * 4];
        model.Run(pixels, 40, logits, []);
        pixels[37 * SmallModels.Length] = 1;
        NotFiniteException error = Assert.Throws<NotFiniteException>(() => model.Run(pixels, 40, logits, []));
        Assert.Equal(ExitCode.Error, error.ExitCode);
        Assert.Contains(Model, error.Message);
        Assert.Contains("image 37", error.Message);
    }

    [Theory]
    [InlineData("Softmax", "lacks its input 1", new string[0], new[] { "p" })]
    [InlineData("Gemm", "lacks its input 2", new[] { "logits" }, new[] { "p" })]
    [InlineData("Split", "lacks its output 2", new[] { "logits" }, new[] { "p", "" })]
    [InlineData("Concat", "lacks its input 2", new[] { "logits", "", "logits" }, new[] { "p" })]
    [InlineData("Relu", "lacks its output 1", new[] { "logits" }, new string[0])]
    public void A_node_without_a_value_that_it_needs(string type, string expected, string[] inputs, string[] outputs)
    {
        Graph graph = SmallModels.Linear();
        graph.Nodes.Add(new Node(type, inputs, outputs) { Name = "bad" });
        Write(graph);
        Refused(expected, "'bad'");
    }

    [Theory]
    [InlineData("Tile", "supported maximum")]
    [InlineData("Pad", "4 GB for what it computes")]
    public void Values_that_take_more_memory_than_there_is(string type, string expected)
    {
        Graph graph = SmallModels.Linear();
        graph.Initializer("sizes", type == "Tile" ? TensorValue.Of([1L, 1, 40_000, 40_000], 4)
            : TensorValue.Of([0L, 0, 20_000, 20_000, 0, 0, 20_000, 20_000], 8));
        graph.Nodes.Insert(0, new Node("GlobalAveragePool", ["large"], ["input mean"]));
        graph.Nodes.Insert(0, new Node(type, ["input", "sizes"], ["large"]));
        graph.Add("Flatten", ["input mean"], "means");
        graph.Outputs.Clear();
        graph.Output("means", "batch", 3);
        Write(graph);
        Refused(type, expected);
    }

    [Fact]
    public void CUDA_in_a_build_without_it_or_on_a_machine_without_it_never_falls_back_to_the_cpu()
    {
        Write(SmallModels.Linear());
        bool isBuilt = OrtEnv.Instance().GetAvailableProviders().Contains("CUDAExecutionProvider");
        Assert.SkipWhen(isBuilt && NativeLibrary.TryLoad("libcudart.so.13", out _), "this machine has CUDA");
        Refused(Options with { Device = Device.Parse("cuda:1") }, isBuilt ? "These libraries are missing" : "-p:Device=cuda", "--device cpu");
    }
}
