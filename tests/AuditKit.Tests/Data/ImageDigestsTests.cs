using AuditKit.Data;
using AuditKit.Yaml;

namespace AuditKit.Tests.Data;

public sealed class ImageDigestsTests : IDisposable
{
    private readonly DataFolder _folder = new();

    public ImageDigestsTests()
    {
        for (byte i = 0; i < 6; i++)
        {
            _folder.WriteImage($"pets/{(i % 2 == 0 ? "cat" : "dog")}/{i}.png", i);
            _folder.WriteImage($"list/{(char)('a' + i)}.png", (byte)(i + 3));
        }

        _folder.Write("list/list.csv", "path,label\n" + string.Concat(Enumerable.Range(0, 6).Select(i => $"{(char)('a' + i)}.png,0\n")));
        ArchiveFile.Pack(_folder, "pets", "zip");
        ArchiveFile.Pack(_folder, "pets", "tar.gz", "elsewhere/");
        _folder.Write("recipe.yaml", "{ data: { path: pets }, seed: 1, validation: 0.4 }");
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("path: pets", 6)]
    [InlineData("path: pets.zip", 6)]
    [InlineData("path: pets.tar.gz", 6)]
    [InlineData("path: list", 3)]
    [InlineData("path: pets, limit: 2", 2)]
    [InlineData("path: pets, skip: 2", 4)]
    [InlineData("path: pets, portion: { from: 0, to: 0.34 }", 2)]
    [InlineData("path: pets, classes: [dog], map: { dog: dog }, unmapped: drop", 3)]
    [InlineData("path: pets, shuffle-labels: 1", 6)]
    [InlineData("path: pets, spurious-background: { correlation: 0.9, seed: 1 }", 6)]
    [InlineData("path: pets, masks: pets", 6)]
    [InlineData("recipe: recipe.yaml, part: held-out", 2)]
    [InlineData("recipe: recipe.yaml, part: training", 4)]
    public void An_image_is_known_again_wherever_it_is(string data, int shared)
    {
        ImageDigests pets = Of("path: pets");
        Assert.Equal(6, pets.Count);
        Assert.Equal(shared, pets.Shared(Of(data)));
        Assert.Equal(shared, ImageDigests.Parse($"{pets}")!.Shared(Of(data)));
    }

    [Fact]
    public void Images_without_files_are_known_by_their_samples()
    {
        _folder.Write("a/images.npy", DataFolder.Npy("|u1", [3, 2, 1], [1, 1, 2, 2, 3, 3]));
        _folder.Write("a/labels.npy", DataFolder.Npy("|u1", [3], [0, 1, 0]));
        _folder.Write("b/t10k-images-idx3-ubyte", DataFolder.Idx([2, 2, 1], [3, 3, 1, 1]));
        _folder.Write("b/t10k-labels-idx1-ubyte", DataFolder.Idx([2], [0, 1]));
        _folder.Write("c/t10k-images-idx3-ubyte", DataFolder.Idx([2, 1, 2], [3, 3, 1, 1]));
        _folder.Write("c/t10k-labels-idx1-ubyte", DataFolder.Idx([2], [0, 1]));
        Assert.Equal(2, Of("path: a").Shared(Of("path: b")));
        Assert.Equal(0, Of("path: a").Shared(Of("path: c")));
    }

    /// <summary>Nothing is decoded where bytes suffice: these are no images.</summary>
    [Fact]
    public void Files_are_known_by_their_bytes()
    {
        _folder.Write("raw/cat/1.png", "one");
        _folder.Write("raw/dog/2.png", "two");
        _folder.Write("other/cat/1.png", "two");
        _folder.Write("other/dog/2.png", "three");
        Assert.Equal(1, Of("path: raw").Shared(Of("path: other")));
    }

    [Fact]
    public void Regions_of_a_file_are_images_of_their_own()
    {
        _folder.WriteImage("signs/a.png", 1);
        _folder.Write("signs/list.csv", "path,label,Roi.X1,Roi.Y1,Roi.X2,Roi.Y2\na.png,0,0,0,1,1\n");
        ImageDigests whole = Of("path: signs"), cut = Of("path: signs, crop-to-region: true");
        Assert.Equal((1, 0), (whole.Shared(whole), whole.Shared(cut)));
    }

    private ImageDigests Of(string data)
    {
        using IDataset opened = DatasetCatalog.Open(DataSpec.Parse(SpecMap.Parse("audit.yaml", $"{{ {data} }}"), _folder.Root));
        return ImageDigests.Of(opened, threads: 2);
    }
}
