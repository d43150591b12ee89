using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AuditKit.Imaging.TransformCoding;

/// <summary>
/// The inverse of <see cref="ForwardDct"/>, from coefficients of ITU-T T.81's own scale: columns first, with two more
/// bits, then rows.
/// </summary>
/// <remarks>
/// Results between the passes and behind them are clipped to 16 bits. No image comes near that in between. Behind
/// them, samples are clipped to 0–255 in any case, as libjpeg-turbo's vector code does; its C code instead takes a
/// sample that misses that range by more than 384 modulo 1,024, which only an image made to do so can bring about.
/// </remarks>
internal static class InverseDct
{
    private const int One = 1 << Rotations.Bits;

    // Each pass scales by √8.
    private const int ScaleBits = 3;

    /// <summary>Turns coefficients into samples with their level shifted, not clipped yet.</summary>
    public static void Transform(ref BlockPair blocks)
    {
        if (blocks.HasOnlyFirst)
        {
            blocks.Fill((blocks[0] + Vector256.Create((short)(1 << (ScaleBits - 1)))) >> ScaleBits);
            return;
        }

        Columns(ref blocks);
        Rows(ref blocks);
    }

    // Both passes in one method would be more than the compiler is ready to inline.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Columns(ref BlockPair blocks) => Pass(ref blocks, Rotations.Bits - ForwardDct.ExtraBits);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Rows(ref BlockPair blocks) => Pass(ref blocks, Rotations.Bits + ForwardDct.ExtraBits + ScaleBits);

    // Ends with the transposition, so that columns are rows to the next pass, and columns again behind it.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pass(ref BlockPair blocks, int bits)
    {
        (Products a, Products b, Products c, Products d) = Rotations.Odd(blocks[7], blocks[5], blocks[3], blocks[1]);
        (Products cosine, Products sine) = Rotations.Even(blocks[2], blocks[6]);
        var rows04 = new Products.Rows(blocks[0], blocks[4]);
        (Products sum, Products difference) = (rows04.Sum(One, One).AddHalf(bits), rows04.Sum(One, -One).AddHalf(bits));
        (Products outer, Products middle) = (sum + cosine, sum - cosine);
        Vector256<short> r0 = (outer + d).Shift(bits), r7 = (outer - d).Shift(bits);
        Vector256<short> r3 = (middle + a).Shift(bits), r4 = (middle - a).Shift(bits);
        (outer, middle) = (difference + sine, difference - sine);
        Vector256<short> r1 = (outer + c).Shift(bits), r6 = (outer - c).Shift(bits);
        Vector256<short> r2 = (middle + b).Shift(bits), r5 = (middle - b).Shift(bits);
        BlockPair.Transpose(ref r0, ref r1, ref r2, ref r3, ref r4, ref r5, ref r6, ref r7);
        (blocks[0], blocks[1], blocks[2], blocks[3]) = (r0, r1, r2, r3);
        (blocks[4], blocks[5], blocks[6], blocks[7]) = (r4, r5, r6, r7);
    }
}
