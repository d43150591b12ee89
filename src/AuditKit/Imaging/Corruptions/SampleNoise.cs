using System.Collections.Concurrent;
using MathNet.Numerics.Distributions;

namespace AuditKit.Imaging.Corruptions;

/// <summary>A corruption that changes every sample on its own, by one constant.</summary>
public abstract class SampleNoise : Corruption<double>
{
    private readonly ConcurrentDictionary<double, Lazy<LevelNoise>> _tables = new();

    private protected SampleNoise(string kind, int severity, ReadOnlySpan<double> small, ReadOnlySpan<double> large)
        : base(kind, severity, small, large)
    {
    }

    /// <inheritdoc/>
    public override Image Apply(Image image, CounterRandom random)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(random);
        Lazy<LevelNoise> table = _tables.GetOrAdd(For(image), constant => new(() => new LevelNoise((level, p) => Distribute(level, constant, p))));
        return table.Value.Apply(image, random);
    }

    /// <summary>What becomes of a sample.</summary>
    /// <param name="level">The sample, 0 to 255.</param>
    /// <param name="constant">The severity's constant.</param>
    /// <param name="probabilities">Receives the probability of each resulting level 0 to 255; all zero before.</param>
    private protected abstract void Distribute(int level, double constant, double[] probabilities);

    /// <summary>The levels that a normal variable gives when it is clipped to 0…255 and cut off to whole levels.</summary>
    private protected static void DistributeNormal(double mean, double deviation, double[] probabilities)
    {
        double below = 0;
        for (int level = 0; level < 255; level++)
        {
            double upTo = Normal.CDF(mean, deviation, level + 1);
            probabilities[level] = upTo - below;
            below = upTo;
        }

        probabilities[255] = 1 - below;
    }
}
