using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace AuditKit.Imaging.Corruptions;

/// <summary>Runs operations over all pixels of an image. Grey goes in as three equal channels and comes out as luma.</summary>
internal static class RgbPixels
{
    /// <summary>Pixels that are worked on at a time. What is looked up by pixel needs as many values beyond the last.</summary>
    public const int Block = 8;

    // A block of colours is read as two vectors of four pixels and a third; the third's last four bytes are not used.
    private const int HalfBlock = 4 * 3;
    private const int BlockBytes = HalfBlock + 16;

    /// <summary>The luma weights of ITU-R BT.601.</summary>
    public static Vector256<float> Luma(Vector256<float> red, Vector256<float> green, Vector256<float> blue)
        => (red * 0.299f) + (green * 0.587f) + (blue * 0.114f);

    /// <summary>The image after an operation.</summary>
    public static Image Transform<T>(Image image, in T operation)
        where T : struct, IPixelOperation, allows ref struct
    {
        var result = new Image(image.Width, image.Height, image.Channels);
        int pixels = image.Width * image.Height;
        int channels = image.Channels;
        Span<byte> input = stackalloc byte[BlockBytes], output = stackalloc byte[BlockBytes];
        for (int pixel = 0; pixel < pixels; pixel += Block)
        {
            scoped ReadOnlySpan<byte> from = image.Samples.AsSpan(pixel * channels);
            Span<byte> to = result.Samples.AsSpan(pixel * channels);
            bool whole = from.Length >= BlockBytes;
            if (!whole)
            {
                from.CopyTo(input);
                from = input;
            }

            scoped Span<byte> target = whole ? to : output;
            if (channels == 3)
            {
                (Vector256<float> red, Vector256<float> green, Vector256<float> blue) = Load(from);
                operation.Apply(pixel, ref red, ref green, ref blue);
                Store(red, green, blue, target);
            }
            else
            {
                Vector256<float> red = LoadGrey(from);
                (Vector256<float> green, Vector256<float> blue) = (red, red);
                operation.Apply(pixel, ref red, ref green, ref blue);
                StoreGrey(Luma(red, green, blue), target);
            }

            if (!whole)
            {
                output[..Math.Min(to.Length, Block * channels)].CopyTo(to);
            }
        }

        return result;
    }

    private static (Vector256<float> Red, Vector256<float> Green, Vector256<float> Blue) Load(ReadOnlySpan<byte> bytes)
    {
        Vector128<byte> low = Vector128.Create(bytes);
        Vector128<byte> high = Vector128.Create(bytes[HalfBlock..]);
        return (Channel(0), Channel(1), Channel(2));

        // Indices out of range give zero: every third byte, widened to 32 bits.
        Vector256<float> Channel(byte c)
        {
            var every = Vector128.Create(c, 255, 255, 255, (byte)(c + 3), 255, 255, 255, (byte)(c + 6), 255, 255, 255, (byte)(c + 9), 255, 255, 255);
            return Vector256.ConvertToSingle(Vector256.Create(Vector128.Shuffle(low, every), Vector128.Shuffle(high, every)).AsInt32());
        }
    }

    private static void Store(Vector256<float> red, Vector256<float> green, Vector256<float> blue, Span<byte> bytes)
    {
        Vector256<byte> pixels = (Level(red) | (Level(green) << 8) | (Level(blue) << 16)).AsByte();
        Vector128<byte> close = Vector128.Create((byte)0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 255, 255, 255, 255);
        Vector128.Shuffle(pixels.GetLower(), close).CopyTo(bytes);
        Vector128.Shuffle(pixels.GetUpper(), close).CopyTo(bytes[HalfBlock..]);
    }

    private static Vector256<float> LoadGrey(ReadOnlySpan<byte> bytes)
    {
        Vector128<ushort> words = Vector128.WidenLower(Vector128.Create(bytes));
        (Vector128<uint> low, Vector128<uint> high) = Vector128.Widen(words);
        return Vector256.ConvertToSingle(Vector256.Create(low, high).AsInt32());
    }

    private static void StoreGrey(Vector256<float> grey, Span<byte> bytes)
    {
        Vector256<uint> levels = Level(grey).AsUInt32();
        Vector128<ushort> words = Vector128.Narrow(levels.GetLower(), levels.GetUpper());
        MemoryMarshal.Write(bytes, Vector128.Narrow(words, words).GetLower());
    }

    private static Vector256<int> Level(Vector256<float> values)
        => Vector256.ConvertToInt32(Levels.Clip(values + Vector256.Create(Levels.CutOff)));
}
