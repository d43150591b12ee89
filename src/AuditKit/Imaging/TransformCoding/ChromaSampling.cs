using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AuditKit.Imaging.TransformCoding;

/// <summary>
/// 4:2:0: one chroma sample for 2×2 pixels. On the way in it is their mean. On the way back a triangle filter gives
/// each pixel nine sixteenths of the nearest sample, three of the next in its row and in its column, one of the fourth.
/// </summary>
internal static class ChromaSampling
{
    /// <summary>Narrower chroma is repeated, not filtered, as libjpeg does.</summary>
    public const int NarrowestFiltered = 3;

    /// <summary>Sums in front of a row of them and behind it that <see cref="Filter"/> may read.</summary>
    public const int Margin = 16;

    private const int Lanes = 16;

    /// <summary>
    /// The means of eight squares of 2×2 pixels, from sums of two rows. Halves are rounded down in even columns and up
    /// in odd ones.
    /// </summary>
    /// <returns>Eight means of Cb, then eight of Cr.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Average(Vector256<short> cb, Vector256<short> cr)
    {
        Vector256<int> bias = Vector256.Create(1, 2, 1, 2, 1, 2, 1, 2);
        Vector256<int> cbMeans = (BlockLanes.MultiplyAddAdjacent(cb, Vector256<short>.One) + bias) >> 2;
        Vector256<int> crMeans = (BlockLanes.MultiplyAddAdjacent(cr, Vector256<short>.One) + bias) >> 2;
        Vector128<byte> fours = BlockLanes.ToBytes(BlockLanes.Narrow(cbMeans, crMeans));
        return Vector128.Shuffle(fours.AsInt32(), Vector128.Create(0, 2, 1, 3)).AsByte();
    }

    /// <summary>The filter's first half, down the columns: 3·near + far.</summary>
    /// <param name="near">The row of chroma samples nearest to the pixels.</param>
    /// <param name="far">The next one on the pixels' other side; at the image's edge the same row.</param>
    /// <param name="width">The samples that belong to the image.</param>
    /// <param name="stride">The same, rounded up to a multiple of 16.</param>
    /// <param name="sums">The sums, between margins. The first and the last are repeated in these.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SumColumns(ref byte near, ref byte far, int width, int stride, ref short sums)
    {
        ref short first = ref Unsafe.Add(ref sums, Margin);
        for (int x = 0; x < stride; x += Lanes)
        {
            (Triple(Widen(ref Unsafe.Add(ref near, x))) + Widen(ref Unsafe.Add(ref far, x))).StoreUnsafe(ref first, (nuint)x);
        }

        Unsafe.Subtract(ref first, 1) = first;
        Unsafe.Add(ref first, width) = Unsafe.Add(ref first, width - 1);
    }

    /// <summary>The filter's second half, across: two samples for each of 16 sums, eighths rounded up and down by turns.</summary>
    /// <param name="sums">What <see cref="SumColumns"/> has filled.</param>
    /// <param name="x">The first sum's place, margin not counted.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Filter(ref short sums, int x)
    {
        ref short sum = ref Unsafe.Add(ref sums, x + Margin);
        Vector256<short> triple = Triple(Vector256.LoadUnsafe(ref sum));
        Vector256<short> before = Vector256.LoadUnsafe(ref Unsafe.Subtract(ref sum, 1));
        Vector256<short> behind = Vector256.LoadUnsafe(ref Unsafe.Add(ref sum, 1));
        Vector256<short> even = (triple + before + Vector256.Create((short)8)) >> 4;
        Vector256<short> odd = (triple + behind + Vector256.Create((short)7)) >> 4;
        return (even | (odd << 8)).AsByte();
    }

    /// <summary>Each of 16 samples twice.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Repeat(ref byte samples)
    {
        Vector256<short> once = Widen(ref samples);
        return (once | (once << 8)).AsByte();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<short> Widen(ref byte samples)
        => BlockLanes.Widen(Vector128.LoadUnsafe(ref samples));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<short> Triple(Vector256<short> values) => values + values + values;
}
