using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AuditKit.Imaging;

/// <summary>A tile of 16×16 bytes, to turn rows into columns and back.</summary>
[InlineArray(Side)]
internal struct ByteTile
{
    /// <summary>Rows and columns of a tile.</summary>
    public const int Side = 16;

    private Vector128<byte> _row;

    /// <summary>Reads a tile from lines that lie <paramref name="stride"/> bytes apart; zeros where they end.</summary>
    public static ByteTile Load(ReadOnlySpan<byte> lines, int stride)
    {
        ByteTile tile = default;
        for (int row = 0; row < Side && row * stride < lines.Length; row++)
        {
            ReadOnlySpan<byte> line = lines[(row * stride)..];
            tile[row] = line.Length >= Side ? Vector128.Create(line) : LoadEnd(line);
        }

        return tile;

        static Vector128<byte> LoadEnd(ReadOnlySpan<byte> line)
        {
            Span<byte> padded = stackalloc byte[Side];
            line.CopyTo(padded);
            return Vector128.Create(padded);
        }
    }

    /// <summary>
    /// Writes the tile's first <paramref name="width"/> columns to lines that lie <paramref name="stride"/> bytes
    /// apart, as many as there are.
    /// </summary>
    public readonly void Store(Span<byte> lines, int stride, int width)
    {
        Span<byte> whole = stackalloc byte[Side];
        for (int row = 0; row < Side && row * stride < lines.Length; row++)
        {
            if (width >= Side)
            {
                this[row].CopyTo(lines[(row * stride)..]);
            }
            else
            {
                this[row].CopyTo(whole);
                whole[..width].CopyTo(lines[(row * stride)..]);
            }
        }
    }

    /// <summary>Swaps the two quarters off the diagonal, then those of each quarter, and so on down to single bytes.</summary>
    public void Transpose()
    {
        for (int i = 0; i < 4; i++)
        {
            (Vector128<byte> a, Vector128<byte> b, Vector128<byte> c, Vector128<byte> d) = (this[i], this[i + 4], this[i + 8], this[i + 12]);
            SwapHalves(ref a, ref c);
            SwapHalves(ref b, ref d);
            Swap(ref a, ref b, 4, 0x00000000FFFFFFFF);
            Swap(ref c, ref d, 4, 0x00000000FFFFFFFF);
            (this[i], this[i + 4], this[i + 8], this[i + 12]) = (a, b, c, d);
        }

        for (int i = 0; i < Side; i += 4)
        {
            (Vector128<byte> a, Vector128<byte> b, Vector128<byte> c, Vector128<byte> d) = (this[i], this[i + 1], this[i + 2], this[i + 3]);
            Swap(ref a, ref c, 2, 0x0000FFFF0000FFFF);
            Swap(ref b, ref d, 2, 0x0000FFFF0000FFFF);
            Swap(ref a, ref b, 1, 0x00FF00FF00FF00FF);
            Swap(ref c, ref d, 1, 0x00FF00FF00FF00FF);
            (this[i], this[i + 1], this[i + 2], this[i + 3]) = (a, b, c, d);
        }
    }

    private static void SwapHalves(ref Vector128<byte> upper, ref Vector128<byte> lower)
        => (upper, lower) = (
            Vector128.Create(upper.GetLower(), lower.GetLower()),
            Vector128.Create(upper.GetUpper(), lower.GetUpper()));

    // Every second group of bytes of the upper row changes places with the group before it of the lower row. The mask
    // has the groups that the upper row keeps.
    private static void Swap(ref Vector128<byte> upper, ref Vector128<byte> lower, int bytes, ulong mask)
    {
        Vector128<ulong> kept = Vector128.Create(mask);
        (upper, lower) = (
            Vector128.ConditionalSelect(kept, upper.AsUInt64(), lower.AsUInt64() << (8 * bytes)).AsByte(),
            Vector128.ConditionalSelect(kept, upper.AsUInt64() >> (8 * bytes), lower.AsUInt64()).AsByte());
    }
}
