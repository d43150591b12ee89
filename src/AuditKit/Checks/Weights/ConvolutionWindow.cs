using AuditKit.Models.Onnx;

namespace AuditKit.Checks.Weights;

/// <summary>The sizes of a two-dimensional convolution, and how its window moves over the padded input.</summary>
internal sealed record ConvolutionWindow
{
    /// <summary>Channels C, rows H and columns W of the input.</summary>
    public required int Channels { get; init; }

    /// <inheritdoc cref="Channels"/>
    public required int Height { get; init; }

    /// <inheritdoc cref="Channels"/>
    public required int Width { get; init; }

    /// <summary>Filters O.</summary>
    public required int Filters { get; init; }

    /// <summary>Rows of a kernel.</summary>
    public required int KernelHeight { get; init; }

    /// <summary>Columns of a kernel.</summary>
    public required int KernelWidth { get; init; }

    /// <summary>Groups of channels that do not see each other.</summary>
    public int Groups { get; init; } = 1;

    /// <summary>The window's step downwards.</summary>
    public int StrideY { get; init; } = 1;

    /// <summary>The window's step to the right.</summary>
    public int StrideX { get; init; } = 1;

    /// <summary>The distance of two of the kernel's rows in the input.</summary>
    public int DilationY { get; init; } = 1;

    /// <summary>The distance of two of the kernel's columns in the input.</summary>
    public int DilationX { get; init; } = 1;

    /// <summary>Rows of zeros above the input; on the other sides likewise.</summary>
    public int Top { get; init; }

    /// <inheritdoc cref="Top"/>
    public int Left { get; init; }

    /// <inheritdoc cref="Top"/>
    public int Bottom { get; init; }

    /// <inheritdoc cref="Top"/>
    public int Right { get; init; }

    /// <summary>Input channels of one group.</summary>
    public int GroupChannels => Channels / Groups;

    /// <summary>Filters of one group.</summary>
    public int GroupFilters => Filters / Groups;

    /// <summary>The window of one group by itself.</summary>
    public ConvolutionWindow OfGroup => this with { Channels = GroupChannels, Filters = GroupFilters, Groups = 1 };

    /// <summary>Rows of the input with its padding.</summary>
    public int PaddedHeight => Top + Height + Bottom;

    /// <summary>Columns of the input with its padding.</summary>
    public int PaddedWidth => Left + Width + Right;

    /// <summary>Rows H′ of the output.</summary>
    public int OutputHeight => ((PaddedHeight - ((KernelHeight - 1) * DilationY) - 1) / StrideY) + 1;

    /// <summary>Columns W′ of the output.</summary>
    public int OutputWidth => ((PaddedWidth - ((KernelWidth - 1) * DilationX) - 1) / StrideX) + 1;

    /// <summary>Whether no input element is in two windows and none of zeros: the matrix then is one block, over and over.</summary>
    public bool IsBlockDiagonal => Top + Left + Bottom + Right == 0
        && DilationY == 1 && DilationX == 1 && StrideY >= KernelHeight && StrideX >= KernelWidth;

    /// <summary>The input channel behind a channel of a filter's kernel.</summary>
    public int InputChannel(int filter, int channel) => (filter / GroupFilters * GroupChannels) + channel;

    /// <summary>The window of a Conv node.</summary>
    /// <param name="node">The node.</param>
    /// <param name="kernels">The dimensions of its weights, O×(C/groups)×k×l.</param>
    /// <param name="input">The dimensions of its input, C×H×W.</param>
    /// <returns>Null where the node's numbers contradict each other, or padding is negative.</returns>
    public static ConvolutionWindow? Of(Node node, ReadOnlySpan<long> kernels, ReadOnlySpan<long> input)
    {
        long[] strides = Ints(node, "strides") ?? [1, 1];
        long[] dilations = Ints(node, "dilations") ?? [1, 1];
        long groups = Group(node);
        long[] extents = [((kernels[2] - 1) * dilations[0]) + 1, ((kernels[3] - 1) * dilations[1]) + 1];
        long[]? pads = Pads(node, input[1..], strides, extents);
        if (strides is not [> 0 and < int.MaxValue, > 0 and < int.MaxValue] || dilations is not [> 0 and < int.MaxValue, > 0 and < int.MaxValue]
            || pads is not [>= 0 and < 4096, >= 0 and < 4096, >= 0 and < 4096, >= 0 and < 4096]
            || groups < 1 || kernels[0] % groups != 0 || kernels[1] * groups != input[0]
            || extents[0] > input[1] + pads[0] + pads[2] || extents[1] > input[2] + pads[1] + pads[3])
        {
            return null;
        }

        return new ConvolutionWindow
        {
            Channels = (int)input[0],
            Height = (int)input[1],
            Width = (int)input[2],
            Filters = (int)kernels[0],
            KernelHeight = (int)kernels[2],
            KernelWidth = (int)kernels[3],
            Groups = (int)groups,
            StrideY = (int)strides[0],
            StrideX = (int)strides[1],
            DilationY = (int)dilations[0],
            DilationX = (int)dilations[1],
            Top = (int)pads[0],
            Left = (int)pads[1],
            Bottom = (int)pads[2],
            Right = (int)pads[3],
        };
    }

