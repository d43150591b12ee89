using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Win32.SafeHandles;

namespace AuditKit.Data;

/// <summary>
/// An array in NumPy's .npy format (versions 1 to 3): a header that says type and shape, then the values in C order,
/// the first index slowest. Rows, the sub-arrays of the first index, are read from the file when asked for. Safe to
/// read from several threads.
/// </summary>
/// <remarks>Types: bool, integers of 8 to 64 bits, floats of 16 to 64 bits, of either byte order.</remarks>
public sealed partial class NpyFile : IDisposable
{
    private const int MaxHeader = 1 << 16;

    // Half a gigabyte: far above an image's row, far below what an allocation may fail of.
    private const long MaxRowBytes = 1L << 29;

    // Labels that are read at once.
    private const int MostAtOnce = 4096;

    private readonly RecordFile _rows;
    private readonly Element _element;

    private NpyFile(RecordFile rows, string path, Element element, int[] shape)
        => (_rows, Path, _element, Shape) = (rows, path, element, shape);

    /// <summary>What errors call the file.</summary>
    public string Path { get; }

    /// <summary>The length of each dimension, all at least 1; at least one dimension.</summary>
    public IReadOnlyList<int> Shape { get; }

    /// <summary>The number of rows, Shape[0].</summary>
    public int Count => _rows.Count;

    /// <summary>The number of values in a row, the product of all further dimensions (1 where there are none).</summary>
    public int RowLength => _rows.Length / _element.Size;

    /// <summary>The type as NumPy names it, without the byte order: <c>u1</c>, <c>i8</c>, <c>f4</c>, <c>b1</c> …</summary>
    public string Type => _element.Name;

    /// <summary>Opens a file that holds one array.</summary>
    /// <exception cref="AuditException">No such file, no array of numbers in C order, or the file is not as long as its header says.</exception>
    public static NpyFile Open(string path)
    {
        try
        {
            SafeFileHandle handle = RegularFile.OpenHandle(path);
            return Open(handle, path, 0, RandomAccess.GetLength(handle));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AuditException($"{path}: cannot be read: {e.Message}", ExitCode.Usage, e);
        }
    }

