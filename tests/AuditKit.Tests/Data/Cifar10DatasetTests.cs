using AuditKit.Data;
using AuditKit.Imaging;
using AuditKit.Tests.Imaging;

namespace AuditKit.Tests.Data;

public sealed class Cifar10DatasetTests : IDisposable
{
    private readonly DataFolder _folder = new();

    public Cifar10DatasetTests() => _folder.Write("batches.meta.txt", "airplane\nautomobile\nbird\n\n");

    [Fact]
    public void Planes_of_red_green_and_blue_become_pixels()
    {
        _folder.Write("test_batch.bin", [.. Record(2, 10), .. Record(1, 90)]);

        using var data = Cifar10Dataset.Open(_folder.Root, "test", "tiny");

        Image image = data.Load(1);
        Assert.Equal((32, 32, 3), (image.Width, image.Height, image.Channels));
        Assert.Equal((90, 91, 92), (image[0, 0, 0], image[0, 0, 1], image[0, 0, 2]));
        Assert.Equal((121, 122, 123), (image[31, 0, 0], image[31, 0, 1], image[31, 0, 2]));
        Assert.Equal((2, 1), (data.Label(0), data.Label(1)));
        Assert.Equal(["airplane", "automobile", "bird"], data.Classes);
    }

    [Fact]
    public void The_train_split_runs_through_its_batches_in_order()
    {
        _folder.Write("data_batch_2.bin", [.. Record(1, 20)]);
        _folder.Write("data_batch_1.bin", [.. Record(0, 10), .. Record(2, 11)]);

        using var data = Cifar10Dataset.Open(_folder.Root, "train", "tiny");

        Assert.Equal([10, 11, 20], Enumerable.Range(0, data.Count).Select(i => (int)data.Load(i).Samples[0]));
        Assert.Equal([0, 2, 1], Enumerable.Range(0, data.Count).Select(data.Label));
        Assert.Throws<ArgumentOutOfRangeException>(() => data.Load(3));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3072)]
    [InlineData(3074)]
    public void A_batch_that_ends_within_a_record_is_refused(int length)
    {
        string file = _folder.Write("test_batch.bin", new byte[length]);
        Assert.Equal(
            $"{file}: truncated: {length} bytes are not a whole number of records of 3073 bytes. Download it again.",
            DataFolder.Refused(() => Cifar10Dataset.Open(_folder.Root, "test", "tiny")));
    }

    [Fact]
    public void A_label_without_a_class_is_refused_with_its_image()
    {
        string file = _folder.Write("test_batch.bin", [.. Record(0, 1), .. Record(3, 1)]);
        Assert.Equal(
            $"{file}: the label of image 1 is 3, outside 0 to 2.",
            DataFolder.Refused(() => Cifar10Dataset.Open(_folder.Root, "test", "tiny")));
    }

    [Fact]
    public void Missing_batches_and_a_missing_class_list_are_refused()
    {
        Assert.Contains("has no test_batch.bin", DataFolder.Refused(() => Cifar10Dataset.Open(_folder.Root, "test", "tiny")));
        _folder.Write("test_batch.bin", Record(0, 1));
        File.Delete(_folder.At("batches.meta.txt"));
        Assert.Contains("has no batches.meta.txt", DataFolder.Refused(() => Cifar10Dataset.Open(_folder.Root, "test", "tiny")));
    }

    // Digests: numpy over the same files, first 16 digits of SHA-256 of the interleaved samples.
    [Theory]
    [InlineData("test", 0, 3, "af12e1241a1e7a0c")]
    [InlineData("test", 5005, 5, "36c8262c904687dc")]
    [InlineData("test", 9999, 7, "322e5a9f0e259795")]
    [InlineData("train", 0, 9, "53b0bf092c97620a")]
    [InlineData("train", 10_005, 6, "07ffe06c42f5319d")]
    [InlineData("train", 19_999, 2, "10aa0768647f5c2c")]
    public void The_real_batches_are_read_as_numpy_reads_them(string split, int index, int label, string digest)
    {
        using var data = Cifar10Dataset.Open(Repository.Shared("data/cifar-10-batches-bin"), split, "CIFAR-10");

        Assert.Equal(label, data.Label(index));
        Assert.StartsWith(digest, Samples.Digest(data.Load(index).Samples));
        Assert.Equal("airplane", data.Classes[0]);
        Assert.Equal(10, data.Classes.Count);
    }

    public void Dispose() => _folder.Dispose();

    // Sample (y, x, c) is value + y + c.
    private static byte[] Record(byte label, byte value)
        => [label, .. Enumerable.Range(0, 3072).Select(i => (byte)(value + (i % 1024 / 32) + (i / 1024)))];
}
