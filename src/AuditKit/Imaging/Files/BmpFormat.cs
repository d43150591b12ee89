using System.Buffers.Binary;
using SixLabors.ImageSharp.Formats.Bmp;

namespace AuditKit.Imaging.Files;

/// <summary>BMP of 1 to 32 bits, with a palette or without, uncompressed or run-length encoded.</summary>
internal sealed class BmpFormat() : ImageFormat("BMP", ".bmp")
{
    private const int FileHeader = 14, OldHeader = 12, Header = 40;

    // How the pixels are stored (BITMAPINFOHEADER).
    private const uint Plain = 0, Runs8 = 1, Runs4 = 2, Masks = 3, MasksWithAlpha = 6;

    /// <inheritdoc/>
    public override bool Recognises(ReadOnlySpan<byte> file, string name) => file.StartsWith("BM"u8);

    /// <inheritdoc/>
    protected override Image Decode(ReadOnlySpan<byte> file, string name, ImageCodecs codecs)
    {
        RequireLength(file, FileHeader + OldHeader);
        uint pixels = BinaryPrimitives.ReadUInt32LittleEndian(file[10..]);
        ReadOnlySpan<byte> header = file[FileHeader..];
        uint headerSize = BinaryPrimitives.ReadUInt32LittleEndian(header);
        long width, height;
        int bits;
        uint storage = Plain;
        if (headerSize == OldHeader)
        {
            (width, height) = (BinaryPrimitives.ReadUInt16LittleEndian(header[4..]), BinaryPrimitives.ReadUInt16LittleEndian(header[6..]));
            bits = BinaryPrimitives.ReadUInt16LittleEndian(header[10..]);
        }
        else if (headerSize >= Header)
        {
            RequireLength(file, FileHeader + (long)headerSize);
            // A negative height says that the first row is stored first.
            (width, height) = (BinaryPrimitives.ReadInt32LittleEndian(header[4..]), Math.Abs((long)BinaryPrimitives.ReadInt32LittleEndian(header[8..])));
            bits = BinaryPrimitives.ReadUInt16LittleEndian(header[14..]);
            storage = BinaryPrimitives.ReadUInt32LittleEndian(header[16..]);
        }
        else
        {
            throw new NotSupportedException($"its header has {headerSize} bytes");
        }

        if (width < 1 || height < 1 || pixels < FileHeader + headerSize)
        {
            throw new InvalidDataException("its header has no size, or lies over the pixels");
        }

        ImageFile.CheckSize(name, width, height);
        switch (storage)
        {
            case Plain or Masks or MasksWithAlpha when bits is 1 or 2 or 4 or 8 or 16 or 24 or 32:
                RequireLength(file, pixels + (((width * bits) + 31) / 32 * 4 * height));
                break;
            case Runs8 or Runs4:
                RequireEnd(file, pixels, storage);
                break;
            default:
                throw new NotSupportedException($"{bits} bits a pixel, compression {storage}");
        }

        return ManagedDecoder.Decode(new BmpDecoder(), file.ToArray(), name, isGrey: false, is16Bit: false);
    }

    // Runs and literals, up to the mark of the bitmap's end.
    private static void RequireEnd(ReadOnlySpan<byte> file, uint pixels, uint storage)
    {
        const byte EndOfBitmap = 1, Move = 2;
        for (long at = pixels; at + 1 < file.Length;)
        {
            (byte run, byte what) = (file[(int)at], file[(int)at + 1]);
            at += 2;
            if (run == 0 && what == EndOfBitmap)
            {
                return;
            }

            if (run == 0 && what == Move)
            {
                at += 2;
            }
            else if (run == 0 && what > Move)
            {
                int bytes = storage == Runs8 ? what : (what + 1) / 2;
                at += bytes + (bytes & 1);
            }
        }

        throw new InvalidDataException("the file ends before the bitmap's end");
    }
}
