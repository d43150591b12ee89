using System.Diagnostics;
using AuditKit.Data;
using AuditKit.Imaging;
using AuditKit.Tests.Imaging;

namespace AuditKit.Tests.Data;

public sealed class IdxDatasetTests : IDisposable
{
    private const string Images = "t10k-images-idx3-ubyte", Labels = "t10k-labels-idx1-ubyte";

    // Three images of two rows and four columns.
    private static readonly byte[] Values = [.. Enumerable.Range(0, 24).Select(i => (byte)(i * 10))];

    private readonly DataFolder _folder = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Images_and_labels_are_read_by_index_gzipped_or_not(bool gzipped)
    {
        Write(DataFolder.Idx([3, 2, 4], Values), DataFolder.Idx([3], [7, 0, 2]), gzipped);

        using IdxDataset data = Open();

        Assert.Equal((3, "idx", "tiny (test)"), (data.Count, data.Format, data.Name));
        Assert.Equal([7, 0, 2], Enumerable.Range(0, 3).Select(data.Label));
        Assert.Equal(["0", "1", "2", "3", "4", "5", "6", "7"], data.Classes);
        Image image = data.Load(1);
        Assert.Equal((4, 2, 1), (image.Width, image.Height, image.Channels));
        Assert.Equal(Values[8..16], image.Samples);
        Assert.Equal(Values[16..], data.Load(2).Samples);
        Assert.Equal("#2", data.Source(2));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_file_cut_off_anywhere_is_refused_by_name(bool gzipped)
    {
        Write(DataFolder.Idx([3, 2, 4], Values), DataFolder.Idx([3], [7, 0, 2]), gzipped);
        foreach (string file in Directory.GetFiles(_folder.Root))
        {
            byte[] whole = File.ReadAllBytes(file);
            for (int length = 0; length < whole.Length; length++)
            {
                File.WriteAllBytes(file, whole[..length]);
                Assert.StartsWith($"{file}: ", DataFolder.Refused(Open));
            }

            File.WriteAllBytes(file, whole);
        }

        Open().Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Data_beyond_what_the_header_promises_is_refused(bool gzipped)
    {
        Write(DataFolder.Idx([3, 2, 4], [.. Values, 1]), DataFolder.Idx([3], [7, 0, 2]), gzipped);
        Assert.Contains("truncated or damaged: it does not hold the 24 bytes", DataFolder.Refused(Open));
    }

    [Fact]
    public void A_gzipped_file_that_cannot_hold_what_its_header_promises_is_refused_before_it_is_unpacked()
    {
        Write(DataFolder.Idx([int.MaxValue, 5000, 5000], Values), DataFolder.Idx([3], [7, 0, 2]), gzipped: true);
        Assert.Contains("does not hold the 53687091175000000 bytes", DataFolder.Refused(Open));
    }

    [Fact]
    public void Another_format_is_refused_with_the_bytes_found()
    {
        Write("PNG?"u8.ToArray(), DataFolder.Idx([3], [7, 0, 2]), gzipped: false);
        Assert.Contains("must start with 00000803, not 504E473F", DataFolder.Refused(Open));
    }

    [Theory]
    [InlineData(0, 2, 4, "dimension 1 is 0")]
    [InlineData(1, -1, 4, "dimension 2 is 4294967295")]
    [InlineData(1, 10_000, 10_000, "over the limit of 50 megapixels")]
    public void Sizes_that_no_image_has_are_refused(int count, int height, int width, string reason)
    {
        Write(DataFolder.Idx([count, height, width], Values), DataFolder.Idx([3], [7, 0, 2]), gzipped: false);
        Assert.Contains(reason, DataFolder.Refused(Open));
    }

    [Fact]
    public void Counts_that_differ_are_refused_with_both_files()
    {
        Write(DataFolder.Idx([3, 2, 4], Values), DataFolder.Idx([2], [7, 0]), gzipped: false);
        string message = DataFolder.Refused(Open);
        Assert.Contains("has 3 images", message);
        Assert.Contains("has 2 labels", message);
    }

    [Fact]
    public void A_label_without_a_class_is_refused_with_its_image()
    {
        Write(DataFolder.Idx([3, 2, 4], Values), DataFolder.Idx([3], [0, 1, 2]), gzipped: false);
        Assert.Equal(
            $"{_folder.At(Labels)}: the label of image 2 is 2, outside 0 to 1.",
            DataFolder.Refused(() => IdxDataset.Open(_folder.Root, "test", "tiny", ["cat", "dog"])));
    }

    [Fact]
    public void A_missing_file_is_refused_with_the_names_looked_for()
        => Assert.Equal(
            $"{_folder.Root}: has none of train-images-idx3-ubyte, train-images-idx3-ubyte.gz.",
            DataFolder.Refused(() => IdxDataset.Open(_folder.Root, "train", "tiny", [])));

    [Fact]
    public void A_file_that_shrinks_under_an_open_data_set_is_an_error_of_the_run()
    {
        Write(DataFolder.Idx([3, 2, 4], Values), DataFolder.Idx([3], [7, 0, 2]), gzipped: false);
        using IdxDataset data = Open();
        using (var truncate = Process.Start("truncate", ["--size=20", _folder.At(Images)]))
        {
            truncate.WaitForExit();
        }

        Assert.Contains("record 2 cannot be read", DataFolder.Refused(() => data.Load(2), ExitCode.Error));
    }

    [Fact]
    public void Unpacking_leaves_no_temporary_file_behind()
    {
        Write(DataFolder.Idx([3, 2, 4], Values), DataFolder.Idx([3], [7, 0, 2]), gzipped: true);
        using IdxDataset data = Open();
        string[] open = [.. Directory.GetFiles("/proc/self/fd").Select(fd => new FileInfo(fd).LinkTarget ?? "")];
        Assert.Contains(open, target => target.StartsWith(Path.GetTempPath(), StringComparison.Ordinal)
            && target.EndsWith(".tmp (deleted)", StringComparison.Ordinal));
    }

    // Digests: numpy over the same files, first 16 digits of SHA-256.
    [Theory]
    [InlineData("test", 10_000, "ffc7351ed0f8bae5", "0e65cd3713adf40e", 9, 5)]
    [InlineData("train", 60_000, "5bd44e331a6d6998", "489c477715bd5275", 9, 5)]
    public void Fashion_MNIST_is_read_as_numpy_reads_it(string split, int count, string first, string last, int firstLabel, int lastLabel)
    {
        string folder = split == "test" ? Path.Combine(Repository.Root, "audits", "data", "fashion-mnist") : "/usr/share/datasets/fashion-mnist";
        Assert.SkipUnless(Directory.Exists(folder), "needs the training images: apt-get install dataset-fashion-mnist");

        long before = GC.GetAllocatedBytesForCurrentThread();
        using IdxDataset data = IdxDataset.Open(folder, split, "Fashion-MNIST", []);

        // Labels and buffers, not 47 MB of pixels.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
        Assert.Equal(count, data.Count);
        Assert.StartsWith(first, Samples.Digest(data.Load(0).Samples));
        Assert.StartsWith(last, Samples.Digest(data.Load(count - 1).Samples));
        Assert.Equal((firstLabel, lastLabel), (data.Label(0), data.Label(count - 1)));
        Assert.Equal(Enumerable.Repeat(count / 10, 10), Enumerable.Range(0, count).CountBy(data.Label).Select(label => label.Value));
    }

    public void Dispose() => _folder.Dispose();

    private IdxDataset Open() => IdxDataset.Open(_folder.Root, "test", "tiny (test)", []);

    private void Write(byte[] images, byte[] labels, bool gzipped)
    {
        foreach ((string name, byte[] bytes) in new[] { (Images, images), (Labels, labels) })
        {
            _folder.Write(gzipped ? $"{name}.gz" : name, gzipped ? DataFolder.Gzip(bytes) : bytes);
        }
    }
}
