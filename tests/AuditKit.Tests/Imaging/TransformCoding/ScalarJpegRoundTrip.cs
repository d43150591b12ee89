using AuditKit.Imaging;

namespace AuditKit.Tests.Imaging.TransformCoding;

/// <summary>
/// JPEG's round trip written as plainly as can be, one sample at a time in 32-bit integers: no vectors, no reciprocals,
/// no padding beyond what a formula asks for.
/// </summary>
internal static class ScalarJpegRoundTrip
{
    private const int F0298 = 2446, F0390 = 3196, F0541 = 4433, F0765 = 6270, F0899 = 7373, F1175 = 9633, F1501 = 12299;
    private const int F1847 = 15137, F1961 = 16069, F2053 = 16819, F2562 = 20995, F3072 = 25172;

    private static readonly int[] LumaTable =
    [
        16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51, 87, 80, 62,
        18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
    ];

    public static Image Apply(Image image, int quality)
    {
        (int width, int height) = (image.Width, image.Height);
        var result = new Image(width, height, image.Channels);
        if (image.Channels == 1)
        {
            int[,] grey = Code(Map(width, height, (y, x) => image[y, x, 0]), quality, chroma: false);
            Fill(result, (y, x, _) => grey[y, x]);
            return result;
        }

        int[,] luma = Code(Map(width, height, (y, x) => Component(image, y, x, 19595, 38470, 7471, 1 << 15)), quality, chroma: false);
        const int Offset = (128 << 16) + (1 << 15) - 1;
        int[,] cb = Upsample(Code(Halve(Map(width, height, (y, x) => Component(image, y, x, -11059, -21709, 32768, Offset))), quality, chroma: true),
            width, height);
        int[,] cr = Upsample(Code(Halve(Map(width, height, (y, x) => Component(image, y, x, 32768, -27439, -5329, Offset))), quality, chroma: true),
            width, height);
        Fill(result, (y, x, c) => luma[y, x] + c switch
        {
            0 => ((91881 * (cr[y, x] - 128)) + 32768) >> 16,
            1 => ((-22554 * (cb[y, x] - 128)) - (46802 * (cr[y, x] - 128)) + 32768) >> 16,
            _ => ((116130 * (cb[y, x] - 128)) + 32768) >> 16,
        });
        return result;
    }

    private static int Component(Image image, int y, int x, int red, int green, int blue, int offset)
        => ((red * image[y, x, 0]) + (green * image[y, x, 1]) + (blue * image[y, x, 2]) + offset) >> 16;

    private static int[,] Halve(int[,] plane)
    {
        (int height, int width) = (plane.GetLength(0), plane.GetLength(1));
        int At(int y, int x) => plane[Math.Min(y, height - 1), Math.Min(x, width - 1)];

        // As many columns as whole blocks have, because the bias of those beyond the edge goes on by turns.
        return Map((width + 15) / 16 * 8, (height + 1) / 2, (y, x) =>
            (At(2 * y, 2 * x) + At(2 * y, (2 * x) + 1) + At((2 * y) + 1, 2 * x) + At((2 * y) + 1, (2 * x) + 1) + 1 + (x % 2)) >> 2);
    }

    private static int[,] Upsample(int[,] chroma, int width, int height)
    {
        (int chromaWidth, int chromaHeight) = ((width + 1) / 2, (height + 1) / 2);
        return Map(width, height, (y, x) =>
        {
            if (chromaWidth <= 2)
            {
                return chroma[y / 2, x / 2];
            }

            int far = Math.Clamp((y / 2) + (y % 2 == 0 ? -1 : 1), 0, chromaHeight - 1);
            int side = Math.Clamp((x / 2) + (x % 2 == 0 ? -1 : 1), 0, chromaWidth - 1);
            int Column(int column) => (3 * chroma[y / 2, column]) + chroma[far, column];
            return ((3 * Column(x / 2)) + Column(side) + (x % 2 == 0 ? 8 : 7)) >> 4;
        });
    }

    // Blocks beyond the edge are left out: the last row and column are repeated up to the end of their blocks.
    private static int[,] Code(int[,] plane, int quality, bool chroma)
    {
        (int height, int width) = (plane.GetLength(0), plane.GetLength(1));
        var result = new int[height, width];
        var block = new int[8, 8];
        for (int top = 0; top < height; top += 8)
        {
            for (int left = 0; left < width; left += 8)
            {
                for (int i = 0; i < 64; i++)
                {
                    block[i / 8, i % 8] = plane[Math.Min(top + (i / 8), height - 1), Math.Min(left + (i % 8), width - 1)] - 128;
                }

                Forward(block);
                Quantise(block, quality, chroma);
                Inverse(block);
                for (int y = top; y < Math.Min(top + 8, height); y++)
                {
                    for (int x = left; x < Math.Min(left + 8, width); x++)
                    {
                        result[y, x] = Math.Clamp(block[y - top, x - left] + 128, 0, 255);
                    }
                }
            }
        }

        return result;
    }

