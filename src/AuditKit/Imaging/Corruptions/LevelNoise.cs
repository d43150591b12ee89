using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace AuditKit.Imaging.Corruptions;

/// <summary>
/// Noise that changes every sample on its own: what becomes of a sample depends on its level alone, so the noise is
/// 256 distributions over 256 levels. They are drawn from by Walker's alias method (1977), one draw of 32 bits a
/// sample, with probabilities exact to 2⁻³².
/// </summary>
internal sealed class LevelNoise
{
    private const int Levels = 256;

    // Of 32 random bits 8 choose a column and 24 decide between the column's own level and its alias.
    private const int ThresholdBits = 24;
    private const uint ThresholdMask = (1u << ThresholdBits) - 1;

    // Samples whose draws are made at once.
    private const int Block = 1024;

    // Per level 256 columns of 24 bits of threshold and, below them, 8 bits of alias.
    private readonly uint[] _columns = new uint[Levels * Levels];

    /// <summary>Tabulates the noise.</summary>
    /// <param name="distribution">
    /// Given a level, the probabilities of the 256 resulting levels; they are divided by their sum.
    /// </param>
    public LevelNoise(Action<int, double[]> distribution)
    {
        double[] probabilities = new double[Levels];
        for (int level = 0; level < Levels; level++)
        {
            Array.Clear(probabilities);
            distribution(level, probabilities);
            Tabulate(probabilities, _columns.AsSpan(level * Levels, Levels));
        }
    }

    /// <summary>Draws a new level for every sample of an image.</summary>
    public Image Apply(Image image, CounterRandom random)
    {
        var result = new Image(image.Width, image.Height, image.Channels);
        Span<uint> draws = stackalloc uint[Block];
        ref uint columns = ref MemoryMarshal.GetArrayDataReference(_columns);
        for (int start = 0; start < image.Samples.Length; start += Block)
        {
            ReadOnlySpan<byte> samples = image.Samples.AsSpan(start, Math.Min(Block, image.Samples.Length - start));
            Span<byte> noisy = result.Samples.AsSpan(start, samples.Length);
            random.Fill(draws[..samples.Length]);
            for (int i = 0; i < samples.Length; i++)
            {
                uint column = draws[i] >> ThresholdBits;
                uint entry = Unsafe.Add(ref columns, (samples[i] * Levels) + (int)column);
                noisy[i] = (byte)((draws[i] & ThresholdMask) < entry >> 8 ? column : entry);
            }
        }

        return result;
    }

    // Vose's way to build the table (1991): columns of too little probability are filled up from those of too much.
    private static void Tabulate(double[] probabilities, Span<uint> columns)
    {
        double sum = probabilities.Sum();
        double[] left = [.. probabilities.Select(p => p / sum * Levels)];
        var poor = new Stack<int>(Enumerable.Range(0, Levels).Where(level => left[level] < 1));
        var rich = new Stack<int>(Enumerable.Range(0, Levels).Where(level => left[level] >= 1));
        while (poor.Count > 0 && rich.Count > 0)
        {
            (int column, int alias) = (poor.Pop(), rich.Peek());
            columns[column] = ((uint)Math.Round(left[column] * ThresholdMask) << 8) | (uint)alias;
            left[alias] -= 1 - left[column];
            if (left[alias] < 1)
            {
                poor.Push(rich.Pop());
            }
        }

        // What rounding has left over is full.
        foreach (int column in poor.Concat(rich))
        {
            columns[column] = (ThresholdMask << 8) | (uint)column;
        }
    }
}
