using AuditKit.Imaging;
using AuditKit.Models.Onnx;

namespace AuditKit.Models.Architectures;

/// <summary>
/// The network of the deep weight prior's experiments (Atanov, Ashukha et al., The deep weight prior, ICLR 2019): 32 kernels of 7×7, 128
/// of 5×5, leaky ReLUs, one dense layer. 115,658 parameters on 28×28 grey images with 10 classes.
/// </summary>
internal static class Conv7Conv5
{
    private const int First = 32, Second = 128;

    public static Graph Build(InputShape input, int classes, long seed)
    {
        if (Math.Min(input.Height, input.Width) < 18)
        {
            throw new AuditException($"conv7-conv5 needs images of at least 18×18 pixels, not {input}.");
        }

        var layers = new LayerStack("conv7-conv5", input, seed);
        string x = layers.LeakyRelu(layers.Conv("input", "conv1", input.Channels, First, kernel: 7, bias: true), "relu1");
        x = layers.MaxPool(x, "pool1", kernel: 2, stride: 2);
        x = layers.LeakyRelu(layers.Conv(x, "conv2", First, Second, kernel: 5, bias: true), "relu2");
        x = layers.MaxPool(x, "pool2", kernel: 2, stride: 2);
        x = layers.Flatten(x, "embedding");
        return layers.Classify(x, Second * Pooled(input.Height) * Pooled(input.Width), classes);
    }

    // Convolutions without padding, each followed by pooling that halves.
    private static int Pooled(int length) => (((length - 6) / 2) - 4) / 2;
}
