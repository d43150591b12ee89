using AuditKit.Data;
using AuditKit.Yaml;

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

        using IDataset data = DatasetCatalog.Open(Parse("{ name: fashion-mnist }"), null, [_folder.At("nowhere"), _folder.At("data")]);

        Assert.Equal("Fashion-MNIST (test)", data.Name);
        Assert.Equal("Ankle boot", data.Classes[data.Label(0)]);
    }

    [Theory]
    [InlineData("fashion-mnist", "", "Fashion-MNIST (test)", "Ankle boot")]
    [InlineData("fashion-mnist", ", classes: [a, b]", "Fashion-MNIST (test)", "b")]
    [InlineData("mine", "", "mine (test)", "1")]
    public void A_known_name_beside_a_path_brings_title_and_classes(string name, string more, string title, string label)
    {
        int last = label == "Ankle boot" ? 9 : 1;
        _folder.Write("set/t10k-images-idx3-ubyte", DataFolder.Idx([2, 1, 1], [5, 6]));
        _folder.Write("set/t10k-labels-idx1-ubyte", DataFolder.Idx([2], [(byte)last, 0]));

        using IDataset data = DatasetCatalog.Open(Parse($"{{ name: {name}, path: set{more} }}"));

        Assert.Equal((title, label), (data.Name, data.Classes[data.Label(0)]));
    }

    [Fact]
    public void The_real_CIFAR_10_is_found_under_the_name_that_its_archive_unpacks_to()
    {
        using IDataset data = DatasetCatalog.Open(Parse("{ name: cifar-10, split: test }"), null, [Repository.Shared("data")]);
        Assert.Equal(("CIFAR-10 (test)", 10_000), (data.Name, data.Count));
    }

    [Fact]
    public void The_real_Waterbirds_are_found_by_name_in_their_tar()
    {
        using IDataset data = DatasetCatalog.Open(Parse("{ name: waterbirds, split: val }"), null, [Repository.Shared("data")]);
        Assert.Equal(("Waterbirds (val)", 1199), (data.Name, data.Count));
    }

    [Fact]
    public void A_known_name_that_is_nowhere_is_refused_with_the_places_and_the_remedy()
    {
        string message = DataFolder.Refused(() => DatasetCatalog.Open(Parse("{ name: mnist }"), null, ["/a", "/b"]));
        Assert.Equal(
            "The data set mnist was found in none of /a/mnist, /a/MNIST/raw, /b/mnist, /b/MNIST/raw. Set $AUDITKIT_DATA to a folder with a "
                + "sub-folder 'mnist' and put its four IDX files there, or give a 'path' in the spec.",
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

    [Theory]
    [InlineData("batches.meta.txt", "", "cifar-10")]
    [InlineData("coarse_label_names.txt", "", "cifar-100")]
    [InlineData("t10k-images-idx3-ubyte.gz", "", "idx")]
    [InlineData("metadata.csv", "img_filename,y,place,split\n", "waterbirds")]
    [InlineData("list.csv", "path,label\n", "manifest")]
    [InlineData("top/pets.csv", "path,label\n", "manifest")]
    public void A_format_is_recognised_by_its_contents(string file, string content, string format)
    {
        _folder.Write($"data/{file}", content);
        using DataLocation location = DataLocation.Open(_folder.At("data"));
        Assert.Equal(format, DatasetCatalog.Recognise(location, "data").Format.Name);
    }

    [Theory]
    [InlineData("cat/a.png", "dog/b.png")]
    [InlineData("pets/cat/a.png", "pets/dog/b.png")]
    [InlineData("val/cat/a.png", "train/cat/a.png")]
    public void Folders_of_images_are_a_folder(string first, string second)
    {
        _folder.WriteImage($"data/{first}", 1);
        _folder.WriteImage($"data/{second}", 2);
        using DataLocation location = DataLocation.Open(_folder.At("data"));
        Assert.Equal("folder", DatasetCatalog.Recognise(location, "data").Format.Name);
    }

    [Fact]
    public void A_manifest_is_recognised_from_the_file_itself_and_in_an_archive()
    {
        _folder.Write("pets/pets.csv", "path,label\na.png,cat\n");
        _folder.WriteImage("pets/a.png", 1);
        using IDataset file = DatasetCatalog.Open(Parse("{ path: pets/pets.csv }"));
        using IDataset zip = DatasetCatalog.Open(Parse($"{{ path: {Path.GetFileName(ArchiveFile.Pack(_folder, "pets", "zip"))} }}"));
        Assert.Equal(("manifest", "pets.csv", 1), (file.Format, file.Name, file.Load(0).Samples[0]));
        Assert.Equal(("manifest", "pets.zip", 1), (zip.Format, zip.Name, zip.Load(0).Samples[0]));
    }

    [Fact]
    public void An_archive_with_a_top_folder_is_read_with_and_without_a_split()
    {
        _folder.WriteImage("pets/val/cat/a.png", 1);
        _folder.WriteImage("pets/val/dog/a.png", 2);
        string tar = ArchiveFile.Pack(_folder, "pets", "tar", "top/");
        using IDataset named = DatasetCatalog.Open(DataSpec.At(tar, null, "val"));
        using IDataset only = DatasetCatalog.Open(DataSpec.At(tar));
        Assert.Equal(["cat", "dog"], named.Classes);
        Assert.Equal(["cat", "dog"], only.Classes);
    }

    [Fact]
    public void What_could_be_two_formats_or_none_is_refused_with_what_to_say()
    {
        _folder.Write("two/batches.meta.txt", "");
        _folder.Write("two/coarse_label_names.txt", "");
        _folder.Write("none/readme.txt", "");
        Assert.EndsWith("two: could be cifar-10 or cifar-100. Say which with 'format'.", DataFolder.Refused(() => DatasetCatalog.Open(Parse("{ path: two }"))));
        Assert.Contains("none: its format was not recognised. It may be idx (", DataFolder.Refused(() => DatasetCatalog.Open(Parse("{ path: none }"))));
        Assert.Contains("there is no such folder", DataFolder.Refused(() => DatasetCatalog.Open(Parse("{ path: nowhere }"))));
    }

    [Theory]
    [InlineData("split: sketches", "data.split: 'sketches' is not one of photo, sketch. Did you mean 'sketch'?")]
    [InlineData("split: nothing", "data.split: 'nothing' is not one of photo, sketch.")]
    [InlineData("split: sketch, masks: nowhere", "nowhere: there is no such folder or file.")]
    public void What_shows_when_data_is_opened_is_said_at_its_place_in_the_spec(string keys, string message)
    {
        _folder.WriteImage("pacs/photo/dog/a.png", 1);
        _folder.WriteImage("pacs/sketch/dog/b.png", 1);
        string refused = DataFolder.Refused(() => DatasetCatalog.Open(Parse($"{{ path: pacs, {keys} }}")));
        Assert.StartsWith("spec.yaml:1:", refused);
        Assert.Contains(message, refused);
        Assert.Matches("^spec.yaml:1:15: data.path: .*nowhere: there is no such folder or file.$", DataFolder.Refused(
            () => DatasetCatalog.Open(Parse("{ path: nowhere }"))));
        Assert.StartsWith(_folder.Root, DataFolder.Refused(() => DatasetCatalog.Open(DataSpec.At(_folder.At("nowhere")))));
    }

    [Fact]
    public void The_place_in_the_spec_makes_no_other_data()
        => Assert.Equal(Parse("{ path: here }"), Parse("{    path: here }"));

    [Fact]
    public void What_the_recognised_format_has_not_is_refused_on_opening()
    {
        _folder.Write("c/batches.meta.txt", "a\n");
        Assert.Contains("'val' is not one of train, test.", DataFolder.Refused(() => DatasetCatalog.Open(Parse("{ path: c, split: val }"))));
        Assert.Contains("leave out 'target'", DataFolder.Refused(() => DatasetCatalog.Open(Parse("{ path: c, target: x }"))));
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

        using IDataset rest = DatasetCatalog.Open(Parse("{ format: manifest, path: pets.csv, skip: 1, limit: 1 }"));
        Assert.Equal((1, "pets.csv without its first 1 image"), (rest.Count, rest.Name));
        Assert.Equal((1, "b.png", 2, "out"), (rest.Label(0), rest.Source(0), rest.Load(0).Samples[0], rest.Attribute("place", 0)));
        Assert.Contains("data.skip: 2 leaves none", DataFolder.Refused(() => DatasetCatalog.Open(Parse("{ format: manifest, path: pets.csv, skip: 2 }"))));
        Assert.NotEqual(Parse("{ path: pets.csv, skip: 1 }").Changes(), Parse("{ path: pets.csv }").Changes());
    }

    [Theory]
    [InlineData("{ name: fashion-mnits }", "'fashion-mnits' is not a known data set (fashion-mnist, mnist, notmnist, cifar-10, cifar-100, svhn, "
        + "waterbirds, celeba, pacs). Did you mean 'fashion-mnist'? For data of your own give a 'path'.")]
    [InlineData("{ split: test }", "'data' needs a 'name' (fashion-mnist, mnist, notmnist, cifar-10, cifar-100, svhn, waterbirds, celeba, pacs), or a 'path'.")]
    [InlineData("{ format: folder }", "'data' has 'format' but no 'path'.")]
    [InlineData("{ format: foldr, path: x }", "Did you mean 'folder'?")]
    [InlineData("{ name: mnist, split: val }", "'val' is not one of train, test.")]
    [InlineData("{ name: mnist, classes: [a, b] }", "MNIST's classes are fixed (0, 1, 2, 3, 4 and 5 more). To use some of them, write 'unmapped: drop' "
        + "beside their names; to rename or join them, 'map'.")]
    [InlineData("{ name: cifar-10, classes: [a, b] }", "CIFAR-10's classes are fixed. To use some")]
    [InlineData("{ name: mnist, split: tset }", "spec.yaml:1:29: data.split: 'tset' is not one of train, test. Did you mean 'test'?")]
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
