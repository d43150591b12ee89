using AuditKit.Data;
using AuditKit.Imaging;
using AuditKit.Tests.Data;

namespace AuditKit.Tests.Imaging.Files;

public sealed class FramesTests : IDisposable
{
    private readonly DataFolder _folder = new();

    [Theory]
    [InlineData("animated.gif", 2)]
    [InlineData("animated.webp", 2)]
    [InlineData("two-pages.tif", 2)]
    [InlineData("palette.gif", 1)]
    [InlineData("lossy.webp", 1)]
    [InlineData("rgb-lzw.tif", 1)]
    [InlineData("rgb.ppm", 1)]
    [InlineData("rgb.png", 1)]
    public void Frames_and_pages_are_counted(string sample, int frames) => Assert.Equal(frames, ImageFile.Frames(Samples.Bytes(sample), sample));

    [Fact]
    public void Raw_Netpbm_images_may_follow_one_another()
    {
        byte[] one = FileWriters.Netpbm(5, 2, 1, 255, [7, 8]);
        Assert.Equal(3, ImageFile.Frames([.. one, .. one, .. one], "a.pgm"));
        Assert.Equal([7, 8], ImageFile.Decode([.. one, .. one], "a.pgm").Samples);
    }

    [Fact]
    public void A_circle_of_pages_ends()
    {
        byte[] file = FileWriters.Tiff(2, 1, 1, 8, 1, [1, 2]);
        file.AsSpan(4, 4).CopyTo(file.AsSpan(file.Length - 4));
        Assert.InRange(ImageFile.Frames(file, "a.tif"), 2, 1000);
        Assert.Equal([1, 2], ImageFile.Decode(file, "a.tif").Samples);
    }

    [Theory]
    [InlineData("")]
    [InlineData("tar")]
    [InlineData("zip")]
    public void Folders_and_archives_hold_every_format_and_say_where_images_have_several_frames(string archive)
    {
        foreach ((string name, string sample) in new[]
        {
            ("a.gif", "animated.gif"), ("b.webp", "animated.webp"), ("c.tiff", "two-pages.tif"), ("d.bmp", "rgb.bmp"), ("e.tga", "rgb.tga"),
            ("f.pgm", "grey.pgm"), ("g.jpg", "animated.gif"), ("h.png", "rgb.png"),
        })
        {
            _folder.Write($"data/cat/{name}", Samples.Bytes(sample));
        }

        string path = archive.Length == 0 ? _folder.At("data") : ArchiveFile.Pack(_folder, "data", archive);
        using IDataset data = DatasetCatalog.Open(DataSpec.At(path, "folder"));
        Assert.Equal(8, data.Count);
        Assert.All(Enumerable.Range(0, 8), i => Assert.True(data.Load(i).Width > 0));
        // The one whose name hides it, too.
        Assert.Equal(4, FrameCount.Of(data, threads: 2));
        using var first = new FirstImages(data, 3);
        Assert.Equal(3, FrameCount.Of(first, threads: 2));
    }

    public void Dispose() => _folder.Dispose();
}
