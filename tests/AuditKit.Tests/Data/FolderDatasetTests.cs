using AuditKit.Data;

namespace AuditKit.Tests.Data;

public sealed class FolderDatasetTests : IDisposable
{
    private readonly DataFolder _folder = new();

    [Fact]
    public void Classes_and_images_come_in_ordinal_order()
    {
        _folder.WriteImage("dog/b.PNG", 3);
        _folder.WriteImage("dog/B.png", 2);
        _folder.WriteImage("Cat/10.png", 0);
        _folder.WriteImage("Cat/9.png", 1);
        _folder.Write("Cat/.DS_Store", "not the data's");

        using FolderDataset data = Open();

        Assert.Equal(["Cat", "dog"], data.Classes);
        Assert.Equal(["Cat/10.png", "Cat/9.png", "dog/B.png", "dog/b.PNG"], Enumerable.Range(0, data.Count).Select(data.Source));
        Assert.Equal([0, 0, 1, 1], Enumerable.Range(0, data.Count).Select(data.Label));
        Assert.Equal([0, 1, 2, 3], Enumerable.Range(0, data.Count).Select(i => (int)data.Load(i).Samples[0]));
    }

    [Fact]
    public void A_split_is_a_sub_folder()
    {
        _folder.WriteImage("train/cat/a.png", 1);
        _folder.WriteImage("val/cat/b.png", 2);

        using var data = FolderDataset.Open(_folder.Root, "val", "pets (val)", []);

        Assert.Equal(["cat/b.png"], Enumerable.Range(0, data.Count).Select(data.Source));
        Assert.Contains("if 'train' is a split, name it as data.split", DataFolder.Refused(Open));
        Assert.Contains("test: there is no such folder", DataFolder.Refused(() => FolderDataset.Open(_folder.Root, "test", "pets", [])));
    }

    [Fact]
    public void Named_classes_set_the_order_of_the_labels()
    {
        _folder.WriteImage("cat/a.png", 1);
        _folder.WriteImage("dog/a.png", 2);

        using var data = FolderDataset.Open(_folder.Root, null, "pets", ["dog", "cat"]);

        Assert.Equal(["dog/a.png", "cat/a.png"], Enumerable.Range(0, data.Count).Select(data.Source));
        using var part = FolderDataset.Open(_folder.Root, null, "pets", ["cat", "cow", "dog"]);
        Assert.Equal((2, "cow", 2), (part.Count, part.Classes[1], part.Label(1)));
        Assert.Contains("the folder 'dog' is none of data.classes. Did "
            + "you mean 'dgo'?", DataFolder.Refused(() => FolderDataset.Open(_folder.Root, null, "pets", ["cat", "dgo"])));
        Assert.Contains("the folder 'dog' is none of data.classes", DataFolder.Refused(() => FolderDataset.Open(_folder.Root, null, "pets", ["cat"])));
    }

    [Fact]
    public void An_empty_class_and_an_empty_folder_are_refused()
    {
        Assert.Contains("has no class folders", DataFolder.Refused(Open));
        Directory.CreateDirectory(_folder.At("cat"));
        Assert.Contains("none of its class folders (cat) has an image", DataFolder.Refused(Open));
        _folder.WriteImage("dog/a.png", 1);
        using FolderDataset data = Open();
        Assert.Equal((1, "dog"), (data.Count, data.Classes[data.Label(0)]));
        Assert.Equal(["cat", "dog"], data.Classes);
    }

    [Fact]
    public void Folders_of_numbers_are_in_the_order_of_the_numbers_as_labels_of_a_list_are()
    {
        var rows = new List<string> { "path,label" };
        for (int label = 1; label <= 10; label++)
        {
            _folder.WriteImage($"{label}/a.png", (byte)label);
            rows.Add($"{label}/a.png,{label}");
        }

        using (FolderDataset data = Open())
        {
            Assert.Equal(Enumerable.Range(1, 10).Select(label => $"{label}"), data.Classes);
            Assert.Equal(Enumerable.Range(1, 10), Enumerable.Range(0, 10).Select(i => (int)data.Load(i).Samples[0]));
        }

        _folder.Write("list.csv", string.Join('\n', rows));
        using var list = ManifestDataset.Open(_folder.At("list.csv"), null, "digits", []);
        Assert.Equal(Enumerable.Range(1, 10).Select(label => $"{label}"), list.Classes);
    }

