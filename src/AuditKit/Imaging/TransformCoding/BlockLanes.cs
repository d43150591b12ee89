using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace AuditKit.Imaging.TransformCoding;

/// <summary>
/// The few operations that .NET's vectors do not offer on every processor. Those that move lanes do so within each
/// half of a vector, because each half belongs to another block. One instruction each where there is AVX2; elsewhere
/// <see cref="Portable"/>, with the same results.
/// </summary>
internal static class BlockLanes
{
    /// <summary>a0 b0 a1 b1 … of the lower lanes of each half.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> InterleaveLower(Vector256<byte> a, Vector256<byte> b)
        => Avx2.IsSupported ? Avx2.UnpackLow(a, b) : Portable.InterleaveLower(a, b);

    /// <summary>a8 b8 a9 b9 … of the upper lanes of each half.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> InterleaveUpper(Vector256<byte> a, Vector256<byte> b)
        => Avx2.IsSupported ? Avx2.UnpackHigh(a, b) : Portable.InterleaveUpper(a, b);

    /// <summary>a0 b0 a1 b1 … of the lower lanes of each half.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<short> InterleaveLower(Vector256<short> a, Vector256<short> b)
        => Avx2.IsSupported ? Avx2.UnpackLow(a, b) : Portable.InterleaveLower(a, b);

    /// <summary>a4 b4 a5 b5 … of the upper lanes of each half.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<short> InterleaveUpper(Vector256<short> a, Vector256<short> b)
        => Avx2.IsSupported ? Avx2.UnpackHigh(a, b) : Portable.InterleaveUpper(a, b);

    /// <summary>a0 b0 a1 b1 of each half.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> InterleaveLower(Vector256<int> a, Vector256<int> b)
        => Avx2.IsSupported ? Avx2.UnpackLow(a, b) : Portable.InterleaveLower(a, b);

    /// <summary>a2 b2 a3 b3 of each half.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> InterleaveUpper(Vector256<int> a, Vector256<int> b)
        => Avx2.IsSupported ? Avx2.UnpackHigh(a, b) : Portable.InterleaveUpper(a, b);

    /// <summary>a0 b0 of each half.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<long> InterleaveLower(Vector256<long> a, Vector256<long> b)
        => Avx2.IsSupported ? Avx2.UnpackLow(a, b) : Portable.InterleaveLower(a, b);

    /// <summary>a1 b1 of each half.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<long> InterleaveUpper(Vector256<long> a, Vector256<long> b)
        => Avx2.IsSupported ? Avx2.UnpackHigh(a, b) : Portable.InterleaveUpper(a, b);

    /// <summary>a0·b0 + a1·b1, a2·b2 + a3·b3 …</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> MultiplyAddAdjacent(Vector256<short> a, Vector256<short> b)
        => Avx2.IsSupported ? Avx2.MultiplyAddAdjacent(a, b) : Portable.MultiplyAddAdjacent(a, b);

    /// <summary>⌊a·b / 2¹⁶⌋.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<short> MultiplyHigh(Vector256<short> a, Vector256<short> b)
        => Avx2.IsSupported ? Avx2.MultiplyHigh(a, b) : Portable.MultiplyHigh(a, b);

    /// <summary>a·b / 2¹⁵, rounded to the nearest, halves up.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<short> MultiplyRound(Vector256<short> a, Vector256<short> b)
        => Avx2.IsSupported ? Avx2.MultiplyHighRoundScale(a, b) : Portable.MultiplyRound(a, b);

    /// <summary>Each half: four lanes of a, then four of b, clipped to 16 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<short> Narrow(Vector256<int> a, Vector256<int> b)
        => Avx2.IsSupported ? Avx2.PackSignedSaturate(a, b) : Portable.Narrow(a, b);

    /// <summary>Each half: eight lanes of a, then eight of b, clipped to 0–255.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Narrow(Vector256<short> a, Vector256<short> b)
        => Avx2.IsSupported ? Avx2.PackUnsignedSaturate(a, b) : Portable.Narrow(a, b);

    /// <summary>Two samples beside each other in each lane of 32 bits, for <see cref="MultiplyAddAdjacent"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<short> Pair(short first, short second)
        => Vector256.Create((ushort)first | (second << 16)).AsInt16();

    /// <summary>Sixteen samples with 16 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<short> Widen(Vector128<byte> samples)
        => Vector256.WidenLower(samples.ToVector256Unsafe()).AsInt16();

    /// <summary>The samples 0–255, clipped, in the order of the lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> ToBytes(Vector256<short> samples)
        => Sse2.IsSupported
            ? Sse2.PackUnsignedSaturate(samples.GetLower(), samples.GetUpper())
            : Portable.ToBytes(samples);

