using AuditKit.Imaging;
using AuditKit.Imaging.Augmentations;

namespace AuditKit.Checks.Tta;

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
