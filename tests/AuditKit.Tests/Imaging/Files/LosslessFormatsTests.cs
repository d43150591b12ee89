using AuditKit.Imaging;
using AuditKit.Imaging.Files;
using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.PixelFormats;
using Image = AuditKit.Imaging.Image;

namespace AuditKit.Tests.Imaging.Files;

/// <summary>One picture in every format that loses nothing.</summary>
public class LosslessFormatsTests
{
    private const int Width = 37, Height = 23;

    private static readonly Image s_picture = FileWriters.FewColours(Width, Height);

    private static Dictionary<string, byte[]> Files { get; } = new()
    {
        ["24-bit.bmp"] = FileWriters.Bmp(s_picture, 24, fromTop: false),
        ["32-bit-from-top.bmp"] = FileWriters.Bmp(s_picture, 32, fromTop: true),
        ["palette.bmp"] = FileWriters.Bmp(s_picture, 8, fromTop: false),
        ["run-length.bmp"] = FileWriters.BmpRuns(s_picture),
        ["plain.tga"] = FileWriters.Tga(s_picture, runLength: false, fromTop: false),
        ["from-top.TGA"] = FileWriters.Tga(s_picture, runLength: false, fromTop: true),
        ["run-length.tga"] = FileWriters.Tga(s_picture, runLength: true, fromTop: true),
        ["palette.tga"] = FileWriters.TgaPalette(s_picture),
        ["raw.ppm"] = FileWriters.Netpbm(6, Width, Height, 255, s_picture.Samples.Select(v => (int)v)),
        ["plain.ppm"] = FileWriters.Netpbm(3, Width, Height, 255, s_picture.Samples.Select(v => (int)v)),
        ["16-bit.ppm"] = FileWriters.Netpbm(6, Width, Height, 65535, s_picture.Samples.Select(v => v * 257)),
        ["largest-3.ppm"] = FileWriters.Netpbm(6, Width, Height, 3, s_picture.Samples.Select(v => v / 85)),
        ["plain.tif"] = FileWriters.Tiff(Width, Height, 3, 8, 2, s_picture.Samples),
        ["big-endian.tif"] = FileWriters.Tiff(Width, Height, 3, 8, 2, s_picture.Samples, bigEndian: true, rowsPerStrip: 5),
        ["deflate.tiff"] = FileWriters.Tiff(Width, Height, 3, 8, 2, s_picture.Samples, rowsPerStrip: 4, compression: 8, compress: FileWriters.Zlib),
        ["packbits.tif"] = FileWriters.Tiff(Width, Height, 3, 8, 2, s_picture.Samples, compression: 32773, compress: FileWriters.PackBits),
        ["planes.tif"] = FileWriters.Tiff(Width, Height, 3, 8, 2, Planes(s_picture), rowsPerStrip: 6, planes: true),
        ["16-bit.tif"] = FileWriters.Tiff(Width, Height, 3, 16, 2, [.. s_picture.Samples.SelectMany(v => new[] { v, v })]),
        ["palette.tif"] = FileWriters.Tiff(Width, Height, 1, 8, 3, FileWriters.Indices(s_picture), colourMap: ColourMap(257)),
        ["palette-high-bytes.tif"] = FileWriters.Tiff(Width, Height, 1, 8, 3, FileWriters.Indices(s_picture), colourMap: ColourMap(256), bigEndian: true),
        ["palette-8-bit.tif"] = FileWriters.Tiff(Width, Height, 1, 8, 3, FileWriters.Indices(s_picture), colourMap: ColourMap(1), bigEndian: true),
        ["lzw.tif"] = ByImageSharp(new SixLabors.ImageSharp.Formats.Tiff.TiffEncoder { Compression = SixLabors.ImageSharp.Formats.Tiff.Constants.TiffCompression.Lzw }),
        ["lossless.webp"] = ByImageSharp(new SixLabors.ImageSharp.Formats.Webp.WebpEncoder { FileFormat = SixLabors.ImageSharp.Formats.Webp.WebpFileFormatType.Lossless }),
        ["colours.gif"] = FileWriters.Gif(s_picture),
        ["transparent.gif"] = FileWriters.Gif(s_picture, transparent: true),
        ["encoded.png"] = Png.Encode(s_picture),
        ["palette.png"] = FileWriters.PngFile(Width, Height, 8, 3, [.. FileWriters.Indices(s_picture).Select(i => (int)i)], palette: FileWriters.Palette),
    };

