using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace AuditKit;

/// <summary>Eight blocks of Philox4x32-10 at a time: the vectorised form of <see cref="CounterRandom.Philox"/>.</summary>
internal static class PhiloxLanes
{
    /// <summary>Random words that one call gives.</summary>
    public const int Words = 8 * 4;

    // A 64-bit lane holds a 32-bit word in its lower half; products ignore the upper half.
    private static readonly Vector256<ulong> Low = Vector256.Create(0xFFFFFFFFUL);

    /// <summary>The words of the blocks <paramref name="counter"/> … <paramref name="counter"/> + 7, in their order. Needs AVX2.</summary>
    public static void Next(ulong counter, uint stream0, uint stream1, uint key0, uint key1, Span<uint> words)
    {
        Vector256<ulong> first = Vector256.Create(counter) + Vector256<ulong>.Indices;
        Vector256<ulong> second = first + Vector256.Create(4UL);
        (Vector256<ulong> a0, Vector256<ulong> a1) = (first, first >> 32);
        (Vector256<ulong> b0, Vector256<ulong> b1) = (second, second >> 32);
        Vector256<ulong> a2 = Vector256.Create((ulong)stream0), a3 = Vector256.Create((ulong)stream1);
        (Vector256<ulong> b2, Vector256<ulong> b3) = (a2, a3);
        for (int round = 0; round < 10; round++)
        {
            Vector256<ulong> k0 = Vector256.Create((ulong)key0), k1 = Vector256.Create((ulong)key1);
            Round(ref a0, ref a1, ref a2, ref a3, k0, k1);
            Round(ref b0, ref b1, ref b2, ref b3, k0, k1);
            key0 = unchecked(key0 + 0x9E3779B9u);
            key1 = unchecked(key1 + 0xBB67AE85u);
        }

        Span<ulong> pairs = MemoryMarshal.Cast<uint, ulong>(words);
        Store(a0, a1, a2, a3, pairs);
        Store(b0, b1, b2, b3, pairs[8..]);
    }

    private static void Round(
        ref Vector256<ulong> c0, ref Vector256<ulong> c1, ref Vector256<ulong> c2, ref Vector256<ulong> c3,
        Vector256<ulong> k0, Vector256<ulong> k1)
    {
        Vector256<ulong> product0 = Avx2.Multiply(c0.AsUInt32(), Vector256.Create(0xD2511F53UL).AsUInt32());
        Vector256<ulong> product1 = Avx2.Multiply(c2.AsUInt32(), Vector256.Create(0xCD9E8D57UL).AsUInt32());
        (c0, c1, c2, c3) = ((product1 >> 32) ^ c1 ^ k0, product1, (product0 >> 32) ^ c3 ^ k1, product0);
    }

    // Four blocks, each of its own four words, one block behind the other.
    private static void Store(Vector256<ulong> c0, Vector256<ulong> c1, Vector256<ulong> c2, Vector256<ulong> c3, Span<ulong> pairs)
    {
        Vector256<ulong> front = (c0 & Low) | (c1 << 32);
        Vector256<ulong> back = (c2 & Low) | (c3 << 32);
        Vector256<ulong> even = Avx2.UnpackLow(front, back), odd = Avx2.UnpackHigh(front, back);
        Avx2.Permute2x128(even, odd, 0x20).CopyTo(pairs);
        Avx2.Permute2x128(even, odd, 0x31).CopyTo(pairs[4..]);
    }
}
