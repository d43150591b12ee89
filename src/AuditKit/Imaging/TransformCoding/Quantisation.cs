using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AuditKit.Imaging.TransformCoding;

/// <summary>
/// Rounds coefficients to multiples of a table's entries: the tables of ITU-T T.81, K.1 and K.2, scaled to a quality
/// as the Independent JPEG Group does, and cut off to what a baseline file can hold, 1–255.
/// </summary>
/// <remarks>
/// <see cref="ForwardDct"/> has coefficients times 8, so |c| is divided by 8q and rounded, halves away from zero: that is
/// ⌊n/8q⌋ with n = |c| + 4q. With b = ⌊log₂ q⌋ and m = ⌈2^(15+b)/q⌉ it is also ⌊nm/2^(18+b)⌋ for all n below 2¹⁴, because
/// m exceeds the true quotient by less than one, and nm/2^(18+b) then exceeds n/8q by less than 1/8q. If q is a power of
/// two, m is 2¹⁵, which 16 bits cannot hold. Then m is one less and n one more, with the same results.
/// </remarks>
internal sealed class Quantisation
{
    private const int ReciprocalBits = 15;

    private static readonly byte[] LumaTable =
    [
        16, 11, 10, 16, 24, 40, 51, 61,
        12, 12, 14, 19, 26, 58, 60, 55,
        14, 13, 16, 24, 40, 57, 69, 56,
        14, 17, 22, 29, 51, 87, 80, 62,
        18, 22, 37, 56, 68, 109, 103, 77,
        24, 35, 55, 64, 81, 104, 113, 92,
        49, 64, 78, 87, 103, 121, 120, 101,
        72, 92, 95, 98, 112, 100, 103, 99,
    ];

    private static readonly byte[] ChromaTable =
    [
        17, 18, 24, 47, 99, 99, 99, 99,
        18, 21, 26, 66, 99, 99, 99, 99,
        24, 26, 56, 99, 99, 99, 99, 99,
        47, 66, 99, 99, 99, 99, 99, 99,
        99, 99, 99, 99, 99, 99, 99, 99,
        99, 99, 99, 99, 99, 99, 99, 99,
        99, 99, 99, 99, 99, 99, 99, 99,
        99, 99, 99, 99, 99, 99, 99, 99,
    ];

    private static readonly Quantisation?[] LumaOfQuality = new Quantisation?[101];
    private static readonly Quantisation?[] ChromaOfQuality = new Quantisation?[101];

    private readonly Row[] _rows;

    /// <summary>A table of 64 entries, 1–255, row by row.</summary>
    public Quantisation(ReadOnlySpan<byte> table)
    {
        _rows = new Row[BlockPair.Side];
        for (int row = 0; row < _rows.Length; row++)
        {
            _rows[row] = new Row(table.Slice(row * BlockPair.Side, BlockPair.Side));
        }
    }

    /// <summary>The table for luma, and for grey images.</summary>
    public static Quantisation Luma(int quality) => LumaOfQuality[quality] ??= new Quantisation(Scale(LumaTable, quality));

    /// <summary>The table for both chroma components.</summary>
    public static Quantisation Chroma(int quality) => ChromaOfQuality[quality] ??= new Quantisation(Scale(ChromaTable, quality));

    /// <summary>From eight times the coefficients to what a decoder makes of them.</summary>
    public void RoundTrip(ref BlockPair blocks)
    {
        ReadOnlySpan<Row> rows = _rows.AsSpan(0, BlockPair.Side);
        blocks[0] = rows[0].RoundTrip(blocks[0]);
        blocks[1] = rows[1].RoundTrip(blocks[1]);
        blocks[2] = rows[2].RoundTrip(blocks[2]);
        blocks[3] = rows[3].RoundTrip(blocks[3]);
        blocks[4] = rows[4].RoundTrip(blocks[4]);
        blocks[5] = rows[5].RoundTrip(blocks[5]);
        blocks[6] = rows[6].RoundTrip(blocks[6]);
        blocks[7] = rows[7].RoundTrip(blocks[7]);
    }

    private static byte[] Scale(byte[] table, int quality)
    {
        int percent = quality < 50 ? 5000 / quality : 200 - (2 * quality);
        return [.. table.Select(entry => (byte)Math.Clamp(((entry * percent) + 50) / 100, 1, 255))];
    }

    /// <summary>One row of a table, twice: for the left and for the right block.</summary>
    private readonly struct Row
    {
        private readonly Vector256<short> _entries;
        private readonly Vector256<short> _half;
        private readonly Vector256<short> _reciprocal;
        private readonly Vector256<short> _shift;

        public Row(ReadOnlySpan<byte> entries)
        {
            Span<short> entry = stackalloc short[BlockPair.Width];
            Span<short> half = stackalloc short[BlockPair.Width];
            Span<short> reciprocal = stackalloc short[BlockPair.Width];
            Span<short> shift = stackalloc short[BlockPair.Width];
            for (int i = 0; i < BlockPair.Width; i++)
            {
                int q = entries[i % BlockPair.Side];
                int log = BitOperations.Log2((uint)q);
                int one = BitOperations.IsPow2(q) ? 1 : 0;
                entry[i] = (short)q;
                half[i] = (short)((4 * q) + one);
                reciprocal[i] = (short)((((1 << (ReciprocalBits + log)) + q - 1) / q) - one);
                shift[i] = (short)(1 << (ReciprocalBits - 1 - log));
            }

            _entries = Vector256.Create<short>(entry);
            _half = Vector256.Create<short>(half);
            _reciprocal = Vector256.Create<short>(reciprocal);
            _shift = Vector256.Create<short>(shift);
        }

        // Two products of which the upper 16 bits stay: nm/2¹⁶, and that times 2^(14−b)/2¹⁶.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector256<short> RoundTrip(Vector256<short> coefficients)
        {
            Vector256<short> sign = coefficients >> 15;
            Vector256<short> size = (coefficients ^ sign) - sign;
            Vector256<short> quotient = BlockLanes.MultiplyHigh(BlockLanes.MultiplyHigh(size + _half, _reciprocal), _shift);
            Vector256<short> result = quotient * _entries;
            return (result ^ sign) - sign;
        }
    }
}
