using AuditKit.Data;
using AuditKit.Imaging;

namespace AuditKit.Tests.Data;

public sealed class Cifar100DatasetTests : IDisposable
{
    private readonly DataFolder _folder = new();

    public Cifar100DatasetTests()
    {
        _folder.Write("coarse_label_names.txt", "fish\npeople\n");
        _folder.Write("fine_label_names.txt", "baby\nboy\nray\nshark\n\n");
        _folder.Write("test.bin", [.. Record(0, 3, 10), .. Record(1, 0, 90)]);
    }

    [Fact]
    public void The_fine_label_is_the_class_and_the_coarse_one_an_attribute()
    {
        using var data = Cifar100Dataset.Open(_folder.Root, "test", "fine", "tiny");

        Image image = data.Load(1);
        Assert.Equal((90, 91, 92), (image[0, 0, 0], image[0, 0, 1], image[0, 0, 2]));
        Assert.Equal(121, image[31, 0, 0]);
        Assert.Equal(["baby", "boy", "ray", "shark"], data.Classes);
        Assert.Equal((3, 0), (data.Label(0), data.Label(1)));
        Assert.Equal(["coarse"], data.Attributes);
        Assert.Equal(("fish", "people"), (data.Attribute("coarse", 0), data.Attribute("coarse", 1)));
        Assert.Throws<ArgumentException>(() => data.Attribute("fine", 0));
        Assert.Equal(3, data.Files.Count);
    }

    [Fact]
    public void The_target_turns_it_round()
    {
        using var data = Cifar100Dataset.Open(_folder.Root, "test", "coarse", "tiny");
        Assert.Equal(["fish", "people"], data.Classes);
        Assert.Equal((0, 1), (data.Label(0), data.Label(1)));
        Assert.Equal("shark", data.Attribute("fine", 0));
        Assert.Contains("'medium' is no target of CIFAR-100", DataFolder.Refused(() => Cifar100Dataset.Open(_folder.Root, "test", "medium", "tiny")));
    }

    [Fact]
    public void It_is_read_from_a_tar_as_well()
    {
        using var inner = new DataFolder();
        Directory.Move(_folder.Root, inner.At("cifar-100-binary"));
        Directory.CreateDirectory(_folder.Root);
        using var data = Cifar100Dataset.Open(ArchiveFile.Pack(inner, "cifar-100-binary", "tar"), "test", "fine", "tiny");
        Assert.Equal(90, data.Load(1)[0, 0, 0]);
        Assert.Equal([inner.At("cifar-100-binary.tar")], data.Files);
    }

    [Fact]
    public void A_truncated_file_a_label_without_a_class_and_a_missing_split_are_refused()
    {
        string file = _folder.Write("test.bin", new byte[3073]);
        Assert.Equal(
            $"{file}: truncated: 3073 bytes are not a whole number of records of 3074 bytes. Download it again.",
            DataFolder.Refused(() => Cifar100Dataset.Open(_folder.Root, "test", "fine", "tiny")));
        _folder.Write("test.bin", Record(0, 4, 1));
        Assert.Equal($"{file}: the label of image 0 is 4, "
            + "outside 0 to 3.", DataFolder.Refused(() => Cifar100Dataset.Open(_folder.Root, "test", "fine", "tiny")));
        _folder.Write("test.bin", Record(2, 0, 1));
        Assert.Equal($"{file}: the label of image 0 is 2, "
            + "outside 0 to 1.", DataFolder.Refused(() => Cifar100Dataset.Open(_folder.Root, "test", "fine", "tiny")));
        Assert.Contains("has no train.bin", DataFolder.Refused(() => Cifar100Dataset.Open(_folder.Root, "train", "fine", "tiny")));
    }

    public void Dispose() => _folder.Dispose();

    // Sample (y, x, c) is value + y + c.
    private static byte[] Record(byte coarse, byte fine, byte value)
        => [coarse, fine, .. Enumerable.Range(0, 3072).Select(i => (byte)(value + (i % 1024 / 32) + (i / 1024)))];
}
