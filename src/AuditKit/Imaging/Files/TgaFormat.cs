using System.Buffers.Binary;
using SixLabors.ImageSharp.Formats.Tga;

namespace AuditKit.Imaging.Files;

/// <summary>TGA: palette, RGB or grey, run-length encoded or not. It has no signature: the file's name must say it.</summary>
internal sealed class TgaFormat() : ImageFormat("TGA", ".tga")
{
    private const int Header = 18;

    // Image types; with RunLength added, the same run-length encoded.
    private const int Palette = 1, Rgb = 2, Grey = 3, RunLength = 8;

    /// <inheritdoc/>
    public override bool Recognises(ReadOnlySpan<byte> file, string name)
        => !file.IsEmpty && Path.GetExtension(name).Equals(".tga", StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    protected override Image Decode(ReadOnlySpan<byte> file, string name, ImageCodecs codecs)
    {
        RequireLength(file, Header);
        int type = file[2] & ~RunLength;
        bool isRunLength = (file[2] & RunLength) != 0;
        (int width, int height) = (BinaryPrimitives.ReadUInt16LittleEndian(file[12..]), BinaryPrimitives.ReadUInt16LittleEndian(file[14..]));
        int bits = file[16];
        bool isSound = width > 0 && height > 0 && file[1] <= 1 && type switch
        {
            Palette => bits == 8 && file[1] == 1 && file[7] is 15 or 16 or 24 or 32,
            Rgb => bits is 16 or 24 or 32,
            Grey => bits is 8 or 16,
            _ => false,
        };
        if (!isSound)
        {
            throw new InvalidDataException("its header is not one of TGA");
        }

        if (file[17] >> 6 != 0)
        {
            throw new NotSupportedException("its rows are interleaved");
        }

        ImageFile.CheckSize(name, width, height);
        int colours = BinaryPrimitives.ReadUInt16LittleEndian(file[5..]);
        long start = Header + file[0] + (file[1] * (long)colours * ((file[7] + 7) / 8));
        int bytes = bits / 8;
        if (isRunLength)
        {
            RequirePackets(file, start, bytes, (long)width * height);
        }
        else
        {
            RequireLength(file, start + ((long)width * height * bytes));
        }

        return ManagedDecoder.Decode(new TgaDecoder(), file.ToArray(), name, isGrey: type == Grey, is16Bit: false);
    }

    private static void RequirePackets(ReadOnlySpan<byte> file, long start, int bytes, long pixels)
    {
        for (long at = start; pixels > 0;)
        {
            RequireLength(file, at + 1);
            int count = (file[(int)at] & 0x7F) + 1;
            at += 1 + (file[(int)at] >= 0x80 ? bytes : count * bytes);
            RequireLength(file, at);
            pixels -= count;
        }
    }
}
