using System.Buffers.Binary;
using System.IO.Compression;
using AuditKit.Imaging;

namespace AuditKit.Data;

/// <summary>
/// The IDX format of unsigned bytes (LeCun, Cortes, Burges: the MNIST database), plain or gzipped: two zero bytes,
/// type 8, the number of dimensions, each dimension as a big-endian 32-bit number, then the values.
/// </summary>
internal static class IdxFile
{
    private const int UnsignedByte = 8;

    // Deflate's best ratio: a gzipped file cannot hold more, whatever its header claims.
    private const long MaxDeflateRatio = 1032;

    /// <summary>Opens a file for reading by its first dimension.</summary>
    /// <param name="path">The file. A gzipped one is unpacked into a temporary file that has no name any more.</param>
    /// <param name="dimensions">How many dimensions it must have.</param>
    /// <returns>The records and the other dimensions.</returns>
    /// <exception cref="AuditException">Not such a file, truncated, or longer than its header says.</exception>
    public static (RecordFile Records, int[] Shape) Open(string path, int dimensions)
    {
        try
        {
            using FileStream file = RegularFile.Open(path);
            bool gzipped = file.ReadByte() == 0x1F && file.ReadByte() == 0x8B;
            file.Position = 0;
            using Stream content = gzipped ? new GZipStream(file, CompressionMode.Decompress) : file;
            int[] sizes = ReadHeader(content, path, dimensions);
            int headerLength = 4 + (4 * dimensions);
            int recordLength = RecordLength(sizes, path);
            long length = (long)sizes[0] * recordLength;
            long whole = headerLength + length;
            if (gzipped ? whole / MaxDeflateRatio > file.Length || GzipLength(file) != (uint)whole : file.Length != whole)
            {
                throw TemporaryFile.Damaged(path, length);
            }

            return (gzipped
                ? new RecordFile(TemporaryFile.Of(content, length, path), path, 0, sizes[0], recordLength)
                : new RecordFile(RegularFile.OpenHandle(path), path, headerLength, sizes[0], recordLength), sizes[1..]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AuditException($"{path}: cannot be read: {e.Message}", ExitCode.Usage, e);
        }
        catch (InvalidDataException e)
        {
            throw new AuditException($"{path}: truncated or corrupt gzip: {e.Message} Download it again.", ExitCode.Usage, e);
        }
    }

    // The last four bytes: the unpacked length modulo 2³². GZipStream itself does not miss a trailer that was cut off.
    private static uint GzipLength(FileStream file)
    {
        Span<byte> length = stackalloc byte[4];
        return RandomAccess.Read(file.SafeFileHandle, length, file.Length - length.Length) == length.Length
            ? BinaryPrimitives.ReadUInt32LittleEndian(length)
            : throw new EndOfStreamException("the file has become shorter since it was opened");
    }

    private static int[] ReadHeader(Stream content, string path, int dimensions)
    {
        Span<byte> header = stackalloc byte[4 + (4 * dimensions)];
        int read = content.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
        if (read < header.Length || !header.StartsWith((ReadOnlySpan<byte>)[0, 0, UnsignedByte, (byte)dimensions]))
        {
            throw new AuditException(
                $"{path}: not an IDX file of unsigned bytes with {dimensions} dimension{(dimensions == 1 ? "" : "s")}: it must start with "
                    + $"0000080{dimensions}, not {Convert.ToHexString(header[..Math.Min(4, read)])}.");
        }

        var sizes = new int[dimensions];
        for (int i = 0; i < dimensions; i++)
        {
            sizes[i] = BinaryPrimitives.ReadInt32BigEndian(header[(4 + (4 * i))..]);
            if (sizes[i] < 1)
            {
                throw new AuditException($"{path}: dimension {i + 1} is {(uint)sizes[i]}; it must be between 1 and {int.MaxValue}.");
            }
        }

        return sizes;
    }

    private static int RecordLength(int[] sizes, string path)
    {
        long length = 1;
        foreach (int size in sizes.AsSpan(1))
        {
            length *= size;
            if (length > ImageFile.MaxPixels)
            {
                throw new AuditException($"{path}: images of {string.Join("×", sizes[1..])} pixels are over the limit of "
                    + $"{ImageFile.MaxPixels / 1_000_000} megapixels.");
            }
        }

        return (int)length;
    }
}
