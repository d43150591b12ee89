using AuditKit.Data;
using AuditKit.Imaging;
using AuditKit.Yaml;

namespace AuditKit.Tests.Data;

public sealed class MaskedDatasetTests : IDisposable
{
    private readonly DataFolder _folder = new();

    public MaskedDatasetTests()
    {
        _folder.Write("birds/land/a.png", Png.Encode(new Image(2, 2, 3, [.. Enumerable.Range(1, 12).Select(i => (byte)i)])));
        _folder.Write("birds/water/b.png", Png.Encode(new Image(1, 2, 1, [7, 8])));
        // Any value but 0 is object, whether grey or coloured.
        _folder.Write("masks/land/a.png", Png.Encode(new Image(2, 2, 1, [0, 1, 255, 0])));
        _folder.Write("masks/water/b.png", Png.Encode(new Image(1, 2, 3, [0, 0, 9, 0, 0, 0])));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Only_the_object_is_left()
    {
        using IDataset data = Open();
        Assert.Equal([0, 0, 0, 4, 5, 6, 7, 8, 9, 0, 0, 0], data.Load(0).Samples);
        Assert.Equal([7, 0], data.Load(1).Samples);
        Assert.Equal(("water", "water/b.png"), (data.Classes[data.Label(1)], data.Source(1)));
    }

    [Fact]
    public void Masks_are_part_of_the_data_that_is_fingerprinted()
    {
        using IDataset data = Open();
        Assert.Equal(4, data.Files.Count);
        string before = DatasetFingerprint.Of(data, threads: 1).Sha256;
        _folder.Write("masks/land/a.png", Png.Encode(new Image(2, 2, 1, [0, 1, 255, 9])));
        Assert.NotEqual(before, DatasetFingerprint.Of(data, threads: 1).Sha256);
    }

    [Fact]
    public void A_mask_of_another_size_is_refused_with_both_sizes()
    {
        _folder.Write("masks/land/a.png", Png.Encode(new Image(3, 2, 1)));
        Assert.Contains("masks/land/a.png: the mask has 3×2 pixels, but its image 2×2", DataFolder.Refused(() => Open()));

        _folder.Write("masks/land/a.png", Png.Encode(new Image(2, 2, 1)));
        _folder.Write("masks/water/b.png", Png.Encode(new Image(2, 1, 1)));
        using IDataset data = Open();
        Assert.Contains("b.png: the mask has 2×1 pixels, but its image 1×2", DataFolder.Refused(() => data.Load(1), ExitCode.Error));
    }

    [Fact]
    public void A_missing_mask_is_named_with_its_image()
    {
        File.Delete(_folder.At("masks", "water", "b.png"));
        string message = DataFolder.Refused(() => Open());
        Assert.Contains("data.masks, image water/b.png of birds: there is no file 'water/b.png' in", message);
        Assert.Contains("there is no such folder", DataFolder.Refused(() => Open("nowhere")));
    }

    [Fact]
    public void Data_without_files_of_its_own_has_no_masks()
    {
        _folder.Write("birds/t10k-images-idx3-ubyte", DataFolder.Idx([1, 1, 1], [5]));
        _folder.Write("birds/t10k-labels-idx1-ubyte", DataFolder.Idx([1], [0]));
        Assert.Contains("data.masks needs images in files of their own", DataFolder.Refused(() => Open(format: "idx")));
    }

    private IDataset Open(string masks = "masks", string format = "folder")
        => DatasetCatalog.Open(DataSpec.Parse(SpecMap.Parse("spec.yaml", $"data: {{ path: birds, format: {format}, "
            + $"masks: {masks} }}").Map("data"), _folder.Root));
}
