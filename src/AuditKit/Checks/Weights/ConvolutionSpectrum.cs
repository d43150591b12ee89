using System.Numerics;

namespace AuditKit.Checks.Weights;

/// <summary>
/// The spectrum of a convolution without borders, on an input that goes on periodically: W falls apart into one small matrix
/// a frequency, the kernels' Fourier transform, and its singular values are theirs (Sedghi, Gupta and Long, The singular
/// values of convolutional layers, ICLR 2019).
/// </summary>
/// <remarks>
/// Zero padding adds what depends on the input's size and hardly on the kernels: shifting an image by one pixel keeps all of
/// it, and yet is singular at the border. What training does to the kernels shows here.
/// </remarks>
internal static class ConvolutionSpectrum
{
    /// <summary>Frequencies a side at most: the bounds are smooth in them, for kernels of few taps.</summary>
    private const int Frequencies = 32;

    /// <summary>
    /// The extreme eigenvalues of WᵀW, or of WWᵀ where a place has fewer filters than inputs: O against C·s², the inputs of
    /// a stride being s² phases that the window sees apart.
    /// </summary>
    /// <param name="kernels">O rows of C·k·l weights.</param>
    /// <param name="window">How the window of one group moves.</param>
    /// <param name="threads">Threads that compute.</param>
    /// <param name="cancellation">Stops the computation.</param>
    public static FrameBounds Bounds(double[][] kernels, ConvolutionWindow window, int threads, CancellationToken cancellation)
    {
        int height = Math.Min(Frequencies, (window.Height + window.StrideY - 1) / window.StrideY);
        int width = Math.Min(Frequencies, (window.Width + window.StrideX - 1) / window.StrideX);
        // Real kernels have the same spectrum at a frequency and at its opposite.
        (double Y, double X)[] frequencies =
        [
            .. from v in Enumerable.Range(0, (height / 2) + 1)
               from u in Enumerable.Range(0, v == 0 ? (width / 2) + 1 : width)
               select ((double)v / height, (double)u / width),
        ];
        var bounds = new FrameBounds[frequencies.Length];
        Parallel.For(0, frequencies.Length, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation }, i =>
            bounds[i] = FrameBounds.OfMatrix(Real(Transform(kernels, window, frequencies[i].Y, frequencies[i].X))));
        return FrameBounds.OfBlocks(bounds);
    }

    /// <summary>The kernels' transform at a frequency (cycles a place): O rows of C·s² numbers.</summary>
    private static Complex[][] Transform(double[][] kernels, ConvolutionWindow window, double frequencyY, double frequencyX)
    {
        int taps = window.KernelHeight * window.KernelWidth;
        int phases = window.StrideY * window.StrideX;
        var factors = new (int Phase, Complex Factor)[taps];
        for (int tap = 0; tap < taps; tap++)
        {
            (int shiftY, int phaseY) = Math.DivRem(tap / window.KernelWidth * window.DilationY, window.StrideY);
            (int shiftX, int phaseX) = Math.DivRem(tap % window.KernelWidth * window.DilationX, window.StrideX);
            factors[tap] = ((phaseY * window.StrideX) + phaseX, Complex.FromPolarCoordinates(1, 2 * Math.PI * ((frequencyY * shiftY) + (frequencyX * shiftX))));
        }

        return Array.ConvertAll(kernels, kernel =>
        {
            var row = new Complex[kernel.Length / taps * phases];
            for (int i = 0; i < kernel.Length; i++)
            {
                (int phase, Complex factor) = factors[i % taps];
                row[(i / taps * phases) + phase] += kernel[i] * factor;
            }

            return row;
        });
    }

    /// <summary>A complex matrix as a real one of twice the rows and columns, which has each of its singular values twice.</summary>
    private static double[][] Real(Complex[][] rows) =>
    [
        .. rows.Select(row => (double[])[.. row.Select(value => value.Real), .. row.Select(value => value.Imaginary)]),
        .. rows.Select(row => (double[])[.. row.Select(value => -value.Imaginary), .. row.Select(value => value.Real)]),
    ];
}
