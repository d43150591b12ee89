using AuditKit.Imaging;

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
    public string Name => $"{Key}-{operators}-{magnitude}";

    /// <inheritdoc/>
    public string Description => $"{operators} operators drawn at random for every sample, each at a magnitude uniform in −M to M = "
        + $"{magnitude}, the same for all images, then a random crop and flip (as modified for test time by Molchanov et al. 2020)";

    /// <inheritdoc/>
    public int? Samples => null;

    /// <inheritdoc/>
    public Image Make(Image image, InputShape input, int sample, CounterRandom random)
        => SubPolicy.Draw(seed, operators, magnitude, sample).Apply(image, input, random);
}