    /// <summary>
    /// The window of the convolution whose adjoint a ConvTranspose node is: it goes from the node's outputs to its inputs.
    /// </summary>
    /// <param name="node">The node.</param>
    /// <param name="kernels">The dimensions of its weights, C×(O/groups)×k×l.</param>
    /// <param name="input">The dimensions of its input, C×H×W.</param>
    /// <returns>Null where the node's numbers contradict each other, or its padding is left to be worked out.</returns>
    public static ConvolutionWindow? OfAdjoint(Node node, ReadOnlySpan<long> kernels, ReadOnlySpan<long> input)
    {
        if (node.Attributes.ContainsKey("output_shape")
            || (node.Attributes.TryGetValue("auto_pad", out AttributeValue? automatic) && automatic.Value is not "NOTSET")
            || (Ints(node, "strides") ?? [1, 1]) is not [> 0 and < 4096, > 0 and < 4096] strides
            || (Ints(node, "dilations") ?? [1, 1]) is not [> 0 and < 4096, > 0 and < 4096] dilations
            || (Ints(node, "pads") ?? [0, 0, 0, 0]) is not [>= 0 and < 4096, >= 0 and < 4096, >= 0 and < 4096, >= 0 and < 4096] pads
            || (Ints(node, "output_padding") ?? [0, 0]) is not [>= 0 and < 4096, >= 0 and < 4096] further
            || Group(node) is var groups && (groups < 1 || groups > input[0]))
        {
            return null;
        }

        long[] output = [kernels[1] * groups, 0, 0];
        for (int i = 0; i < 2; i++)
        {
            output[i + 1] = (strides[i] * (input[i + 1] - 1)) + ((kernels[i + 2] - 1) * dilations[i]) + 1 + further[i] - pads[i] - pads[i + 2];
        }

        return output[1] > 0 && output[2] > 0 && Of(node, kernels, output) is { } window && window.OutputHeight == input[1]
            && window.OutputWidth == input[2] ? window : null;
    }

    private static long Group(Node node) => node.Attributes.TryGetValue("group", out AttributeValue? value) && value.Value is long group ? group : 1;

    private static long[]? Pads(Node node, ReadOnlySpan<long> size, long[] strides, long[] extents)
    {
        string automatic = node.Attributes.TryGetValue("auto_pad", out AttributeValue? value) ? value.Value as string ?? "" : "NOTSET";
        if (automatic == "NOTSET")
        {
            return Ints(node, "pads") ?? [0, 0, 0, 0];
        }

        if (automatic == "VALID" || strides.Length != 2 || strides.Any(stride => stride < 1))
        {
            return [0, 0, 0, 0];
        }

        long[] pads = new long[4];
        for (int i = 0; i < 2; i++)
        {
            // As many windows as strides fit into the input; the odd row or column of zeros comes last for SAME_UPPER.
            long windows = (size[i] + strides[i] - 1) / strides[i];
            long total = Math.Max(0, ((windows - 1) * strides[i]) + extents[i] - size[i]);
            pads[i] = automatic == "SAME_UPPER" ? total / 2 : total - (total / 2);
            pads[i + 2] = total - pads[i];
        }

        return pads;
    }

    private static long[]? Ints(Node node, string name)
        => node.Attributes.TryGetValue(name, out AttributeValue? value) ? value.Value as long[] : null;
}
