using System.Buffers.Binary;
using SixLabors.ImageSharp.Formats.Gif;
using SixLabors.ImageSharp.Metadata;

namespace AuditKit.Imaging.Files;

/// <summary>
/// GIF (version 89a, appendix F): the first image alone, with its palette's colours also where they are said to be
/// transparent.
/// </summary>
internal sealed class GifFormat() : ImageFormat("GIF", ".gif")
{
    private const int Header = 13, Descriptor = 10;
    private const byte Extension = 0x21, ImageBlock = 0x2C, Trailer = 0x3B;

    /// <inheritdoc/>
    public override bool Recognises(ReadOnlySpan<byte> file, string name) => file.StartsWith("GIF87a"u8) || file.StartsWith("GIF89a"u8);

    /// <inheritdoc/>
    protected override Image Decode(ReadOnlySpan<byte> file, string name, ImageCodecs codecs)
    {
        RequireLength(file, Header);
        (int width, int height) = (BinaryPrimitives.ReadUInt16LittleEndian(file[6..]), BinaryPrimitives.ReadUInt16LittleEndian(file[8..]));
        ImageFile.CheckSize(name, width, height);
        List<Range> images = Images(file);
        if (images.Count == 0)
        {
            throw new InvalidDataException("it has no image");
        }

        ReadOnlySpan<byte> first = file[images[0]];
        int left = BinaryPrimitives.ReadUInt16LittleEndian(first[1..]), top = BinaryPrimitives.ReadUInt16LittleEndian(first[3..]);
        int columns = BinaryPrimitives.ReadUInt16LittleEndian(first[5..]), rows = BinaryPrimitives.ReadUInt16LittleEndian(first[7..]);
        int palette = Palette(first[9]);
        if (columns < 1 || rows < 1 || left + columns > width || top + rows > height || (palette == 0 && Palette(file[10]) == 0))
        {
            throw new InvalidDataException("its first image does not lie on its screen, or has no palette");
        }

        RequirePixels(first[(Descriptor + palette)..], columns * rows);
        byte[] alone = [.. file[..(Header + Palette(file[10]))], .. first, Trailer];
        var decoder = new GifDecoder { DecodingMode = FrameDecodingMode.First, IgnoreMetadata = true };
        return ManagedDecoder.Decode(decoder, alone, name, isGrey: false, is16Bit: false);
    }

    /// <inheritdoc/>
    protected override int CountFrames(ReadOnlySpan<byte> file) => Images(file).Count;

    // A palette's bytes, by the packed field in front of it.
    private static int Palette(byte packed) => (packed & 0x80) == 0 ? 0 : 3 << ((packed & 7) + 1);

    /// <summary>Where the images are, each from its descriptor to the end of its data; the file must be complete.</summary>
    private static List<Range> Images(ReadOnlySpan<byte> file)
    {
        var images = new List<Range>();
        for (int at = Header + Palette(file[10]); at < file.Length;)
        {
            int start = at;
            switch (file[at])
            {
                case Trailer:
                    return images;
                case Extension:
                    at = EndOfData(file, at + 2);
                    break;
                case ImageBlock:
                    RequireLength(file, at + Descriptor);
                    at = EndOfData(file, at + Descriptor + Palette(file[at + 9]) + 1);
                    images.Add(start..at);
                    break;
                default:
                    throw new InvalidDataException($"a block starts with 0x{file[at]:X2}");
            }
        }

        throw new InvalidDataException("the file ends before its end mark");
    }

    private static int EndOfData(ReadOnlySpan<byte> file, int at)
    {
        while (at < file.Length && file[at] != 0)
        {
            at += 1 + file[at];
        }

        return at < file.Length ? at + 1 : throw new InvalidDataException("the file ends within an image or an extension");
    }

    /// <summary>Refuses compressed data of too few pixels or with codes that are none, which the decoder would fill in.</summary>
    private static void RequirePixels(ReadOnlySpan<byte> data, int pixels)
    {
        const int MaxBits = 12;
        int literals = data[0] is >= 1 and <= 8 ? 1 << data[0] : throw new InvalidDataException($"its codes have {data[0]} bits");
        int clear = literals, end = literals + 1;
        // How many pixels each code stands for.
        int[] lengths = new int[1 << MaxBits];
        lengths.AsSpan(0, literals).Fill(1);
        int size = data[0] + 1, next = end + 1, previous = -1;
        int at = 1, left = data[at++], bits = 0;
        uint buffer = 0;
        for (long done = 0; done < pixels;)
        {
            while (bits < size)
            {
                if (left == 0)
                {
                    left = data[at++];
                    if (left == 0)
                    {
                        throw new InvalidDataException("pixels are missing");
                    }
                }

                buffer |= (uint)data[at++] << bits;
                (bits, left) = (bits + 8, left - 1);
            }

            int code = (int)(buffer & ((1u << size) - 1));
            (buffer, bits) = (buffer >> size, bits - size);
            if (code == clear)
            {
                (size, next, previous) = (data[0] + 1, end + 1, -1);
                continue;
            }

            if (code == end || (previous < 0 ? code > end : code > next || (code == next && next == lengths.Length)))
            {
                throw new InvalidDataException("pixels are missing, or compressed by codes that do not exist");
            }

            if (previous >= 0 && next < lengths.Length)
            {
                lengths[next++] = lengths[previous] + 1;
                size += next == 1 << size && size < MaxBits ? 1 : 0;
            }

            done += lengths[code];
            previous = code;
        }
    }
}
