using AuditKit.Imaging;
using AuditKit.Imaging.Augmentations;

namespace AuditKit.Checks.Tta;

/// <summary>
/// RandAugment(N, M): each sample is a sub-policy of N operators at magnitudes uniform in −M … M, which the seed draws once for
/// all images, and a random crop and flip after them.
/// </summary>
/// <param name="seed">The audit's seed.</param>
/// <param name="operators">Operators a sample, N.</param>
/// <param name="magnitude">The largest magnitude M.</param>
public sealed class RandAugment(long seed, int operators, double magnitude) : IViews
{
    /// <inheritdoc/>
    public string Key => TtaOptions.RandAugmentName;

    /// <inheritdoc/>
    public string Name => $"{Key}-{operators}-{InvariantText.Of(magnitude)}";

    /// <inheritdoc/>
    public string Edition => OwnEdition;

    /// <summary>The edition, which no other views have.</summary>
    internal static string OwnEdition { get; } = $"{Augmentation.Edition}, draws of its own";

    /// <inheritdoc/>
    public string Description => $"{operators} operators drawn at random for every sample, each at a magnitude uniform in −M to M = "
        + $"{InvariantText.Of(magnitude)}, the same for all images, then a random crop and flip (as modified for test time by Molchanov et al. 2020)";

    /// <inheritdoc/>
    public int? Samples => null;

    /// <inheritdoc/>
    public Image Make(Image image, InputShape input, int sample, CounterRandom random)
        => Sample(sample).Apply(image, input, random);

    /// <summary>The sub-policy that makes a sample.</summary>
    /// <param name="sample">The sample's number s ≥ 0.</param>
    internal SubPolicy Sample(int sample)
        // Another key than a pool's: a policy chosen from a pool is not to be held against a part of that very pool.
        => SubPolicy.Draw(CounterRandom.For(seed, $"tta/sub-policies/{Name}", sample), operators, magnitude);
}
