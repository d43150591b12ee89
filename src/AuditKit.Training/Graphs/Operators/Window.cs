using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace AuditKit.Training.Graphs.Operators;

/// <summary>The sliding window of a convolution or pool: its size, step, dilation and padding along each dimension.</summary>
internal sealed class Window
{
    private Window(long[] kernel, long[] strides, long[] dilations, string automatic)
    {
        (Kernel, Strides, Dilations) = (kernel, strides, dilations);
        IsSameUpper = automatic == "SAME_UPPER";
        IsSame = IsSameUpper || automatic == "SAME_LOWER";
    }

    public long[] Kernel { get; }

    public long[] Strides { get; }

    public long[] Dilations { get; }

    /// <summary>Padding before the first element of each dimension.</summary>
    public long[] Begin { get; private set; } = [];

    /// <summary>Padding after the last element of each dimension.</summary>
    public long[] End { get; private set; } = [];

    /// <summary>Whether the padding keeps a stride-1 output as large as the input.</summary>
    public bool IsSame { get; }

    /// <summary>Whether the odd element of that padding comes at the end.</summary>
    public bool IsSameUpper { get; }

    /// <summary>Whether both sides are padded alike, as libtorch pads by itself.</summary>
    public bool IsSymmetric => Begin.AsSpan().SequenceEqual(End);

    /// <summary>The window that a node describes.</summary>
    /// <param name="c">The node.</param>
    /// <param name="x">N×C×spatial input.</param>
    /// <param name="kernel">The window's size; null to read it from the node.</param>
    /// <param name="transposed">Whether the padding for an equal size follows from the output instead.</param>
    public static Window Read(NodeContext c, Tensor x, long[]? kernel = null, bool transposed = false)
    {
        kernel ??= c.Ints("kernel_shape") ?? throw c.Unusable("has no kernel_shape");
        int rank = kernel.Length;
        if (x.ndim != rank + 2)
        {
            throw c.Unusable($"slides a window of {rank} dimensions over an input of {x.ndim}");
        }

        string automatic = c.Text("auto_pad", "NOTSET");
        var window = new Window(kernel, List("strides"), List("dilations"), automatic);
        long[] pads = automatic == "NOTSET" && c.Ints("pads") is { } given ? given : new long[2 * rank];
        if (pads.Length != 2 * rank)
        {
            throw c.Unusable($"has {pads.Length} pads for {rank} dimensions");
        }

        (window.Begin, window.End) = (pads[..rank], pads[rank..]);
        if (window.IsSame && !transposed)
        {
            for (int i = 0; i < rank; i++)
            {
                long size = x.shape[i + 2];
                long steps = (size + window.Strides[i] - 1) / window.Strides[i];
                long total = Math.Max(0, ((steps - 1) * window.Strides[i]) + window.Extent(i) - size);
                window.Begin[i] = window.IsSameUpper ? total / 2 : total - (total / 2);
                window.End[i] = total - window.Begin[i];
            }
        }

        return window;

        long[] List(string attribute) =>
            c.Ints(attribute) is not { } values ? [.. Enumerable.Repeat(1L, rank)]
            : values.Length == rank && values.All(value => value > 0) ? values
            : throw c.Unusable($"has unusable {attribute}");
    }

    /// <summary>Elements from the first to the last that the window touches along a dimension.</summary>
    public long Extent(int dimension) => ((Kernel[dimension] - 1) * Dilations[dimension]) + 1;

    /// <summary>The input with its padding spelt out.</summary>
    public Tensor Pad(Tensor x, double value)
    {
        // libtorch lists the last dimension first.
        var pads = new long[2 * Begin.Length];
        for (int i = 0; i < Begin.Length; i++)
        {
            pads[^((2 * i) + 2)] = Begin[i];
            pads[^((2 * i) + 1)] = End[i];
        }

        return F.pad(x, pads, value: value);
    }
}
