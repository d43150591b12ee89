using AuditKit.Imaging;
using AuditKit.Imaging.Augmentations;

namespace AuditKit.Training.Remedies;

/// <summary>
/// AugMix's operations by a level of which 10 is the strongest (Hendrycks et al., ICLR 2020): those that are no part of the
/// corruptions that robustness is measured on. Signs are drawn anew each time.
/// </summary>
internal static class AugMixOperations
{
    private const double Strongest = 10;

    /// <summary>The operations, from an image, a level and the draws of a sign.</summary>
    public static IReadOnlyList<Func<Image, double, CounterRandom, Image>> All { get; } =
    [
        (image, _, _) => PointOperations.AutoContrast(image),
        (image, _, _) => PointOperations.Equalize(image),
        (image, level, _) => PointOperations.Posterize(image, 8 - (int)Math.Round(4 * level / Strongest)),
        (image, level, random) => Affine.Rotate(image, Signed(30 * level / Strongest, random)),
        (image, level, _) => PointOperations.Solarize(image, Math.Max(0, 256 * (1 - (level / Strongest)))),
        (image, level, random) => Affine.ShearX(image, Signed(0.3 * level / Strongest, random)),
        (image, level, random) => Affine.ShearY(image, Signed(0.3 * level / Strongest, random)),
        (image, level, random) => Affine.TranslateX(image, Signed(level / Strongest * image.Width / 3, random)),
        (image, level, random) => Affine.TranslateY(image, Signed(level / Strongest * image.Height / 3, random)),
    ];

    private static double Signed(double value, CounterRandom random) => random.NextInt32(2) == 0 ? value : -value;
}
