using AuditKit.Data;

namespace AuditKit.Tests.Data;

public sealed class HuggingFaceFormatTests : IDisposable
{
    private readonly DataFolder _folder = new();

    [Theory]
    [InlineData("metadata.csv", "file_name,label,site\ncat/1.png,cat,a\ndog/2.png,dog,\n")]
    [InlineData("metadata.jsonl", "{\"file_name\": \"cat/1.png\", \"label\": \"cat\", \"site\": \"a\"}\n{\"file_name\": \"dog/2.png\", \"label\": \"dog\"}\n")]
    [InlineData("metadata.csv", "file_name,site\ncat/1.png,a\ndog/2.png,\n")]
    public void Metadata_beside_the_images_is_read_and_folders_are_classes_where_it_has_none(string file, string metadata)
    {
        _folder.WriteImage("pets/cat/1.png", 1);
        _folder.WriteImage("pets/dog/2.png", 2);
        _folder.Write($"pets/{file}", metadata);
        using var packed = new DataFolder();
        foreach (string path in (string[])[_folder.At("pets"), ArchiveFile.Pack(_folder.At("pets"), packed.At("pets.tar.gz"), "pets/")])
        {
            using IDataset data = DatasetCatalog.Open(DataSpec.At(path));
            Assert.Equal("huggingface", data.Format);
            Assert.Equal(["cat", "dog"], data.Classes);
            Assert.Equal(["a", ""], [data.Attribute("site", 0), data.Attribute("site", 1)]);
            Assert.Equal(2, data.Load(1).Samples[0]);
        }
    }

    [Fact]
    public void A_folder_a_split_has_the_classes_of_all()
    {
        _folder.WriteImage("train/1.png", 1);
        _folder.WriteImage("test/2.png", 2);
        _folder.Write("train/metadata.csv", "file_name,label\n1.png,cow\n");
        _folder.Write("test/metadata.jsonl", "{\"file_name\": \"2.png\", \"label\": \"dog\"}\n");
        Assert.Equal(["test", "train"], DatasetCatalog.Describe(DataSpec.At(_folder.Root)).Splits);
        using IDataset data = DatasetCatalog.Open(DataSpec.At(_folder.Root, null, "test"));
        Assert.Equal(["cow", "dog"], data.Classes);
        Assert.Equal((1, 1, "test/2.png"), (data.Count, data.Label(0), data.Source(0)));
        Assert.Contains("has the splits test and train. Say which: split: test", DataFolder.Refused(() => DatasetCatalog.Open(DataSpec.At(_folder.Root))));
    }

    [Fact]
    public void Images_without_label_and_folder_are_refused_with_what_to_write()
    {
        _folder.WriteImage("1.png", 1);
        _folder.Write("metadata.csv", "file_name,text\n1.png,a cat\n");
        Assert.Contains(
            "metadata.csv:2: '1.png' has no label: " + _folder.At("metadata.csv") + " has no column of labels, and the image lies in no folder of a class. "
                + "The columns are file_name, text. Say which is the class: format: huggingface, columns: { label: … }",
            DataFolder.Refused(() => DatasetCatalog.Open(DataSpec.At(_folder.Root))));
    }

    public void Dispose() => _folder.Dispose();
}
