using System.Collections.Concurrent;

namespace AuditKit.Imaging;

/// <summary>
/// Which source samples make each output sample along one axis, and with which fixed-point weights. They depend on
/// lengths and filter only, so one table serves all images of a size.
/// </summary>
internal sealed class ResampleWeights
{
    /// <summary>
    /// Fractional bits of a weight: what 32 bits leave beside the 8 of a sample and 2 for filters with negative
    /// lobes, whose sums leave 0–255 on both sides.
    /// </summary>
    public const int Precision = 22;

    // 32 MiB of tables: far beyond what one audit needs, but images of ever new sizes must not fill the memory.
    private const long CacheLimit = 8L << 20;

    private static readonly ConcurrentDictionary<Key, ResampleWeights> Cache = new();
    private static long _cached;

    private readonly int[] _first;
    private readonly int[] _counts;
    private readonly int[] _weights;
    private readonly int _stride;

    private ResampleWeights(Key key)
    {
        (int sourceLength, float from, float to, int length, ResampleFilter filter) = key;
        double scale = (double)(to - from) / length;
        double stretch = Math.Max(scale, 1);
        double support = filter.Support * stretch;

        // Whole vectors of four; the rest stays zero.
        _stride = ((int)Math.Ceiling(support) * 2) + 1;
        _first = new int[length];
        _counts = new int[length];
        _weights = new int[(long)length * _stride];
        Span<double> exact = new double[_stride];
        for (int i = 0; i < length; i++)
        {
            double centre = from + ((i + 0.5) * scale);
            int first = Math.Max((int)(centre - support + 0.5), 0);
            int count = Math.Min((int)(centre + support + 0.5), sourceLength) - first;
            double sum = 0;
            for (int tap = 0; tap < count; tap++)
            {
                exact[tap] = filter.Weight((tap + first - centre + 0.5) * (1 / stretch));
                sum += exact[tap];
            }

            for (int tap = 0; tap < count; tap++)
            {
                double weight = sum == 0 ? exact[tap] : exact[tap] / sum;
                _weights[(i * _stride) + tap] = (int)((weight * (1 << Precision)) + (weight < 0 ? -0.5 : 0.5));
            }

            (_first[i], _counts[i]) = (first, count);
        }
    }

    /// <summary>The output's length.</summary>
    public int Length => _first.Length;

    /// <summary>The first source sample that any output sample needs.</summary>
    public int Start => _first[0];

    /// <summary>One past the last source sample that any output sample needs.</summary>
    public int End => _first[^1] + _counts[^1];

    /// <summary>The table of one axis, from the cache or made anew. Safe to call from several threads.</summary>
    /// <param name="sourceLength">Samples along the axis of the source.</param>
    /// <param name="from">Where the sampled range begins, 0 ≤ from.</param>
    /// <param name="to">Where it ends, from &lt; to ≤ sourceLength.</param>
    /// <param name="length">Samples along the axis of the output.</param>
    /// <param name="filter">The kernel.</param>
    public static ResampleWeights For(int sourceLength, float from, float to, int length, ResampleFilter filter)
    {
        var key = new Key(sourceLength, from, to, length, filter);
        if (Cache.TryGetValue(key, out ResampleWeights? known))
        {
            return known;
        }

        var made = new ResampleWeights(key);
        if (Interlocked.Add(ref _cached, made._weights.Length) > CacheLimit)
        {
            Cache.Clear();
            Interlocked.Exchange(ref _cached, made._weights.Length);
        }

        Cache[key] = made;
        return made;
    }

    /// <summary>The first source sample of an output sample.</summary>
    public int First(int output) => _first[output];

    /// <summary>The weights of the source samples from <see cref="First"/> on.</summary>
    public ReadOnlySpan<int> Weights(int output) => _weights.AsSpan(output * _stride, _counts[output]);

    private readonly record struct Key(int SourceLength, float From, float To, int Length, ResampleFilter Filter);
}
