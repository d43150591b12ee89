using AuditKit.Data;
using AuditKit.Specs;

namespace AuditKit.Tests.Data;

public sealed class DatasetCatalogTests : IDisposable
{
    private readonly DataFolder _folder = new();

    [Theory]
    [InlineData("fashion-mnist")]
    [InlineData("FashionMNIST/raw")]
    public void A_known_name_is_found_under_its_own_name_or_its_download_layout(string subfolder)
    {
        _folder.Write($"data/{subfolder}/t10k-images-idx3-ubyte", DataFolder.Idx([2, 1, 1], [5, 6]));
        _folder.Write($"data/{subfolder}/t10k-labels-idx1-ubyte", DataFolder.Idx([2], [9, 0]));

        using IDataset data = DatasetCatalog.Open(Parse("{ name: fashion-mnist }"), [_folder.At("nowhere"), _folder.At("data")]);

        Assert.Equal("Fashion-MNIST (test)", data.Name);
        Assert.Equal("Ankle boot", data.Classes[data.Label(0)]);
    }

    [Fact]
    public void The_real_CIFAR_10_is_found_under_the_name_that_its_archive_unpacks_to()
    {
        using IDataset data = DatasetCatalog.Open(Parse("{ name: cifar-10, split: test }"), [Repository.Shared("data")]);
        Assert.Equal(("CIFAR-10 (test)", 10_000), (data.Name, data.Count));
    }

    [Fact]
    public void A_known_name_that_is_nowhere_is_refused_with_the_places_and_the_remedy()
    {
        string message = DataFolder.Refused(() => DatasetCatalog.Open(Parse("{ name: mnist }"), ["/a", "/b"]));
        Assert.Equal(
            "The data set mnist was found in none of /a/mnist, /a/MNIST/raw, /b/mnist, /b/MNIST/raw. Set $AUDITKIT_DATA to a folder with a sub-folder 'mnist' and put its four IDX files there, or give 'format' and 'path' in the spec.",
            message);
    }

    [Fact]
    public void A_path_starts_from_the_folder_of_the_spec()
    {
        _folder.WriteImage("pets/val/cat/a.png", 7);
        DataSpec spec = DataSpec.Parse(SpecMap.Parse("x.yaml", "{ name: Pets, format: folder, path: ../pets, split: val }"), _folder.At("audits"));

        using IDataset data = DatasetCatalog.Open(spec);

        Assert.Equal(("Pets (val)", "folder", 1), (data.Name, data.Format, data.Count));
    }

    [Fact]
    public void Without_a_name_reports_use_the_folders()
    {
        _folder.WriteImage("pets/cat/a.png", 7);
        using IDataset data = DatasetCatalog.Open(Parse("{ format: folder, path: pets/ }"));
        Assert.Equal("pets", data.Name);
    }

    [Fact]
    public void A_limit_leaves_the_first_images()
    {
        _folder.Write("pets.csv", "path,label,place\na.png,cat,in\nb.png,dog,out\n");
        _folder.WriteImage("a.png", 1);
        _folder.WriteImage("b.png", 2);

        using IDataset data = DatasetCatalog.Open(Parse("{ format: manifest, path: pets.csv, limit: 1 }"));
        using IDataset whole = DatasetCatalog.Open(Parse("{ format: manifest, path: pets.csv, limit: 5 }"));

        Assert.Equal((1, "pets.csv, first 1 of 2 images"), (data.Count, data.Name));
        Assert.Equal((0, "a.png", 1, "in"), (data.Label(0), data.Source(0), data.Load(0).Samples[0], data.Attribute("place", 0)));
        Assert.Throws<ArgumentOutOfRangeException>(() => data.Load(1));
        Assert.Equal((2, "pets.csv"), (whole.Count, whole.Name));
    }

    [Theory]
    [InlineData("{ name: fashion-mnits }", "'fashion-mnits' is not a known data set (fashion-mnist, mnist, cifar-10). Did you mean 'fashion-mnist'? For data of your own give 'format' and 'path'.")]
    [InlineData("{ split: test }", "'data' needs a 'name' (fashion-mnist, mnist, cifar-10), or 'format' and 'path'.")]
    [InlineData("{ path: x }", "'data' has 'path' but no 'format'. Formats: idx, cifar-10, folder, manifest.")]
    [InlineData("{ format: folder }", "'data' has 'format' but no 'path'. Formats: idx, cifar-10, folder, manifest.")]
    [InlineData("{ format: foldr, path: x }", "'foldr' is not one of idx, cifar-10, folder, manifest. Did you mean 'folder'?")]
    [InlineData("{ name: mnist, split: val }", "'val' is not one of train, test.")]
    [InlineData("{ name: mnist, classes: [a, b] }", "the class names of mnist are fixed; leave out 'classes'.")]
    [InlineData("{ format: folder, path: x, classes: [a, a] }", "'data.classes' has a name twice.")]
    [InlineData("{ name: mnist, limit: 0 }", "'data.limit' must be between 1 and 2147483647, not 0.")]
    [InlineData("{ name: mnist, slpit: test }", "unknown key 'slpit' in 'data'. Did you mean 'split'?")]
    public void A_contradictory_or_misspelt_spec_is_refused_at_its_line(string yaml, string message)
    {
        string refused = DataFolder.Refused(() => Parse(yaml));
        Assert.StartsWith("spec.yaml:1:", refused);
        Assert.Contains(message, refused);
    }

    public void Dispose() => _folder.Dispose();

    private DataSpec Parse(string yaml) => DataSpec.Parse(SpecMap.Parse("spec.yaml", $"data: {yaml}").Map("data"), _folder.Root);
}
