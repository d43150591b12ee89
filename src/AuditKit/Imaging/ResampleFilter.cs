namespace AuditKit.Imaging;

/// <summary>
/// A resampling kernel: the weight of a source pixel by its distance from the output pixel's centre. Distances are
/// in source pixels when enlarging and in output pixels when shrinking, so that shrinking does not alias.
/// </summary>
public sealed class ResampleFilter
{
    private readonly Func<double, double> _weight;

    private ResampleFilter(string name, double support, Func<double, double> weight)
        => (Name, Support, _weight) = (name, support, weight);

    /// <summary>The mean of the pixels covered.</summary>
    public static ResampleFilter Box { get; } = new("box", 0.5, x => x is > -0.5 and <= 0.5 ? 1 : 0);

    /// <summary>The triangle: 1 − |x|.</summary>
    public static ResampleFilter Bilinear { get; } = new("bilinear", 1, x => Math.Max(0, 1 - Math.Abs(x)));

    /// <summary>Hamming's window over sinc, one lobe: as short as bilinear, but sharper.</summary>
    public static ResampleFilter Hamming { get; } = new("hamming", 1, x => x switch
    {
        0 => 1,
        > -1 and < 1 => Sinc(x) * (0.54 + (0.46 * Math.Cos(Math.PI * x))),
        _ => 0,
    });

    /// <summary>Keys' cubic convolution (1981) with a = −0.5.</summary>
    public static ResampleFilter Bicubic { get; } = new("bicubic", 2, x => Math.Abs(x) switch
    {
        < 1 and var near => ((((1.5 * near) - 2.5) * near) * near) + 1,
        < 2 and var far => ((((far - 5) * far) + 8) * far - 4) * -0.5,
        _ => 0,
    });

    /// <summary>Lanczos' windowed sinc of three lobes.</summary>
    public static ResampleFilter Lanczos { get; } = new("Lanczos", 3, x => x is >= -3 and < 3 ? Sinc(x) * Sinc(x / 3) : 0);

    /// <summary>What reports call it.</summary>
    public string Name { get; }

    /// <summary>The distance beyond which every weight is zero.</summary>
    internal double Support { get; }

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>The weight at a distance, not normalised.</summary>
    internal double Weight(double distance) => _weight(distance);

    private static double Sinc(double x) => x == 0 ? 1 : Math.Sin(Math.PI * x) / (Math.PI * x);
}
