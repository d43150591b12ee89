using AuditKit.Imaging;
using AuditKit.Models.Architectures;
using AuditKit.Models.Onnx;
using AuditKit.Training.Graphs;
using static TorchSharp.torch;

namespace AuditKit.Training.Tests.Graphs;

public sealed class PrecisionTests
{
    private static readonly Graph _graph = Architecture.Build("resnet8-cifar", new InputShape(3, 16, 16), 4, seed: 3);

    [Fact]
    public void Logits_and_gradients_in_bfloat16_are_those_in_float32_up_to_rounding()
    {
        (Tensor exactLogits, Tensor[] exact) = Run(ScalarType.Float32);
        (Tensor roundedLogits, Tensor[] rounded) = Run(ScalarType.BFloat16);

        Assert.Equal(ScalarType.Float32, roundedLogits.dtype);
        Assert.True(Difference(exactLogits, roundedLogits) is > 0 and < 0.05);
        Assert.All(exact.Zip(rounded), pair => Assert.Equal(ScalarType.Float32, pair.Second.dtype));
        // Rounding to 8 bits is amplified on the way back through batch norms; the direction stays.
        Assert.All(exact.Zip(rounded), pair => Assert.True(Cosine(pair.First, pair.Second) > 0.97));
    }

    [Fact]
    public void Evaluation_is_in_float32_whatever_training_is_in()
    {
        using var exact = new GraphModule(_graph);
        using var rounded = new GraphModule(_graph) { Precision = ScalarType.BFloat16 };

        Assert.Equal(Logits(exact), Logits(rounded));

        static float[] Logits(GraphModule module) => [.. module.Forward(Images()).detach().data<float>()];
    }

    // Operands that bfloat16 holds exactly: products are summed in float32 either way, and what is rounded is the sum, without and with the bias.
    [Theory]
    [InlineData(3, 1, 1, 1, 4, false)]
    [InlineData(3, 2, 1, 1, 7, true)]
    [InlineData(3, 1, 2, 2, 4, true)]
    [InlineData(1, 2, 0, 1, 6, false)]
    [InlineData(2, 3, 0, 1, 9, true)]
    [InlineData(3, 1, 1, 1, 9, true)]
    public void A_convolution_in_bfloat16_is_that_in_float32_of_the_same_operands_up_to_rounding(
        int kernel, int stride, int pad, int dilation, int side, bool bias)
    {
        var graph = new Graph("convolution");
        graph.Input("x", "n", 5, side + 1, side);
        float[] weights = [.. Enumerable.Range(0, 7 * 5 * kernel * kernel).Select(i => ((i * 37 % 101) - 50) / 64f)];
        graph.Initializer("w", TensorValue.Of(weights, 7, 5, kernel, kernel));
        graph.Initializer("b", TensorValue.Of([.. Enumerable.Range(0, 7).Select(i => i - 3.5f)], 7));
        graph.Add(
            "Conv", bias ? ["x", "w", "b"] : ["x", "w"], "y",
            ("strides", new long[] { stride, stride }), ("pads", new long[] { pad, pad, pad, pad }), ("dilations", new long[] { dilation, dilation }));
        graph.Output("y", "n", 7, 1, 1);
        using Tensor images = arange(2 * 5 * (side + 1) * side).remainder(83).sub(41).div(32).reshape(2, 5, side + 1, side);

        (Tensor expected, Tensor[] gradients) = Convolve(ScalarType.Float32);
        (Tensor actual, Tensor[] rounded) = Convolve(ScalarType.BFloat16);

        Assert.Equal(expected.shape, actual.shape);
        Assert.True((actual - expected).abs().le((expected.abs() + 3.5) / 128).all().item<bool>());
        Assert.All(gradients.Zip(rounded), pair => Assert.True(Difference(pair.First, pair.Second) < 0.01));

        (Tensor Output, Tensor[] Gradients) Convolve(ScalarType precision)
        {
            using var module = new GraphModule(graph) { Precision = precision, Training = true };
            Tensor output = module.Forward(images);
            (output * arange(output.numel()).remainder(5).reshape(output.shape)).sum().backward();
            return (output.detach(), [.. module.Parameters.Values.Where(parameter => parameter.grad is not null).Select(parameter => parameter.grad!.clone())]);
        }
    }

    private static (Tensor Logits, Tensor[] Gradients) Run(ScalarType precision)
    {
        using var module = new GraphModule(_graph) { Precision = precision, Training = true };
        Tensor logits = module.Forward(Images());
        nn.functional.cross_entropy(logits, arange(32).remainder(4)).backward();
        return (logits.detach(), [.. module.Parameters.Values.Select(parameter => parameter.grad!.clone())]);
    }

    private static Tensor Images()
    {
        // Of its own: libtorch has one generator, and other tests draw from it at the same time.
        using var generator = new Generator(1);
        return rand([32, 3, 16, 16], generator: generator);
    }

    private static double Cosine(Tensor first, Tensor second) => ((first * second).sum() / (first.norm() * second.norm())).item<float>();

    private static double Difference(Tensor expected, Tensor actual) => ((expected - actual).norm() / expected.norm()).item<float>();
}
