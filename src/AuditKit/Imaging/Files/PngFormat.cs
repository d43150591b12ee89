using System.Buffers.Binary;
using SixLabors.ImageSharp.Formats.Png;

namespace AuditKit.Imaging.Files;

/// <summary>
/// PNG: libpng where the machine has it, else ImageSharp; the pixels are the same. Only the critical chunks (header,
/// palette, pixels) reach either: so gamma, colour profiles and transparency change no sample, as in Pillow, and text
/// or profile chunks cannot cost memory.
/// </summary>
internal sealed class PngFormat : ImageFormat
{
    private const int ChunkOverhead = 12;

    // Where the header chunk, which comes first, has them.
    private const int BitDepth = 24, ColourType = 25, Interlace = 28;

    private PngFormat()
        : base("PNG", ".png")
    {
    }

    /// <summary>The only one.</summary>
    public static PngFormat Instance { get; } = new();

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <inheritdoc/>
    public override bool Recognises(ReadOnlySpan<byte> file, string name) => file.StartsWith(Signature);

    /// <inheritdoc/>
    protected override Image Decode(ReadOnlySpan<byte> file, string name, ImageCodecs codecs)
    {
        byte[] critical = CriticalChunks(file, name, out ReadOnlySpan<byte> exif);
        // libpng's simplified API reads 16-bit interlaced files wrongly (1.6.39), and up to 1.6.50 writes beyond its buffer
        // (CVE-2025-65018).
        bool isSafe = critical[BitDepth] != 16 || critical[Interlace] == 0;
        return ExifOrientation.Upright(codecs.HasLibPng && isSafe ? LibPng.Decode(critical, name) : Managed(critical, name), exif);
    }

    private static Image Managed(byte[] critical, string name)
    {
        const int Grey = 0, GreyWithAlpha = 4;
        return ManagedDecoder.Decode(
            new PngDecoder { IgnoreMetadata = true }, critical, name,
            isGrey: critical[ColourType] is Grey or GreyWithAlpha, is16Bit: critical[BitDepth] == 16);
    }

    /// <summary>The file without its ancillary chunks, once its size is known to be allowed and its end to be there.</summary>
    private static byte[] CriticalChunks(ReadOnlySpan<byte> file, string name, out ReadOnlySpan<byte> exif)
    {
        const byte Ancillary = 0x20;
        const int HeaderSize = 13;
        exif = [];
        var critical = new byte[file.Length];
        file[..Signature.Length].CopyTo(critical);
        int written = Signature.Length;
        ReadOnlySpan<byte> rest = file[Signature.Length..];
        while (rest.Length >= ChunkOverhead)
        {
            long length = BinaryPrimitives.ReadUInt32BigEndian(rest);
            ReadOnlySpan<byte> type = rest[4..8];
            if (length + ChunkOverhead > rest.Length)
            {
                break;
            }

            ReadOnlySpan<byte> chunk = rest[..((int)length + ChunkOverhead)];
            bool isHeader = type.SequenceEqual("IHDR"u8);
            if (isHeader != (written == Signature.Length) || (isHeader && length != HeaderSize))
            {
                throw new InvalidDataException("its header is missing or damaged");
            }

            if (isHeader)
            {
                ImageFile.CheckSize(
                    name, BinaryPrimitives.ReadUInt32BigEndian(chunk[8..]), BinaryPrimitives.ReadUInt32BigEndian(chunk[12..]));
            }
            else if (type.SequenceEqual("eXIf"u8))
            {
                exif = chunk[8..^4];
            }

            if ((type[0] & Ancillary) == 0)
            {
                chunk.CopyTo(critical.AsSpan(written));
                written += chunk.Length;
            }

            if (type.SequenceEqual("IEND"u8))
            {
                return critical[..written];
            }

            rest = rest[chunk.Length..];
        }

        throw new InvalidDataException("the file ends before its end chunk");
    }
}
