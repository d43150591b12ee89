using System.Buffers.Binary;

namespace AuditKit.Imaging.Files;

/// <summary>
/// PBM, PGM and PPM, plain (P1 to P3) and raw (P4 to P6), as Netpbm's manual defines them. Read here: ImageSharp 2.1
/// takes 16-bit samples in the wrong order of bytes, ignores the largest value, and wants spaces between plain bits.
/// Samples 0 to the largest value M become v·255/M, rounded.
/// </summary>
internal sealed class NetpbmFormat() : ImageFormat("PBM, PGM or PPM", ".pbm", ".pgm", ".ppm", ".pnm")
{
    /// <inheritdoc/>
    public override bool Recognises(ReadOnlySpan<byte> file, string name)
        => file.Length > 2 && file[0] == 'P' && file[1] is >= (byte)'1' and <= (byte)'6' && (IsSpace(file[2]) || file[2] == '#');

    /// <inheritdoc/>
    protected override Image Decode(ReadOnlySpan<byte> file, string name, ImageCodecs codecs)
    {
        var header = Header.Read(file);
        ImageFile.CheckSize(name, header.Width, header.Height);
        if (!header.IsPlain)
        {
            RequireLength(file, header.End);
        }

        var image = new Image(header.Width, header.Height, header.Channels);
        if (header.IsPlain)
        {
            ReadPlain(file[header.Length..], header, image.Samples);
        }
        else
        {
            ReadRaw(file[header.Length..], header, image.Samples);
        }

        return image;
    }

    // Raw images may follow one another; a plain one is alone.
    protected override int CountFrames(ReadOnlySpan<byte> file)
    {
        int frames = 0;
        while (Recognises(file, ""))
        {
            frames++;
            var header = Header.Read(file);
            if (header.IsPlain || header.End >= file.Length)
            {
                break;
            }

            file = file[(int)header.End..].TrimStart(" \t\n\r"u8);
        }

        return frames;
    }

    private static void ReadRaw(ReadOnlySpan<byte> raster, Header header, byte[] samples)
    {
        if (header.IsBits)
        {
            int stride = (header.Width + 7) / 8;
            for (int i = 0; i < samples.Length; i++)
            {
                (int y, int x) = Math.DivRem(i, header.Width);
                samples[i] = Bit((raster[(y * stride) + (x / 8)] >> (7 - (x % 8))) & 1);
            }
        }
        else if (header.Largest > byte.MaxValue)
        {
            for (int i = 0; i < samples.Length; i++)
            {
                samples[i] = header.Level(BinaryPrimitives.ReadUInt16BigEndian(raster[(2 * i)..]));
            }
        }
        else
        {
            for (int i = 0; i < samples.Length; i++)
            {
                samples[i] = header.Level(raster[i]);
            }
        }
    }

    private static void ReadPlain(ReadOnlySpan<byte> raster, Header header, byte[] samples)
    {
        int at = 0;
        for (int i = 0; i < samples.Length; i++)
        {
            if (header.IsBits)
            {
                SkipSpace(raster, ref at);
                samples[i] = at < raster.Length && raster[at] is (byte)'0' or (byte)'1'
                    ? Bit(raster[at++] - '0')
                    : throw new InvalidDataException("bits are missing");
            }
            else
            {
                samples[i] = header.Level(Number(raster, ref at));
            }
        }
    }

    // PBM's 1 is black.
    private static byte Bit(int bit) => bit == 0 ? byte.MaxValue : (byte)0;

    private static bool IsSpace(byte value) => value is (byte)' ' or >= 9 and <= 13;

    private static void SkipSpace(ReadOnlySpan<byte> text, ref int at)
    {
        while (at < text.Length && (IsSpace(text[at]) || text[at] == '#'))
        {
            if (text[at] == '#')
            {
                int end = text[at..].IndexOfAny((byte)'\n', (byte)'\r');
                at = end < 0 ? text.Length : at + end;
            }
            else
            {
                at++;
            }
        }
    }

    private static int Number(ReadOnlySpan<byte> text, ref int at)
    {
        SkipSpace(text, ref at);
        (int start, long value) = (at, 0);
        while (at < text.Length && text[at] is >= (byte)'0' and <= (byte)'9' && value <= int.MaxValue)
        {
            value = (10 * value) + text[at++] - '0';
        }

        return at > start && value <= int.MaxValue ? (int)value : throw new InvalidDataException("a number is missing or too large");
    }

    private readonly record struct Header(bool IsPlain, bool IsBits, int Channels, int Width, int Height, int Largest, int Length)
    {
        /// <summary>Where a raw image ends.</summary>
        public long End => Length + (Height * (IsBits ? (Width + 7L) / 8 : (long)Width * Channels * (Largest > byte.MaxValue ? 2 : 1)));

        public static Header Read(ReadOnlySpan<byte> file)
        {
            int kind = file[1] - '0';
            bool isBits = kind is 1 or 4;
            int at = 2;
            (int width, int height) = (Number(file, ref at), Number(file, ref at));
            int largest = isBits ? 1 : Number(file, ref at);
            if (width < 1 || height < 1 || largest is < 1 or > ushort.MaxValue)
            {
                throw new InvalidDataException("its header has no size, or no largest value between 1 and 65535");
            }

            // One space before the pixels.
            return at < file.Length && IsSpace(file[at])
                ? new Header(kind <= 3, isBits, kind is 3 or 6 ? 3 : 1, width, height, largest, at + 1)
                : throw new InvalidDataException("the file ends in its header");
        }

        public byte Level(int value) => value <= Largest
            ? (byte)(((value * 510) + Largest) / (2 * Largest))
            : throw new InvalidDataException($"a sample is {value}, more than its largest value {Largest}");
    }
}
