using System.Buffers.Binary;
using System.Text;
using SixLabors.ImageSharp.Formats.Webp;

namespace AuditKit.Imaging.Files;

/// <summary>
/// WebP, lossy and lossless (container: Google's WebP Container Specification). Only the first frame's colours reach
/// the decoder, as a file of their own: alpha, profiles and further frames do not.
/// </summary>
internal sealed class WebpFormat() : ImageFormat("WebP", ".webp")
{
    private const int FileHeader = 12, ChunkHeader = 8, FrameHeader = 16;
    private const string Lossy = "VP8 ", Lossless = "VP8L";

    /// <inheritdoc/>
    public override bool Recognises(ReadOnlySpan<byte> file, string name)
        => file.Length >= FileHeader && file.StartsWith("RIFF"u8) && file[8..12].SequenceEqual("WEBP"u8);

    /// <inheritdoc/>
    protected override Image Decode(ReadOnlySpan<byte> file, string name, ImageCodecs codecs)
    {
        ReadOnlySpan<byte> content = Content(file), canvas = [], frame = [], image = [], exif = [];
        string kind = "";
        for (int at = 0; Next(content, ref at, out string type) is { } chunk;)
        {
            switch (type)
            {
                case "VP8X":
                    canvas = content[chunk];
                    break;
                case "EXIF":
                    exif = content[chunk];
                    break;
                case "ANMF" when image.IsEmpty:
                    frame = content[chunk];
                    for (int within = FrameHeader; image.IsEmpty && Next(frame, ref within, out kind) is { } part;)
                    {
                        image = kind is Lossy or Lossless ? frame[part] : [];
                    }

                    break;
                case Lossy or Lossless when image.IsEmpty:
                    kind = type;
                    image = content[chunk];
                    break;
            }
        }

        if (image.Length < 10)
        {
            throw new InvalidDataException("it has no image");
        }

        // The lossy kind says how long its first partition is.
        if (kind == Lossy && ((image[0] | (image[1] << 8) | (image[2] << 16)) >> 5) > image.Length - 10)
        {
            throw new InvalidDataException("its image is cut off");
        }

        Image decoded = ManagedDecoder.Decode(new WebpDecoder { IgnoreMetadata = true }, Alone(kind, image), name, isGrey: false, is16Bit: false);
        return ExifOrientation.Upright(frame.IsEmpty ? decoded : OnCanvas(decoded, canvas, frame, name), exif.StartsWith("Exif\0\0"u8) ? exif[6..] : exif);
    }

    /// <inheritdoc/>
    protected override int CountFrames(ReadOnlySpan<byte> file)
    {
        ReadOnlySpan<byte> content = Content(file);
        int frames = 0;
        for (int at = 0; Next(content, ref at, out string type) is not null;)
        {
            frames += type == "ANMF" ? 1 : 0;
        }

        return frames;
    }

    private static ReadOnlySpan<byte> Content(ReadOnlySpan<byte> file)
    {
        uint size = BinaryPrimitives.ReadUInt32LittleEndian(file[4..]);
        RequireLength(file, ChunkHeader + (long)size);
        return size >= 4 ? file[FileHeader..(ChunkHeader + (int)size)] : throw new InvalidDataException("it is empty");
    }

    /// <summary>Where the contents of the chunk at an offset are; null where there is none any more.</summary>
    private static Range? Next(ReadOnlySpan<byte> chunks, ref int at, out string type)
    {
        type = "";
        if (at >= chunks.Length)
        {
            return null;
        }

        RequireLength(chunks, at + (long)ChunkHeader);
        type = Encoding.Latin1.GetString(chunks.Slice(at, 4));
        uint size = BinaryPrimitives.ReadUInt32LittleEndian(chunks[(at + 4)..]);
        int start = at + ChunkHeader;
        RequireLength(chunks, start + (long)size);
        // Chunks start at even offsets; some writers leave out the last one's padding.
        at = start + (int)size + (int)(size & 1);
        return start..(start + (int)size);
    }

    private static byte[] Alone(string kind, ReadOnlySpan<byte> image)
    {
        byte[] file = new byte[FileHeader + ChunkHeader + image.Length + (image.Length & 1)];
        "RIFF"u8.CopyTo(file);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(4), file.Length - ChunkHeader);
        "WEBP"u8.CopyTo(file.AsSpan(8));
        Encoding.Latin1.GetBytes(kind, file.AsSpan(12));
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(16), image.Length);
        image.CopyTo(file.AsSpan(20));
        return file;
    }

    // What a frame leaves free of the canvas is black.
    private static Image OnCanvas(Image image, ReadOnlySpan<byte> canvas, ReadOnlySpan<byte> frame, string name)
    {
        if (canvas.Length < 10)
        {
            throw new InvalidDataException("it has frames and no canvas");
        }

        (int width, int height) = (UInt24(canvas[4..]) + 1, UInt24(canvas[7..]) + 1);
        (int left, int top) = (2 * UInt24(frame), 2 * UInt24(frame[3..]));
        ImageFile.CheckSize(name, width, height);
        if (left + image.Width > width || top + image.Height > height)
        {
            throw new InvalidDataException("its first frame does not lie on its canvas");
        }

        if ((image.Width, image.Height) == (width, height))
        {
            return image;
        }

        var whole = new Image(width, height, 3);
        for (int y = 0; y < image.Height; y++)
        {
            image.Samples.AsSpan(3 * image.Width * y, 3 * image.Width).CopyTo(whole.Samples.AsSpan(3 * ((width * (top + y)) + left)));
        }

        return whole;
    }

    private static int UInt24(ReadOnlySpan<byte> bytes) => bytes[0] | (bytes[1] << 8) | (bytes[2] << 16);
}
