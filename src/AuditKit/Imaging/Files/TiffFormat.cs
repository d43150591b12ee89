using System.IO.Compression;
using SixLabors.ImageSharp.Formats.Tiff;
using SixLabors.ImageSharp.Metadata;

namespace AuditKit.Imaging.Files;

/// <summary>
/// TIFF (revision 6.0): grey, RGB and palettes of up to 16 bits in strips, uncompressed or by PackBits, LZW, Deflate or
/// JPEG; the first page, upright. ImageSharp can loop over damaged directories and fills in missing pixels, so the
/// directory is checked here, and it sees the first page's and nothing of it that it need not.
/// </summary>
internal sealed partial class TiffFormat() : ImageFormat("TIFF", ".tif", ".tiff")
{
    private const int EntrySize = 12, MaxDirectories = 1000;

    // Tags.
    private const int SubfileType = 254, Width = 256, Height = 257, Bits = 258, Compression = 259, Photometric = 262, FillOrder = 266;
    private const int StripOffsets = 273, SamplesPerPixel = 277, RowsPerStrip = 278, StripSizes = 279, Planes = 284, Predictor = 317;
    private const int ColourMap = 320, TileWidth = 322, ExtraSamples = 338, SampleFormat = 339, JpegTables = 347;
    private const int YcbcrMatrix = 529, YcbcrSampling = 530, YcbcrPosition = 531, ReferenceLevels = 532;

    // Values.
    private const uint Uncompressed = 1, Lzw = 5, Jpeg = 7, Deflate = 8, OldDeflate = 32946, PackBits = 32773;
    private const uint WhiteIsZero = 0, BlackIsZero = 1, Rgb = 2, Palette = 3, Ycbcr = 6;

    // The tags that are passed on to the decoder; all others are left out.
    private static ReadOnlySpan<int> Needed =>
    [
        Width, Height, Bits, Compression, Photometric, StripOffsets, SamplesPerPixel, RowsPerStrip, StripSizes, Planes, Predictor,
        ColourMap, ExtraSamples, SampleFormat, JpegTables, YcbcrMatrix, YcbcrSampling, YcbcrPosition, ReferenceLevels,
    ];

    /// <inheritdoc/>
    public override bool Recognises(ReadOnlySpan<byte> file, string name) => file.StartsWith("II*\0"u8) || file.StartsWith("MM\0*"u8);

    /// <inheritdoc/>
    protected override Image Decode(ReadOnlySpan<byte> file, string name, ImageCodecs codecs)
    {
        var page = new Page(file.ToArray());
        uint width = page.One(Width, 0), height = page.One(Height, 0);
        if (width == 0 || height == 0)
        {
            throw new InvalidDataException("it has no size");
        }

        ImageFile.CheckSize(name, width, height);
        uint photometric = page.One(Photometric, uint.MaxValue);
        int bits = RequireKind(page, photometric);
        RequireStrips(page, (int)width, (int)height, bits);
        if (photometric == Palette)
        {
            page.RoundPalette(3 << bits);
        }

        page.Reduce(Needed, (int)height);
        var decoder = new TiffDecoder { DecodingMode = FrameDecodingMode.First, IgnoreMetadata = true };
        Image image = ManagedDecoder.Decode(decoder, page.File, name, photometric is WhiteIsZero or BlackIsZero, is16Bit: bits == 16);
        return ExifOrientation.Upright(image, file);
    }

    // Thumbnails and the like are no pages.
    protected override int CountFrames(ReadOnlySpan<byte> file)
    {
        byte[] whole = file.ToArray();
        int pages = 0, directories = 0;
        // Directories may run in a circle.
        for (uint at = Page.First(whole); at != 0 && directories < MaxDirectories; directories++)
        {
            var page = new Page(whole, at);
            pages += (page.One(SubfileType, 0) & 1) == 0 ? 1 : 0;
            at = page.Next;
        }

        return pages;
    }

