using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using AuditKit.Imaging;

namespace AuditKit.Tests.Imaging.Files;

/// <summary>Image files written byte by byte, as the formats' definitions have it, and by no library that reads them.</summary>
internal static class FileWriters
{
    /// <summary>An RGB image of no more than 64 colours, so that formats with palettes can hold it, too.</summary>
    public static Image FewColours(int width, int height)
    {
        Image image = Samples.Pattern(width, height, 3);
        for (int i = 0; i < image.Samples.Length; i++)
        {
            image.Samples[i] = (byte)(image.Samples[i] / 64 * 85);
        }

        return image;
    }

    /// <summary>The palette of <see cref="FewColours"/>: 64 entries of R, G, B.</summary>
    public static byte[] Palette { get; } = [.. Enumerable.Range(0, 64)
        .SelectMany(i => new[] { (byte)(i / 16 * 85), (byte)(i / 4 % 4 * 85), (byte)(i % 4 * 85) })];

    /// <summary>Every pixel's entry in <see cref="Palette"/>.</summary>
    public static byte[] Indices(Image image)
        => [.. image.Samples.Chunk(3).Select(pixel => (byte)((pixel[0] / 85 * 16) + (pixel[1] / 85 * 4) + (pixel[2] / 85)))];

    public static byte[] Bmp(Image image, int bits, bool fromTop)
    {
        byte[] palette = bits == 8 ? [.. Palette.Chunk(3).SelectMany(c => new byte[] { c[2], c[1], c[0], 0 })] : [];
        byte[][] rows = [.. bits == 8
            ? Indices(image).Chunk(image.Width)
            : image.Samples.Chunk(3 * image.Width)
                .Select(row => row.Chunk(3).SelectMany(c => bits == 24 ? new[] { c[2], c[1], c[0] } : [c[2], c[1], c[0], 77]).ToArray())];
        byte[] pixels = [.. (fromTop ? rows : rows.Reverse()).SelectMany(row => row.Concat(new byte[(4 - (row.Length % 4)) % 4]))];
        int offset = 54 + palette.Length;
        return
        [
            .. "BM"u8, .. U32(offset + pixels.Length), .. U32(0), .. U32(offset),
            .. U32(40), .. U32(image.Width), .. U32(fromTop ? -image.Height : image.Height), .. U16(1), .. U16(bits), .. U32(0), .. U32(pixels.Length),
            .. U32(0), .. U32(0), .. U32(palette.Length / 4), .. U32(0), .. palette, .. pixels,
        ];
    }

    /// <summary>Eight-bit run-length encoded: a run a pixel.</summary>
    public static byte[] BmpRuns(Image image)
    {
        byte[] plain = Bmp(image, 8, fromTop: false);
        byte[] pixels = [.. Indices(image).Chunk(image.Width).Reverse()
            .SelectMany(row => row.SelectMany(index => new byte[] { 1, index }).Concat(new byte[] { 0, 0 })), 0, 1];
        byte[] file = [.. plain[..(54 + 256)], .. pixels];
        file[30] = 1;
        return file;
    }

    public static byte[] Tga(Image image, bool runLength, bool fromTop)
    {
        byte[][] rows = [.. image.Samples.Chunk(3 * image.Width).Select(row => row.Chunk(3).SelectMany(c => new[] { c[2], c[1], c[0] }).ToArray())];
        byte[][] stored = fromTop ? rows : [.. rows.Reverse()];
        // Packets of up to 100 pixels as they are, and of one pixel twice where it comes twice.
        IEnumerable<byte> pixels = runLength ? stored.SelectMany(Packets) : stored.SelectMany(row => row);
        return [0, 0, (byte)(runLength ? 10 : 2), .. new byte[9], .. U16(image.Width), .. U16(image.Height), 24, (byte)(fromTop ? 0x20 : 0), .. pixels];
    }

    public static byte[] TgaPalette(Image image)
        => [0, 1, 1, 0, 0, .. U16(64), 24, .. new byte[4], .. U16(image.Width), .. U16(image.Height), 8, 0x20, .. Palette.Chunk(3)
            .SelectMany(c => new[] { c[2], c[1], c[0] }), .. Indices(image)];

