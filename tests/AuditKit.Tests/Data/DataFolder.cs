using System.Buffers.Binary;
using System.IO.Compression;
using AuditKit.Imaging;

namespace AuditKit.Tests.Data;

/// <summary>A temporary folder and the small data files that tests put there.</summary>
internal sealed class DataFolder : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("auditkit-data-").FullName;

    public string At(params string[] parts) => Path.Combine([Root, .. parts]);

    public string Write(string path, ReadOnlySpan<byte> bytes)
    {
        string full = At(path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllBytes(full, bytes);
        return full;
    }

    public string Write(string path, string text) => Write(path, System.Text.Encoding.UTF8.GetBytes(text));

    /// <summary>A PNG of one grey value.</summary>
    public string WriteImage(string path, byte value)
        => Write(path, Png.Encode(new Image(2, 1, 1, [value, value])));

    /// <summary>An IDX file: its header, then the values.</summary>
    public static byte[] Idx(int[] sizes, ReadOnlySpan<byte> values)
    {
        var header = new byte[4 + (4 * sizes.Length)];
        (header[2], header[3]) = (8, (byte)sizes.Length);
        for (int i = 0; i < sizes.Length; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4 + (4 * i)), sizes[i]);
        }

        return [.. header, .. values];
    }

    /// <summary>An .npy file, version 1.0: its header, then the values as they lie in memory.</summary>
    public static byte[] Npy(string type, int[] shape, ReadOnlySpan<byte> values)
        => NpyFileTests.Npy(type, $"({string.Join(", ", shape)},)", values);

    public static byte[] Gzip(ReadOnlySpan<byte> bytes)
    {
        var stream = new MemoryStream();
        using (var gzip = new GZipStream(stream, CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }

        return stream.ToArray();
    }

    /// <summary>The message of the error that opening or loading must end in.</summary>
    public static string Refused(Func<object> action, ExitCode exitCode = ExitCode.Usage)
    {
        AuditException e = Assert.Throws<AuditException>(action);
        Assert.Equal(exitCode, e.ExitCode);
        return e.Message;
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
