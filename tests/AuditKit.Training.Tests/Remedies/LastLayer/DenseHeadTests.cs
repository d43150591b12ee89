using AuditKit.Models;
using AuditKit.Models.Onnx;
using AuditKit.Training.Graphs;
using AuditKit.Training.Loop;
using AuditKit.Training.Remedies.LastLayer;
using TorchSharp;
using static TorchSharp.torch;

namespace AuditKit.Training.Tests.Remedies.LastLayer;

public sealed class DenseHeadTests
{
    private static readonly float[] s_weights = [0.6f, -0.5f, 0.9f, -0.3f, 0.8f, 0.2f];

    /// <summary>However the layer is written down, what is read from it gives the logits, and so does what is written to it.</summary>
    [Theory]
    [InlineData("rows", true)]
    [InlineData("columns, scaled", true)]
    [InlineData("product and sum", true)]
    [InlineData("Gemm and sum", true)]
    [InlineData("product", false)]
    [InlineData("under a temperature", true)]
    [InlineData("under a temperature that is trained", true)]
    [InlineData("one sigmoid", true)]
    public void Logits_are_features_times_weights(string form, bool hasBias)
    {
        using TinyTask tiny = Tiny();
        (TrainingTask task, GraphModule network) = Of(tiny, Build(form));
        using GraphModule owned = network;
        using DisposeScope scope = NewDisposeScope();
        var head = DenseHead.Of(task, embedding: null);

        Assert.Equal(("embedding", 2, hasBias), (head.Embedding, head.Classes, head.HasBias));
        AssertGivesLogits(task, head, head.Read());
        Tensor others = tensor([.. Enumerable.Range(0, hasBias ? 8 : 6).Select(i => Math.Cos(i))], [2, hasBias ? 4 : 3]);
        head.Write(others);
        AssertGivesLogits(task, head, others);
    }

    [Fact]
    public void A_bias_that_is_added_behind_the_layer_is_its_own_though_it_starts_at_0()
    {
        using TinyTask tiny = Tiny();
        (TrainingTask task, GraphModule network) = Of(tiny, Build("Gemm and a sum that starts at 0"));
        using GraphModule owned = network;
        using DisposeScope scope = NewDisposeScope();
        var head = DenseHead.Of(task, embedding: null);
        Assert.True(head.HasBias);
        using (no_grad())
        {
            network.Parameters["zeros"].copy_(tensor(new float[] { 0.3f, -0.7f }));
        }

        Tensor weights = head.Read();
        Assert.Equal([0.3, -0.7], weights.select(1, 3).ToDoubles(), (a, b) => Math.Abs(a - b) < 1e-4);
        AssertGivesLogits(task, head, weights);
    }

    [Fact]
    public void Weights_are_read_and_written_under_the_temperature_that_there_is_then()
    {
        using TinyTask tiny = Tiny();
        (TrainingTask task, GraphModule network) = Of(tiny, Build("under a temperature that is trained"));
        using GraphModule owned = network;
        using DisposeScope scope = NewDisposeScope();
        var head = DenseHead.Of(task, embedding: null);
        using (no_grad())
        {
            network.Parameters["trained temperature"].fill_(0.6);
        }

        AssertGivesLogits(task, head, head.Read());
        Tensor others = tensor([.. Enumerable.Range(0, 8).Select(i => Math.Cos(i))], [2, 4]);
        head.Write(others);
        AssertGivesLogits(task, head, others);
        Assert.Equal(0.6f, network.Parameters["trained temperature"].item<float>());
    }

    [Theory]
    [InlineData("a ReLU behind it", "embedding")]
    [InlineData("two layers of one embedding", "embedding")]
    [InlineData("a scale of each class that starts at 1", "embedding")]
    [InlineData("one bias of both classes", "embedding")]
    [InlineData("the mean over tokens", "tokens")]
    public void Where_something_else_makes_the_logits_it_is_said(string form, string embedding)
    {
        using TinyTask tiny = Tiny();
        (TrainingTask task, GraphModule network) = Of(tiny, Build(form));
        using GraphModule owned = network;
        AuditException error = Assert.Throws<AuditException>(() => DenseHead.Of(task, embedding));
        Assert.Contains("the last layer cannot be fitted anew", error.Message);
        Assert.Contains($"logits are not made of '{embedding}' by one fully connected layer", error.Message);
        Assert.Equal(ExitCode.Usage, error.ExitCode);
    }

    private static void AssertGivesLogits(TrainingTask task, DenseHead head, Tensor weights)
    {
        using IDisposable gradients = no_grad();
        TrainingSet set = task.ToTrainingSet();
        Tensor features = head.Features(head.EmbeddingsOf(set));
        var logits = Embeddings.Of(task.Network, task.Network.Result, task.Normalisation, set, 4, _ => { }, CancellationToken.None);
        Tensor given = tensor([.. logits.Values], [set.Count, 2]).to(ScalarType.Float64);
        // What a constant in both classes would change is nothing.
        Assert.True(allclose(given.log_softmax(1), features.mm(weights.t()).log_softmax(1), rtol: 1e-5, atol: 1e-5));
    }