    private static int RequireKind(Page page, uint photometric)
    {
        uint compression = page.One(Compression, Uncompressed), samples = page.One(SamplesPerPixel, 1);
        uint[] bits = page.Has(Bits) ? page.All(Bits) : [1];
        if (page.Has(TileWidth) || compression is not (Uncompressed or Lzw or Jpeg or Deflate or OldDeflate or PackBits)
            || page.All(SampleFormat).Any(format => format != 1) || page.One(FillOrder, 1) != 1
            || bits.Length == 0 || bits.Distinct().Count() != 1 || bits[0] is not (1 or 2 or 4 or 8 or 16))
        {
            throw new NotSupportedException(
                page.Has(TileWidth) ? "it is stored in tiles"
                : $"compression {compression}, {string.Join(" and ", bits.Distinct().Take(3))} bits a sample, sample format {page.One(SampleFormat, 1)}");
        }

        uint colours = photometric switch { WhiteIsZero or BlackIsZero or Palette => 1u, Rgb or Ycbcr => 3u, _ => 0 };
        return colours == 0 || samples < colours || samples > colours + 1
            ? throw new NotSupportedException($"photometric interpretation {photometric} with {samples} samples a pixel")
            : (int)bits[0];
    }

    private static void RequireStrips(Page page, int width, int height, int bits)
    {
        uint compression = page.One(Compression, Uncompressed), samples = page.One(SamplesPerPixel, 1);
        bool separate = page.One(Planes, 1) == 2;
        int rows = (int)Math.Min(page.One(RowsPerStrip, uint.MaxValue), (uint)height);
        uint[] offsets = page.All(StripOffsets), sizes = page.All(StripSizes);
        int strips = rows == 0 ? 0 : (height + rows - 1) / rows;
        if (strips == 0 || offsets.Length != sizes.Length || offsets.Length != strips * (separate ? samples : 1))
        {
            throw new InvalidDataException($"it has {offsets.Length} strips where its size needs {strips}");
        }

        // Chroma that is stored at fewer points takes less room; the decoder knows how much.
        bool isPlainly = page.One(Photometric, 0) != Ycbcr;
        long row = ((width * (separate ? 1L : samples) * bits) + 7) / 8;
        for (int i = 0; i < offsets.Length; i++)
        {
            RequireLength(page.File, (long)offsets[i] + sizes[i]);
            ReadOnlySpan<byte> strip = page.File.AsSpan((int)offsets[i], (int)sizes[i]);
            int high = Math.Min(rows, height - (i % strips * rows));
            bool isWhole = compression switch
            {
                Jpeg => JpegFormat.Check(strip) is var frame && frame.Width == width && frame.Height >= high && frame.Height <= rows,
                Uncompressed => !isPlainly || strip.Length >= row * high,
                PackBits => !isPlainly || Unpacked(strip) >= row * high,
                Deflate or OldDeflate => !isPlainly || Inflated(page.File, (int)offsets[i], (int)sizes[i], row * high),
                _ => true,
            };
            if (!isWhole)
            {
                throw new InvalidDataException("a strip is too short, or has another size than the image");
            }
        }
    }

    private static long Unpacked(ReadOnlySpan<byte> strip)
    {
        long bytes = 0;
        for (int at = 0; at < strip.Length;)
        {
            int count = (sbyte)strip[at];
            at += count >= 0 ? count + 2 : count == -128 ? 1 : 2;
            bytes += at > strip.Length ? 0 : count >= 0 ? count + 1 : count == -128 ? 0 : 1 - count;
        }

        return bytes;
    }

    private static bool Inflated(byte[] file, int offset, int size, long needed)
    {
        using var zlib = new ZLibStream(new MemoryStream(file, offset, size), CompressionMode.Decompress);
        byte[] part = new byte[16384];
        while (needed > 0 && zlib.Read(part) is > 0 and var read)
        {
            needed -= read;
        }

        return needed <= 0;
    }
}
