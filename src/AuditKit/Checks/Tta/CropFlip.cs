using AuditKit.Imaging;
using AuditKit.Imaging.Augmentations;

namespace AuditKit.Checks.Tta;

/// <summary>CF: a random crop, mirrored half of the time.</summary>
public sealed class CropFlip : IViews
{
    /// <inheritdoc/>
    public string Name => "crop-flip";

    /// <inheritdoc/>
    public string Description => "a random crop of the model's size (where the image has no room, it goes on by reflection for an eighth of that on "
        + "every side), mirrored half of the time";

    /// <inheritdoc/>
    public int? Samples => null;

    /// <inheritdoc/>
    public Image Make(Image image, InputShape input, int sample, CounterRandom random)
        => Crops.RandomCropAndFlip(image, input.Width, input.Height, random);
}
