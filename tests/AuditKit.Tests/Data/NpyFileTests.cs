using System.Buffers.Binary;
using System.Text;
using AuditKit.Data;

namespace AuditKit.Tests.Data;

public sealed class NpyFileTests : IDisposable
{
    // numpy.save(numpy.array([[0, 1, 2], [253, 254, 255]], dtype=numpy.uint8)) by NumPy 1.24, base64.
    private const string Saved =
        "k05VTVBZAQB2AHsnZGVzY3InOiAnfHUxJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsIDMpLCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAQL9/v8=";

    private readonly DataFolder _folder = new();

    [Fact]
    public void An_array_that_NumPy_saved_is_read_row_by_row()
    {
        using NpyFile array = NpyFile.Open(_folder.Write("a.npy", Convert.FromBase64String(Saved)));
        Assert.Equal(("u1", 2, 3), (array.Type, array.Count, array.RowLength));
        Assert.Equal([2, 3], array.Shape);
        byte[] bytes = new byte[3];
        array.ReadRow(1, bytes);
        Assert.Equal([253, 254, 255], bytes);
        Assert.Equal([0, 1, 2, 253, 254, 255], Values(array));
    }

    [Fact]
    public void Every_type_of_number_is_read_in_both_byte_orders()
    {
        AssertReads("|i1", [0xFE, 0x7F], -2, 127);
        AssertReads("|b1", [1, 0], 1, 0);
        AssertReads("<u2", [1, 2, 255, 255], 513, 65535);
        AssertReads(">u2", [1, 2, 255, 255], 258, 65535);
        AssertReads("<i2", [0xFE, 0xFF], -2);
        AssertReads(">i2", [0xFF, 0xFE], -2);
        AssertReads("<u4", [0, 0, 0, 0x80], 2147483648);
        AssertReads("<i4", [0, 0, 0, 0x80], -2147483648);
        AssertReads(">i4", [0x80, 0, 0, 0], -2147483648);
        AssertReads("<i8", [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], -1);
        AssertReads("<u8", [0, 0, 0, 0, 0, 0, 0, 0x80], 9223372036854775808);
        AssertReads("<f2", Bytes(2, b => BinaryPrimitives.WriteHalfLittleEndian(b, (Half)0.5)), 0.5);
        AssertReads("<f4", Bytes(4, b => BinaryPrimitives.WriteSingleLittleEndian(b, -1.25f)), -1.25);
        AssertReads(">f4", Bytes(4, b => BinaryPrimitives.WriteSingleBigEndian(b, -1.25f)), -1.25);
        AssertReads("<f8", Bytes(8, b => BinaryPrimitives.WriteDoubleLittleEndian(b, Math.PI)), Math.PI);
        AssertReads(">f8", Bytes(8, b => BinaryPrimitives.WriteDoubleBigEndian(b, Math.PI)), Math.PI);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Later_versions_have_a_longer_header_length(byte version)
    {
        byte[] header = Encoding.UTF8.GetBytes("{'descr': '|u1', 'fortran_order': False, 'shape': (2,), }\n");
        byte[] length = Bytes(4, b => BinaryPrimitives.WriteInt32LittleEndian(b, header.Length));
        using NpyFile array = NpyFile.Open(_folder.Write("a.npy", [0x93, .. "NUMPY"u8, version, 0, .. length, .. header, 8, 9]));
        Assert.Equal([8.0, 9.0], Values(array));
    }

    [Fact]
    public void A_part_of_a_file_is_an_array_of_its_own()
    {
        byte[] array = Npy("|u1", "(3,)", [4, 5, 6]);
        string path = _folder.Write("archive", [1, 2, 3, .. array, 7]);
        using NpyFile part = NpyFile.Open(File.OpenHandle(path), "archive/labels.npy", 3, array.Length);
        Assert.Equal([4.0, 5.0, 6.0], Values(part));
        Assert.Equal("archive/labels.npy", part.Path);
    }

    [Fact]
    public void Labels_are_whole_numbers_within_bounds()
    {
        Assert.Equal([3, 0, 9], Labels("<i8", "(3,)", [.. Int64(3), .. Int64(0), .. Int64(9)]));
        Assert.Equal([3, 0], Labels("|u1", "(2, 1)", [3, 0]));
        byte[] many = [.. Enumerable.Range(0, 9001).Select(i => (byte)(i % 10))];
        Assert.Equal(many.Select(label => (int)label), Labels("|u1", "(9001,)", many));
        many[8195] = 10;
        Assert.Contains("value 8195 is 10", Refused("|u1", "(9001,)", many));
        Assert.Contains("value 1 is 10, where a whole number from 0 to 9", Refused("|u1", "(2,)", [3, 10]));
        Assert.Contains("value 0 is -1", Refused("<i8", "(1,)", Int64(-1)));
        Assert.Contains("value 0 is 0.5", Refused("<f4", "(1,)", Bytes(4, b => BinaryPrimitives.WriteSingleLittleEndian(b, 0.5f))));
        Assert.Contains("value 0 is NaN", Refused("<f4", "(1,)", Bytes(4, b => BinaryPrimitives.WriteSingleLittleEndian(b, float.NaN))));
        Assert.Contains("shape 1×2, where one value a row", Refused("|u1", "(1, 2)", [3, 1]));

        int[] Labels(string type, string shape, byte[] values)
        {
            using NpyFile array = NpyFile.Open(_folder.Write("labels.npy", Npy(type, shape, values)));
            return array.ReadLabels(9);
        }

        string Refused(string type, string shape, byte[] values) => Assert.Throws<AuditException>(() => Labels(type, shape, values)).Message;
        static byte[] Int64(long value) => Bytes(8, b => BinaryPrimitives.WriteInt64LittleEndian(b, value));
    }

    [Fact]
    public void Only_bytes_are_read_as_bytes()
    {
        using NpyFile array = NpyFile.Open(_folder.Write("a.npy", Npy("<u2", "(1,)", [1, 0])));
        Assert.Contains("values of type u2, where 8-bit samples (u1) are needed", Assert.Throws<AuditException>(() => array.ReadRow(0, new byte[1])).Message);
    }

    [Fact]
    public void A_file_cut_off_anywhere_or_too_long_is_refused_by_name()
    {
        byte[] whole = Npy("|u1", "(2, 3)", [1, 2, 3, 4, 5, 6]);
        foreach (byte[] bytes in Enumerable.Range(0, whole.Length).Select(length => whole[..length]).Append([.. whole, 7]))
        {
            string path = _folder.Write("cut.npy", bytes);
            AuditException error = Assert.Throws<AuditException>(() => NpyFile.Open(path).Dispose());
            Assert.StartsWith(path, error.Message);
            Assert.Equal(ExitCode.Usage, error.ExitCode);
        }
    }

    [Theory]
    [InlineData("'|O'", "False", "(1,)", "type '|O'")]
    [InlineData("'<U8'", "False", "(1,)", "type '<U8'")]
    [InlineData("'<c16'", "False", "(1,)", "type '<c16'")]
    [InlineData("[('a', '|u1')]", "False", "(1,)", "no plain numbers.")]
    [InlineData("'|u1'", "True", "(1, 1)", "Fortran order")]
    [InlineData("'|u1'", "Maybe", "(1,)", "the order of the values")]
    [InlineData("'|u1'", "False", "()", "1 to 8 dimensions")]
    [InlineData("'|u1'", "False", "(1, 1, 1, 1, 1, 1, 1, 1, 1)", "1 to 8 dimensions")]
    [InlineData("'|u1'", "False", "(0,)", "dimension 1 is '0'")]
    [InlineData("'|u1'", "False", "(1, -1)", "dimension 2 is '-1'")]
    [InlineData("'|u1'", "False", "(99999999999,)", "dimension 1 is '99999999999'")]
    [InlineData("'|u1'", "False", "(1, 2147483647, 2147483647)", "over the limit of 512 MiB")]
    [InlineData("'<f8'", "False", "(2147483647,)", "truncated or damaged: its header promises")]
    public void A_header_that_cannot_be_used_is_refused_with_what_to_do(string type, string fortran, string shape, string words)
    {
        string path = _folder.Write("bad.npy", Header($"{{'descr': {type}, 'fortran_order': {fortran}, 'shape': {shape}, }}", [1]));
        AuditException error = Assert.Throws<AuditException>(() => NpyFile.Open(path).Dispose());
        Assert.StartsWith(path, error.Message);
        Assert.Contains(words, error.Message);
    }

    [Fact]
    public void Another_file_and_none_at_all_are_refused()
    {
        Assert.Contains("not an .npy file", Assert.Throws<AuditException>(() => NpyFile.Open(_folder.Write("x", new byte[200]))).Message);
        Assert.Contains("cannot be read", Assert.Throws<AuditException>(() => NpyFile.Open(_folder.At("none.npy"))).Message);
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>An array's file of version 1.</summary>
    internal static byte[] Npy(string type, string shape, ReadOnlySpan<byte> values)
        => Header($"{{'descr': '{type}', 'fortran_order': False, 'shape': {shape}, }}\n", values);

    private static byte[] Header(string header, ReadOnlySpan<byte> values)
        => [0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, (byte)(header.Length >> 8), .. Encoding.ASCII.GetBytes(header), .. values];

    private static byte[] Bytes(int count, Action<byte[]> write)
    {
        byte[] bytes = new byte[count];
        write(bytes);
        return bytes;
    }

    private void AssertReads(string type, byte[] bytes, params double[] values)
    {
        using NpyFile array = NpyFile.Open(_folder.Write("a.npy", Npy(type, $"({values.Length},)", bytes)));
        Assert.Equal(values, Values(array));
    }

    private static double[] Values(NpyFile array)
    {
        double[] values = new double[array.Count * array.RowLength];
        for (int row = 0; row < array.Count; row++)
        {
            array.ReadRow(row, values.AsSpan(row * array.RowLength, array.RowLength));
        }

        return values;
    }
}
