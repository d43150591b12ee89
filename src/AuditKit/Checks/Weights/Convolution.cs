namespace AuditKit.Checks.Weights;

/// <summary>
/// A two-dimensional convolution as the linear map that it is, from C×H×W inputs to O×H′×W′ outputs: the block-Toeplitz
/// matrix of its kernels, never built.
/// y[o, i, j] = Σ_{c,a,b} w[o, c, a, b]·x[c, i·s − p + a·d, j·s − p + b·d], c over the channels of o's group.
/// </summary>
/// <param name="kernels">O×(C/groups)×k×l weights.</param>
/// <param name="window">How the window moves.</param>
/// <param name="threads">Threads that compute.</param>
internal sealed class Convolution(float[] kernels, ConvolutionWindow window, int threads) : LinearOperator
{
    private readonly double[] _padded = new double[window.Channels * window.PaddedHeight * window.PaddedWidth];
    private readonly int _taps = window.KernelHeight * window.KernelWidth;

    // Outputs lie where their windows begin in the padded input. So a kernel's weight adds one long row of the input to
    // the output, whatever the stride; what falls between the outputs is not looked at, or zero.
    private readonly double[] _planes = new double[window.Filters * window.PaddedHeight * window.PaddedWidth];
    private readonly int _reach = ((window.OutputHeight - 1) * window.StrideY * window.PaddedWidth) + ((window.OutputWidth - 1) * window.StrideX) + 1;

    /// <inheritdoc/>
    public override int Rows => window.Filters * window.OutputHeight * window.OutputWidth;

    /// <inheritdoc/>
    public override int Columns => window.Channels * window.Height * window.Width;

    /// <inheritdoc/>
    public override long Cost => (long)kernels.Length * _reach;

    /// <inheritdoc/>
    public override void Apply(double[] x, double[] y)
    {
        Array.Clear(_padded);
        for (int c = 0; c < window.Channels; c++)
        {
            for (int i = 0; i < window.Height; i++)
            {
                x.AsSpan(((c * window.Height) + i) * window.Width, window.Width).CopyTo(PaddedRow(c, i + window.Top)[window.Left..]);
            }
        }

        Each(window.Filters, o =>
        {
            Span<double> plane = Plane(o);
            plane.Clear();
            for (int c = 0; c < window.GroupChannels; c++)
            {
                ReadOnlySpan<double> input = PaddedChannel(window.InputChannel(o, c));
                for (int tap = 0; tap < _taps; tap++)
                {
                    (int offset, double weight) = Tap(o, c, tap);
                    Tridiagonal.AddScaled(input.Slice(offset, _reach), weight, plane[.._reach]);
                }
            }

            for (int i = 0; i < window.OutputHeight; i++)
            {
                for (int j = 0; j < window.OutputWidth; j++)
                {
                    y[(((o * window.OutputHeight) + i) * window.OutputWidth) + j] = plane[(i * window.StrideY * window.PaddedWidth) + (j * window.StrideX)];
                }
            }
        });
    }

    /// <inheritdoc/>
    public override void ApplyAdjoint(double[] y, double[] x)
    {
        Each(window.Filters, o =>
        {
            Span<double> plane = Plane(o);
            plane.Clear();
            for (int i = 0; i < window.OutputHeight; i++)
            {
                for (int j = 0; j < window.OutputWidth; j++)
                {
                    plane[(i * window.StrideY * window.PaddedWidth) + (j * window.StrideX)] = y[(((o * window.OutputHeight) + i) * window.OutputWidth) + j];
                }
            }
        });
        Each(window.Channels, channel =>
        {
            Span<double> input = PaddedChannel(channel);
            input.Clear();
            (int first, int c) = (channel / window.GroupChannels * window.GroupFilters, channel % window.GroupChannels);
            for (int o = first; o < first + window.GroupFilters; o++)
            {
                for (int tap = 0; tap < _taps; tap++)
                {
                    (int offset, double weight) = Tap(o, c, tap);
                    Tridiagonal.AddScaled(Plane(o)[.._reach], weight, input.Slice(offset, _reach));
                }
            }
        });
        for (int c = 0; c < window.Channels; c++)
        {
            for (int i = 0; i < window.Height; i++)
            {
                PaddedRow(c, i + window.Top).Slice(window.Left, window.Width).CopyTo(x.AsSpan(((c * window.Height) + i) * window.Width));
            }
        }
    }

    /// <inheritdoc/>
    public override double[][] ToMatrix()
    {
        double[][] matrix = [.. Enumerable.Range(0, Rows).Select(_ => new double[Columns])];
        Each(Rows, row =>
        {
            int plane = window.OutputHeight * window.OutputWidth;
            (int o, int i, int j) = (row / plane, row % plane / window.OutputWidth, row % window.OutputWidth);
            for (int at = 0; at < window.GroupChannels * _taps; at++)
            {
                (int offset, double weight) = Tap(o, at / _taps, at % _taps);
                int y = (i * window.StrideY) + (offset / window.PaddedWidth) - window.Top;
                int x = (j * window.StrideX) + (offset % window.PaddedWidth) - window.Left;
                if (y >= 0 && y < window.Height && x >= 0 && x < window.Width)
                {
                    matrix[row][(((window.InputChannel(o, at / _taps) * window.Height) + y) * window.Width) + x] = weight;
                }
            }
        });
        return matrix;
    }

    /// <inheritdoc/>
    public override BandedCholesky? Gram() => window.Groups == 1 ? ConvolutionGram.Of(kernels, window) : null;

    private Span<double> PaddedRow(int channel, int row)
        => PaddedChannel(channel).Slice(row * window.PaddedWidth, window.PaddedWidth);

    private Span<double> PaddedChannel(int channel)
        => _padded.AsSpan(channel * window.PaddedHeight * window.PaddedWidth, window.PaddedHeight * window.PaddedWidth);

    private Span<double> Plane(int filter)
        => _planes.AsSpan(filter * window.PaddedHeight * window.PaddedWidth, window.PaddedHeight * window.PaddedWidth);

    /// <summary>How far into the padded input a kernel's weight looks, from the window's first element, and the weight.</summary>
    private (int Offset, double Weight) Tap(int filter, int channel, int tap)
        => ((tap / window.KernelWidth * window.DilationY * window.PaddedWidth) + (tap % window.KernelWidth * window.DilationX),
            kernels[(((filter * window.GroupChannels) + channel) * _taps) + tap]);

    private void Each(int count, Action<int> body)
        => Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = threads }, body);
}
