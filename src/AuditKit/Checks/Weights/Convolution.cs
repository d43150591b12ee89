using System.Numerics;
using System.Runtime.InteropServices;

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

    /// <inheritdoc/>
    public override int Rows => window.Filters * window.OutputHeight * window.OutputWidth;

    /// <inheritdoc/>
    public override int Columns => window.Channels * window.Height * window.Width;

    /// <inheritdoc/>
    public override long Cost => (long)kernels.Length * window.OutputHeight * window.OutputWidth;

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
            Span<double> plane = y.AsSpan(o * window.OutputHeight * window.OutputWidth, window.OutputHeight * window.OutputWidth);
            plane.Clear();
            for (int c = 0; c < window.GroupChannels; c++)
            {
                for (int tap = 0; tap < _taps; tap++)
                {
                    (int a, int b, double weight) = Tap(o, c, tap);
                    for (int i = 0; i < window.OutputHeight; i++)
                    {
                        Span<double> row = PaddedRow(window.InputChannel(o, c), (i * window.StrideY) + (a * window.DilationY))[(b * window.DilationX)..];
                        Gather(row, window.StrideX, weight, plane.Slice(i * window.OutputWidth, window.OutputWidth));
                    }
                }
            }
        });
    }

    /// <inheritdoc/>
    public override void ApplyAdjoint(double[] y, double[] x)
    {
        Array.Clear(_padded);
        Each(window.Channels, channel =>
        {
            (int first, int c) = (channel / window.GroupChannels * window.GroupFilters, channel % window.GroupChannels);
            for (int o = first; o < first + window.GroupFilters; o++)
            {
                for (int tap = 0; tap < _taps; tap++)
                {
                    (int a, int b, double weight) = Tap(o, c, tap);
                    for (int i = 0; i < window.OutputHeight; i++)
                    {
                        Span<double> row = PaddedRow(channel, (i * window.StrideY) + (a * window.DilationY))[(b * window.DilationX)..];
                        Scatter(y.AsSpan(((o * window.OutputHeight) + i) * window.OutputWidth, window.OutputWidth), weight, window.StrideX, row);
                    }
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
                (int a, int b, double weight) = Tap(o, at / _taps, at % _taps);
                int y = (i * window.StrideY) + (a * window.DilationY) - window.Top;
                int x = (j * window.StrideX) + (b * window.DilationX) - window.Left;
                if (y >= 0 && y < window.Height && x >= 0 && x < window.Width)
                {
                    matrix[row][(((window.InputChannel(o, at / _taps) * window.Height) + y) * window.Width) + x] = weight;
                }
            }
        });
        return matrix;
    }

    private Span<double> PaddedRow(int channel, int row)
        => _padded.AsSpan(((channel * window.PaddedHeight) + row) * window.PaddedWidth, window.PaddedWidth);

    /// <summary>Where a kernel's weight stands, and the weight.</summary>
    private (int A, int B, double Weight) Tap(int filter, int channel, int tap)
        => (tap / window.KernelWidth, tap % window.KernelWidth, kernels[(((filter * window.GroupChannels) + channel) * _taps) + tap]);

    private void Each(int count, Action<int> body)
        => Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = threads }, body);

    /// <summary>to[j] += weight·from[j·stride].</summary>
    private static void Gather(ReadOnlySpan<double> from, int stride, double weight, Span<double> to)
    {
        if (stride == 1)
        {
            AddScaled(from[..to.Length], weight, to);
            return;
        }

        for (int j = 0; j < to.Length; j++)
        {
            to[j] += weight * from[j * stride];
        }
    }

    /// <summary>to[j·stride] += weight·from[j].</summary>
    private static void Scatter(ReadOnlySpan<double> from, double weight, int stride, Span<double> to)
    {
        if (stride == 1)
        {
            AddScaled(from, weight, to[..from.Length]);
            return;
        }

        for (int j = 0; j < from.Length; j++)
        {
            to[j * stride] += weight * from[j];
        }
    }

    private static void AddScaled(ReadOnlySpan<double> from, double weight, Span<double> to)
    {
        ReadOnlySpan<Vector<double>> froms = MemoryMarshal.Cast<double, Vector<double>>(from);
        Span<Vector<double>> tos = MemoryMarshal.Cast<double, Vector<double>>(to);
        var weights = new Vector<double>(weight);
        for (int i = 0; i < froms.Length; i++)
        {
            tos[i] += froms[i] * weights;
        }

        for (int i = froms.Length * Vector<double>.Count; i < from.Length; i++)
        {
            to[i] += from[i] * weight;
        }
    }
}