    [Fact]
    public void What_file_managers_and_people_leave_is_left_out_and_counted_and_an_unreadable_image_is_not()
    {
        _folder.WriteImage("cat/a.png", 1);
        foreach (string stray in (string[])["Thumbs.db", "cat/Thumbs.db", "cat/desktop.ini", "cat/.DS_Store", "cat/._a.png", "cat/notes.TXT",
            "cat/README.md", "cat/x.csv", "cat/x.json"])
        {
            _folder.Write(stray, "no image");
        }

        foreach (string kind in (string[])["folder", "zip", "tar"])
        {
            using var packed = new DataFolder();
            string path = kind == "folder" ? _folder.Root : ArchiveFile.Pack(_folder.Root, packed.At($"pets.{kind}"));
            using IDataset data = DatasetCatalog.Open(DataSpec.At(path));
            Assert.Equal((1, "folder"), (data.Count, data.Format));
            Fact fact = Assert.Single(data.Facts);
            Assert.StartsWith("9 files that are no images: ", fact.Value);
        }

        string broken = _folder.Write("cat/b.png", "no image");
        using FolderDataset folder = Open();
        Assert.StartsWith(broken, DataFolder.Refused(() => folder.Load(1), ExitCode.Error));
    }

    [Fact]
    public void A_file_of_another_kind_is_refused_rather_than_skipped()
    {
        _folder.WriteImage("cat/a.png", 1);
        string other = _folder.Write("cat/b.heic", "a cat");
        Assert.Equal($"{other}: not an image file by its name (.jpg, .jpeg, .png, .webp, .tif, .tiff, .bmp, .gif, .pbm, .pgm, .ppm, .pnm, "
            + ".tga); convert it or move it away.", DataFolder.Refused(Open));
    }

    [Fact]
    public void A_link_out_of_the_folder_is_refused_and_one_within_it_is_not()
    {
        using var elsewhere = new DataFolder();
        string secret = elsewhere.WriteImage("secret.png", 9);
        _folder.WriteImage("cat/a.png", 1);
        File.CreateSymbolicLink(_folder.At("cat", "b.png"), "a.png");
        using (FolderDataset data = Open())
        {
            Assert.Equal(2, data.Count);
        }

        File.CreateSymbolicLink(_folder.At("cat", "c.png"), secret);
        string refused = DataFolder.Refused(Open);
        Assert.Contains($"'{Path.Combine("cat", "c.png")}' is a link out of", refused);
        Assert.EndsWith("write in data: follow-links: true", refused);
        using IDataset followed = DatasetCatalog.Open(DataSpec.Parse(
            AuditKit.Yaml.SpecMap.Parse("x.yaml", $"{{ path: {_folder.Root}, follow-links: true }}"), "/"));
        Assert.Equal((3, 9), (followed.Count, followed.Load(2).Samples[0]));
        Assert.Equal([new Fact("Links followed", "1 file is reached through links out of the folder, as data.follow-links allows")], followed.Facts);
    }

    [Fact]
    public void A_folder_that_is_reached_through_a_link_is_read()
    {
        _folder.WriteImage("real/cat/a.png", 1);
        Directory.CreateSymbolicLink(_folder.At("linked"), _folder.At("real"));
        using var data = FolderDataset.Open(_folder.At("linked"), null, "pets", []);
        Assert.Equal(1, data.Load(0).Samples[0]);
    }

    [Fact]
    public void A_truncated_image_is_an_error_of_the_run_that_names_it()
    {
        string file = _folder.WriteImage("cat/a.png", 1);
        File.WriteAllBytes(file, File.ReadAllBytes(file)[..^13]);
        using FolderDataset data = Open();
        Assert.StartsWith($"{file}: truncated or corrupt PNG", DataFolder.Refused(() => data.Load(0), ExitCode.Error));
    }

    public void Dispose() => _folder.Dispose();

    private FolderDataset Open() => FolderDataset.Open(_folder.Root, null, "pets", []);
}
