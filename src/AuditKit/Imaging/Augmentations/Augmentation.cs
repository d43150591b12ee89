namespace AuditKit.Imaging.Augmentations;

/// <summary>
/// An operator of RandAugment (Cubuk et al. 2019) by the magnitude scale that its authors use: 0 does nothing or least,
/// 30 is their largest, and GPS goes up to 45 (Molchanov et al., Greedy Policy Search, UAI 2020).
/// </summary>
/// <param name="Name">The name as policy files write it: <c>shear-x</c>.</param>
/// <param name="Apply">The augmented image from an image, a magnitude and the draws of sign or place. Safe to call from several threads.</param>
public sealed record Augmentation(string Name, Func<Image, double, CounterRandom, Image> Apply)
{
    /// <summary>The largest magnitude that a policy may ask for.</summary>
    public const double LargestMagnitude = 45;

    /// <summary>Where the published ranges end.</summary>
    private const double Published = 30;

    /// <summary>Every operator by its name.</summary>
    public static IReadOnlyDictionary<string, Augmentation> All { get; } = new Augmentation[]
    {
        new("identity", (image, _, _) => image),
        new("shear-x", (image, m, random) => Affine.ShearX(image, Signed(0.3 * m / Published, random))),
        new("shear-y", (image, m, random) => Affine.ShearY(image, Signed(0.3 * m / Published, random))),
        new("translate-x", (image, m, random) => Affine.TranslateX(image, Signed(m / Published * image.Width / 3, random))),
        new("translate-y", (image, m, random) => Affine.TranslateY(image, Signed(m / Published * image.Height / 3, random))),
        new("rotate", (image, m, random) => Affine.Rotate(image, Signed(30 * m / Published, random))),
        new("autocontrast", (image, _, _) => PointOperations.AutoContrast(image)),
        new("equalize", (image, _, _) => PointOperations.Equalize(image)),
        new("solarize", (image, m, _) => PointOperations.Solarize(image, Math.Max(0, 256 * (1 - (m / Published))))),
        new("solarize-add", (image, m, _) => PointOperations.SolarizeAdd(image, (int)(110 * m / Published))),
        new("posterize", (image, m, _) => PointOperations.Posterize(image, 8 - (int)Math.Round(4 * m / Published))),
        new("contrast", (image, m, random) => Enhancement.Contrast(image, Factor(m, random))),
        new("color", (image, m, random) => Enhancement.Color(image, Factor(m, random))),
        new("brightness", (image, m, random) => Enhancement.Brightness(image, Factor(m, random))),
        new("sharpness", (image, m, random) => Enhancement.Sharpness(image, Factor(m, random))),
        new("cutout", (image, m, random) => Cutout(image, 0.35 * m / Published, random)),
        new(CropFlip, (image, _, random) => Crops.RandomCropAndFlip(image, image.Width, image.Height, random)),
    }.ToDictionary(augmentation => augmentation.Name, StringComparer.Ordinal);

    /// <summary>The operator that is a random crop of the padded image, mirrored half of the time.</summary>
    public const string CropFlip = "crop-flip";

    /// <summary>
    /// Those that RandAugment and the pool of greedy policy search draw from (Molchanov et al., Greedy Policy Search, UAI 2020,
    /// §4, which leaves out equalize); crop and flip are sub-policies of their own.
    /// </summary>
    public static IReadOnlyList<Augmentation> Pool { get; } = [.. All.Values.Where(augmentation => augmentation.Name is not ("equalize" or CropFlip))];

    /// <summary>What the report says of the operators and their strengths.</summary>
    internal const string Description =
        "Operators by magnitude m (30 is the largest published one): shear ±0.3·m/30, translation by ± a third of the side · m/30, rotation "
            + "±m degrees, solarize from level 256·(1 − m/30), solarize-add 110·m/30, posterize to 8 − 4·m/30 bits, contrast, color, "
            + "brightness and sharpness by a factor 1 ± 0.9·m/30 (at least 0), cutout of a grey square of 0.35·m/30 of the shorter side, "
            + "autocontrast, identity (Cubuk et al., RandAugment, 2019; signs and places are drawn by the seed). Pixels equal Pillow's.";

    private static double Signed(double value, CounterRandom random) => random.NextInt32(2) == 0 ? value : -value;

    private static double Factor(double magnitude, CounterRandom random) => Math.Max(0, 1 + Signed(0.9 * magnitude / Published, random));

    // A square whose centre is anywhere in the image, in the grey of level 128.
    private static Image Cutout(Image image, double share, CounterRandom random)
    {
        int side = (int)Math.Round(share * Math.Min(image.Width, image.Height));
        int left = random.NextInt32(image.Width) - (side / 2);
        int top = random.NextInt32(image.Height) - (side / 2);
        (int start, int end) = (Math.Max(0, left), Math.Min(image.Width, left + side));
        var result = new Image(image.Width, image.Height, image.Channels, [.. image.Samples]);
        for (int y = Math.Max(0, top); y < Math.Min(image.Height, top + side) && start < end; y++)
        {
            int row = y * image.Width;
            result.Samples.AsSpan((row + start) * image.Channels, (end - start) * image.Channels).Fill(128);
        }

        return result;
    }
}
