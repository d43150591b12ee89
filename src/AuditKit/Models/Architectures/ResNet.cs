using AuditKit.Imaging;
using AuditKit.Models.Onnx;

namespace AuditKit.Models.Architectures;

/// <summary>Residual networks (He et al., Deep residual learning for image recognition, CVPR 2016).</summary>
internal static class ResNet
{
    /// <summary>
    /// The paper's CIFAR networks of depth 6n + 2 (section 4.2): widths 16, 32, 64 and shortcuts without
    /// parameters (option A: every second pixel, missing channels filled with zeros). n = 1 is ResNet-8.
    /// </summary>
    public static Graph Thin(int n, InputShape input, int classes, long seed)
    {
        var layers = new LayerStack($"resnet{(6 * n) + 2}-cifar", input, seed);
        string x = Stem(layers, input.Channels, 16);
        int channels = 16;
        for (int stage = 0; stage < 3; stage++)
        {
            for (int block = 0; block < n; block++)
            {
                int width = 16 << stage;
                int stride = Stride(stage, block);
                string name = $"stage{stage + 1}.block{block}";
                string shortcut = stride == 1 ? x : SubsampleAndPad(layers, x, $"{name}.shortcut", width - channels);
                x = Basic(layers, x, shortcut, name, channels, width, stride);
                channels = width;
            }
        }

        return Head(layers, x, channels, classes);
    }

    /// <summary>
    /// The paper's ImageNet networks (table 1) with projection shortcuts (option B); the bottleneck's stride is on
    /// its 3×3 convolution, as in later implementations.
    /// </summary>
    /// <param name="depth">18, 34 or 50.</param>
    /// <param name="imageNetStem">
    /// A 7×7 convolution and a max pooling, which quarter the image, as in the paper; otherwise one 3×3
    /// convolution, which leaves small images their size.
    /// </param>
    /// <param name="input">The shape of one image.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="seed">The seed of the initial parameters.</param>
    public static Graph Wide(int depth, bool imageNetStem, InputShape input, int classes, long seed)
    {
        (int[] blocks, bool bottleneck) = depth switch
        {
            18 => (new[] { 2, 2, 2, 2 }, false),
            34 => ([3, 4, 6, 3], false),
            50 => ([3, 4, 6, 3], true),
            _ => throw new ArgumentOutOfRangeException(nameof(depth), depth, "There is no such ResNet."),
        };
        var layers = new LayerStack($"resnet{depth}{(imageNetStem ? "" : "-cifar")}", input, seed);
        string x = imageNetStem ? ImageNetStem(layers, input.Channels) : Stem(layers, input.Channels, 64);
        int channels = 64;
        for (int stage = 0; stage < 4; stage++)
        {
            int width = 64 << stage;
            int wanted = bottleneck ? 4 * width : width;
            for (int block = 0; block < blocks[stage]; block++)
            {
                string name = $"stage{stage + 1}.block{block}";
                int stride = Stride(stage, block);
                string shortcut = channels == wanted && stride == 1 ? x : Project(layers, x, name, channels, wanted, stride);
                x = bottleneck
                    ? Bottleneck(layers, x, shortcut, name, channels, width, stride)
                    : Basic(layers, x, shortcut, name, channels, width, stride);
                channels = wanted;
            }
        }

        return Head(layers, x, channels, classes);
    }

    // Every stage but the first starts by halving the image.
    private static int Stride(int stage, int block) => stage > 0 && block == 0 ? 2 : 1;

    private static string Stem(LayerStack layers, int channels, int width) =>
        ConvNormRelu(layers, "input", "stem.", "", channels, width, kernel: 3);

    private static string ImageNetStem(LayerStack layers, int channels) => layers.MaxPool(
        ConvNormRelu(layers, "input", "stem.", "", channels, 64, kernel: 7, stride: 2), "stem.pool", kernel: 3, stride: 2, pad: 1);

    private static string Basic(
        LayerStack layers, string x, string shortcut, string name, int channels, int width, int stride)
    {
        x = ConvNormRelu(layers, x, $"{name}.", "1", channels, width, kernel: 3, stride);
        x = ConvNorm(layers, x, $"{name}.", "2", width, width, kernel: 3);
        return AddShortcut(layers, x, shortcut, name);
    }

    private static string Bottleneck(
        LayerStack layers, string x, string shortcut, string name, int channels, int width, int stride)
    {
        x = ConvNormRelu(layers, x, $"{name}.", "1", channels, width, kernel: 1);
        x = ConvNormRelu(layers, x, $"{name}.", "2", width, width, kernel: 3, stride);
        x = ConvNorm(layers, x, $"{name}.", "3", width, 4 * width, kernel: 1);
        return AddShortcut(layers, x, shortcut, name);
    }

    private static string AddShortcut(LayerStack layers, string x, string shortcut, string name) =>
        layers.Relu(layers.Graph.Add("Add", [x, shortcut], $"{name}.add"), $"{name}.relu");

    private static string Project(LayerStack layers, string x, string name, int channels, int wanted, int stride) =>
        ConvNorm(layers, x, $"{name}.shortcut.", "", channels, wanted, kernel: 1, stride);

    private static string SubsampleAndPad(LayerStack layers, string x, string name, int missing)
    {
        string pads = layers.Graph.Initializer($"{name}.pads", TensorValue.Of([0L, 0, 0, 0, 0, missing, 0, 0], 8));
        return layers.Graph.Add(
            "Pad", [layers.MaxPool(x, $"{name}.subsample", kernel: 1, stride: 2), pads], name);
    }

    private static string ConvNorm(
        LayerStack layers, string x, string prefix, string number, int channels, int width, int kernel, int stride = 1) =>
        layers.BatchNorm(
            layers.Conv(x, $"{prefix}conv{number}", channels, width, kernel, stride, pad: kernel / 2),
            $"{prefix}bn{number}",
            width);

    private static string ConvNormRelu(
        LayerStack layers, string x, string prefix, string number, int channels, int width, int kernel, int stride = 1) =>
        layers.Relu(ConvNorm(layers, x, prefix, number, channels, width, kernel, stride), $"{prefix}relu{number}");

    private static Graph Head(LayerStack layers, string x, int channels, int classes)
    {
        string pooled = layers.Graph.Add("GlobalAveragePool", [x], "pool");
        return layers.Classify(layers.Flatten(pooled, "embedding"), channels, classes);
    }
}
