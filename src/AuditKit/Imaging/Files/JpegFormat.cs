using SixLabors.ImageSharp.Formats.Jpeg;

namespace AuditKit.Imaging.Files;

/// <summary>
/// JPEG: libjpeg-turbo where the machine has it, else ImageSharp, whose pixels differ by some levels. ImageSharp fills
/// in what is missing, so the file must be complete by its markers; data that is damaged between them is not noticed.
/// </summary>
internal sealed class JpegFormat : ImageFormat
{
    // libjpeg-turbo's limit: hundreds of scans make a small file very slow.
    private const int MaxScans = 500;

    private const byte Start = 0xD8, End = 0xD9, Scan = 0xDA, FirstRestart = 0xD0, LastRestart = 0xD7, Temporary = 0x01;

    private JpegFormat()
        : base("JPEG", ".jpg", ".jpeg")
    {
    }

    /// <summary>The only one.</summary>
    public static JpegFormat Instance { get; } = new();

    /// <inheritdoc/>
    public override bool Recognises(ReadOnlySpan<byte> file, string name) => file.StartsWith((ReadOnlySpan<byte>)[0xFF, Start, 0xFF]);

    /// <summary>Follows a file from marker to marker.</summary>
    /// <returns>Its size and its number of components.</returns>
    /// <exception cref="InvalidDataException">A marker is missing, or the file ends before its end marker.</exception>
    public static (int Width, int Height, int Components) Check(ReadOnlySpan<byte> file)
    {
        (int Width, int Height, int Components) frame = default;
        int scans = 0;
        for (int at = 2; at + 1 < file.Length;)
        {
            byte marker = file[at + 1];
            if (file[at] != 0xFF)
            {
                throw new InvalidDataException("a marker is missing");
            }

            if (marker == 0xFF)
            {
                at++;
                continue;
            }

            if (marker == End)
            {
                return scans > 0 && frame.Components > 0 ? frame : throw new InvalidDataException("it has no image");
            }

            if (marker is >= FirstRestart and <= LastRestart or Temporary)
            {
                at += 2;
                continue;
            }

            RequireLength(file, at + 4);
            int length = (file[at + 2] << 8) | file[at + 3];
            RequireLength(file, at + 2 + (long)length);
            if (length < 2 || marker is 0 or Start)
            {
                throw new InvalidDataException("a marker is damaged");
            }

            ReadOnlySpan<byte> segment = file.Slice(at + 4, length - 2);
            // Frame headers are C0 to CF, but for the tables C4 and CC and the extension C8.
            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
            {
                frame = frame.Components == 0
                    ? ((segment[3] << 8) | segment[4], (segment[1] << 8) | segment[2], segment[5])
                    : throw new InvalidDataException("it has two frames");
            }

            at += 2 + length;
            if (marker == Scan)
            {
                scans++;
                if (scans > MaxScans)
                {
                    throw new InvalidDataException($"it has more than {MaxScans} scans");
                }

                at = EndOfScan(file, at);
            }
        }

        throw new InvalidDataException("the file ends before its end marker");
    }

    /// <inheritdoc/>
    protected override Image Decode(ReadOnlySpan<byte> file, string name, ImageCodecs codecs)
    {
        if (codecs.HasTurboJpeg)
        {
            return Jpeg.DecodeByTurbo(file, name);
        }

        (int width, int height, int components) = Check(file);
        ImageFile.CheckSize(name, width, height);
        Image image = ManagedDecoder.Decode(new JpegDecoder { IgnoreMetadata = true }, file.ToArray(), name, isGrey: components == 1, is16Bit: false);
        return ExifOrientation.Upright(image, Exif(file));
    }

    /// <summary>The TIFF block of the first Exif segment before the first scan; empty where there is none.</summary>
    public static ReadOnlySpan<byte> Exif(ReadOnlySpan<byte> file)
    {
        const byte Fill = 0xFF, App1 = 0xE1;
        ReadOnlySpan<byte> rest = file[2..];
        while (rest.Length >= 4 && rest[0] == 0xFF)
        {
            byte marker = rest[1];
            if (marker == Fill)
            {
                rest = rest[1..];
                continue;
            }

            int length = (rest[2] << 8) | rest[3];
            if (marker == Scan || length < 2 || 2 + length > rest.Length)
            {
                break;
            }

            ReadOnlySpan<byte> segment = rest[4..(2 + length)];
            if (marker == App1 && segment.StartsWith("Exif\0\0"u8))
            {
                return segment[6..];
            }

            rest = rest[(2 + length)..];
        }

        return [];
    }

    // A scan's data has 0xFF only before 0 and restart markers.
    private static int EndOfScan(ReadOnlySpan<byte> file, int at)
    {
        while (at + 1 < file.Length)
        {
            int next = file[at..].IndexOf((byte)0xFF);
            if (next < 0 || at + next + 1 >= file.Length)
            {
                break;
            }

            at += next;
            if (file[at + 1] is not (0 or >= FirstRestart and <= LastRestart))
            {
                return at;
            }

            at += 2;
        }

        return file.Length;
    }
}
