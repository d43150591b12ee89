namespace AuditKit.Checks.Weights;

/// <summary>A layer of a model that is linear in its input: a convolution, its adjoint, or a matrix product with constant weights.</summary>
/// <param name="Name">The name of its weights in the file.</param>
/// <param name="Kernels">The weights, a row for each index of their first dimension.</param>
/// <param name="Window">How a convolution's window moves; null for a matrix product.</param>
/// <param name="IsTransposed">Whether the layer is the adjoint of that convolution, from its outputs to its inputs.</param>
internal sealed record WeightLayer(string Name, double[][] Kernels, ConvolutionWindow? Window, bool IsTransposed = false)
{
    /// <summary>What kind of layer it is: <c>convolution 3×3, stride 2</c>.</summary>
    public string Kind => Window is not { } w ? "dense"
        : $"{(IsTransposed ? "transposed convolution" : "convolution")} {w.KernelHeight}×{w.KernelWidth}"
            + (w.StrideY == 1 && w.StrideX == 1 ? "" : w.StrideY == w.StrideX ? $", stride {w.StrideY}" : $", stride {w.StrideY}×{w.StrideX}")
            + (w.DilationY == 1 && w.DilationX == 1 ? "" : $", dilation {w.DilationY}×{w.DilationX}")
            + (w.Groups == 1 ? "" : w.Groups == (IsTransposed ? w.Filters : w.Channels) ? ", depthwise" : $", {w.Groups} groups");

    /// <summary>Rows m of W: the length of the layer's output for one image (or one token).</summary>
    public long Rows => IsTransposed ? Inputs : Outputs;

    /// <summary>Columns n of W: the length of the layer's input.</summary>
    public long Columns => IsTransposed ? Outputs : Inputs;

    /// <summary>The weights, a row a filter: all that one output (of a place) is made of.</summary>
    public double[][] Filters => !IsTransposed || Window is not { } w ? Kernels :
    [
        .. Enumerable.Range(0, w.Channels).Select(channel => Kernels.Skip(channel / w.GroupChannels * w.GroupFilters).Take(w.GroupFilters)
            .SelectMany(kernel => kernel.Chunk(w.KernelHeight * w.KernelWidth).ElementAt(channel % w.GroupChannels)).ToArray()),
    ];

    private long Outputs => Window is { } w ? (long)w.Filters * w.OutputHeight * w.OutputWidth : Kernels.Length;

    private long Inputs => Window is { } w ? (long)w.Channels * w.Height * w.Width : Kernels[0].Length;

    /// <summary>The layer's frame bounds, which an adjoint shares with its convolution.</summary>
    /// <param name="threads">Threads that compute.</param>
    /// <param name="cancellation">Stops the computation.</param>
    public FrameBounds Bounds(int threads, CancellationToken cancellation)
    {
        if (Window is not { } window)
        {
            return FrameBounds.OfMatrix(Kernels);
        }

        double[][][] groups = [.. Kernels.Chunk(window.GroupFilters)];
        if (!window.IsBlockDiagonal)
        {
            // No weight connects two groups: each is a convolution by itself.
            return FrameBounds.OfBlocks([.. groups.Select(group => FrameBounds.OfOperator(
                new Convolution([.. group.SelectMany(kernel => kernel.Select(weight => (float)weight))], window.OfGroup, threads), threads, cancellation))]);
        }

        // W is block-diagonal, with a group's kernels as blocks; where the window skips inputs, it has columns of zeros.
        double[][] eigenvalues = [.. groups.Select(group => BlockEigenvalues(group, isWide: Outputs < Inputs))];
        bool skips = Outputs >= Inputs && Inputs > (long)window.OutputHeight * window.OutputWidth * window.Groups * Kernels[0].Length;
        return FrameBounds.Of(skips ? 0 : eigenvalues.Min(group => group[0]), eigenvalues.Max(group => group[^1]));
    }

    /// <summary>
    /// The frame bounds that the layer would have on an input that goes on periodically instead of in zeros, see
    /// <see cref="ConvolutionSpectrum"/>; a matrix product has no borders.
    /// </summary>
    /// <param name="threads">Threads that compute.</param>
    /// <param name="cancellation">Stops the computation.</param>
    public FrameBounds PeriodicBounds(int threads, CancellationToken cancellation) => Window is not { } window
        ? FrameBounds.OfMatrix(Kernels)
        : FrameBounds.OfBlocks([.. Kernels.Chunk(window.GroupFilters)
            .Select(group => ConvolutionSpectrum.Bounds(group, window.OfGroup, threads, cancellation))]);

    /// <summary>The eigenvalues of a block's WᵀW, or WWᵀ for a wide W: the smaller Gram's, and zeros where it is the larger one.</summary>
    private static double[] BlockEigenvalues(double[][] block, bool isWide)
    {
        double[] eigenvalues = FrameBounds.GramEigenvalues(block);
        bool hasZeros = isWide ? block.Length > block[0].Length : block.Length < block[0].Length;
        return hasZeros ? [0, .. eigenvalues] : eigenvalues;
    }
}