    public static byte[] Netpbm(int kind, int width, int height, int largest, IEnumerable<int> samples)
    {
        string header = $"P{kind}\n# by hand\n{width} {height}\n{(kind is 1 or 4 ? "" : largest + "\n")}";
        IEnumerable<byte> raster = kind <= 3 ? Encoding.ASCII.GetBytes(string.Join(' ', samples) + "\n")
            : largest > 255 ? samples.SelectMany(v => new[] { (byte)(v >> 8), (byte)v })
            : samples.Select(v => (byte)v);
        return [.. Encoding.ASCII.GetBytes(header), .. raster];
    }

    /// <summary>A TIFF file of one page.</summary>
    public static byte[] Tiff(
        int width, int height, int samplesPerPixel, int bits, int photometric, byte[] rows,
        bool bigEndian = false, int rowsPerStrip = int.MaxValue, int compression = 1, Func<byte[], byte[]>? compress = null, int[]? colourMap = null,
            bool planes = false)
    {
        byte[] N16(int v) => bigEndian ? [.. U16(v).Reverse()] : U16(v);
        byte[] N32(int v) => bigEndian ? [.. U32(v).Reverse()] : U32(v);
        int stride = rows.Length / height / (planes ? samplesPerPixel : 1);
        rowsPerStrip = Math.Min(rowsPerStrip, height);
        byte[][] strips = [.. rows.Chunk(stride * height).SelectMany(plane => plane.Chunk(stride * rowsPerStrip)).Select(compress ?? (strip => strip))];
        var values = new MemoryStream();
        values.Write(bigEndian ? "MM\0*"u8 : "II*\0"u8);
        values.Write(N32(0));
        var offsets = new List<int>();
        foreach (byte[] strip in strips)
        {
            offsets.Add((int)values.Position);
            values.Write(strip);
        }

        var entries = new List<byte>();
        int count = 0;
        void Entry(int tag, int type, params int[] numbers)
        {
            byte[] value = [.. numbers.SelectMany(number => type == 3 ? N16(number) : N32(number))];
            if (value.Length > 4)
            {
                int at = (int)values.Position;
                values.Write(value);
                value = N32(at);
            }

            entries.AddRange([.. N16(tag), .. N16(type), .. N32(numbers.Length), .. value, .. new byte[4 - value.Length]]);
            count++;
        }

        Entry(256, 4, width);
        Entry(257, 4, height);
        Entry(258, 3, [.. Enumerable.Repeat(bits, samplesPerPixel)]);
        Entry(259, 3, compression);
        Entry(262, 3, photometric);
        Entry(273, 4, [.. offsets]);
        Entry(277, 3, samplesPerPixel);
        Entry(278, 4, rowsPerStrip);
        Entry(279, 4, [.. strips.Select(strip => strip.Length)]);
        Entry(284, 3, planes ? 2 : 1);
        if (colourMap is not null)
        {
            Entry(320, 3, colourMap);
        }

        int directory = (int)values.Position;
        values.Write([.. N16(count), .. entries, .. N32(0)]);
        byte[] file = values.ToArray();
        N32(directory).CopyTo(file.AsSpan(4));
        return file;
    }

    /// <summary>A GIF of 64 colours whose codes all stand for one pixel: its table is cleared before it grows.</summary>
    public static byte[] Gif(Image image, bool transparent = false)
    {
        const int CodeBits = 7, Clear = 64, End = 65, BeforeClear = 60;
        IEnumerable<int> codes = Indices(image).Chunk(BeforeClear).SelectMany(part => part.Select(index => (int)index).Prepend(Clear)).Append(End);
        var data = new List<byte>();
        int buffer = 0, bits = 0;
        foreach (int code in codes)
        {
            buffer |= code << bits;
            for (bits += CodeBits; bits >= 8; bits -= 8, buffer >>= 8)
            {
                data.Add((byte)buffer);
            }
        }

        data.Add((byte)buffer);
        byte[] extension = transparent ? [0x21, 0xF9, 4, 1, 0, 0, Indices(image)[0], 0] : [];
        return
        [
            .. "GIF89a"u8, .. U16(image.Width), .. U16(image.Height), 0x80 | 5, 0, 0, .. Palette, .. extension,
            0x2C, .. U16(0), .. U16(0), .. U16(image.Width), .. U16(image.Height), 0, 6,
            .. data.Chunk(255).SelectMany(block => block.Prepend((byte)block.Length)), 0, 0x3B,
        ];
    }