    /// <summary>Opens an array that is a part of a file, such as a stored entry of an .npz archive.</summary>
    /// <param name="handle">The file; disposed with this object, and when this call fails.</param>
    /// <param name="path">What errors call it.</param>
    /// <param name="offset">Where the part begins, in bytes.</param>
    /// <param name="length">The part's length in bytes.</param>
    /// <exception cref="AuditException">The part holds no array of numbers in C order, or is not as long as its header says.</exception>
    public static NpyFile Open(SafeFileHandle handle, string path, long offset, long length)
    {
        ArgumentNullException.ThrowIfNull(handle);
        try
        {
            (string header, int headerLength) = ReadHeader(handle, path, offset, length);
            Element element = ParseType(header, path);
            int[] shape = ParseShape(header, path);
            long rowLength = element.Size;
            foreach (int dimension in shape.AsSpan(1))
            {
                rowLength *= dimension;
                if (rowLength > MaxRowBytes)
                {
                    throw new AuditException($"{path}: rows of {string.Join("×", shape[1..])} values are over the limit of {MaxRowBytes >> 20} MiB.");
                }
            }

            long promised = headerLength + (shape[0] * rowLength);
            return promised == length
                ? new NpyFile(new RecordFile(handle, path, offset + headerLength, shape[0], (int)rowLength), path, element, shape)
                : throw new AuditException(
                    $"{path}: truncated or damaged: its header promises {promised} bytes, but it has {length}. Download or save it again.");
        }
        catch (IOException e)
        {
            handle.Dispose();
            throw new AuditException($"{path}: cannot be read: {e.Message}", ExitCode.Usage, e);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>Reads a row of 8-bit samples as they are.</summary>
    /// <param name="row">0 ≤ row &lt; <see cref="Count"/>.</param>
    /// <param name="values">Receives <see cref="RowLength"/> values.</param>
    /// <exception cref="AuditException">The type is not <c>u1</c>, or the file cannot be read any more.</exception>
    public void ReadRow(int row, Span<byte> values)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(values.Length, RowLength);
        if (Type != "u1")
        {
            throw new AuditException($"{Path}: has values of type {Type}, where 8-bit samples (u1) are needed.");
        }

        _rows.Read(row, values);
    }

    /// <summary>Reads a row of any type; 64-bit integers beyond 2⁵³ are rounded.</summary>
    /// <param name="row">0 ≤ row &lt; <see cref="Count"/>.</param>
    /// <param name="values">Receives <see cref="RowLength"/> values.</param>
    /// <exception cref="AuditException">The file cannot be read any more.</exception>
    public void ReadRow(int row, Span<double> values)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(values.Length, RowLength);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(_rows.Length);
        try
        {
            Span<byte> bytes = buffer.AsSpan(0, _rows.Length);
            _rows.Read(row, bytes);
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = _element.Read(bytes.Slice(i * _element.Size, _element.Size));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Reads the whole of a column of whole numbers, such as labels: an array of N or N×1 values.</summary>
    /// <param name="max">The largest value allowed; the smallest is 0.</param>
    /// <returns>N values.</returns>
    /// <exception cref="AuditException">Another shape, a value that is no whole number in 0 … max, or the file cannot be read any more.</exception>
    public int[] ReadLabels(int max)
    {
        if (RowLength != 1)
        {
            throw new AuditException($"{Path}: has shape {string.Join("×", Shape)}, where one value a row is needed.");
        }

        // Block by block: a call of the system for each of a million values would take a second.
        int[] labels = new int[Count];
        byte[] block = new byte[Math.Min(Count, MostAtOnce) * _element.Size];
        for (int first = 0; first < labels.Length; first += MostAtOnce)
        {
            int count = Math.Min(MostAtOnce, labels.Length - first);
            _rows.Read(first, block.AsSpan(0, count * _element.Size));
            for (int i = 0; i < count; i++)
            {
                double value = _element.Read(block.AsSpan(i * _element.Size, _element.Size));
                labels[first + i] = value >= 0 && value <= max && value == Math.Truncate(value)
                    ? (int)value
                    : throw new AuditException(string.Create(
                        CultureInfo.InvariantCulture, $"{Path}: value {first + i} is {value}, where a whole number from 0 to {max} is needed."));
            }
        }

        return labels;
    }

    /// <inheritdoc/>
    public void Dispose() => _rows.Dispose();

    // Magic, two version bytes, the header's length (16 bits in version 1, 32 bits later), then a dictionary in
    // Python's notation.
    private static (string Header, int Length) ReadHeader(SafeFileHandle handle, string path, long offset, long length)
    {
        Span<byte> start = stackalloc byte[12];
        int read = RandomAccess.Read(handle, start[..(int)Math.Min(start.Length, length)], offset);
        if (read < start.Length || start[0] != 0x93 || !start[1..].StartsWith("NUMPY"u8) || start[6] is < 1 or > 3)
        {
            throw new AuditException($"{path}: not an .npy file of version 1 to 3.");
        }

        (int dictionary, long headerLength) = start[6] == 1
            ? (10, BinaryPrimitives.ReadUInt16LittleEndian(start[8..]))
            : (12, BinaryPrimitives.ReadUInt32LittleEndian(start[8..]));
        if (headerLength > MaxHeader || dictionary + headerLength > length)
        {
            throw new AuditException($"{path}: truncated or damaged: a header of {headerLength} bytes. Download or save it again.");
        }

        byte[] text = new byte[headerLength];
        for (int done = 0; done < text.Length;)
        {
            int more = RandomAccess.Read(handle, text.AsSpan(done), offset + dictionary + done);
            done += more > 0 ? more : throw new EndOfStreamException("the file has become shorter since it was opened");
        }

        return (Encoding.UTF8.GetString(text), dictionary + (int)headerLength);
    }

    private static Element ParseType(string header, string path)
    {
        Match order = OrderEntry().Match(header);
        if (!order.Success)
        {
            throw new AuditException($"{path}: its header does not say the order of the values. Save it again with numpy.save.");
        }

        if (order.Groups[1].Value == "True")
        {
            throw new AuditException($"{path}: holds its values in Fortran order. Save numpy.ascontiguousarray(array) instead.");
        }

        string type = TypeEntry().Match(header).Groups[1].Value;
        return Element.Of(type) ?? throw new AuditException(
            $"{path}: holds no plain numbers{(type.Length == 0 ? "" : $" but type '{type}'")}. Save it as an array of integers or floats; "
                + "objects and records are not read.");
    }

    private static int[] ParseShape(string header, string path)
    {
        Match match = ShapeEntry().Match(header);
        string[] lengths = match.Groups[1].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var shape = new int[lengths.Length];
        for (int i = 0; i < shape.Length; i++)
        {
            if (!int.TryParse(lengths[i], NumberStyles.None, CultureInfo.InvariantCulture, out shape[i]) || shape[i] < 1)
            {
                throw new AuditException($"{path}: dimension {i + 1} is '{lengths[i]}'; it must be between 1 and {int.MaxValue}.");
            }
        }

        return match.Success && shape.Length is > 0 and <= 8
            ? shape
            : throw new AuditException($"{path}: its header has no shape of 1 to 8 dimensions. Save it again with numpy.save.");
    }

    [GeneratedRegex(@"'descr'\s*:\s*'([^']*)'", RegexOptions.CultureInvariant)]
    private static partial Regex TypeEntry();

    [GeneratedRegex(@"'fortran_order'\s*:\s*(True|False)", RegexOptions.CultureInvariant)]
    private static partial Regex OrderEntry();

    [GeneratedRegex(@"'shape'\s*:\s*\(([^()]*)\)", RegexOptions.CultureInvariant)]
    private static partial Regex ShapeEntry();

    /// <summary>How one value is stored.</summary>
    private sealed record Element(string Name, int Size, Func<ReadOnlySpan<byte>, double> Read)
    {
        /// <summary>The element of a NumPy type string such as <c>&lt;f4</c>; null where it is no plain number.</summary>
        public static Element? Of(string type) => type switch
        {
            ['|' or '<' or '>' or '=', .. ("b1" or "u1") and var name] => new(name, 1, bytes => bytes[0]),
            ['|' or '<' or '>' or '=', .. "i1"] => new("i1", 1, bytes => (sbyte)bytes[0]),
            "<u2" => new("u2", 2, bytes => BinaryPrimitives.ReadUInt16LittleEndian(bytes)),
            "<i2" => new("i2", 2, bytes => BinaryPrimitives.ReadInt16LittleEndian(bytes)),
            "<u4" => new("u4", 4, bytes => BinaryPrimitives.ReadUInt32LittleEndian(bytes)),
            "<i4" => new("i4", 4, bytes => BinaryPrimitives.ReadInt32LittleEndian(bytes)),
            "<u8" => new("u8", 8, bytes => BinaryPrimitives.ReadUInt64LittleEndian(bytes)),
            "<i8" => new("i8", 8, bytes => BinaryPrimitives.ReadInt64LittleEndian(bytes)),
            "<f2" => new("f2", 2, bytes => (double)BinaryPrimitives.ReadHalfLittleEndian(bytes)),
            "<f4" => new("f4", 4, bytes => BinaryPrimitives.ReadSingleLittleEndian(bytes)),
            "<f8" => new("f8", 8, bytes => BinaryPrimitives.ReadDoubleLittleEndian(bytes)),
            ['>', .. var name] when Of("<" + name) is { Size: > 1 } little => little with { Read = bytes => little.Read(Reversed(bytes)) },
            _ => null,
        };

        private static byte[] Reversed(ReadOnlySpan<byte> bytes)
        {
            byte[] reversed = bytes.ToArray();
            Array.Reverse(reversed);
            return reversed;
        }
    }
}
