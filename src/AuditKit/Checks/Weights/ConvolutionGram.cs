namespace AuditKit.Checks.Weights;

/// <summary>
/// The smaller Gram matrix of a convolution, WᵀW over inputs or WWᵀ over outputs. With channels of a place next to each
/// other it is banded: V[(p,c),(p′,c′)] = Σ_q Σ_o w[o,c,a]·w[o,c′,a′] over the outputs q whose windows have p under tap a
/// and p′ under tap a′; for WWᵀ with inputs and outputs exchanged.
/// </summary>
internal static class ConvolutionGram
{
    // Seconds of computation, and 256 MB.
    private const long MultiplicationsAtMost = 40_000_000_000;
    private const long StorageAtMost = 1 << 25;

    /// <summary>The matrix, to be factored.</summary>
    /// <param name="kernels">O×C×k×l weights.</param>
    /// <param name="window">How the window moves; one group.</param>
    /// <returns>Null where factoring it would take too long or too much memory.</returns>
    public static BandedCholesky? Of(float[] kernels, ConvolutionWindow window)
    {
        bool overOutputs = window.Filters * window.OutputHeight * window.OutputWidth < window.Channels * window.Height * window.Width;
        int channels = overOutputs ? window.Filters : window.Channels;
        int places = overOutputs ? window.OutputHeight * window.OutputWidth : window.Height * window.Width;
        List<(int Place, int Tap)>[] meetings = Meetings(window, overOutputs);
        int reach = meetings.Max(meeting => meeting.Count == 0 ? 0 : meeting.Max(at => at.Place) - meeting.Min(at => at.Place));
        (long side, long band) = ((long)places * channels, ((long)reach * channels) + channels - 1);
        if (side * band * band > MultiplicationsAtMost || BandedCholesky.Storage(side, band) > StorageAtMost)
        {
            return null;
        }

        var gram = new BandedCholesky((int)side, (int)band);
        double[][] products = Products(kernels, window, overOutputs);
        int taps = window.KernelHeight * window.KernelWidth;
        foreach (List<(int Place, int Tap)> meeting in meetings)
        {
            foreach ((int place, int tap) in meeting)
            {
                foreach ((int other, int otherTap) in meeting.Where(at => at.Place <= place))
                {
                    double[] product = products[(tap * taps) + otherTap];
                    for (int c = 0; c < channels; c++)
                    {
                        for (int d = 0; d <= (other == place ? c : channels - 1); d++)
                        {
                            gram[(place * channels) + c, (other * channels) + d] += product[(c * channels) + d];
                        }
                    }
                }
            }
        }

        return gram;
    }

    /// <summary>By place on the other side: the places that it is connected with, and by which tap.</summary>
    private static List<(int Place, int Tap)>[] Meetings(ConvolutionWindow w, bool overOutputs)
    {
        List<(int, int)>[] meetings = [.. Enumerable.Range(0, overOutputs ? w.Height * w.Width : w.OutputHeight * w.OutputWidth)
            .Select(_ => new List<(int, int)>())];
        for (int output = 0; output < w.OutputHeight * w.OutputWidth; output++)
        {
            for (int tap = 0; tap < w.KernelHeight * w.KernelWidth; tap++)
            {
                int y = (output / w.OutputWidth * w.StrideY) - w.Top + (tap / w.KernelWidth * w.DilationY);
                int x = (output % w.OutputWidth * w.StrideX) - w.Left + (tap % w.KernelWidth * w.DilationX);
                if (y >= 0 && y < w.Height && x >= 0 && x < w.Width)
                {
                    int input = (y * w.Width) + x;
                    meetings[overOutputs ? input : output].Add((overOutputs ? output : input, tap));
                }
            }
        }

        return meetings;
    }

    /// <summary>Σ over the other side's channels of the weights under two taps, for every two taps and every two channels.</summary>
    private static double[][] Products(float[] kernels, ConvolutionWindow w, bool overOutputs)
    {
        int taps = w.KernelHeight * w.KernelWidth;
        (int channels, int others) = overOutputs ? (w.Filters, w.Channels) : (w.Channels, w.Filters);
        double[][] vectors = [.. Enumerable.Range(0, taps * channels)
            .Select(at => Enumerable.Range(0, others).Select(other => Weight(at % channels, other, at / channels)).ToArray())];
        double[][] products = new double[taps * taps][];
        Parallel.For(0, products.Length, pair =>
        {
            double[] product = new double[channels * channels];
            for (int i = 0; i < product.Length; i++)
            {
                product[i] = Tridiagonal.Inner(vectors[(pair / taps * channels) + (i / channels)], vectors[(pair % taps * channels) + (i % channels)]);
            }

            products[pair] = product;
        });
        return products;

        double Weight(int channel, int other, int tap)
        {
            (int filter, int input) = overOutputs ? (channel, other) : (other, channel);
            return kernels[(((filter * w.Channels) + input) * taps) + tap];
        }
    }
}