    public static TheoryData<string> Names => [.. Files.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_lossless_file_has_the_same_pixels(string name)
    {
        foreach (ImageCodecs codecs in (ImageCodecs[])[ImageCodecs.Here, ImageCodecs.Managed])
        {
            Image image = ImageFile.Decode(Files[name], name, codecs);
            Assert.Equal((Width, Height, 3), (image.Width, image.Height, image.Channels));
            Assert.Equal(s_picture.Samples, image.Samples);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_file_without_its_last_bytes_is_refused(string name)
    {
        byte[] file = Files[name];
        // Numbers in text can lose digits; and ImageSharp's file ends in a byte of padding.
        int last = file.Length - (name == "plain.ppm" ? 5 : name == "lzw.tif" ? 2 : 1);
        for (int length = 0; length <= last; length += length < last ? Math.Min(last - length, 13) : 1)
        {
            AuditException e = Assert.Throws<AuditException>(() => ImageFile.Decode(file.AsSpan(0, length), name));
            Assert.StartsWith($"{name}: ", e.Message);
        }
    }

    [Fact]
    public void Sixteen_bits_are_rounded_alike_everywhere()
    {
        int[] wide = [.. Enumerable.Range(0, 1024).Select(i => i * 64 % 65521)];
        byte[] expected = [.. wide.Select(v => (byte)(((v * 510L) + 65535) / 131070))];
        byte[] bigEndian = [.. wide.SelectMany(v => new[] { (byte)(v >> 8), (byte)v })],
            littleEndian = [.. wide.SelectMany(v => new[] { (byte)v, (byte)(v >> 8) })];
        byte[] png = FileWriters.PngFile(32, 32, 16, 0, wide);
        Assert.Equal(expected, ImageFile.Decode(png, "a.png", ImageCodecs.Here).Samples);
        Assert.Equal(expected, ImageFile.Decode(png, "a.png", ImageCodecs.Managed).Samples);
        Assert.Equal(expected, ImageFile.Decode(FileWriters.Netpbm(5, 32, 32, 65535, wide), "a.pgm").Samples);
        Assert.Equal(expected, ImageFile.Decode(FileWriters.Netpbm(2, 32, 32, 65535, wide), "a.pgm").Samples);
        Assert.Equal(expected, ImageFile.Decode(FileWriters.Tiff(32, 32, 1, 16, 1, littleEndian), "a.tif").Samples);
        Assert.Equal(expected, ImageFile.Decode(FileWriters.Tiff(32, 32, 1, 16, 1, bigEndian, bigEndian: true), "a.tif").Samples);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    public void Grey_TIFFs_of_few_bits_fill_the_range_whichever_end_is_white(int bits)
    {
        int levels = 1 << bits;
        // A row of 8 pixels fills its bytes at any depth.
        int[] samples = [.. Enumerable.Range(0, 64).Select(i => i * 5 % levels)];
        byte[] rows = [.. samples.Chunk(8 / bits).Select(part => (byte)part.Aggregate(0, (sum, v) => (sum << bits) | v))];
        byte[] expected = [.. samples.Select(v => (byte)(v * 255 / (levels - 1)))];
        Assert.Equal(expected, ImageFile.Decode(FileWriters.Tiff(8, 8, 1, bits, 1, rows), "a.tif").Samples);
        Assert.Equal(expected.Select(v => (byte)(255 - v)), ImageFile.Decode(FileWriters.Tiff(8, 8, 1, bits, 0, rows), "a.tif").Samples);
    }

    [Fact]
    public void Plain_bits_need_no_spaces_and_1_is_black()
        => Assert.Equal([0, 255, 0, 255, 255, 0], ImageFile.Decode("P1 3 2\n101\n0 0 1\n"u8, "a.pbm").Samples);

    private static byte[] Planes(Image image) => [.. Enumerable.Range(0, 3).SelectMany(c => image.Samples.Where((_, i) => i % 3 == c))];

    private static int[] ColourMap(int factor)
        => [.. Enumerable.Range(0, 3).SelectMany(c => Enumerable.Range(0, 256).Select(i => i < 64 ? FileWriters.Palette[(3 * i) + c] * factor : 0))];

    private static byte[] ByImageSharp(IImageEncoder encoder)
    {
        using var image = SixLabors.ImageSharp.Image.LoadPixelData<Rgb24>(s_picture.Samples, Width, Height);
        using var file = new MemoryStream();
        image.Save(file, encoder);
        return file.ToArray();
    }
}
