namespace AuditKit.Imaging.Augmentations;

/// <summary>
/// An operator of test-time augmentation by its magnitude m, −45 to 45: RandAugment's (Cubuk et al. 2019) in the ranges of the
/// pool that greedy policy search chooses from (Molchanov et al., Greedy Policy Search, UAI 2020, their public code). What an
/// operator does grows with |m|; only contrast, color, brightness and sharpness go the other way where m is negative, all
/// others draw their direction for each image.
/// </summary>
/// <param name="Name">The name as policy files write it: <c>shear-x</c>.</param>
/// <param name="Apply">The augmented image from an image, a magnitude and the draws of direction or place. Safe to call from several threads.</param>
public sealed record Augmentation(string Name, Func<Image, double, CounterRandom, Image> Apply)
{
    /// <summary>Which definition of the operators this is: raised when one changes what it does to pixels.</summary>
    internal const int Edition = 2;

    /// <summary>The largest |m| that a policy may ask for.</summary>
    public const double LargestMagnitude = 45;

    /// <summary>Where the published ranges end.</summary>
    private const double Published = 30;

    /// <summary>Every operator, which RandAugment and the pool of greedy policy search draw from alike.</summary>
    public static IReadOnlyList<Augmentation> Pool { get; } =
    [
        new("identity", (image, _, _) => image),
        new("shear-x", (image, m, random) => ReflectedAffine.ShearX(image, Directed(0.5 * m, random), random.NextInt32(2) == 0)),
        new("shear-y", (image, m, random) => ReflectedAffine.ShearY(image, Directed(0.5 * m, random), random.NextInt32(2) == 0)),
        new("translate-x", (image, m, random) => ReflectedAffine.Translate(image, Directed(0.45 * m, random) * image.Width, 0)),
        new("translate-y", (image, m, random) => ReflectedAffine.Translate(image, 0, Directed(0.45 * m, random) * image.Height)),
        new("rotate", (image, m, random) => ReflectedAffine.Rotate(image, Directed(40 * m, random))),
        new("autocontrast", (image, m, _) => PointOperations.AutoContrast(image, 10 * Strength(m))),
        new("solarize", (image, m, _) => PointOperations.Solarize(image, 256 - (128 * Strength(m)))),
        new("solarize-add", (image, m, _) => PointOperations.SolarizeAdd(image, 256 - (128 * Strength(m)))),
        new("posterize", (image, m, _) => PointOperations.Posterize(image, Math.Max(0, (int)(8 - (6 * Strength(m)))))),
        new("contrast", (image, m, _) => Enhancement.Contrast(image, 1 + (0.8 * m / Published))),
        new("color", (image, m, _) => Enhancement.Color(image, 1 + (0.9 * m / Published))),
        new("brightness", (image, m, _) => Enhancement.Brightness(image, 1 + (0.8 * m / Published))),
        new("sharpness", (image, m, _) => Enhancement.Sharpness(image, 1 + (0.9 * m / Published))),
        new("cutout", (image, m, random) => Cutout(image, 0.5 * Strength(m), random)),
    ];

    /// <summary>Every operator by its name.</summary>
    public static IReadOnlyDictionary<string, Augmentation> All { get; } = Pool.ToDictionary(augmentation => augmentation.Name, StringComparer.Ordinal);

    private static double Strength(double magnitude) => Math.Abs(magnitude) / Published;

    // What m = 30 does, times |m|/30, in either direction.
    private static double Directed(double amount, CounterRandom random)
        => random.NextInt32(2) == 0 ? Math.Abs(amount) / Published : -Math.Abs(amount) / Published;

    // A black square whose centre is anywhere in the image.
    private static Image Cutout(Image image, double share, CounterRandom random)
    {
        int side = (int)Math.Round(share * Math.Min(image.Width, image.Height));
        int left = random.NextInt32(image.Width) - (side / 2);
        int top = random.NextInt32(image.Height) - (side / 2);
        (int start, int end) = (Math.Max(0, left), Math.Min(image.Width, left + side));
        var result = new Image(image.Width, image.Height, image.Channels, [.. image.Samples]);
        for (int y = Math.Max(0, top); y < Math.Min(image.Height, top + side) && start < end; y++)
        {
            result.Samples.AsSpan(((y * image.Width) + start) * image.Channels, (end - start) * image.Channels).Clear();
        }

        return result;
    }
}
