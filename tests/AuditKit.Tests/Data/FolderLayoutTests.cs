using AuditKit.Data;

namespace AuditKit.Tests.Data;

public sealed class FolderLayoutTests : IDisposable
{
    private readonly DataFolder _folder = new();

    [Theory]
    [InlineData("folder")]
    [InlineData("tar")]
    [InlineData("zip")]
    public void CINIC_10_is_a_folder_of_splits_of_classes(string kind)
    {
        foreach (string split in (string[])["train", "valid", "test"])
        {
            _folder.WriteImage($"c/{split}/airplane/n02690373.png", 1);
            _folder.WriteImage($"c/{split}/automobile/cifar10-{split}-7.png", (byte)split.Length);
        }

        using IDataset data = Open("c", kind, "valid", prefix: "");

        Assert.Equal(("folder", 2), (data.Format, data.Count));
        Assert.Equal(["airplane", "automobile"], data.Classes);
        Assert.Equal(["airplane/n02690373.png", "automobile/cifar10-valid-7.png"], Enumerable.Range(0, 2).Select(data.Source));
        Assert.Equal(5, data.Load(1).Samples[0]);
    }

    [Theory]
    [InlineData("folder")]
    [InlineData("tar")]
    public void ImageNet_C_has_a_corruption_and_a_severity_as_a_split(string kind)
    {
        for (int severity = 1; severity <= 5; severity++)
        {
            _folder.WriteImage($"c/noise/shot_noise/{severity}/n01440764/a.png", (byte)(10 + severity));
            _folder.WriteImage($"c/noise/shot_noise/{severity}/n01443537/b.png", (byte)(20 + severity));
            _folder.WriteImage($"c/blur/defocus_blur/{severity}/n01440764/a.png", (byte)(30 + severity));
        }

        using (IDataset data = Open("c", kind, "shot_noise/3", prefix: ""))
        {
            Assert.Equal(("imagenet-c", 2), (data.Format, data.Count));
            Assert.Equal(["n01440764", "n01443537"], data.Classes);
            Assert.Equal([13, 23], Enumerable.Range(0, 2).Select(i => (int)data.Load(i).Samples[0]));
        }

        Assert.Contains("name a corruption and a severity as data.split, such as blur/defocus_blur/1", DataFolder.Refused(() => Open("c", "folder", null, "")));
        Assert.Contains("there is no 'shot_noise/6'", DataFolder.Refused(() => Open("c", "folder", "shot_noise/6", "")));
    }

    [Theory]
    [InlineData("folder")]
    [InlineData("zip")]
    public void Caltech_101_is_without_its_background_class(string kind)
    {
        _folder.WriteImage("c/101_ObjectCategories/BACKGROUND_Google/image_0001.png", 1);
        _folder.Write("c/101_ObjectCategories/BACKGROUND_Google/tmp", "a stray file");
        _folder.WriteImage("c/101_ObjectCategories/ant/image_0001.png", 2);
        _folder.WriteImage("c/101_ObjectCategories/accordion/image_0001.png", 3);

        using IDataset data = Open("c", kind, null, prefix: "caltech-101/");

        Assert.Equal("caltech", data.Format);
        Assert.Equal(["accordion", "ant"], data.Classes);
        Assert.Equal(3, data.Load(0).Samples[0]);
    }

    [Fact]
    public void Caltech_256_is_without_numbers_clutter_and_what_was_left_lying_in_it()
    {
        _folder.WriteImage("c/002.american-flag/002_0001.png", 1);
        _folder.WriteImage("c/056.dog/056_0001.png", 2);
        _folder.WriteImage("c/056.dog/greg/vision309/056_0001.png", 3);
        _folder.Write("c/198.spider/RENAME2", "#!/bin/sh");
        _folder.WriteImage("c/198.spider/198_0001.png", 4);
        _folder.WriteImage("c/257.clutter/257_0001.png", 5);

        using IDataset data = Open("c", "folder", null, "");

        Assert.Equal(["american-flag", "dog", "spider"], data.Classes);
        Assert.Equal([1, 2, 4], Enumerable.Range(0, data.Count).Select(i => (int)data.Load(i).Samples[0]));
    }

    public void Dispose() => _folder.Dispose();

    private IDataset Open(string source, string kind, string? split, string prefix)
    {
        string path = kind == "folder" ? _folder.At(source) : ArchiveFile.Pack(_folder, source, kind, prefix);
        return DatasetCatalog.Open(DataSpec.At(path, null, split));
    }
}
