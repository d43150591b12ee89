using System.Collections.Concurrent;

namespace AuditKit.Imaging.Corruptions;

/// <summary>
/// The normal density at whole pixels, cut off at a number of standard deviations and normalised, as SciPy's
/// <c>gaussian_filter</c> has it: along the columns, then along the rows.
/// </summary>
internal sealed class GaussianKernel
{
    private static readonly ConcurrentDictionary<(double Sigma, double Truncate), GaussianKernel> Known = new();

    private readonly Tap[] _across;
    private readonly Tap[] _down;

    private GaussianKernel(double sigma, double truncate)
    {
        int radius = (int)((truncate * sigma) + 0.5);
        double[] weights = [.. Enumerable.Range(-radius, (2 * radius) + 1).Select(x => Math.Exp(-0.5 * x * x / (sigma * sigma)))];
        double sum = weights.Sum();
        _across = [.. weights.Select((weight, i) => new Tap(i - radius, 0, (float)(weight / sum)))];
        _down = [.. _across.Select(tap => new Tap(0, tap.X, tap.Weight))];
    }

    /// <summary>The kernel of one of the corruptions' constants, made once.</summary>
    /// <param name="sigma">The standard deviation in pixels.</param>
    /// <param name="truncate">Where it ends, in standard deviations (rounded to whole pixels).</param>
    public static GaussianKernel Of(double sigma, double truncate = 4)
        => Known.GetOrAdd((sigma, truncate), key => new GaussianKernel(key.Sigma, key.Truncate));

    /// <summary>Blurs every channel in place.</summary>
    /// <param name="values">H×W×C values.</param>
    /// <param name="width">Width W.</param>
    /// <param name="height">Height H.</param>
    /// <param name="channels">Channels C.</param>
    /// <param name="border">What lies beyond the border.</param>
    public void Blur(Span<float> values, int width, int height, int channels, Border border = Border.Nearest)
    {
        if (_across.Length > 1)
        {
            Correlation.Apply(values, width, height, channels, _across, border, values);
            Correlation.Apply(values, width, height, channels, _down, border, values);
        }
    }
}
