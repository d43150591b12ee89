using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AuditKit.Imaging;

/// <summary>Turns rows of bytes into columns and back, in tiles of 16×16 bytes.</summary>
internal static class ByteTile
{
    /// <summary>Rows and columns of a tile.</summary>
    public const int Side = 16;

    /// <summary>The next multiple of <see cref="Side"/>.</summary>
    public static int RoundUp(int length) => (length + Side - 1) & -Side;

    /// <summary>Byte b of row r goes to 16·b + r.</summary>
    /// <param name="rows">Up to sixteen rows, one after another.</param>
    /// <param name="stride">Bytes of a row.</param>
    /// <param name="columns">Receives 16 bytes for each byte of a row, <see cref="RoundUp"/> of them.</param>
    public static void RowsToColumns(ReadOnlySpan<byte> rows, int stride, Span<byte> columns)
    {
        Tile tile = default;
        for (int left = 0; left < stride; left += Side)
        {
            for (int r = 0; (r * stride) + left < rows.Length; r++)
            {
                tile[r] = Load(rows[((r * stride) + left)..]);
            }

            Transpose(ref tile);
            for (int b = 0; b < Side; b++)
            {
                tile[b].CopyTo(columns[((left + b) * Side)..]);
            }
        }
    }

    /// <summary>The way back: byte 16·b + r goes to byte b of row r.</summary>
    /// <param name="columns">16 bytes for each byte of a row, <see cref="RoundUp"/> of them.</param>
    /// <param name="rows">Receives up to sixteen rows, one after another.</param>
    /// <param name="stride">Bytes of a row.</param>
    public static void ColumnsToRows(ReadOnlySpan<byte> columns, Span<byte> rows, int stride)
    {
        Tile tile = default;
        for (int left = 0; left < stride; left += Side)
        {
            for (int b = 0; b < Side; b++)
            {
                tile[b] = Load(columns[((left + b) * Side)..]);
            }

            Transpose(ref tile);
            int width = Math.Min(Side, stride - left);
            for (int r = 0; (r * stride) + left < rows.Length; r++)
            {
                Store(tile[r], rows.Slice((r * stride) + left, width));
            }
        }
    }

    /// <summary>Sixteen bytes, zeros beyond the end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Load(ReadOnlySpan<byte> bytes)
    {
        return bytes.Length >= Side ? Vector128.Create(bytes) : LoadEnd(bytes);

        static Vector128<byte> LoadEnd(ReadOnlySpan<byte> bytes)
        {
            Span<byte> padded = stackalloc byte[Side];
            bytes.CopyTo(padded);
            return Vector128.Create(padded);
        }
    }

    /// <summary>Sixteen bytes, or as many of them as there is room for.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<byte> vector, Span<byte> bytes)
    {
        if (bytes.Length >= Side)
        {
            vector.CopyTo(bytes);
        }
        else
        {
            StoreEnd(vector, bytes);
        }

        static void StoreEnd(Vector128<byte> vector, Span<byte> bytes)
        {
            Span<byte> all = stackalloc byte[Side];
            vector.CopyTo(all);
            all[..bytes.Length].CopyTo(bytes);
        }
    }

    // Swaps the two off-diagonal quarters, then those of the quarters, and so on down to single bytes.
    private static void Transpose(ref Tile tile)
    {
        for (int i = 0; i < Side / 2; i++)
        {
            (Vector128<byte> upper, Vector128<byte> lower) = (tile[i], tile[i + 8]);
            tile[i] = Vector128.Create(upper.GetLower(), lower.GetLower());
            tile[i + 8] = Vector128.Create(upper.GetUpper(), lower.GetUpper());
        }

        SwapBlocks(ref tile, 4, 0x00000000FFFFFFFF);
        SwapBlocks(ref tile, 2, 0x0000FFFF0000FFFF);
        SwapBlocks(ref tile, 1, 0x00FF00FF00FF00FF);
    }

    // The mask is set where a row keeps its bytes in the upper row of a pair.
    private static void SwapBlocks(ref Tile tile, int size, ulong mask)
    {
        Vector128<ulong> left = Vector128.Create(mask);
        for (int i = 0; i < Side; i += 2 * size)
        {
            for (int row = i; row < i + size; row++)
            {
                Vector128<ulong> upper = tile[row].AsUInt64();
                Vector128<ulong> lower = tile[row + size].AsUInt64();
                tile[row] = Vector128.ConditionalSelect(left, upper, lower << (8 * size)).AsByte();
                tile[row + size] = Vector128.ConditionalSelect(left, upper >> (8 * size), lower).AsByte();
            }
        }
    }

    [InlineArray(Side)]
    private struct Tile
    {
        private Vector128<byte> _row;
    }
}
