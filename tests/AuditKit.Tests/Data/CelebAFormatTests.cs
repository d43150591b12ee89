using AuditKit.Data;
using AuditKit.Yaml;

namespace AuditKit.Tests.Data;

public sealed class CelebAFormatTests : IDisposable
{
    private readonly DataFolder _folder = new();

    public CelebAFormatTests()
    {
        _folder.Write("c/list_attr_celeba.txt", "3\nBlond_Hair Male Smiling \n000001.jpg -1  1  1\n000002.jpg  1 -1  1\n000003.jpg  1  1 -1\n");
        _folder.Write("c/list_eval_partition.txt", "000001.jpg 0\n000002.jpg 2\n000003.jpg 2\n");
        for (byte i = 1; i <= 3; i++)
        {
            _folder.WriteImage($"c/img_align_celeba/00000{i}.jpg", i);
        }
    }

    [Theory]
    [InlineData("folder")]
    [InlineData("tar")]
    [InlineData("zip")]
    public void The_target_is_the_class_and_all_others_are_attributes(string kind)
    {
        string path = kind == "folder" ? _folder.At("c") : ArchiveFile.Pack(_folder, "c", kind, "celeba/");
        using IDataset data = DatasetCatalog.Open(DataSpec.At(path));
        Assert.Equal(("celeba", 2), (data.Format, data.Count));
        Assert.Equal(["not Blond_Hair", "Blond_Hair"], data.Classes);
        Assert.Equal([1, 1], Enumerable.Range(0, 2).Select(data.Label));
        Assert.Equal(["Male", "Smiling"], data.Attributes);
        Assert.Equal(["no", "yes"], Enumerable.Range(0, 2).Select(i => data.Attribute("Male", i)));
        Assert.Equal(["yes", "no"], Enumerable.Range(0, 2).Select(i => data.Attribute("Smiling", i)));
        Assert.Equal("img_align_celeba/000003.jpg", data.Source(1));
        Assert.Equal(3, data.Load(1).Samples[0]);
    }

    [Fact]
    public void Another_target_can_be_chosen_in_the_published_folders_too()
    {
        Directory.CreateDirectory(_folder.At("c/Anno"));
        Directory.CreateDirectory(_folder.At("c/Eval"));
        Directory.CreateDirectory(_folder.At("c/Img"));
        File.Move(_folder.At("c/list_attr_celeba.txt"), _folder.At("c/Anno/list_attr_celeba.txt"));
        File.Move(_folder.At("c/list_eval_partition.txt"), _folder.At("c/Eval/list_eval_partition.txt"));
        Directory.Move(_folder.At("c/img_align_celeba"), _folder.At("c/Img/img_align_celeba"));
        using IDataset data = Open("{ path: c, target: Smiling }");
        Assert.Equal([1, 0], Enumerable.Range(0, 2).Select(data.Label));
        Assert.Equal("yes", data.Attribute("Blond_Hair", 0));
        Assert.Contains("no attribute 'Smilling' to be data.target. Did you mean 'Smiling'?", DataFolder.Refused(() => Open("{ path: c, target: Smilling }")));
    }

    [Theory]
    [InlineData("list_attr_celeba.txt", "3\nBlond_Hair Male\n000001.jpg -1 1\n000002.jpg 1 0\n", "list_attr_celeba.txt:4: expected an "
        + "image's name and 2 values of 1 or -1.")]
    [InlineData("list_attr_celeba.txt", "3\nBlond_Hair Male\n000001.jpg -1 1\n000002.jpg 1\n", "list_attr_celeba.txt:4: expected")]
    [InlineData("list_attr_celeba.txt", "3\nBlond_Hair Male\n000002.jpg -1 1\n", "has no line for 000003.jpg, which list_eval_partition.txt lists.")]
    [InlineData("list_attr_celeba.txt", "3\n", "has no line of attributes' names")]
    [InlineData("list_eval_partition.txt", "000001.jpg 3\n", "list_eval_partition.txt:1: expected an image's name and 0, 1 or 2.")]
    [InlineData("list_eval_partition.txt", "000001.jpg 0\n", "lists no image of split 'test'")]
    public void Lists_that_are_malformed_or_do_not_belong_together_are_refused(string file, string content, string message)
    {
        _folder.Write($"c/{file}", content);
        Assert.Contains(message, DataFolder.Refused(() => Open("{ path: c }")));
    }

    [Fact]
    public void An_image_outside_the_folder_is_refused()
    {
        _folder.Write("c/list_attr_celeba.txt", "3\nBlond_Hair\n../../000002.jpg 1\n");
        _folder.Write("c/list_eval_partition.txt", "../../000002.jpg 2\n");
        Assert.Contains("leads out of", DataFolder.Refused(() => Open("{ path: c }")));
    }

    public void Dispose() => _folder.Dispose();

    private IDataset Open(string yaml) => DatasetCatalog.Open(DataSpec.Parse(SpecMap.Parse("spec.yaml", $"data: {yaml}").Map("data"), _folder.Root));
}
