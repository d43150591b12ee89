using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace AuditKit.Data;

/// <summary>
/// MAT-files of level 5 (MATLAB 5 to 7.2: saved with -v7 or older), little-endian: a header of 128 bytes, then elements
/// of a type, a length and data, most of them a zlib stream around one element. Only arrays of 8-bit values are read,
/// as published image sets are stored; the values are never in memory as a whole.
/// </summary>
internal static class MatFile
{
    private const int HeaderLength = 128, TagLength = 8;
    private const int UInt8 = 2, Int32 = 5, UInt32 = 6, Matrix = 14, Compressed = 15;

    // Deflate's best ratio: a stream cannot hold more, whatever its header claims.
    private const long MaxDeflateRatio = 1032;
    private const int MaxHeading = 1 << 12, MaxDimensions = 8;

    /// <summary>Finds a variable of 8-bit values and opens it.</summary>
    /// <param name="tree">The folder or the archive.</param>
    /// <param name="path">The file in it.</param>
    /// <param name="variable">The variable's name.</param>
    /// <exception cref="AuditException">No such file or variable, another type, truncated or damaged.</exception>
    public static Array Open(IFileTree tree, string path, string variable)
    {
        FilePart file = tree.Open(path);
        bool keep = false;
        try
        {
            RequireHeader(file);
            byte[] tag = new byte[TagLength];
            for (long at = HeaderLength; at < file.Length;)
            {
                file.Read(at, tag);
                (int type, long length) = (BinaryPrimitives.ReadInt32LittleEndian(tag), BinaryPrimitives.ReadUInt32LittleEndian(tag.AsSpan(4)));
                if (at + TagLength + length > file.Length)
                {
                    throw Damaged(file, "an element ends behind the file's end");
                }

                if (Find(file, type, at + TagLength, length, variable) is { } array)
                {
                    keep = array.Values.Handle == file.Handle;
                    return array;
                }

                at += TagLength + (type == Compressed ? length : Padded(length));
            }

            throw new AuditException($"{file.Name}: has no variable '{variable}'.");
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            throw Damaged(file, e.Message, e);
        }
        finally
        {
            if (!keep)
            {
                file.Handle.Dispose();
            }
        }
    }

    private static void RequireHeader(FilePart file)
    {
        byte[] header = new byte[HeaderLength];
        if (file.Length < HeaderLength)
        {
            throw new AuditException($"{file.Name}: not a MAT-file.");
        }

        file.Read(0, header);
        if (!header.AsSpan().StartsWith("MATLAB 5.0"u8) || header[124] != 0 || header[125] != 1 || header[126] != 'I' || header[127] != 'M')
        {
            throw new AuditException($"{file.Name}: not a little-endian MAT-file of level 5; in MATLAB, save it with -v7.");
        }
    }

    // The element if it is the variable, else null.
    private static Array? Find(FilePart file, int type, long at, long length, string variable)
    {
        if (type == Compressed)
        {
            using var content = new ZLibStream(new FilePartStream(file, at, length), CompressionMode.Decompress);
            Heading heading = ReadHeading(content, file, true);
            if (heading.Name != variable)
            {
                return null;
            }

            Require(file, heading, variable);
            if (heading.Length / MaxDeflateRatio > length)
            {
                throw Damaged(file, $"'{variable}' claims to unpack to {heading.Length} bytes");
            }

            return new Array(heading.Shape, new FilePart(TemporaryFile.Of(content, Padded(heading.Length), file.Name), file.Name, 0, heading.Length));
        }

        if (type == Matrix)
        {
            using var content = new FilePartStream(file, at, length);
            Heading heading = ReadHeading(content, file, false);
            if (heading.Name != variable)
            {
                return null;
            }

            Require(file, heading, variable);
            return content.Position + heading.Length <= length
                ? new Array(heading.Shape, new FilePart(file.Handle, file.Name, file.Offset + at + content.Position, heading.Length))
                : throw Damaged(file, $"'{variable}' ends behind its element's end");
        }

        return null;
    }

    private static void Require(FilePart file, Heading heading, string variable)
    {
        long count = heading.Shape.Aggregate(1L, (product, length) => product > int.MaxValue * 4096L ? product : product * length);
        if (heading.Type != UInt8 || count != heading.Length)
        {
            throw new AuditException($"{file.Name}: '{variable}' holds no 8-bit values, or not as many as its shape {string.Join("×", heading.Shape)} says.");
        }
    }

    // Flags, dimensions, name and the tag of the values; the stream stands before the values then.
    private static Heading ReadHeading(Stream content, FilePart file, bool tagged)
    {
        if (tagged && ReadTag(content, file) is var (type, _, _) && type != Matrix)
        {
            return new Heading("", [], 0, 0);
        }

        byte[] flags = ReadElement(content, file, UInt32);
        byte[] dimensions = ReadElement(content, file, Int32);
        byte[] name = ReadElement(content, file, null);
        if (flags.Length != 8 || dimensions.Length is 0 or > 4 * MaxDimensions || dimensions.Length % 4 != 0)
        {
            throw Damaged(file, "a variable without dimensions");
        }

        int[] shape = [.. dimensions.Chunk(4).Select(bytes => BinaryPrimitives.ReadInt32LittleEndian(bytes))];
        if (shape.Any(length => length < 0))
        {
            throw Damaged(file, "a negative dimension");
        }

        (int valueType, long length, byte[]? inline) = ReadTag(content, file);
        // Up to four values lie in the tag itself; no set of images is so small.
        return new Heading(Encoding.ASCII.GetString(name), shape, inline is null ? valueType : 0, length);
    }

    private static byte[] ReadElement(Stream content, FilePart file, int? expected)
    {
        (int type, long length, byte[]? inline) = ReadTag(content, file);
        if ((expected is not null && type != expected) || length > MaxHeading)
        {
            throw Damaged(file, $"an element of type {type} and {length} bytes where a variable's heading is due");
        }

        if (inline is not null)
        {
            return inline;
        }

        byte[] data = new byte[Padded(length)];
        content.ReadExactly(data);
        return data[..(int)length];
    }

    private static (int Type, long Length, byte[]? Inline) ReadTag(Stream content, FilePart file)
    {
        byte[] tag = new byte[TagLength];
        content.ReadExactly(tag);
        uint first = BinaryPrimitives.ReadUInt32LittleEndian(tag);
        int small = (int)(first >> 16);
        return small == 0 ? ((int)first, BinaryPrimitives.ReadUInt32LittleEndian(tag.AsSpan(4)), null)
            : small <= 4 ? ((int)(first & 0xFFFF), small, tag[4..(4 + small)])
            : throw Damaged(file, $"a small element of {small} bytes");
    }

    // All data but compressed elements is padded to 8 bytes.
    private static long Padded(long length) => (length + 7) / 8 * 8;

    private static AuditException Damaged(FilePart file, string what, Exception? inner = null)
        => new($"{file.Name}: truncated or damaged MAT-file: {what.TrimEnd('.')}. Download it again.", ExitCode.Usage, inner);

    private sealed record Heading(string Name, int[] Shape, int Type, long Length);

    /// <summary>An array of 8-bit values.</summary>
    /// <param name="Shape">The lengths of its dimensions; values lie in column-major order, the first index fastest.</param>
    /// <param name="Values">Its values; unpacked into a temporary file where they were compressed. To be disposed by whoever gets it.</param>
    internal sealed record Array(int[] Shape, FilePart Values);
}
