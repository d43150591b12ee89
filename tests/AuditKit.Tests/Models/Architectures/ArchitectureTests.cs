using AuditKit.Imaging;
using AuditKit.Models;
using AuditKit.Models.Architectures;
using AuditKit.Models.Onnx;
using Microsoft.ML.OnnxRuntime;

namespace AuditKit.Tests.Models.Architectures;

public sealed class ArchitectureTests
{
    private static readonly InputShape Mnist = new(1, 28, 28);
    private static readonly InputShape Cifar = new(3, 32, 32);
    private static readonly InputShape ImageNet = new(3, 224, 224);

    // Han et al. 2015 (table 1: 266K and 431K) for the LeNets, torchvision's model pages for ImageNet, the counts of
    // the usual PyTorch networks with CIFAR stem. ResNet-8 by hand: 448 + 32 (stem), 4,672 + 13,952 + 55,552 (stages),
    // 650 (classifier). conv7-conv5 by hand: 1,600 + 102,528 (convolutions), 11,530 (classifier).
    public static readonly TheoryData<string, InputShape, int, long> Published = new()
    {
        { "conv7-conv5", Mnist, 10, 115_658 },
        { "lenet-300-100", Mnist, 10, 266_610 },
        { "lenet-5-caffe", Mnist, 10, 431_080 },
        { "resnet8-cifar", Cifar, 10, 75_290 },
        { "resnet18", ImageNet, 1000, 11_689_512 },
        { "resnet34", ImageNet, 1000, 21_797_672 },
        { "resnet50", ImageNet, 1000, 25_557_032 },
        { "resnet18-cifar", Cifar, 10, 11_173_962 },
        { "resnet34-cifar", Cifar, 10, 21_282_122 },
        { "resnet50-cifar", Cifar, 10, 23_520_842 },
    };

    [Theory]
    [MemberData(nameof(Published))]
    public void Each_has_the_published_number_of_parameters_and_gives_finite_logits_at_any_batch_size(
        string name, InputShape input, int classes, long parameters)
    {
        Graph graph = Architecture.Build(name, input, classes, seed: 1);
        Assert.Equal(parameters, ModelDescription.CountParameters(graph));

        using var session = new InferenceSession(OnnxFile.ToBytes(graph));
        float[] pixels = SmallModels.Pixels(3 * input.Length);
        float[] three = Logits(session, pixels, input);
        Assert.Equal(3 * classes, three.Length);
        Assert.All(three, logit => Assert.True(float.IsFinite(logit)));
        Assert.Equal(three[..classes], Logits(session, pixels[..input.Length], input));
    }

    [Fact]
    public void Every_architecture_is_tested() => Assert.Equal(Published.Select(row => row.Data.Item1).Order(), Architecture.Names.Order());

    [Fact]
    public void Three_blocks_a_stage_are_ResNet_20_with_the_papers_0_27_million_parameters() =>
        Assert.Equal(269_722, ModelDescription.CountParameters(ResNet.Thin(3, Cifar, 10, seed: 1)));

    [Theory]
    [InlineData("lenet-300-100", 5, 9)]
    [InlineData("lenet-5-caffe", 16, 23)]
    [InlineData("resnet8-cifar", 1, 3)]
    public void Any_image_size_will_do(string name, int height, int width)
    {
        var input = new InputShape(3, height, width);
        using var session = new InferenceSession(OnnxFile.ToBytes(Architecture.Build(name, input, 2, seed: 1)));
        Assert.Equal(4, Logits(session, SmallModels.Pixels(2 * input.Length), input).Length);
    }

    [Fact]
    public void Weights_have_the_variance_2_over_fan_in_and_other_parameters_start_neutral()
    {
        Graph graph = ResNet.Thin(1, Cifar, 10, seed: 7);
        float[] weights = graph.Initializers["stage3.block0.conv2.weight"].As<float>().ToArray();
        double variance = weights.Average(weight => (double)weight * weight);
        // 36,864 draws: the variance's own standard error is √(2/36,864) of it, 0.7 %.
        Assert.Equal(1, variance / (2.0 / (64 * 9)), 0.03);
        Assert.Equal(0, weights.Average() / Math.Sqrt(2.0 / (64 * 9)), 0.03);
        Assert.All(graph.Initializers["fc.bias"].As<float>().ToArray(), value => Assert.Equal(0, value));
        Assert.All(graph.Initializers["stem.bn.weight"].As<float>().ToArray(), value => Assert.Equal(1, value));
    }

    [Fact]
    public void The_same_seed_gives_the_same_bytes_and_another_seed_other_weights()
    {
        byte[] bytes = Build(11);
        Assert.Equal(bytes, Build(11));
        Assert.NotEqual(bytes, Build(12));

        static byte[] Build(long seed) => OnnxFile.ToBytes(Architecture.Build("resnet8-cifar", Mnist, 10, seed));
    }

    [Fact]
    public void A_shortcut_without_parameters_takes_every_second_pixel_and_fills_the_new_channels_with_zeros()
    {
        var input = new InputShape(1, 4, 4);
        Graph graph = ResNet.Thin(1, input, 2, seed: 1).WithOutputs("stage1.block0.relu", "stage2.block0.shortcut");
        using var session = new InferenceSession(OnnxFile.ToBytes(graph));
        float[] pixels = SmallModels.Pixels(input.Length);
        float[] before = Logits(session, pixels, input, "stage1.block0.relu");
        float[] after = Logits(session, pixels, input, "stage2.block0.shortcut");

        Assert.Equal(16 * 16, before.Length);
        float[] expected = new float[32 * 4];
        for (int i = 0; i < 16 * 4; i++)
        {
            expected[i] = before[(i / 4 * 16) + (i % 4 / 2 * 8) + (i % 2 * 2)];
        }

        Assert.Equal(expected, after);
    }

    [Fact]
    public void An_unknown_name_and_images_that_are_too_small_are_named()
    {
        Assert.Contains("Did you mean 'resnet18'?", Fails("resnet-18", Cifar));
        Assert.Contains("16×16", Fails("lenet-5-caffe", new InputShape(1, 15, 28)));

        static string Fails(string name, InputShape input) =>
            Assert.Throws<AuditException>(() => Architecture.Build(name, input, 10, seed: 1)).Message;
    }

    private static float[] Logits(InferenceSession session, float[] pixels, InputShape input, string output = "logits")
    {
        long[] shape = [pixels.Length / input.Length, input.Channels, input.Height, input.Width];
        using OrtValue value = OrtValue.CreateTensorValueFromMemory(pixels, shape);
        using var options = new RunOptions();
        using IDisposableReadOnlyCollection<OrtValue> outputs = session.Run(options, ["input"], [value], [output]);
        return outputs[0].GetTensorDataAsSpan<float>().ToArray();
    }
}