    private static TinyTask Tiny() => new((0, "a"), (1, "a"), (0, "b"), (1, "b"), (1, "b"));

    private static (TrainingTask Task, GraphModule Network) Of(TinyTask tiny, Graph graph)
    {
        // Logits that a ReLU or a chance keeps above 0 could be taken for something else.
        var classifier = ClassifierGraph.Of(graph, new ClassifierOptions { Activation = graph.Source == "one sigmoid" ? null : Activation.Logits });
        var network = new GraphModule(classifier.Graph) { Result = classifier.Logits };
        return (tiny.Task() with { Network = network, Embedding = classifier.Embedding }, network);
    }

    private static Graph Build(string form)
    {
        var graph = new Graph(form);
        graph.Input("input", "batch", 1, 2, 2);
        graph.Add("Flatten", ["input"], "pixels");
        graph.Initializer("hidden", TensorValue.Of([.. Enumerable.Range(0, 12).Select(i => MathF.Sin(i))], 4, 3));
        graph.Add("MatMul", ["pixels", "hidden"], "sums");
        graph.Add("Tanh", ["sums"], "embedding");
        graph.Initializer("rows", TensorValue.Of(s_weights, 2, 3));
        graph.Initializer("columns", TensorValue.Of(s_weights, 3, 2));
        graph.Initializer("column", TensorValue.Of(s_weights.AsSpan(0, 3), 3, 1));
        graph.Initializer("bias", TensorValue.Of([0.3f, -0.7f], 2));
        graph.Initializer("one", TensorValue.Of([0.4f], 1));
        graph.Initializer("temperature", TensorValue.Of([1.7f]));
        // A scalar is a setting; what has a dimension is trained.
        graph.Initializer("trained temperature", TensorValue.Of([1.7f], 1));
        graph.Initializer("zeros", TensorValue.Of([0f, 0f], 2));
        graph.Initializer("ones", TensorValue.Of([1f, 1f], 2));
        graph.Initializer("row", TensorValue.Of(s_weights.AsSpan(0, 2), 1, 2));
        graph.Initializer("three tokens", TensorValue.Of([-1L, 3, 1], 3));
        switch (form)
        {
            case "rows":
                graph.Add("Gemm", ["embedding", "rows", "bias"], "logits", ("transB", 1L));
                break;
            case "columns, scaled":
                graph.Add("Gemm", ["embedding", "columns", "bias"], "logits", ("alpha", 0.5f), ("beta", 3f));
                break;
            case "product and sum":
                graph.Add("MatMul", ["embedding", "columns"], "product");
                graph.Add("Add", ["bias", "product"], "logits");
                break;
            case "Gemm and sum":
                graph.Add("Gemm", ["embedding", "rows"], "product", ("transB", 1L));
                graph.Add("Add", ["product", "bias"], "logits");
                break;
            case "Gemm and a sum that starts at 0":
                graph.Add("Gemm", ["embedding", "rows"], "product", ("transB", 1L));
                graph.Add("Add", ["product", "zeros"], "logits");
                break;
            case "product":
                graph.Add("MatMul", ["embedding", "columns"], "logits");
                break;
            case "under a temperature":
                graph.Add("Gemm", ["embedding", "rows", "bias"], "hot", ("transB", 1L));
                graph.Add("Div", ["hot", "temperature"], "logits");
                break;
            case "under a temperature that is trained":
                graph.Add("Gemm", ["embedding", "rows", "bias"], "hot", ("transB", 1L));
                graph.Add("Div", ["hot", "trained temperature"], "logits");
                break;
            case "one sigmoid":
                graph.Add("Gemm", ["embedding", "column", "one"], "score");
                graph.Add("Sigmoid", ["score"], "logits");
                break;
            case "a ReLU behind it":
                graph.Add("Gemm", ["embedding", "rows", "bias"], "product", ("transB", 1L));
                graph.Add("Relu", ["product"], "logits");
                break;
            case "two layers of one embedding":
                graph.Add("Gemm", ["embedding", "rows", "bias"], "first", ("transB", 1L));
                graph.Add("Gemm", ["embedding", "columns"], "second");
                graph.Add("Add", ["first", "second"], "logits");
                break;
            case "a scale of each class that starts at 1":
                graph.Add("Gemm", ["embedding", "rows", "bias"], "product", ("transB", 1L));
                graph.Add("Mul", ["product", "ones"], "logits");
                break;
            case "one bias of both classes":
                graph.Add("MatMul", ["embedding", "columns"], "product");
                graph.Add("Add", ["product", "one"], "logits");
                break;
            case "the mean over tokens":
                graph.Add("Reshape", ["embedding", "three tokens"], "tokens");
                graph.Add("MatMul", ["tokens", "row"], "of tokens");
                graph.Add("ReduceMean", ["of tokens"], "logits", ("axes", new long[] { 1 }), ("keepdims", 0L));
                break;
        }

        graph.Output("logits", "batch", form == "one sigmoid" ? 1 : 2);
        return graph;
    }
}
