using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AuditKit.Imaging.TransformCoding;

/// <summary>
/// The integer forward DCT that the Independent JPEG Group's library calls "islow": eight times the coefficients of
/// ITU-T T.81, A.3.3, rounded once after the rows, which keep two more bits, and once after the columns.
/// </summary>
internal static class ForwardDct
{
    /// <summary>The bits that the first pass keeps behind the binary point.</summary>
    public const int ExtraBits = 2;

    /// <summary>Turns samples, their level shifted, into coefficients: row v, column u.</summary>
    public static void Transform(ref BlockPair blocks)
    {
        Rows(ref blocks);
        Columns(ref blocks);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Rows(ref BlockPair blocks)
    {
        (Vector256<short> sum, Vector256<short> difference) = Pass(ref blocks, Rotations.Bits - ExtraBits);
        blocks[0] = sum << ExtraBits;
        blocks[4] = difference << ExtraBits;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Columns(ref BlockPair blocks)
    {
        (Vector256<short> sum, Vector256<short> difference) = Pass(ref blocks, Rotations.Bits + ExtraBits);
        Vector256<short> half = Vector256.Create((short)(1 << (ExtraBits - 1)));
        blocks[0] = (sum + half) >> ExtraBits;
        blocks[4] = (difference + half) >> ExtraBits;
    }

    // Begins with the transposition, so that rows are columns to one pass and rows again to the other. Coefficients 0
    // and 4 need no product: the passes scale them in their own ways.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector256<short> Sum, Vector256<short> Difference) Pass(ref BlockPair blocks, int bits)
    {
        Vector256<short> r0 = blocks[0], r1 = blocks[1], r2 = blocks[2], r3 = blocks[3];
        Vector256<short> r4 = blocks[4], r5 = blocks[5], r6 = blocks[6], r7 = blocks[7];
        BlockPair.Transpose(ref r0, ref r1, ref r2, ref r3, ref r4, ref r5, ref r6, ref r7);
        (Vector256<short> sum07, Vector256<short> difference07) = (r0 + r7, r0 - r7);
        (Vector256<short> sum16, Vector256<short> difference16) = (r1 + r6, r1 - r6);
        (Vector256<short> sum25, Vector256<short> difference25) = (r2 + r5, r2 - r5);
        (Vector256<short> sum34, Vector256<short> difference34) = (r3 + r4, r3 - r4);
        (Products two, Products six) = Rotations.Even(sum07 - sum34, sum16 - sum25);
        blocks[2] = two.Descale(bits);
        blocks[6] = six.Descale(bits);
        (Products seven, Products five, Products three, Products one) =
            Rotations.Odd(difference34, difference25, difference16, difference07);
        blocks[7] = seven.Descale(bits);
        blocks[5] = five.Descale(bits);
        blocks[3] = three.Descale(bits);
        blocks[1] = one.Descale(bits);
        (Vector256<short> outer, Vector256<short> inner) = (sum07 + sum34, sum16 + sum25);
        return (outer + inner, outer - inner);
    }
}
