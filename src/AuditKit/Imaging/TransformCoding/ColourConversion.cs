using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AuditKit.Imaging.TransformCoding;

/// <summary>
/// RGB to YCbCr and back (ITU-T T.871, 6.2), with factors that are multiples of 2⁻¹⁶, 16 pixels at a time.
/// </summary>
internal static class ColourConversion
{
    /// <summary>Pixels that are converted at a time.</summary>
    public const int Pixels = 16;

    /// <summary>Bytes behind a row of RGB that may be read, or overwritten.</summary>
    public const int Slack = 4;

    private const int Half = 1 << 15;
    private const short Middle = 128;

    // To YCbCr. The factor of green for luma, 0.587, is too large for 16 bits: one half of it comes with red and the
    // other with blue.
    private const short LumaRed = 19595, LumaHalfGreen = 19235, LumaBlue = 7471;
    private const short CbRed = -11059, CbGreen = -21709, CrGreen = -27439, CrBlue = -5329;
    private const short MinusHalf = short.MinValue;

    // A chroma sample of exactly one half is rounded down.
    private const int ChromaOffset = (Middle << 16) + Half - 1;

    // From YCbCr: 1.402 = 1 + 0.402, 1.772 = 2 − 0.228 and −0.71414 = −1 + 0.28586, so that factors fit 16 bits. Those
    // for red and blue are multiples of 2⁻¹⁵: rounded products with chroma are the same as with one more bit.
    private const short RedCr = 13173, BlueCb = -7471, GreenCb = -22554, GreenCr = 18734;

    /// <summary>Converts 16 pixels.</summary>
    /// <param name="rgb">48 bytes, and <see cref="Slack"/> behind them.</param>
    /// <param name="cb">Cb of the pixels, 0–255.</param>
    /// <param name="cr">Cr of the pixels, 0–255.</param>
    /// <returns>Y of the pixels.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> FromRgb(ref byte rgb, out Vector256<short> cb, out Vector256<short> cr)
    {
        // Pixels 0–3 and 8–11, then 4–7 and 12–15: narrowing each half by itself puts them in order.
        (Vector256<int> luma0, Vector256<int> cb0, Vector256<int> cr0) = FourAndFour(ref rgb);
        (Vector256<int> luma1, Vector256<int> cb1, Vector256<int> cr1) = FourAndFour(ref Unsafe.Add(ref rgb, 12));
        cb = BlockLanes.Narrow(cb0, cb1);
        cr = BlockLanes.Narrow(cr0, cr1);
        return BlockLanes.ToBytes(BlockLanes.Narrow(luma0, luma1));
    }

    /// <summary>Converts 16 pixels back.</summary>
    /// <param name="luma">Y of the pixels.</param>
    /// <param name="chromaB">Cb of the pixels.</param>
    /// <param name="chromaR">Cr of the pixels.</param>
    /// <param name="rgb">Where 48 bytes go; <see cref="Slack"/> behind them are overwritten.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ToRgb(Vector128<byte> luma, Vector128<byte> chromaB, Vector128<byte> chromaR, ref byte rgb)
    {
        Vector256<short> y = BlockLanes.Widen(luma);
        Vector256<short> cb = BlockLanes.Widen(chromaB) - Vector256.Create(Middle);
        Vector256<short> cr = BlockLanes.Widen(chromaR) - Vector256.Create(Middle);
        Vector256<short> red = y + cr + BlockLanes.MultiplyRound(cr, Vector256.Create(RedCr));
        Vector256<short> green = y - cr + new Products.Rows(cb, cr).Sum(GreenCb, GreenCr).Descale(16);
        Vector256<short> blue = y + cb + cb + BlockLanes.MultiplyRound(cb, Vector256.Create(BlueCb));
        Interleave(red, green, blue, ref rgb);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector256<int> Luma, Vector256<int> Cb, Vector256<int> Cr) FourAndFour(ref byte rgb)
    {
        Vector256<byte> pixels = Vector256.Create(
            Vector128.LoadUnsafe(ref rgb), Vector128.LoadUnsafe(ref Unsafe.Add(ref rgb, 24)));
        Vector256<short> redGreen = Vector256.Shuffle(pixels, Vector256.Create(
            (byte)0, 255, 1, 255, 3, 255, 4, 255, 6, 255, 7, 255, 9, 255, 10, 255,
            16, 255, 17, 255, 19, 255, 20, 255, 22, 255, 23, 255, 25, 255, 26, 255)).AsInt16();
        Vector256<short> blueGreen = Vector256.Shuffle(pixels, Vector256.Create(
            (byte)2, 255, 1, 255, 5, 255, 4, 255, 8, 255, 7, 255, 11, 255, 10, 255,
            18, 255, 17, 255, 21, 255, 20, 255, 24, 255, 23, 255, 27, 255, 26, 255)).AsInt16();
        Vector256<int> luma = Sum(redGreen, LumaRed, LumaHalfGreen) + Sum(blueGreen, LumaBlue, LumaHalfGreen);
        Vector256<int> cb = Sum(redGreen, CbRed, CbGreen) - Sum(blueGreen, MinusHalf, 0);
        Vector256<int> cr = Sum(blueGreen, CrBlue, CrGreen) - Sum(redGreen, MinusHalf, 0);
        Vector256<int> offset = Vector256.Create(ChromaOffset);
        return ((luma + Vector256.Create(Half)) >> 16, (cb + offset) >> 16, (cr + offset) >> 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Sum(Vector256<short> pairs, short a, short b)
        => BlockLanes.MultiplyAddAdjacent(pairs, BlockLanes.Pair(a, b));

    // Clips, brings the components of each pixel together with a zero behind them, and stores four pixels at a time,
    // each vector's last four bytes overwritten by the next.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Interleave(Vector256<short> red, Vector256<short> green, Vector256<short> blue, ref byte rgb)
    {
        Vector256<byte> redBlue = BlockLanes.Narrow(red, blue);
        Vector256<byte> greenZero = BlockLanes.Narrow(green, Vector256<short>.Zero);
        Vector256<short> redGreen = BlockLanes.InterleaveLower(redBlue, greenZero).AsInt16();
        Vector256<short> blueZero = BlockLanes.InterleaveUpper(redBlue, greenZero).AsInt16();
        Vector256<byte> pack = Vector256.Create(
            (byte)0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 255, 255, 255, 255,
            16, 17, 18, 20, 21, 22, 24, 25, 26, 28, 29, 30, 255, 255, 255, 255);
        Vector256<byte> lower = Vector256.Shuffle(BlockLanes.InterleaveLower(redGreen, blueZero).AsByte(), pack);
        Vector256<byte> upper = Vector256.Shuffle(BlockLanes.InterleaveUpper(redGreen, blueZero).AsByte(), pack);
        lower.GetLower().StoreUnsafe(ref rgb);
        upper.GetLower().StoreUnsafe(ref Unsafe.Add(ref rgb, 12));
        lower.GetUpper().StoreUnsafe(ref Unsafe.Add(ref rgb, 24));
        upper.GetUpper().StoreUnsafe(ref Unsafe.Add(ref rgb, 36));
    }
}
