using AuditKit.Imaging;
using AuditKit.Imaging.Augmentations;

namespace AuditKit.Checks.Tta;

/// <summary>Operators that are applied one after the other: one sample of a policy.</summary>
/// <param name="Steps">The operators and their magnitudes, at least one.</param>
public sealed record SubPolicy(IReadOnlyList<PolicyStep> Steps)
{
    /// <summary>The augmented image.</summary>
    public Image Apply(Image image, CounterRandom random)
        => Steps.Aggregate(image, (augmented, step) => step.Augmentation.Apply(augmented, step.Magnitude, random));

    /// <inheritdoc/>
    public override string ToString() => string.Join(" + ", Steps);

    /// <summary>
    /// The pool of GPS (Molchanov et al. 2020): one identity, then crop and flip, then three operators each at magnitudes
    /// uniform in 0..20 and in 0..45. The first pools of a larger size are not those of a smaller one.
    /// </summary>
    /// <param name="seed">The seed.</param>
    /// <param name="atTwenty">Sub-policies up to M = 20.</param>
    /// <param name="atFortyFive">Sub-policies up to M = 45.</param>
    /// <param name="cropFlips">Sub-policies of crop and flip, which differ in their draws only.</param>
    public static IReadOnlyList<SubPolicy> Pool(long seed, int atTwenty = 500, int atFortyFive = 500, int cropFlips = 100) =>
    [
        new([new(Augmentation.All["identity"], 0)]),
        .. Enumerable.Range(0, cropFlips).Select(_ => new SubPolicy([new(Augmentation.All[Augmentation.CropFlip], 0)])),
        .. Enumerable.Range(0, atTwenty).Select(i => Draw(seed, 20, i)),
        .. Enumerable.Range(0, atFortyFive).Select(i => Draw(seed, 45, i)),
    ];

    private static SubPolicy Draw(long seed, double magnitude, int index)
    {
        const int Operators = 3;
        var random = CounterRandom.For(seed, $"tta/pool/{magnitude}", index);
        return new([.. Enumerable.Range(0, Operators).Select(_ =>
            new PolicyStep(Augmentation.Pool[random.NextInt32(Augmentation.Pool.Count)], Math.Round(magnitude * random.NextDouble(), 3)))]);
    }
}

/// <summary>One operator of a sub-policy.</summary>
/// <param name="Augmentation">The operator.</param>
/// <param name="Magnitude">Its magnitude, 0 to <see cref="Imaging.Augmentations.Augmentation.LargestMagnitude"/>.</param>
public sealed record PolicyStep(Augmentation Augmentation, double Magnitude)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Augmentation.Name} {Magnitude:0.###}";
}
