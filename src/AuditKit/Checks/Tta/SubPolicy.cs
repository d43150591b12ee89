using System.Globalization;
using AuditKit.Imaging;
using AuditKit.Imaging.Augmentations;

namespace AuditKit.Checks.Tta;

/// <summary>Operators that are applied one after the other, and a random crop and flip after them: one sample of a policy.</summary>
/// <param name="Steps">The operators and their magnitudes; none for crop and flip alone, or for the image as it is.</param>
/// <param name="CropFlip">Whether a random crop, mirrored half of the time, follows; without, the centre is cut out.</param>
public sealed record SubPolicy(IReadOnlyList<PolicyStep> Steps, bool CropFlip = true)
{
    /// <summary>The augmented image.</summary>
    /// <param name="image">The original, at least as large as the model's input.</param>
    /// <param name="input">What the model takes.</param>
    /// <param name="random">The draws that belong to this image and sample.</param>
    public Image Apply(Image image, InputShape input, CounterRandom random)
    {
        Image augmented = Steps.Aggregate(image, (augmented, step) => step.Apply(augmented, random));
        return CropFlip ? Crops.RandomCropAndFlip(augmented, input.Width, input.Height, random) : augmented;
    }

    /// <inheritdoc/>
    public override string ToString() => (Steps, CropFlip) switch
    {
        ({ Count: 0 }, false) => "identity",
        ({ Count: 0 }, true) => "crop-flip",
        _ => string.Join(" + ", Steps) + (CropFlip ? " + crop-flip" : ""),
    };

    /// <summary>
    /// The pool of GPS (Molchanov et al. 2020): the image as it is, then crop and flip, then three operators each at magnitudes
    /// uniform in −20 … 20 and in −45 … 45. The first pools of a larger size are not those of a smaller one.
    /// </summary>
    /// <param name="seed">The seed.</param>
    /// <param name="atTwenty">Sub-policies up to M = 20.</param>
    /// <param name="atFortyFive">Sub-policies up to M = 45.</param>
    /// <param name="cropFlips">Sub-policies of crop and flip, which differ in their draws only.</param>
    public static IReadOnlyList<SubPolicy> Pool(long seed, int atTwenty = 500, int atFortyFive = 500, int cropFlips = 100)
    {
        const int Operators = 3;
        return
        [
            new([], CropFlip: false),
            .. Enumerable.Range(0, cropFlips).Select(_ => new SubPolicy([])),
            .. Enumerable.Range(0, atTwenty).Select(i => OfPool(20, i)),
            .. Enumerable.Range(0, atFortyFive).Select(i => OfPool(45, i)),
        ];

        SubPolicy OfPool(int magnitude, int index) => Draw(CounterRandom.For(seed, $"tta/pool/{magnitude}", index), Operators, magnitude);
    }

    /// <summary>A sub-policy of RandAugment(N, M): N operators at magnitudes uniform in −M … M.</summary>
    /// <param name="random">The draws.</param>
    /// <param name="operators">Operators N.</param>
    /// <param name="magnitude">The largest magnitude M.</param>
    internal static SubPolicy Draw(CounterRandom random, int operators, double magnitude)
        => new([.. Enumerable.Range(0, operators).Select(_ => new PolicyStep(
            Augmentation.Pool[random.NextInt32(Augmentation.Pool.Count)], Math.Round(magnitude * ((2 * random.NextDouble()) - 1), 3)))]);
}

/// <summary>One operator of a sub-policy.</summary>
/// <param name="Augmentation">The operator.</param>
/// <param name="Magnitude">
/// Its magnitude, at most <see cref="Imaging.Augmentations.Augmentation.LargestMagnitude"/> either way; below ½ nothing is done.
/// </param>
public sealed record PolicyStep(Augmentation Augmentation, double Magnitude)
{
    private const double Least = 0.5;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Augmentation.Name} {Magnitude:0.###}");

    internal Image Apply(Image image, CounterRandom random)
        => Math.Abs(Magnitude) < Least ? image : Augmentation.Apply(image, Magnitude, random);
}
