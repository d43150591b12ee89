using AuditKit.Data;
using AuditKit.Imaging;

namespace AuditKit.Checks;

/// <summary>Images as the model sees them: C×H×W floats in [0, 1].</summary>
internal static class InputImage
{
    /// <summary>Reads an image of a data set, perturbed where asked, into the model's input.</summary>
    /// <param name="data">The data set.</param>
    /// <param name="transform">From its images to the model's input.</param>
    /// <param name="image">The image's index.</param>
    /// <param name="pixels">Receives C×H×W floats.</param>
    /// <param name="perturb">What is done to the image first; null for nothing.</param>
    /// <exception cref="AuditException">The image cannot be read or used; the message names it.</exception>
    public static void Load(IDataset data, InputTransform transform, int image, Span<float> pixels, Func<Image, Image>? perturb = null)
    {
        try
        {
            Image original = data.Load(image);
            transform.Apply(perturb is null ? original : perturb(original), pixels);
        }
        catch (AuditException e) when (!e.Message.Contains(data.Source(image), StringComparison.Ordinal))
        {
            throw new AuditException($"image {data.Source(image)}: {e.Message}", e.ExitCode, e);
        }
    }

    /// <summary>The 8-bit image of a model's input, for showing: each pixel to the nearest of 256 levels.</summary>
    /// <param name="pixels">C×H×W floats in [0, 1].</param>
    /// <param name="shape">Their shape.</param>
    public static Image From(ReadOnlySpan<float> pixels, InputShape shape)
    {
        var image = new Image(shape.Width, shape.Height, shape.Channels);
        int plane = shape.Height * shape.Width;
        for (int c = 0; c < shape.Channels; c++)
        {
            for (int i = 0; i < plane; i++)
            {
                image.Samples[(i * shape.Channels) + c] = (byte)MathF.Round(Math.Clamp(pixels[(c * plane) + i], 0, 1) * 255);
            }
        }

        return image;
    }
}
