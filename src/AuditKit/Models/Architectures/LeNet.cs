using AuditKit.Imaging;
using AuditKit.Models.Onnx;

namespace AuditKit.Models.Architectures;

/// <summary>The two networks on which sparsification methods are compared (LeCun et al. 1998; Han et al. 2015).</summary>
internal static class LeNet
{
    /// <summary>LeNet-300-100: two hidden layers. 266,610 parameters on 28×28 grey images with 10 classes.</summary>
    public static Graph Dense(InputShape input, int classes, long seed)
    {
        var layers = new LayerStack("lenet-300-100", input, seed);
        string x = layers.Flatten("input", "flatten");
        x = layers.Relu(layers.Linear(x, "fc1", input.Length, 300), "relu1");
        x = layers.Relu(layers.Linear(x, "fc2", 300, 100), "embedding");
        return layers.Classify(x, 100, classes);
    }

    /// <summary>
    /// LeNet-5 as Caffe ships it: no nonlinearity after the convolutions but the pooling. 431,080 parameters on
    /// 28×28 grey images with 10 classes.
    /// </summary>
    public static Graph Caffe(InputShape input, int classes, long seed)
    {
        if (Math.Min(input.Height, input.Width) < 16)
        {
            throw new AuditException($"lenet-5-caffe needs images of at least 16×16 pixels, not {input}.");
        }

        var layers = new LayerStack("lenet-5-caffe", input, seed);
        string x = layers.Conv("input", "conv1", input.Channels, 20, kernel: 5, bias: true);
        x = layers.MaxPool(x, "pool1", kernel: 2, stride: 2);
        x = layers.Conv(x, "conv2", 20, 50, kernel: 5, bias: true);
        x = layers.MaxPool(x, "pool2", kernel: 2, stride: 2);
        x = layers.Flatten(x, "flatten");
        x = layers.Relu(layers.Linear(x, "fc1", 50 * Pooled(input.Height) * Pooled(input.Width), 500), "embedding");
        return layers.Classify(x, 500, classes);
    }

    // Two 5×5 convolutions without padding, each followed by pooling that halves.
    private static int Pooled(int length) => (((length - 4) / 2) - 4) / 2;
}
