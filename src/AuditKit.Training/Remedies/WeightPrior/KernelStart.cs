using AuditKit.Training.Graphs;
using TorchSharp;
using static TorchSharp.torch;

namespace AuditKit.Training.Remedies.WeightPrior;

/// <summary>What the kernels of a network's convolutions are before training.</summary>
internal enum KernelStart
{
    /// <summary>As the network has them.</summary>
    Network,

    /// <summary>N(0, 2 / (fan-in + fan-out)) (Glorot and Bengio, AISTATS 2010).</summary>
    Xavier,

    /// <summary>The decoder's means of codes drawn from N(0, I), as the deep weight prior's authors do it.</summary>
    Deep,

    /// <summary>Draws from the normal distribution of source kernels.</summary>
    Normal,

    /// <summary>Source kernels themselves, drawn at random.</summary>
    Kernels,
}

/// <summary>Draws the kernels of convolutions before training.</summary>
internal static class KernelStarts
{
    /// <summary>The words of recipes.</summary>
    public static IReadOnlyDictionary<string, KernelStart?> Words { get; } = new Dictionary<string, KernelStart?>
    {
        ["network"] = KernelStart.Network,
        ["xavier"] = KernelStart.Xavier,
        ["deep"] = KernelStart.Deep,
        ["gaussian"] = KernelStart.Normal,
        ["kernels"] = KernelStart.Kernels,
    };

    /// <summary>Whether it learns from source networks.</summary>
    public static bool Learns(this KernelStart start) => start is KernelStart.Deep or KernelStart.Normal or KernelStart.Kernels;

    /// <summary>What it is, for people.</summary>
    public static string Text(this KernelStart start) => start switch
    {
        KernelStart.Network => "the network's own",
        KernelStart.Xavier => "Xavier's normal draws",
        KernelStart.Deep => "the decoder's means of random codes",
        KernelStart.Normal => "draws from the source kernels' normal distribution",
        _ => "source kernels drawn at random",
    };

    /// <summary>The convolutions whose kernels have more than one number, in the order in which they run.</summary>
    /// <exception cref="AuditException">The network has none.</exception>
    public static IReadOnlyList<LinearLayer> Convolutions(GraphModule network)
    {
        LinearLayer[] layers = [.. LinearLayer.Find(network).Where(layer => layer.Weights.ndim == 4 && layer.Weights.shape[2] * layer.Weights.shape[3] > 1)];
        return layers.Length > 0 ? layers
            : throw new AuditException($"{network.Graph.Source}: the network has no convolution with trained kernels larger than 1×1.");
    }

    /// <summary>Draws the kernels of every such convolution anew; each layer has draws of its own.</summary>
    /// <param name="start">How.</param>
    /// <param name="network">The network.</param>
    /// <param name="learnt">What was learnt from source networks.</param>
    /// <param name="seed">The run's seed.</param>
    /// <exception cref="AuditException">The network has no such convolution, or the sources cannot be used.</exception>
    public static void Draw(this KernelStart start, GraphModule network, LearntKernels learnt, long seed)
    {
        if (start == KernelStart.Network)
        {
            return;
        }

        foreach (LinearLayer layer in Convolutions(network))
        {
            using DisposeScope scope = NewDisposeScope();
            using IDisposable gradients = no_grad();
            (int size, int count) = ((int)(layer.Weights.shape[2] * layer.Weights.shape[3]), (int)(layer.Weights.shape[0] * layer.Weights.shape[1]));
            CounterRandom random = CounterRandom.For(seed, $"kernel start/{layer.Name}", 0);
            Tensor kernels = start switch
            {
                KernelStart.Xavier => Normal(random, count, size, network.Device)
                    * Math.Sqrt(2.0 / (size * (layer.Weights.shape[0] + layer.Weights.shape[1]))),
                KernelStart.Deep => Decoded(learnt.Vae(layer), random, count, network.Device),
                KernelStart.Normal => learnt.Normal(layer).Draw(Normal(random, count, size, network.Device)),
                _ => learnt.Of(layer).Draw(count, random),
            };
            layer.Weights.copy_(kernels.reshape(layer.Weights.shape));
        }
    }

    private static Tensor Decoded(KernelVae vae, CounterRandom random, int count, Device device)
        => vae.Decode(Normal(random, count, vae.CodeSize, device)).Mean;

    private static Tensor Normal(CounterRandom random, int count, int length, Device device)
    {
        float[] values = new float[count * length];
        random.FillNormal(values, 0, 1);
        return tensor(values, [count, length]).to(device);
    }
}
