using System.Buffers.Binary;
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
        SHA256.HashData(Encoding.UTF8.GetBytes($"{seed}/{purpose}"), digest);
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
