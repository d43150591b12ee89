using System.Buffers.Binary;
using System.Collections;
using System.Text;

namespace AuditKit.Reports.Pdf;

/// <summary>
/// What a report must know of a TrueType or OpenType font: its family and which characters it has
/// (OpenType specification, tables <c>name</c> and <c>cmap</c>).
/// </summary>
internal sealed class FontFile
{
    private const int Characters = 0x110000;

    private readonly BitArray _covered = new(Characters);

    /// <summary>Reads a font.</summary>
    /// <exception cref="AuditException">The file is not a font that can be read.</exception>
    public FontFile(string path)
    {
        Path = path;
        try
        {
            byte[] file = File.ReadAllBytes(path);
            Family = ReadFamily(Table(file, "name"));
            ReadCharacters(Table(file, "cmap"));
        }
        catch (Exception e) when (e is ArgumentOutOfRangeException or IndexOutOfRangeException or InvalidDataException)
        {
            throw new AuditException($"{path} is not a font that can be read. Install it again.", ExitCode.Error, e);
        }
    }

    /// <summary>Where it lies.</summary>
    public string Path { get; }

    /// <summary>The family's name: <c>Noto Sans</c>.</summary>
    public string Family { get; }

    /// <summary>Whether it has a glyph for a character.</summary>
    public bool Covers(Rune character) => _covered[character.Value];

    private static ReadOnlySpan<byte> Table(ReadOnlySpan<byte> file, string tag)
    {
        int tables = U16(file, 4);
        for (int i = 0; i < tables; i++)
        {
            ReadOnlySpan<byte> entry = file.Slice(12 + (16 * i), 16);
            if (Encoding.ASCII.GetString(entry[..4]) == tag)
            {
                return file.Slice(I32(entry, 8), I32(entry, 12));
            }
        }

        throw new InvalidDataException($"no table {tag}");
    }

    // The typographic family (16) where there is one, else the family (1), as Windows' platform writes them.
    private static string ReadFamily(ReadOnlySpan<byte> name)
    {
        (int count, int texts) = (U16(name, 2), U16(name, 4));
        string? family = null;
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> entry = name.Slice(6 + (12 * i), 12);
            if (U16(entry, 0) == 3 && U16(entry, 6) is 1 or 16)
            {
                string text = Encoding.BigEndianUnicode.GetString(name.Slice(texts + U16(entry, 10), U16(entry, 8)));
                if (U16(entry, 6) == 16)
                {
                    return text;
                }

                family ??= text;
            }
        }

        return family ?? throw new InvalidDataException("no family name");
    }

    private void ReadCharacters(ReadOnlySpan<byte> cmap)
    {
        int tables = U16(cmap, 2);
        for (int i = 0; i < tables; i++)
        {
            ReadOnlySpan<byte> table = cmap[I32(cmap, 4 + (8 * i) + 4)..];
            switch (U16(table, 0))
            {
                case 4:
                    ReadSegments(table);
                    break;
                case 12:
                    ReadGroups(table);
                    break;
                default:
                    // Older forms repeat what these hold.
                    break;
            }
        }
    }

    // Format 4: segments of 16-bit characters, whose glyphs are counted on or looked up.
    private void ReadSegments(ReadOnlySpan<byte> table)
    {
        int segments = U16(table, 6) / 2;
        (int ends, int starts) = (14, 16 + (2 * segments));
        (int deltas, int offsets) = (starts + (2 * segments), starts + (4 * segments));
        for (int s = 0; s < segments; s++)
        {
            int offset = U16(table, offsets + (2 * s));
            int end = U16(table, ends + (2 * s));
            int start = U16(table, starts + (2 * s));
            for (int c = start; c <= end && c < 0xFFFF; c++)
            {
                int glyph = offset == 0 ? c : U16(table, offsets + (2 * s) + offset + (2 * (c - start)));
                _covered[c] |= (offset == 0 || glyph != 0) && ((glyph + U16(table, deltas + (2 * s))) & 0xFFFF) != 0;
            }
        }
    }

    // Format 12: groups of characters with glyphs in a row.
    private void ReadGroups(ReadOnlySpan<byte> table)
    {
        int groups = I32(table, 12);
        for (int g = 0; g < groups; g++)
        {
            ReadOnlySpan<byte> group = table.Slice(16 + (12 * g), 12);
            (int start, int end, int glyph) = (I32(group, 0), I32(group, 4), I32(group, 8));
            for (int c = start; c <= end; c++)
            {
                _covered[c] |= glyph + (c - start) != 0;
            }
        }
    }

    private static int U16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16BigEndian(bytes[at..]);

    private static int I32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadInt32BigEndian(bytes[at..]);
}
