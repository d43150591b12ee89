using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using System.Security.Cryptography;
using System.Text;

namespace AuditKit;

/// <summary>
/// A counter-based random generator: Philox4x32-10 (Salmon et al., Parallel random numbers: as easy as 1, 2, 3,
/// SC 2011). The n-th draw is a pure function of the key and n, so a result never depends on batch size, thread
/// count, shards or the order of work.
/// </summary>
/// <remarks>Not safe for use from several threads; make one for each image and condition instead, that is cheap.</remarks>
public sealed class CounterRandom
{
    private readonly uint _key0;
    private readonly uint _key1;
    private readonly uint _stream0;
    private readonly uint _stream1;
    private ulong _counter;
    private readonly uint[] _block = new uint[4];
    private int _used = 4;

    private CounterRandom(uint key0, uint key1, ulong stream)
    {
        (_key0, _key1) = (key0, key1);
        (_stream0, _stream1) = ((uint)stream, (uint)(stream >> 32));
    }

    /// <summary>The generator of one image under one condition.</summary>
    /// <param name="seed">The seed of the audit or the training run.</param>
    /// <param name="purpose">What the draws are for, such as <c>stability/crop-2</c>: another purpose, other draws.</param>
    /// <param name="index">The image's index in its data set, or another counter of the same kind.</param>
    public static CounterRandom For(long seed, string purpose, long index)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{InvariantText.Of(seed)}/{purpose}"), digest);
        return new CounterRandom(
            BinaryPrimitives.ReadUInt32LittleEndian(digest),
            BinaryPrimitives.ReadUInt32LittleEndian(digest[4..]),
            (ulong)index);
    }

    /// <summary>32 uniform random bits.</summary>
    public uint NextUInt32()
    {
        if (_used == 4)
        {
            Philox((uint)_counter, (uint)(_counter >> 32), _stream0, _stream1, _key0, _key1, _block);
            _counter++;
            _used = 0;
        }

        return _block[_used++];
    }

    /// <summary>Fills a span with the draws that as many calls of <see cref="NextUInt32"/> would give, but faster.</summary>
    public void Fill(Span<uint> bits)
    {
        int i = 0;
        while (_used < 4 && i < bits.Length)
        {
            bits[i++] = NextUInt32();
        }

        if (Avx2.IsSupported)
        {
            for (; i <= bits.Length - PhiloxLanes.Words; i += PhiloxLanes.Words)
            {
                PhiloxLanes.Next(_counter, _stream0, _stream1, _key0, _key1, bits.Slice(i, PhiloxLanes.Words));
                _counter += PhiloxLanes.Words / 4;
            }
        }

        for (; i < bits.Length; i++)
        {
            bits[i] = NextUInt32();
        }
    }

    /// <summary>Fills a span with uniform numbers in [min, max), of 24 random bits each.</summary>
    public void FillUniform(Span<float> values, float min, float max)
    {
        Span<uint> bits = MemoryMarshal.Cast<float, uint>(values);
        Fill(bits);
        float step = (max - min) / (1 << 24);
        int i = 0;
        for (; i <= values.Length - Vector256<float>.Count; i += Vector256<float>.Count)
        {
            Vector256<float> draw = Vector256.ConvertToSingle((Vector256.Create<uint>(bits[i..]) >> 8).AsInt32());
            ((draw * step) + Vector256.Create(min)).CopyTo(values[i..]);
        }

        for (; i < values.Length; i++)
        {
            values[i] = ((bits[i] >> 8) * step) + min;
        }
    }

    /// <summary>
    /// Fills a span with normal numbers, by Box and Muller's formula in single precision: none is further than 5.8
    /// standard deviations from the mean.
    /// </summary>
    public void FillNormal(Span<float> values, float mean, float deviation)
    {
        // Two vectors of draws make two of numbers: r·cos φ and r·sin φ.
        const int Pairs = 8;
        Span<uint> bits = stackalloc uint[2 * Pairs];
        Span<float> numbers = stackalloc float[2 * Pairs];
        for (int i = 0; i < values.Length; i += 2 * Pairs)
        {
            Fill(bits);
            Vector256<float> first = Vector256.ConvertToSingle(((Vector256.Create<uint>(bits) >> 8) + Vector256<uint>.One).AsInt32());
            Vector256<float> second = Vector256.ConvertToSingle((Vector256.Create<uint>(bits[Pairs..]) >> 8).AsInt32());
            Vector256<float> radius = Vector256.Sqrt(Vector256.Log(first * (1f / (1 << 24))) * -2f) * deviation;
            (Vector256<float> sin, Vector256<float> cos) = Vector256.SinCos(second * (float)(2 * Math.PI / (1 << 24)));
            ((radius * cos) + Vector256.Create(mean)).CopyTo(numbers);
            ((radius * sin) + Vector256.Create(mean)).CopyTo(numbers[Pairs..]);
            numbers[..Math.Min(2 * Pairs, values.Length - i)].CopyTo(values[i..]);
        }
    }

    /// <summary>A uniform number in [0, 1) with 53 random bits.</summary>
    public double NextDouble()
    {
        ulong high = NextUInt32();
        ulong low = NextUInt32();
        return (((high << 32) | low) >> 11) * (1.0 / (1UL << 53));
    }

    /// <summary>A uniform integer in 0 .. <paramref name="bound"/> − 1, without modulo bias (Lemire 2019).</summary>
    /// <param name="bound">The exclusive upper bound, at least 1.</param>
    public int NextInt32(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bound, 1);
        ulong product = (ulong)NextUInt32() * (uint)bound;
        if ((uint)product < (uint)bound)
        {
            uint threshold = unchecked(0u - (uint)bound) % (uint)bound;
            while ((uint)product < threshold)
            {
                product = (ulong)NextUInt32() * (uint)bound;
            }
        }

        return (int)(product >> 32);
    }

    /// <summary>A standard normal number (Box–Muller; two draws of <see cref="NextDouble"/> each).</summary>
    public double NextNormal()
    {
        double radius = Math.Sqrt(-2.0 * Math.Log(1.0 - NextDouble()));
        return radius * Math.Cos(2.0 * Math.PI * NextDouble());
    }

    /// <summary>Shuffles in place, every order equally likely (Fisher–Yates).</summary>
    public void Shuffle(Span<int> values)
    {
        for (int i = values.Length - 1; i > 0; i--)
        {
            int j = NextInt32(i + 1);
            (values[i], values[j]) = (values[j], values[i]);
        }
    }

    /// <summary>One block of Philox4x32-10: four counter words and two key words to four random words.</summary>
    internal static void Philox(uint c0, uint c1, uint c2, uint c3, uint k0, uint k1, Span<uint> block)
    {
        for (int round = 0; round < 10; round++)
        {
            ulong product0 = 0xD2511F53UL * c0;
            ulong product1 = 0xCD9E8D57UL * c2;
            (c0, c1, c2, c3) = (
                (uint)(product1 >> 32) ^ c1 ^ k0,
                (uint)product1,
                (uint)(product0 >> 32) ^ c3 ^ k1,
                (uint)product0);
            k0 = unchecked(k0 + 0x9E3779B9u);
            k1 = unchecked(k1 + 0xBB67AE85u);
        }

        (block[0], block[1], block[2], block[3]) = (c0, c1, c2, c3);
    }
}
