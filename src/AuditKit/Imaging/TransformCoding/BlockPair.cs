using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AuditKit.Imaging.TransformCoding;

/// <summary>
/// Two blocks of 8×8 numbers that lie beside each other: eight rows, the lower half of each for the left block and
/// the upper half for the right one.
/// </summary>
[InlineArray(Side)]
internal struct BlockPair
{
    /// <summary>Rows and columns of a block.</summary>
    public const int Side = 8;

    /// <summary>Columns of two blocks.</summary>
    public const int Width = 2 * Side;

    // The level that becomes zero (T.81, A.3.1).
    private const short Middle = 128;

    private Vector256<short> _row;

    /// <summary>Whether each block is zero but for its first number.</summary>
    public readonly bool HasOnlyFirst
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            Vector256<short> others = this[1] | this[2] | this[3] | this[4] | this[5] | this[6] | this[7]
                | (this[0] & Vector256.Create(0, -1, -1, -1, -1, -1, -1, -1, 0, -1, -1, -1, -1, -1, -1, -1));
            return others == Vector256<short>.Zero;
        }
    }

    /// <summary>Reads eight rows of 16 samples, <paramref name="stride"/> bytes apart, and shifts their level.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Load(ref byte samples, nint stride)
    {
        ref byte middle = ref Unsafe.Add(ref samples, 4 * stride);
        this[0] = Line(ref samples);
        this[1] = Line(ref Unsafe.Add(ref samples, stride));
        this[2] = Line(ref Unsafe.Add(ref samples, 2 * stride));
        this[3] = Line(ref Unsafe.Add(ref samples, 3 * stride));
        this[4] = Line(ref middle);
        this[5] = Line(ref Unsafe.Add(ref middle, stride));
        this[6] = Line(ref Unsafe.Add(ref middle, 2 * stride));
        this[7] = Line(ref Unsafe.Add(ref middle, 3 * stride));

        static Vector256<short> Line(ref byte line)
            => BlockLanes.Widen(Vector128.LoadUnsafe(ref line)) - Vector256.Create(Middle);
    }

    /// <summary>Shifts the level back, clips to 0–255 and writes eight rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(ref byte samples, nint stride)
    {
        ref byte middle = ref Unsafe.Add(ref samples, 4 * stride);
        Line(this[0], ref samples);
        Line(this[1], ref Unsafe.Add(ref samples, stride));
        Line(this[2], ref Unsafe.Add(ref samples, 2 * stride));
        Line(this[3], ref Unsafe.Add(ref samples, 3 * stride));
        Line(this[4], ref middle);
        Line(this[5], ref Unsafe.Add(ref middle, stride));
        Line(this[6], ref Unsafe.Add(ref middle, 2 * stride));
        Line(this[7], ref Unsafe.Add(ref middle, 3 * stride));

        static void Line(Vector256<short> row, ref byte line)
            => BlockLanes.ToBytes(Vector256.AddSaturate(row, Vector256.Create(Middle))).StoreUnsafe(ref line);
    }

    /// <summary>Makes every number of a block the first of its half of a vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Fill(Vector256<short> firsts)
    {
        Vector256<short> row = Vector256.Create(
            Vector128.Create(firsts.GetElement(0)), Vector128.Create(firsts.GetElement(Side)));
        (this[0], this[1], this[2], this[3]) = (row, row, row, row);
        (this[4], this[5], this[6], this[7]) = (row, row, row, row);
    }

    /// <summary>Turns the rows of each block into columns: single numbers find their partners first, then twos, then fours.</summary>
    public void Transpose()
    {
        (Vector256<short> a0, Vector256<short> b0) = (BlockLanes.InterleaveLower(this[0], this[1]), BlockLanes.InterleaveUpper(this[0], this[1]));
        (Vector256<short> a1, Vector256<short> b1) = (BlockLanes.InterleaveLower(this[2], this[3]), BlockLanes.InterleaveUpper(this[2], this[3]));
        (Vector256<short> a2, Vector256<short> b2) = (BlockLanes.InterleaveLower(this[4], this[5]), BlockLanes.InterleaveUpper(this[4], this[5]));
        (Vector256<short> a3, Vector256<short> b3) = (BlockLanes.InterleaveLower(this[6], this[7]), BlockLanes.InterleaveUpper(this[6], this[7]));
        (this[0], this[1], this[2], this[3]) = Quarter(a0, a1, a2, a3);
        (this[4], this[5], this[6], this[7]) = Quarter(b0, b1, b2, b3);
    }

    // From pairs of rows 0 and 1, 2 and 3, 4 and 5, 6 and 7 to four whole columns.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector256<short>, Vector256<short>, Vector256<short>, Vector256<short>) Quarter(
        Vector256<short> rows01, Vector256<short> rows23, Vector256<short> rows45, Vector256<short> rows67)
    {
        Vector256<long> lower03 = BlockLanes.InterleaveLower(rows01.AsInt32(), rows23.AsInt32()).AsInt64();
        Vector256<long> upper03 = BlockLanes.InterleaveUpper(rows01.AsInt32(), rows23.AsInt32()).AsInt64();
        Vector256<long> lower47 = BlockLanes.InterleaveLower(rows45.AsInt32(), rows67.AsInt32()).AsInt64();
        Vector256<long> upper47 = BlockLanes.InterleaveUpper(rows45.AsInt32(), rows67.AsInt32()).AsInt64();
        return (
            BlockLanes.InterleaveLower(lower03, lower47).AsInt16(),
            BlockLanes.InterleaveUpper(lower03, lower47).AsInt16(),
            BlockLanes.InterleaveLower(upper03, upper47).AsInt16(),
            BlockLanes.InterleaveUpper(upper03, upper47).AsInt16());
    }
}
