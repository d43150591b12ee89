using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AuditKit.Training.Remedies.Clamp;

/// <summary>
/// A CycleGAN's generator (Zhu, Park, Isola and Efros, Unpaired image-to-image translation using cycle-consistent
/// adversarial networks, ICCV 2017, appendix 7.2): convolutions that halve the image, residual blocks, and the way back,
/// with instance normalisation. Enlarging is by nearest neighbour, which leaves no chequerboard and allows any size; what
/// the first layer saw is added before the last, so that detail need not pass the narrow middle.
/// </summary>
internal sealed class Generator
{
    private readonly Convolution _first;
    private readonly Convolution _last;
    private readonly Convolution[] _down;
    private readonly (Convolution First, Convolution Second)[] _blocks;
    private readonly Convolution[] _up;

    /// <summary>A generator at its start.</summary>
    /// <param name="seed">The seed of its weights.</param>
    /// <param name="name">Its name, for their draws.</param>
    /// <param name="device">Where it runs.</param>
    /// <param name="channels">Channels of an image.</param>
    /// <param name="size">Its size.</param>
    public Generator(long seed, string name, Device device, int channels, GanSize size)
    {
        Convolution Layer(string layer, int inputs, int outputs, int kernel = 3, int stride = 1)
            => new(seed, $"{name}.{layer}", device, inputs, outputs, kernel, stride);
        int Width(int halvings) => size.Width << halvings;
        int widest = Width(size.Halvings);
        _first = Layer("first", channels, size.Width, size.Kernel);
        _down = [.. Enumerable.Range(0, size.Halvings).Select(i => Layer($"down{i}", Width(i), Width(i + 1), stride: 2))];
        _blocks = [.. Enumerable.Range(0, size.Blocks).Select(i => (Layer($"block{i}.first", widest, widest), Layer($"block{i}.second", widest, widest)))];
        _up = [.. Enumerable.Range(0, size.Halvings).Reverse().Select(i => Layer($"up{i}", Width(i + 1), Width(i)))];
        _last = Layer("last", size.Width, channels, size.Kernel);
    }

    /// <summary>What is trained.</summary>
    public IEnumerable<Parameter> Parameters
        => new[] { _first, _last }.Concat(_down).Concat(_blocks.SelectMany(block => new[] { block.First, block.Second })).Concat(_up)
            .SelectMany(layer => layer.Parameters);

    /// <summary>Images n×C×H×W in [−1, 1] to such images.</summary>
    public Tensor Apply(Tensor images)
    {
        Tensor seen = _first.Apply(images).relu();
        Tensor x = seen;
        var sizes = new Stack<long[]>();
        foreach (Convolution down in _down)
        {
            sizes.Push(x.shape[2..]);
            x = nn.functional.instance_norm(down.Apply(x)).relu();
        }

        foreach ((Convolution first, Convolution second) in _blocks)
        {
            x += nn.functional.instance_norm(second.Apply(nn.functional.instance_norm(first.Apply(x)).relu()));
        }

        foreach (Convolution up in _up)
        {
            x = nn.functional.instance_norm(up.Apply(nn.functional.interpolate(x, size: sizes.Pop()))).relu();
        }

        return _last.Apply(x + seen).tanh();
    }
}
