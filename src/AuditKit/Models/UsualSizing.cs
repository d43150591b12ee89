using AuditKit.Imaging;

namespace AuditKit.Models;

/// <summary>A way in which images of any size are usually brought to a model's own.</summary>
/// <param name="Name">What people call it.</param>
/// <param name="Resize">The length that the shorter side is scaled to, or both are; null to leave it.</param>
/// <param name="Crop">Whether the centre is cut out.</param>
/// <param name="Stretch">Whether both sides are scaled, whatever the image's proportions.</param>
public sealed record UsualSizing(string Name, int? Resize, bool Crop, bool Stretch)
{
    /// <summary>Those that can be used for some images, the likeliest first; images of the model's own size are left alone.</summary>
    /// <param name="input">What the model takes.</param>
    /// <param name="images">Some images.</param>
    public static IReadOnlyList<UsualSizing> For(InputShape input, IReadOnlyList<Image> images)
    {
        ArgumentNullException.ThrowIfNull(images);
        if (images.All(image => image.Width == input.Width && image.Height == input.Height))
        {
            return [new("the images' own size", null, false, false)];
        }

        int shorter = Math.Max(input.Width, input.Height);
        // 256 for 224, as torchvision's and most trainings have it.
        int larger = (int)Math.Round(shorter * 256 / 224.0);
        var sizings = new List<UsualSizing>
        {
            new($"shorter side {larger}, centre cut out", larger, true, false),
            new($"shorter side {shorter}, centre cut out", shorter, true, false),
            new("stretched to the model's size", null, false, true),
        };
        if (images.All(image => image.Width >= input.Width && image.Height >= input.Height))
        {
            sizings.Add(new("centre cut out, not scaled", null, true, false));
        }

        return sizings;
    }

    /// <summary>The model under this sizing.</summary>
    public ModelSpec Of(ModelSpec model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model with { Resize = Resize, Crop = Crop, Stretch = Stretch };
    }
}
