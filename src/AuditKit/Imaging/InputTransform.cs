using AuditKit.Models;

namespace AuditKit.Imaging;

/// <summary>
/// From a data set's image to a model's input: optionally the shorter side scaled and the centre cut out, grey
/// repeated over three channels, samples divided by 255. The model's own mean and standard deviation are not
/// applied here but by the classifier, so that attacks and distances live in pixel space [0, 1].
/// </summary>
public sealed class InputTransform
{
    /// <summary>A transform for one model.</summary>
    /// <param name="input">What the model takes.</param>
    /// <param name="resize">The length that the shorter side is scaled to (bilinear, antialiased); null to leave the size.</param>
    /// <param name="crop">Whether the centre of the input's size is cut out after scaling.</param>
    public InputTransform(InputShape input, int? resize = null, bool crop = false)
    {
        (Input, Resize, Crop) = (input, resize, crop);
    }

    /// <summary>What the model takes.</summary>
    public InputShape Input { get; }

    /// <summary>The length that the shorter side is scaled to; null to leave the size.</summary>
    public int? Resize { get; }

    /// <summary>Whether the centre of the input's size is cut out.</summary>
    public bool Crop { get; }

    /// <summary>Writes C×H×W floats in [0, 1].</summary>
    /// <param name="image">An image of the data set.</param>
    /// <param name="pixels">Receives <see cref="InputShape.Length"/> floats, channel by channel.</param>
    /// <exception cref="AuditException">The image does not fit the model; the message says both shapes and what to set.</exception>
    public void Apply(Image image, Span<float> pixels) => throw new NotImplementedException();
}