    private static void Quantise(int[,] block, int quality, bool chroma)
    {
        int percent = quality < 50 ? 5000 / quality : 200 - (2 * quality);
        for (int i = 0; i < 64; i++)
        {
            int entry = chroma ? ChromaEntry(i / 8, i % 8) : LumaTable[i];
            int q = Math.Clamp(((entry * percent) + 50) / 100, 1, 255);
            int c = block[i / 8, i % 8];
            block[i / 8, i % 8] = Math.Sign(c) * ((Math.Abs(c) + (4 * q)) / (8 * q)) * q;
        }
    }

    private static int ChromaEntry(int row, int column) => (Math.Min(row, column), Math.Max(row, column)) switch
    {
        (0, 0) => 17,
        (0, 1) => 18,
        (0, 2) => 24,
        (0, 3) => 47,
        (1, 1) => 21,
        (1, 2) => 26,
        (1, 3) => 66,
        (2, 2) => 56,
        _ => 99,
    };

    private static void Forward(int[,] block)
    {
        for (int i = 0; i < 8; i++)
        {
            int row = i;
            Forward(n => block[row, n], (n, value) => block[row, n] = value, v => v << 2, 11);
        }

        for (int i = 0; i < 8; i++)
        {
            int column = i;
            Forward(n => block[n, column], (n, value) => block[n, column] = value, v => (v + 2) >> 2, 15);
        }
    }

    private static void Forward(Func<int, int> get, Action<int, int> set, Func<int, int> scale, int bits)
    {
        int[] s = [.. Enumerable.Range(0, 4).Select(i => get(i) + get(7 - i))];
        int[] d = [.. Enumerable.Range(0, 4).Select(i => get(i) - get(7 - i))];
        (int even0, int even3, int even1, int even2) = (s[0] + s[3], s[0] - s[3], s[1] + s[2], s[1] - s[2]);
        (int a, int b, int c, int e) = Odd(d[3], d[2], d[1], d[0]);
        set(0, scale(even0 + even1));
        set(4, scale(even0 - even1));
        set(2, Descale(((even2 + even3) * F0541) + (even3 * F0765), bits));
        set(6, Descale(((even2 + even3) * F0541) - (even2 * F1847), bits));
        (int, int)[] odd = [(7, a), (5, b), (3, c), (1, e)];
        Array.ForEach(odd, pair => set(pair.Item1, Descale(pair.Item2, bits)));
    }

    private static void Inverse(int[,] block)
    {
        for (int i = 0; i < 8; i++)
        {
            int column = i;
            Inverse(n => block[n, column], (n, value) => block[n, column] = value, 11);
        }

        for (int i = 0; i < 8; i++)
        {
            int row = i;
            Inverse(n => block[row, n], (n, value) => block[row, n] = value, 18);
        }
    }

    private static void Inverse(Func<int, int> get, Action<int, int> set, int bits)
    {
        int both = (get(2) + get(6)) * F0541;
        (int cosine, int sine) = (both + (get(2) * F0765), both - (get(6) * F1847));
        (int sum, int difference) = ((get(0) + get(4)) << 13, (get(0) - get(4)) << 13);
        (int a, int b, int c, int d) = Odd(get(7), get(5), get(3), get(1));
        int[] even = [sum + cosine, difference + sine, difference - sine, sum - cosine];
        int[] odd = [d, c, b, a];
        for (int i = 0; i < 4; i++)
        {
            set(i, Descale(even[i] + odd[i], bits));
            set(7 - i, Descale(even[i] - odd[i], bits));
        }
    }

    private static (int A, int B, int C, int D) Odd(int a, int b, int c, int d)
    {
        int all = (a + b + c + d) * F1175;
        (int ac, int bd) = (all - ((a + c) * F1961), all - ((b + d) * F0390));
        (int ad, int bc) = ((a + d) * -F0899, (b + c) * -F2562);
        return ((a * F0298) + ad + ac, (b * F2053) + bc + bd, (c * F3072) + bc + ac, (d * F1501) + ad + bd);
    }

    private static int Descale(int value, int bits) => (value + (1 << (bits - 1))) >> bits;

    private static int[,] Map(int width, int height, Func<int, int, int> sample)
    {
        var plane = new int[height, width];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                plane[y, x] = sample(y, x);
            }
        }

        return plane;
    }

    private static void Fill(Image image, Func<int, int, int, int> sample)
    {
        for (int i = 0; i < image.Samples.Length; i++)
        {
            int pixel = i / image.Channels;
            image.Samples[i] = (byte)Math.Clamp(sample(pixel / image.Width, pixel % image.Width, i % image.Channels), 0, 255);
        }
    }
}
