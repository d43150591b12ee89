using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace AuditKit.Imaging.Corruptions;

/// <summary>8-bit samples to floats of the same value, 0 to 255, and back.</summary>
internal static class Levels
{
    /// <summary>
    /// Added before the fraction is cut off, so that a level that single precision has missed by a rounding error is
    /// not lost. Far below what the published code's double precision can miss.
    /// </summary>
    public const float CutOff = 1f / 1024;

    /// <summary>Added before the fraction is cut off to get the nearest level.</summary>
    public const float Nearest = 0.5f;

    /// <summary>Widens samples.</summary>
    public static void ToFloats(ReadOnlySpan<byte> samples, Span<float> values)
    {
        int i = 0;
        for (; i <= samples.Length - Vector256<byte>.Count; i += Vector256<byte>.Count)
        {
            (Vector256<ushort> low, Vector256<ushort> high) = Vector256.Widen(Vector256.Create(samples[i..]));
            (Vector256<uint> a, Vector256<uint> b) = Vector256.Widen(low);
            (Vector256<uint> c, Vector256<uint> d) = Vector256.Widen(high);
            Vector256.ConvertToSingle(a.AsInt32()).CopyTo(values[i..]);
            Vector256.ConvertToSingle(b.AsInt32()).CopyTo(values[(i + 8)..]);
            Vector256.ConvertToSingle(c.AsInt32()).CopyTo(values[(i + 16)..]);
            Vector256.ConvertToSingle(d.AsInt32()).CopyTo(values[(i + 24)..]);
        }

        for (; i < samples.Length; i++)
        {
            values[i] = samples[i];
        }
    }

    /// <summary>Clips to 0…255 and cuts off the fraction.</summary>
    /// <param name="values">Finite values.</param>
    /// <param name="samples">Receives as many samples.</param>
    /// <param name="bias">Added first: <see cref="CutOff"/> or <see cref="Nearest"/>.</param>
    public static void FromFloats(ReadOnlySpan<float> values, Span<byte> samples, float bias = CutOff)
    {
        int i = 0;
        for (; i <= values.Length - Vector256<byte>.Count; i += Vector256<byte>.Count)
        {
            ReadOnlySpan<float> block = values.Slice(i, Vector256<byte>.Count);
            Vector256<ushort> low = Vector256.Narrow(Level(block), Level(block[8..]));
            Vector256<ushort> high = Vector256.Narrow(Level(block[16..]), Level(block[24..]));
            Vector256.Narrow(low, high).CopyTo(samples[i..]);
        }

        for (; i < values.Length; i++)
        {
            samples[i] = (byte)Math.Clamp(values[i] + bias, 0, 255);
        }

        Vector256<uint> Level(ReadOnlySpan<float> eight)
            => Vector256.ConvertToInt32(Clip(Vector256.Create(eight) + Vector256.Create(bias))).AsUInt32();
    }

    /// <summary>Multiplies every value.</summary>
    public static void Scale(Span<float> values, float factor)
    {
        int i = 0;
        for (; i <= values.Length - Vector256<float>.Count; i += Vector256<float>.Count)
        {
            (Vector256.Create<float>(values[i..]) * factor).CopyTo(values[i..]);
        }

        for (; i < values.Length; i++)
        {
            values[i] *= factor;
        }
    }

    /// <summary>Adds values to a sum.</summary>
    public static void Add(ReadOnlySpan<float> values, Span<float> sum)
    {
        int i = 0;
        for (; i <= values.Length - Vector256<float>.Count; i += Vector256<float>.Count)
        {
            (Vector256.Create(values[i..]) + Vector256.Create<float>(sum[i..])).CopyTo(sum[i..]);
        }

        for (; i < values.Length; i++)
        {
            sum[i] += values[i];
        }
    }

    /// <summary>Sets every value below a threshold to zero.</summary>
    public static void Cut(Span<float> values, float threshold)
    {
        int i = 0;
        for (; i <= values.Length - Vector256<float>.Count; i += Vector256<float>.Count)
        {
            Vector256<float> block = Vector256.Create<float>(values[i..]);
            (block & Vector256.GreaterThanOrEqual(block, Vector256.Create(threshold))).CopyTo(values[i..]);
        }

        for (; i < values.Length; i++)
        {
            values[i] = values[i] < threshold ? 0 : values[i];
        }
    }

    /// <summary>Clips to 0…255.</summary>
    public static Vector256<float> Clip(Vector256<float> values)
        => Vector256.Min(Vector256.Max(values, Vector256<float>.Zero), Vector256.Create(255f));

    /// <summary>The largest sample.</summary>
    public static byte Max(ReadOnlySpan<byte> samples)
    {
        Vector256<byte> largest = default;
        ReadOnlySpan<Vector256<byte>> vectors = MemoryMarshal.Cast<byte, Vector256<byte>>(samples);
        foreach (Vector256<byte> vector in vectors)
        {
            largest = Vector256.Max(largest, vector);
        }

        byte max = 0;
        for (int i = 0; i < Vector256<byte>.Count; i++)
        {
            max = Math.Max(max, largest[i]);
        }

        foreach (byte sample in samples[(vectors.Length * Vector256<byte>.Count)..])
        {
            max = Math.Max(max, sample);
        }

        return max;
    }
}
