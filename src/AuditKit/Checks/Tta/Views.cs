using AuditKit.Imaging;
using AuditKit.Imaging.Augmentations;

namespace AuditKit.Checks.Tta;

/// <summary>No augmentation: the image as every other check shows it.</summary>
public sealed class Central : IViews
{
    /// <inheritdoc/>
    public string Name => "central";

    /// <inheritdoc/>
    public string Description => "the image without augmentation";

    /// <inheritdoc/>
    public int? Samples => 1;

    /// <inheritdoc/>
    public Image Make(Image image, InputShape input, int sample, CounterRandom random) => image;
}

/// <summary>Centre and four corners, and their mirror images where ten are asked for.</summary>
/// <param name="mirrored">Whether the mirror images follow.</param>
public sealed class CornerCrops(bool mirrored) : IViews
{
    private const int Places = 5;

    /// <inheritdoc/>
    public string Name => mirrored ? "ten-crop" : "five-crop";

    /// <inheritdoc/>
    public string Description => "centre and four corners" + (mirrored ? ", then their mirror images" : "")
        + ": of the model's size where the image has room, else 7/8 of the side, resized back (bilinear)";

    /// <inheritdoc/>
    public int? Samples => mirrored ? 2 * Places : Places;

    /// <inheritdoc/>
    public Image Make(Image image, InputShape input, int sample, CounterRandom random)
    {
        Image crop = Crops.CentreOrCorner(image, input.Width, input.Height, sample % Places);
        return sample < Places ? crop : Crops.Flip(crop);
    }
}

/// <summary>CF: a random crop, mirrored half of the time.</summary>
public sealed class CropFlip : IViews
{
    /// <inheritdoc/>
    public string Name => "crop-flip";

    /// <inheritdoc/>
    public string Description => "a random crop of the model's size (of the image padded by an eighth on every side where it has no room), "
        + "mirrored half of the time";

    /// <inheritdoc/>
    public int? Samples => null;

    /// <inheritdoc/>
    public Image Make(Image image, InputShape input, int sample, CounterRandom random)
        => Crops.RandomCropAndFlip(image, input.Width, input.Height, random);
}

/// <summary>RandAugment(N, M): N operators drawn anew for every sample, each at a magnitude uniform in 0..M.</summary>
/// <param name="operators">Operators a sample, N.</param>
/// <param name="magnitude">The largest magnitude M.</param>
public sealed class RandAugment(int operators, double magnitude) : IViews
{
    /// <inheritdoc/>
    public string Name => $"randaugment-{operators}-{magnitude}";

    /// <inheritdoc/>
    public string Description => $"{operators} operators drawn at random for every sample, each at a magnitude uniform in 0 to M = "
        + $"{magnitude} (as modified for test time by Molchanov et al. 2020)";

    /// <inheritdoc/>
    public int? Samples => null;

    /// <inheritdoc/>
    public Image Make(Image image, InputShape input, int sample, CounterRandom random)
    {
        for (int i = 0; i < operators; i++)
        {
            Augmentation operation = Augmentation.Pool[random.NextInt32(Augmentation.Pool.Count)];
            image = operation.Apply(image, magnitude * random.NextDouble(), random);
        }

        return image;
    }
}

/// <summary>A policy found by GPS: sample s is made by sub-policy s.</summary>
/// <param name="name">What the report calls it, the policy's digest included.</param>
/// <param name="policy">The policy.</param>
public sealed class PolicyViews(string name, TtaPolicy policy) : IViews
{
    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public string Description => $"a policy of {policy.SubPolicies.Count} sub-policies; {policy.Origin}";

    /// <inheritdoc/>
    public int? Samples => policy.SubPolicies.Count;

    /// <inheritdoc/>
    public Image Make(Image image, InputShape input, int sample, CounterRandom random) => policy.SubPolicies[sample].Apply(image, random);
}
