using System.Buffers.Binary;
using System.IO.Compression;
using AuditKit.Data;
using AuditKit.Imaging;

namespace AuditKit.Tests.Data;

public sealed class SvhnDatasetTests : IDisposable
{
    private const int Count = 9, Height = 3, Width = 2;
    private readonly DataFolder _folder = new();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Columns_become_rows_and_ten_is_the_digit_zero(bool compressed)
    {
        _folder.Write("test_32x32.mat", Mat(compressed, Images(), Labels()));

        using IDataset data = DatasetCatalog.Open(DataSpec.At(_folder.Root));

        Assert.Equal(("svhn", Count), (data.Format, data.Count));
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 0, 9], Enumerable.Range(0, Count).Select(data.Label));
        Assert.Equal("0", data.Classes[data.Label(7)]);
        Image image = data.Load(4);
        Assert.Equal((Height, Width, 3), (image.Height, image.Width, image.Channels));
        for (int y = 0; y < Height; y++)
        {
            for (int x = 0; x < Width; x++)
            {
                Assert.Equal([Sample(y, x, 0, 4), Sample(y, x, 1, 4), Sample(y, x, 2, 4)], Enumerable.Range(0, 3).Select(c => image[y, x, c]));
            }
        }
    }

    // Written by SciPy 1.10: savemat(f, {"X": numpy.arange(90, dtype="u1").reshape(3, 2, 3, 5), "y": numpy.array([[1], [10], [3], [4],
    // [9]], "u1")}, do_compression=True).
    [Fact]
    public void A_file_of_SciPys_is_read()
    {
        _folder.Write("extra_32x32.mat", Convert.FromBase64String(SciPys));
        using var data = SvhnDataset.Open(_folder.Root, "extra", "digits");
        Assert.Equal([1, 0, 3, 4, 9], Enumerable.Range(0, data.Count).Select(data.Label));
        // Sample (y, x, c) of image n is 30y + 15x + 5c + n.
        Assert.Equal(((2 * 30) + 15 + 5 + 3, 4), (data.Load(3)[2, 1, 1], data.Load(4)[0, 0, 0]));
    }

    [Theory]
    [InlineData("tar")]
    [InlineData("zip")]
    public void It_is_read_from_an_archive_as_well(string kind)
    {
        _folder.Write("svhn/train_32x32.mat", Mat(true, Images(), Labels()));
        using IDataset data = DatasetCatalog.Open(DataSpec.At(ArchiveFile.Pack(_folder, "svhn", kind), null, "train"));
        Assert.Equal(Sample(2, 1, 2, 8), data.Load(8)[2, 1, 2]);
    }

    [Fact]
    public void Labels_that_are_no_digits_and_shapes_that_do_not_fit_are_refused()
    {
        byte[] labels = Labels();
        labels[3] = 11;
        string file = _folder.Write("test_32x32.mat", Mat(true, Images(), labels));
        Assert.Equal($"{file}: the label of image 3 is 11, outside 1 to 10.", Refused());
        _folder.Write("test_32x32.mat", Mat(true, Images(), Labels()[..8]));
        Assert.Contains("X has shape 3×2×3×9 and y 8 labels", Refused());
        _folder.Write("test_32x32.mat", [.. Header, .. Compressed(Matrix("y", [9, 1], 2, Labels()))]);
        Assert.EndsWith("has no variable 'X'.", Refused());
        _folder.Write("test_32x32.mat", [.. Header, .. Compressed(Matrix("y", [9, 1], 9, new byte[72])),
            .. Compressed(Matrix("X", [3, 2, 3, 9], 2, Images()))]);
        Assert.Contains("'y' holds no 8-bit values", Refused());
        _folder.Write("test_32x32.mat", "not a MAT-file");
        Assert.Contains("not a MAT-file", Refused());
        Assert.Contains("there is no file 'train_32x32.mat'", DataFolder.Refused(() => SvhnDataset.Open(_folder.Root, "train", "digits")));
    }

    [Fact]
    public void A_stream_that_claims_more_than_it_can_hold_is_refused_before_it_is_unpacked()
    {
        byte[] bomb = Matrix("X", [1 << 10, 1 << 10, 3, 300], 2, []);
        BinaryPrimitives.WriteUInt32LittleEndian(bomb.AsSpan(bomb.Length - 4), (3 * 300) << 20);
        _folder.Write("test_32x32.mat", [.. Header, .. Compressed(Matrix("y", [9, 1], 2, Labels())), .. Compressed(bomb)]);
        Assert.Contains("'X' claims to unpack to 943718400 bytes", Refused());
    }

    [Fact]
    public void Damaged_files_end_in_digits_or_an_error_of_ours()
    {
        byte[] whole = Mat(true, Images(), Labels());
        byte[] plain = Mat(false, Images(), Labels());
        for (int trial = 0; trial < 600; trial++)
        {
            CounterRandom random = CounterRandom.For(5, "mat", trial);
            byte[] damaged = trial % 2 == 0 ? [.. whole] : [.. plain];
            if (trial % 5 == 0)
            {
                damaged = damaged[..random.NextInt32(damaged.Length)];
            }

            for (int i = 0; i < 4 && trial % 5 > 0; i++)
            {
                damaged[random.NextInt32(damaged.Length)] = (byte)random.NextInt32(256);
            }

            string path = _folder.Write("test_32x32.mat", damaged);
            try
            {
                using var data = SvhnDataset.Open(_folder.Root, "test", "digits");
                data.Load(data.Count - 1);
            }
            catch (AuditException e)
            {
                Assert.StartsWith(path, e.Message);
            }
        }
    }

    public void Dispose() => _folder.Dispose();

    private const string SciPys =
        "TUFUTEFCIDUuMCBNQVQtZmlsZSBQbGF0Zm9ybTogcG9zaXgsIENyZWF0ZWQgb246IFN1biBOb3YgMjIgMDU6Mzc6MTQgMjAyNgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAABSU0PAAAAhgAAAHic42NgYJgBxGxAzAHEnAwQwArEAkDMDMRMUBokxgiEEVCxKJBCORt+XW9WZUcRowAuDTdJ81BGeVsBPR82FSdR40BuTXcpizAmBTtBfV92VWcxkyAeLQ9py3BmRXshAz8ONRdx02BebU8ZqwgWJQdhQ39OdVcJsxA+HS9Z60iIOwDVdBE7DwAAACoAAAB4nONjYGCwAGI2IOYAYk4GCGCF8kE0IxgzMlQCaSaYGBczC0gtACK6AQ4=";

    private static byte[] Header => [.. "MATLAB 5.0 MAT-file, written by a test".PadRight(124).Select(c => (byte)c), 0, 1, (byte)'I', (byte)'M'];

    private string Refused() => DataFolder.Refused(() => SvhnDataset.Open(_folder.Root, "test", "digits"));

    private static byte Sample(int y, int x, int c, int n) => (byte)((100 * c) + (10 * n) + (3 * y) + x);

    private static byte[] Labels() => [1, 2, 3, 4, 5, 6, 7, 10, 9];

    // Column-major: the first index fastest.
    private static byte[] Images() =>
    [
        .. from n in Enumerable.Range(0, Count)
           from c in Enumerable.Range(0, 3)
           from x in Enumerable.Range(0, Width)
           from y in Enumerable.Range(0, Height)
           select Sample(y, x, c, n),
    ];

    private static byte[] Mat(bool compressed, byte[] images, byte[] labels)
    {
        byte[] x = Matrix("X", [Height, Width, 3, Count], 2, images), y = Matrix("y", [labels.Length, 1], 2, labels);
        return compressed ? [.. Header, .. Compressed(x), .. Compressed(y)] : [.. Header, .. x, .. y];
    }

    // miMATRIX: flags (of class double or uint8, which no reader of values needs), dimensions, name, values.
    private static byte[] Matrix(string name, int[] shape, int type, byte[] values)
    {
        byte[] dimensions = new byte[4 * shape.Length];
        for (int i = 0; i < shape.Length; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(dimensions.AsSpan(4 * i), shape[i]);
        }

        // A short name lies in its tag, as MATLAB writes it.
        byte[] content = [.. Element(6, [9, 0, 0, 0, 0, 0, 0, 0]), .. Element(5, dimensions), 1, 0, (byte)name.Length, 0, (byte)name[0], 0, 0, 0,
            .. Element(type, values)];
        return Element(14, content);
    }

    private static byte[] Element(int type, byte[] data) => [.. Tag(type, data.Length), .. data, .. new byte[(8 - (data.Length % 8)) % 8]];

    private static byte[] Compressed(byte[] element)
    {
        var stream = new MemoryStream();
        using (var zlib = new ZLibStream(stream, CompressionLevel.Optimal))
        {
            zlib.Write(element);
        }

        byte[] packed = stream.ToArray();
        return [.. Tag(15, packed.Length), .. packed];
    }

    private static byte[] Tag(int type, int length)
    {
        byte[] tag = new byte[8];
        BinaryPrimitives.WriteInt32LittleEndian(tag, type);
        BinaryPrimitives.WriteInt32LittleEndian(tag.AsSpan(4), length);
        return tag;
    }
}
