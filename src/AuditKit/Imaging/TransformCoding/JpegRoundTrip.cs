using System.Buffers;

namespace AuditKit.Imaging.TransformCoding;

/// <summary>
/// What JPEG does to an image, without the file: the discrete cosine transform of blocks of 8×8 samples, coefficients
/// rounded to multiples of a table's entries, and all the way back (ITU-T T.81; colour as in JFIF, ITU-T T.871).
/// </summary>
/// <remarks>
/// The entropy coder in between loses nothing, so it is left out. Everything else is done in integers as libjpeg-turbo
/// does it when it encodes baseline files (4:2:0 chroma, accurate DCT) and decodes them (accurate DCT, smooth chroma),
/// therefore the pixels are the same on every processor, and the same as those of libjpeg-turbo and of Pillow.
/// </remarks>
public static class JpegRoundTrip
{
    /// <summary>The image as it comes back from a JPEG file.</summary>
    /// <param name="image">H×W×C samples: RGB, or grey with one component. It is not changed.</param>
    /// <param name="quality">The quality factor of the Independent JPEG Group's scale, 1–100.</param>
    /// <returns>Another image of the same size. Nothing else is allocated but buffers that are used again.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A quality below 1 or above 100.</exception>
    public static Image Apply(Image image, int quality)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentOutOfRangeException.ThrowIfLessThan(quality, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(quality, 100);
        byte[] samples = GC.AllocateUninitializedArray<byte>(image.Samples.Length);
        var result = new Image(image.Width, image.Height, image.Channels, samples);
        bool grey = image.Channels == 1;
        byte[] memory = ArrayPool<byte>.Shared.Rent(grey ? GreyCoder.MemoryFor(image) : ColourCoder.MemoryFor(image));
        if (grey)
        {
            new GreyCoder(image, memory).RoundTrip(quality, result);
        }
        else
        {
            new ColourCoder(image, memory).RoundTrip(quality, result);
        }

        ArrayPool<byte>.Shared.Return(memory);
        return result;
    }
}