    /// <summary>The same operations in terms of those that every processor has.</summary>
    internal static class Portable
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<byte> InterleaveLower(Vector256<byte> a, Vector256<byte> b) => Vector256.Create(
            Zip(Vector128.WidenLower(a.GetLower()), Vector128.WidenLower(b.GetLower())),
            Zip(Vector128.WidenLower(a.GetUpper()), Vector128.WidenLower(b.GetUpper()))).AsByte();

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<byte> InterleaveUpper(Vector256<byte> a, Vector256<byte> b) => Vector256.Create(
            Zip(Vector128.WidenUpper(a.GetLower()), Vector128.WidenUpper(b.GetLower())),
            Zip(Vector128.WidenUpper(a.GetUpper()), Vector128.WidenUpper(b.GetUpper()))).AsByte();

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<short> InterleaveLower(Vector256<short> a, Vector256<short> b) => Vector256.Create(
            Zip(Vector128.WidenLower(a.GetLower().AsUInt16()), Vector128.WidenLower(b.GetLower().AsUInt16())),
            Zip(Vector128.WidenLower(a.GetUpper().AsUInt16()), Vector128.WidenLower(b.GetUpper().AsUInt16()))).AsInt16();

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<short> InterleaveUpper(Vector256<short> a, Vector256<short> b) => Vector256.Create(
            Zip(Vector128.WidenUpper(a.GetLower().AsUInt16()), Vector128.WidenUpper(b.GetLower().AsUInt16())),
            Zip(Vector128.WidenUpper(a.GetUpper().AsUInt16()), Vector128.WidenUpper(b.GetUpper().AsUInt16()))).AsInt16();

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<int> InterleaveLower(Vector256<int> a, Vector256<int> b) => Vector256.Create(
            Zip(Vector128.WidenLower(a.GetLower().AsUInt32()), Vector128.WidenLower(b.GetLower().AsUInt32())),
            Zip(Vector128.WidenLower(a.GetUpper().AsUInt32()), Vector128.WidenLower(b.GetUpper().AsUInt32()))).AsInt32();

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<int> InterleaveUpper(Vector256<int> a, Vector256<int> b) => Vector256.Create(
            Zip(Vector128.WidenUpper(a.GetLower().AsUInt32()), Vector128.WidenUpper(b.GetLower().AsUInt32())),
            Zip(Vector128.WidenUpper(a.GetUpper().AsUInt32()), Vector128.WidenUpper(b.GetUpper().AsUInt32()))).AsInt32();

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<long> InterleaveLower(Vector256<long> a, Vector256<long> b) => Vector256.Create(
            Vector128.Create(a.GetLower().GetLower(), b.GetLower().GetLower()),
            Vector128.Create(a.GetUpper().GetLower(), b.GetUpper().GetLower()));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<long> InterleaveUpper(Vector256<long> a, Vector256<long> b) => Vector256.Create(
            Vector128.Create(a.GetLower().GetUpper(), b.GetLower().GetUpper()),
            Vector128.Create(a.GetUpper().GetUpper(), b.GetUpper().GetUpper()));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<int> MultiplyAddAdjacent(Vector256<short> a, Vector256<short> b)
            => (First(a) * First(b)) + (Second(a) * Second(b));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<short> MultiplyHigh(Vector256<short> a, Vector256<short> b)
            => Join((First(a) * First(b)) >> 16, (Second(a) * Second(b)) >> 16);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<short> MultiplyRound(Vector256<short> a, Vector256<short> b)
        {
            Vector256<int> half = Vector256.Create(1 << 14);
            return Join(((First(a) * First(b)) + half) >> 15, ((Second(a) * Second(b)) + half) >> 15);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<short> Narrow(Vector256<int> a, Vector256<int> b) => Vector256.Create(
            Vector128.NarrowWithSaturation(a.GetLower(), b.GetLower()),
            Vector128.NarrowWithSaturation(a.GetUpper(), b.GetUpper()));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<byte> Narrow(Vector256<short> a, Vector256<short> b) => Vector256.Create(
            Vector128.Narrow(Clip(a.GetLower()), Clip(b.GetLower())),
            Vector128.Narrow(Clip(a.GetUpper()), Clip(b.GetUpper())));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<byte> ToBytes(Vector256<short> samples)
            => Vector128.Narrow(Clip(samples.GetLower()), Clip(samples.GetUpper()));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static Vector128<ushort> Clip(Vector128<short> samples) => Vector128.Min(
            Vector128.Max(samples, Vector128<short>.Zero), Vector128.Create((short)byte.MaxValue)).AsUInt16();

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static Vector128<ushort> Zip(Vector128<ushort> even, Vector128<ushort> odd) => even | (odd << 8);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static Vector128<uint> Zip(Vector128<uint> even, Vector128<uint> odd) => even | (odd << 16);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static Vector128<ulong> Zip(Vector128<ulong> even, Vector128<ulong> odd) => even | (odd << 32);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static Vector256<short> Join(Vector256<int> even, Vector256<int> odd)
            => Vector256.ConditionalSelect(Vector256.Create(0xFFFF), even, odd << 16).AsInt16();

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static Vector256<int> First(Vector256<short> pairs) => (pairs.AsInt32() << 16) >> 16;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static Vector256<int> Second(Vector256<short> pairs) => pairs.AsInt32() >> 16;
    }
}
