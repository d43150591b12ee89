using AuditKit.Models;
using AuditKit.Models.Architectures;
using AuditKit.Models.Onnx;
using static TorchSharp.torch;

namespace AuditKit.Training.Tests;

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

    private static (Tensor Logits, Tensor[] Gradients) Run(ScalarType precision)
    {
        using var module = new GraphModule(_graph) { Precision = precision, Training = true };
        Tensor logits = module.Forward(Images());
        nn.functional.cross_entropy(logits, arange(32).remainder(4)).backward();
        return (logits.detach(), [.. module.Parameters.Values.Select(parameter => parameter.grad!.clone())]);
    }

    private static Tensor Images()
    {
        manual_seed(1);
        return rand(32, 3, 16, 16);
    }

    private static double Cosine(Tensor first, Tensor second) => ((first * second).sum() / (first.norm() * second.norm())).item<float>();

    private static double Difference(Tensor expected, Tensor actual) => ((expected - actual).norm() / expected.norm()).item<float>();
}