    /// <summary>A PNG file; the samples are numbers of <paramref name="depth"/> bits, pixel by pixel.</summary>
    public static byte[] PngFile(int width, int height, int depth, int colourType, int[] samples, bool interlaced = false, byte[]? palette = null)
    {
        int channels = samples.Length / width / height;
        (int Y, int X, int Dy, int Dx)[] passes = interlaced
            ? [(0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1)]
            : [(0, 0, 1, 1)];
        var lines = new List<byte>();
        foreach ((int startY, int startX, int dy, int dx) in passes)
        {
            for (int y = startY; y < height && startX < width; y += dy)
            {
                lines.Add(0);
                var row = new StringBuilder();
                for (int x = startX; x < width; x += dx)
                {
                    for (int c = 0; c < channels; c++)
                    {
                        row.Append(Convert.ToString(samples[(((y * width) + x) * channels) + c], 2).PadLeft(depth, '0'));
                    }
                }

                row.Append('0', (8 - (row.Length % 8)) % 8);
                lines.AddRange(Enumerable.Range(0, row.Length / 8).Select(i => Convert.ToByte(row.ToString(8 * i, 8), 2)));
            }
        }

        byte[] header = [.. U32(width).Reverse(), .. U32(height).Reverse(), (byte)depth, (byte)colourType, 0, 0, (byte)(interlaced ? 1 : 0)];
        return [.. Samples.Bytes("rgb.png")[..8], .. Chunk("IHDR"u8, header), .. palette is null ? []
            : Chunk("PLTE"u8, palette), .. Chunk("IDAT"u8, Zlib([.. lines])), .. Chunk("IEND"u8, [])];
    }

    public static byte[] Zlib(byte[] bytes)
    {
        var data = new MemoryStream();
        using (var zlib = new ZLibStream(data, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            zlib.Write(bytes);
        }

        return data.ToArray();
    }

    /// <summary>PackBits of TIFF: literals of up to 100 bytes.</summary>
    public static byte[] PackBits(byte[] bytes) => [.. bytes.Chunk(100).SelectMany(part => part.Prepend((byte)(part.Length - 1)))];

    public static byte[] Chunk(ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        var chunk = new byte[data.Length + 12];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        type.CopyTo(chunk.AsSpan(4));
        data.CopyTo(chunk.AsSpan(8));
        uint crc = 0xFFFFFFFF;
        foreach (byte b in chunk.AsSpan(4, data.Length + 4))
        {
            crc ^= b;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ (0xEDB88320 & (0 - (crc & 1)));
            }
        }

        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(data.Length + 8), ~crc);
        return chunk;
    }

    private static IEnumerable<byte> Packets(byte[] row)
    {
        byte[][] pixels = [.. row.Chunk(3)];
        for (int at = 0; at < pixels.Length;)
        {
            if (at + 1 < pixels.Length && pixels[at].SequenceEqual(pixels[at + 1]))
            {
                foreach (byte b in pixels[at].Prepend((byte)0x81))
                {
                    yield return b;
                }

                at += 2;
                continue;
            }

            yield return 0;
            foreach (byte b in pixels[at++])
            {
                yield return b;
            }
        }
    }

    private static byte[] U16(int value) => [(byte)value, (byte)(value >> 8)];

    private static byte[] U32(int value) => [(byte)value, (byte)(value >> 8), (byte)(value >> 16), (byte)(value >> 24)];
}
