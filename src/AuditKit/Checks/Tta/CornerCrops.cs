using AuditKit.Imaging;
using AuditKit.Imaging.Augmentations;

namespace AuditKit.Checks.Tta;

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
