using System.Numerics;

namespace AuditKit.Imaging.Corruptions;

/// <summary>
/// A plasma fractal by the diamond–square algorithm (Fournier, Fussell and Carpenter 1982) on a torus: every round
/// halves the grid, sets its new points to the mean of their four neighbours, and adds noise whose amplitude falls.
/// </summary>
internal static class Plasma
{
    /// <summary>The side of the smallest map that covers an image: a power of two.</summary>
    public static int Side(int width, int height) => (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(width, height));

    /// <summary>Makes a map, stretched to [0, 1].</summary>
    /// <param name="map">Receives S×S values, S a power of two of at least 2.</param>
    /// <param name="side">The side S.</param>
    /// <param name="decay">By what the range of the noise is divided after each round; its amplitude, by the square.</param>
    /// <param name="random">The draws.</param>
    public static void Fill(Span<float> map, int side, double decay, CounterRandom random)
    {
        using var draws = new Scratch<float>(side * side);
        random.FillUniform(draws.Span, -1, 1);
        ReadOnlySpan<float> noise = draws.Span;
        map[0] = 0;
        double range = 100;
        for (int step = side; step >= 2; step /= 2)
        {
            float amplitude = (float)(range * range);
            noise = Squares(map, side, step, amplitude, noise);
            noise = Diamonds(map, side, step, amplitude, noise);
            range /= decay;
        }

        Stretch(map);
    }

    // The centre of every square, from its corners.
    private static ReadOnlySpan<float> Squares(Span<float> map, int side, int step, float amplitude, ReadOnlySpan<float> noise)
    {
        int half = step / 2, wrap = side - 1, next = 0;
        for (int y = 0; y < side; y += step)
        {
            ReadOnlySpan<float> upper = map.Slice(y * side, side);
            ReadOnlySpan<float> lower = map.Slice(((y + step) & wrap) * side, side);
            Span<float> centre = map.Slice((y + half) * side, side);
            for (int x = 0; x < side; x += step)
            {
                int right = (x + step) & wrap;
                centre[x + half] = ((upper[x] + upper[right] + lower[x] + lower[right]) / 4) + (amplitude * noise[next++]);
            }
        }

        return noise[next..];
    }

    // The middle of every side of a square, from its two ends and the centres on both sides of it.
    private static ReadOnlySpan<float> Diamonds(Span<float> map, int side, int step, float amplitude, ReadOnlySpan<float> noise)
    {
        int half = step / 2, wrap = side - 1, next = 0;
        for (int y = 0; y < side; y += step)
        {
            Span<float> edge = map.Slice(y * side, side);
            Span<float> centre = map.Slice((y + half) * side, side);
            ReadOnlySpan<float> above = map.Slice(((y - half) & wrap) * side, side);
            ReadOnlySpan<float> below = map.Slice(((y + step) & wrap) * side, side);
            for (int x = 0; x < side; x += step)
            {
                int middle = x + half;
                edge[middle] = ((edge[x] + edge[(x + step) & wrap] + centre[middle] + above[middle]) / 4) + (amplitude * noise[next++]);
                centre[x] = ((edge[x] + below[x] + centre[middle] + centre[(x - half) & wrap]) / 4) + (amplitude * noise[next++]);
            }
        }

        return noise[next..];
    }

    private static void Stretch(Span<float> map)
    {
        (float min, float max) = (float.PositiveInfinity, float.NegativeInfinity);
        foreach (float value in map)
        {
            (min, max) = (Math.Min(min, value), Math.Max(max, value));
        }

        float scale = 1 / (max - min);
        foreach (ref float value in map)
        {
            value = (value - min) * scale;
        }
    }
}
