using System.Buffers.Binary;

namespace AuditKit.Imaging;

/// <summary>How a camera was held: tag 0x0112 of the EXIF block (Exif 2.3, §4.6.4 A).</summary>
internal static class ExifOrientation
{
    /// <summary>Turns an image upright; returns it as it is where the block gives no valid orientation.</summary>
    /// <param name="image">The image as stored.</param>
    /// <param name="exif">The EXIF block from its TIFF header on; may be empty or broken.</param>
    public static Image Upright(Image image, ReadOnlySpan<byte> exif) => Apply(image, Read(exif));

    /// <summary>The orientation 1–8; 1 (upright) where the block is empty, broken or says nothing.</summary>
    internal static int Read(ReadOnlySpan<byte> exif)
    {
        const int Orientation = 0x0112, Short = 3, EntrySize = 12;
        if (exif.Length < 8 || !(exif.StartsWith("II*\0"u8) || exif.StartsWith("MM\0*"u8)))
        {
            return 1;
        }

        bool little = exif[0] == 'I';
        uint directory = little ? BinaryPrimitives.ReadUInt32LittleEndian(exif[4..]) : BinaryPrimitives.ReadUInt32BigEndian(exif[4..]);
        if (directory > exif.Length - 2)
        {
            return 1;
        }

        ReadOnlySpan<byte> entries = exif[((int)directory + 2)..];
        for (int left = Read16(exif[(int)directory..], little); left > 0 && entries.Length >= EntrySize; left--)
        {
            if (Read16(entries, little) == Orientation && Read16(entries[2..], little) == Short)
            {
                int value = Read16(entries[8..], little);
                return value is >= 1 and <= 8 ? value : 1;
            }

            entries = entries[EntrySize..];
        }

        return 1;
    }

    /// <summary>Undoes an orientation: 2–4 mirror or turn by half, 5–8 also swap width and height.</summary>
    internal static Image Apply(Image image, int orientation)
    {
        if (orientation == 1)
        {
            return image;
        }

        bool transposed = orientation >= 5;
        // In which direction the stored rows and columns are walked while the upright image is written.
        bool fromRight = orientation is 2 or 3 or 7 or 8;
        bool fromBottom = orientation is 3 or 4 or 6 or 7;
        var upright = transposed
            ? new Image(image.Height, image.Width, image.Channels)
            : new Image(image.Width, image.Height, image.Channels);
        int to = 0;
        for (int y = 0; y < upright.Height; y++)
        {
            for (int x = 0; x < upright.Width; x++)
            {
                int column = transposed ? y : x;
                int row = transposed ? x : y;
                column = fromRight ? image.Width - 1 - column : column;
                row = fromBottom ? image.Height - 1 - row : row;
                int from = ((row * image.Width) + column) * image.Channels;
                for (int c = 0; c < image.Channels; c++)
                {
                    upright.Samples[to++] = image.Samples[from + c];
                }
            }
        }

        return upright;
    }

    private static int Read16(ReadOnlySpan<byte> bytes, bool little)
        => little ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);
}
