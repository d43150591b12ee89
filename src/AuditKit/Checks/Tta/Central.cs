using AuditKit.Imaging;

namespace AuditKit.Checks.Tta;

/// <summary>No augmentation: the image as every other check shows it.</summary>
public sealed class Central : IViews
{
    /// <summary>Its name.</summary>
    internal const string Title = "central";

    /// <inheritdoc/>
    public string Name => Title;

    /// <inheritdoc/>
    public string Description => "the image without augmentation";

    /// <inheritdoc/>
    public int? Samples => 1;

    /// <inheritdoc/>
    public Image Make(Image image, InputShape input, int sample, CounterRandom random) => image;
}
