using AuditKit.Imaging.Files;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.PixelFormats;

namespace AuditKit.Imaging;

/// <summary>PNG files. Safe to call from several threads.</summary>
public static class Png
{
    /// <summary>
    /// Encodes an image: 8 bits, grey or RGB, without losing anything. One encoder on every machine, ImageSharp's, so
    /// that reports with pictures are the same byte for byte wherever they are made.
    /// </summary>
    /// <param name="image">Grey or RGB.</param>
    /// <returns>The file's bytes; the same for the same image.</returns>
    public static byte[] Encode(Image image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return image.Channels == 1 ? Encode<L8>(image, PngColorType.Grayscale) : Encode<Rgb24>(image, PngColorType.Rgb);
    }

    /// <summary>
    /// Decodes a file and turns it upright by its EXIF orientation. Grey of any depth gives one channel, RGB and
    /// palettes three. Alpha is dropped, not composited: the colours are those stored, as with Pillow's
    /// <c>convert("RGB")</c>. Samples of 1 to 8 bits equal Pillow's; 16-bit samples are rounded to 8 bits
    /// (v·255/65535), where Pillow cuts off RGB's low byte and clips grey at 255.
    /// </summary>
    /// <param name="file">The whole file.</param>
    /// <param name="name">What errors call it.</param>
    /// <exception cref="AuditException">Not a PNG, over <see cref="ImageFile.MaxPixels"/>, truncated or corrupt.</exception>
    public static Image Decode(ReadOnlySpan<byte> file, string name = "PNG image")
        => Files.PngFormat.Instance.Read(file, name, ImageCodecs.Here);

    private static byte[] Encode<TPixel>(Image image, PngColorType type)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        using var pixels = SixLabors.ImageSharp.Image.LoadPixelData<TPixel>(image.Samples, image.Width, image.Height);
        using var file = new MemoryStream();
        new PngEncoder
        {
            ColorType = type,
            BitDepth = PngBitDepth.Bit8,
            FilterMethod = PngFilterMethod.Adaptive,
            CompressionLevel = PngCompressionLevel.DefaultCompression,
            IgnoreMetadata = true,
        }.Encode(pixels, file);
        return file.ToArray();
    }
}
