using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AuditKit.Imaging.TransformCoding;

/// <summary>Sixteen sums of products with 32 bits, of two rows with 16 bits.</summary>
internal readonly struct Products
{
    private readonly Vector256<int> _lower;
    private readonly Vector256<int> _upper;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Products(Vector256<int> lower, Vector256<int> upper) => (_lower, _upper) = (lower, upper);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Products operator +(Products a, Products b) => new(a._lower + b._lower, a._upper + b._upper);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Products operator -(Products a, Products b) => new(a._lower - b._lower, a._upper - b._upper);

    /// <summary>With one half of 2^<paramref name="bits"/> added, so that <see cref="Shift"/> rounds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Products AddHalf(int bits)
    {
        Vector256<int> half = Vector256.Create(1 << (bits - 1));
        return new(_lower + half, _upper + half);
    }

    /// <summary>⌊Divided by 2^<paramref name="bits"/>⌋.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<short> Shift(int bits) => BlockLanes.Narrow(_lower >> bits, _upper >> bits);

    /// <summary>Divided by 2^<paramref name="bits"/>, halves rounded up.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<short> Descale(int bits) => AddHalf(bits).Shift(bits);

    /// <summary>Two rows, lane beside lane.</summary>
    internal readonly struct Rows
    {
        private readonly Vector256<short> _lower;
        private readonly Vector256<short> _upper;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Rows(Vector256<short> x, Vector256<short> y)
            => (_lower, _upper) = (BlockLanes.InterleaveLower(x, y), BlockLanes.InterleaveUpper(x, y));

        /// <summary>a·x + b·y.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Products Sum(int a, int b)
        {
            Vector256<short> factors = BlockLanes.Pair((short)a, (short)b);
            return new(BlockLanes.MultiplyAddAdjacent(_lower, factors), BlockLanes.MultiplyAddAdjacent(_upper, factors));
        }
    }
}
