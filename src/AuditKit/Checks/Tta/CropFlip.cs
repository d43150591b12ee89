using AuditKit.Imaging;
using AuditKit.Imaging.Augmentations;

namespace AuditKit.Checks.Tta;

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
