using AuditKit.Imaging;
using AuditKit.Imaging.Augmentations;

namespace AuditKit.Training.Remedies;

/// <summary>
/// AugMix's operations by a level of which 10 is the strongest, as in its authors' code (Hendrycks et al., ICLR 2020): those that are no part of
/// the corruptions that robustness is measured on. Signs are drawn anew each time.
/// </summary>
internal static class AugMixOperations
{
    private const double Strongest = 10;

    /// <summary>The operations, from an image, a level and the draws of a sign. Where the authors take whole numbers, they are cut to whole.</summary>
    public static IReadOnlyList<Func<Image, double, CounterRandom, Image>> All { get; } =
    [
        (image, _, _) => PointOperations.AutoContrast(image),
        (image, _, _) => PointOperations.Equalize(image),
        (image, level, _) => PointOperations.Posterize(image, 4 - Whole(level, 4)),
        (image, level, random) => Affine.Rotate(image, Signed(Whole(level, 30), random), bilinear: true),
        (image, level, _) => PointOperations.Solarize(image, 256 - Whole(level, 256)),
        (image, level, random) => Affine.ShearX(image, Signed(Of(level, 0.3), random), bilinear: true),
        (image, level, random) => Affine.ShearY(image, Signed(Of(level, 0.3), random), bilinear: true),
        (image, level, random) => Affine.TranslateX(image, Signed(Whole(level, image.Width / 3.0), random), bilinear: true),
        (image, level, random) => Affine.TranslateY(image, Signed(Whole(level, image.Height / 3.0), random), bilinear: true),
    ];

    private static double Of(double level, double most) => level * most / Strongest;

    private static int Whole(double level, double most) => (int)Of(level, most);

    private static double Signed(double value, CounterRandom random) => random.NextInt32(2) == 0 ? value : -value;
}
