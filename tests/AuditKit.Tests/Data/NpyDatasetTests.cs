using AuditKit.Data;

namespace AuditKit.Tests.Data;

public sealed class NpyDatasetTests : IDisposable
{
    private readonly DataFolder _folder = new();

    [Theory]
    [InlineData("images", "labels", null)]
    [InlineData("x", "y", null)]
    [InlineData("data", "labels", null)]
    [InlineData("test_images", "test_labels", "test")]
    [InlineData("X_test", "y_test", "test")]
    public void A_pair_is_found_by_the_names_that_people_use(string images, string labels, string? split)
    {
        _folder.Write($"{images}.npy", DataFolder.Npy("|u1", [2, 1, 2, 3], [.. Enumerable.Range(0, 12).Select(i => (byte)i)]));
        _folder.Write($"{labels}.npy", DataFolder.Npy("<i8", [2], [3, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0]));

        using var data = NpyDataset.Open(_folder.Root, split, "arrays", []);

        Assert.Equal(2, data.Count);
        Assert.Equal((3, 1), (data.Label(0), data.Label(1)));
        Assert.Equal(["0", "1", "2", "3"], data.Classes);
        Assert.Equal((2, 1, 3), (data.Load(1).Width, data.Load(1).Height, data.Load(1).Channels));
        Assert.Equal([6, 7, 8, 9, 10, 11], data.Load(1).Samples);
    }

    [Theory]
    [InlineData(new[] { 1, 2, 2 }, 1, new byte[] { 0, 1, 2, 3 })]
    [InlineData(new[] { 1, 2, 2, 1 }, 1, new byte[] { 0, 1, 2, 3 })]
    [InlineData(new[] { 1, 1, 2, 2 }, 1, new byte[] { 0, 1, 2, 3 })]
    [InlineData(new[] { 1, 3, 1, 2 }, 3, new byte[] { 0, 2, 4, 1, 3, 5 })]
    public void Grey_and_colour_images_come_with_channels_first_or_last(int[] shape, int channels, byte[] samples)
    {
        _folder.Write("images.npy", DataFolder.Npy("|u1", shape, [.. Enumerable.Range(0, samples.Length).Select(i => (byte)i)]));
        _folder.Write("labels.npy", DataFolder.Npy("|u1", [1], [0]));
        using var data = NpyDataset.Open(_folder.Root, null, "arrays", ["cat"]);
        Assert.Equal(channels, data.Load(0).Channels);
        Assert.Equal(samples, data.Load(0).Samples);
    }

    [Fact]
    public void An_npz_archive_is_read_whether_its_arrays_are_compressed_or_not()
    {
        _folder.Write("a/val_images.npy", DataFolder.Npy("|u1", [2, 1, 1], [7, 8]));
        _folder.Write("a/val_labels.npy", DataFolder.Npy("|u1", [2, 1], [1, 0]));
        _folder.Write("a/test_images.npy", DataFolder.Npy("|u1", [1, 1, 1], [9]));
        _folder.Write("a/test_labels.npy", DataFolder.Npy("|u1", [1, 1], [1]));
        string npz = Path.ChangeExtension(ArchiveFile.Pack(_folder, "a", "zip"), ".npz");
        File.Move(_folder.At("a.zip"), npz);

        using var data = NpyDataset.Open(npz, "val", "arrays", ["cat", "dog"]);

        Assert.Equal((2, 1, 0), (data.Count, data.Label(0), data.Label(1)));
        Assert.Equal([7, 8], Enumerable.Range(0, 2).Select(i => data.Load(i).Samples[0]));
        Assert.Equal([npz], data.Files);
        Assert.Contains("it has the splits test, val: name one as data.split", DataFolder.Refused(() => NpyDataset.Open(npz, null, "arrays", [])));
    }

    // Written by numpy 1.24: numpy.savez_compressed(f, images=numpy.arange(8, dtype="u1").reshape(2, 2, 2), labels=numpy.array([1, 0])).
    [Fact]
    public void An_archive_of_NumPys_own_is_read()
    {
        string npz = _folder.Write("numpy.npz", Convert.FromBase64String(NumPyArchive));
        using var data = NpyDataset.Open(npz, null, "arrays", []);
        Assert.Equal((2, 1, 0), (data.Count, data.Label(0), data.Label(1)));
        Assert.Equal([4, 5, 6, 7], data.Load(1).Samples);
    }

    [Fact]
    public void Arrays_that_do_not_belong_together_or_are_no_images_are_refused()
    {
        _folder.Write("images.npy", DataFolder.Npy("|u1", [2, 1, 1], [7, 8]));
        _folder.Write("labels.npy", DataFolder.Npy("|u1", [1], [0]));
        Assert.EndsWith("has 1 labels; they do not belong together.", DataFolder.Refused(() => Open([])));
        _folder.Write("labels.npy", DataFolder.Npy("|u1", [2], [0, 2]));
        Assert.Contains("value 1 is 2, where a whole number from 0 to 1 is needed", DataFolder.Refused(() => Open(["cat", "dog"])));
        _folder.Write("images.npy", DataFolder.Npy("|u1", [2, 2], [1, 2, 3, 4]));
        Assert.Contains("has shape 2×2, where images N×H×W", DataFolder.Refused(() => Open([])));
        _folder.Write("images.npy", DataFolder.Npy("<f4", [2, 1, 1], new byte[8]));
        Assert.Contains("values of type f4, where 8-bit samples are needed", DataFolder.Refused(() => Open([])));
        File.Delete(_folder.At("images.npy"));
        Assert.Contains("it needs images.npy and labels.npy", DataFolder.Refused(() => Open([])));
    }

    public void Dispose() => _folder.Dispose();

    private NpyDataset Open(string[] classes) => NpyDataset.Open(_folder.Root, null, "arrays", classes);

    private const string NumPyArchive = "UEsDBBQAAAAIAAAAIQBhYP21TwAAAIgAAAAKABQAaW1hZ2VzLm5weQEAEACIAAAAAAAAAE8AAAAAAAAAm+wX6hsQychQxlCtnpJanFykbqWgXlNqqK6joJ6WX1RSlJgXn1+UkgoSd0vMKU4FihdnJBakAvkaRjoKIKSpo1CrQB7gYmBkYmZhZWMHAFBLAwQUAAAACAAAACEAcfs5q0gAAACQAAAACgAUAGxhYmVscy5ucHkBABAAkAAAAAAAAABIAAAAAAAAAJvsF+obEMnIUMZQrZ6SWpxcpG6loG6TaaGuo6Cell9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5GkY6mjoKtQoUAC5GBlQAAFBLAQIUAxQAAAAIAAAAIQBhYP21TwAAAIgAAAAKAAAAAAAAAAAAAACAAQAAAABpbWFnZXMubnB5UEsBAhQDFAAAAAgAAAAhAHH7OatIAAAAkAAAAAoAAAAAAAAAAAAAAIABiwAAAGxhYmVscy5ucHlQSwUGAAAAAAIAAgBwAAAADwEAAAAA";
}
