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

    /// <summary>
    /// Turns the rows of each block into columns: single numbers find their partners first, then twos, then fours.
    /// Rows that are in variables stay in the processor's registers.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Transpose(
        ref Vector256<short> r0, ref Vector256<short> r1, ref Vector256<short> r2, ref Vector256<short> r3,
        ref Vector256<short> r4, ref Vector256<short> r5, ref Vector256<short> r6, ref Vector256<short> r7)
    {
        Vector256<int> a0 = BlockLanes.InterleaveLower(r0, r1).AsInt32(), b0 = BlockLanes.InterleaveUpper(r0, r1).AsInt32();
        Vector256<int> a1 = BlockLanes.InterleaveLower(r2, r3).AsInt32(), b1 = BlockLanes.InterleaveUpper(r2, r3).AsInt32();
        Vector256<int> a2 = BlockLanes.InterleaveLower(r4, r5).AsInt32(), b2 = BlockLanes.InterleaveUpper(r4, r5).AsInt32();
        Vector256<int> a3 = BlockLanes.InterleaveLower(r6, r7).AsInt32(), b3 = BlockLanes.InterleaveUpper(r6, r7).AsInt32();
        Vector256<long> a02 = BlockLanes.InterleaveLower(a0, a1).AsInt64(), a13 = BlockLanes.InterleaveUpper(a0, a1).AsInt64();
        Vector256<long> a46 = BlockLanes.InterleaveLower(a2, a3).AsInt64(), a57 = BlockLanes.InterleaveUpper(a2, a3).AsInt64();
        Vector256<long> b02 = BlockLanes.InterleaveLower(b0, b1).AsInt64(), b13 = BlockLanes.InterleaveUpper(b0, b1).AsInt64();
        Vector256<long> b46 = BlockLanes.InterleaveLower(b2, b3).AsInt64(), b57 = BlockLanes.InterleaveUpper(b2, b3).AsInt64();
        r0 = BlockLanes.InterleaveLower(a02, a46).AsInt16();
        r1 = BlockLanes.InterleaveUpper(a02, a46).AsInt16();
        r2 = BlockLanes.InterleaveLower(a13, a57).AsInt16();
        r3 = BlockLanes.InterleaveUpper(a13, a57).AsInt16();
        r4 = BlockLanes.InterleaveLower(b02, b46).AsInt16();
        r5 = BlockLanes.InterleaveUpper(b02, b46).AsInt16();
        r6 = BlockLanes.InterleaveLower(b13, b57).AsInt16();
        r7 = BlockLanes.InterleaveUpper(b13, b57).AsInt16();
    }
}
