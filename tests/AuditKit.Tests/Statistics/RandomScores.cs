using AuditKit.Statistics;

namespace AuditKit.Tests.Statistics;

/// <summary>Scores that carry some information about their labels.</summary>
internal static class RandomScores
{
    public static ClassScores Make(int count, int classes, double signal = 1.5, long seed = 1)
    {
        int[] labels = new int[count];
        float[] logits = new float[count * classes];
        for (int i = 0; i < count; i++)
        {
            var random = CounterRandom.For(seed, "scores", i);
            labels[i] = random.NextInt32(classes);
            for (int k = 0; k < classes; k++)
            {
                logits[(i * classes) + k] = (float)(random.NextNormal() + (k == labels[i] ? signal : 0));
            }
        }

        return new ClassScores(classes, labels, logits);
    }

    /// <summary>Random weights with sum n, some of them 0.</summary>
    public static int[] Weights(int count)
    {
        int[] weights = new int[count];
        var random = CounterRandom.For(2, "weights", 0);
        for (int i = 0; i < count; i++)
        {
            weights[random.NextInt32(count)]++;
        }

        return weights;
    }

    /// <summary>Every unit as often as its weight says.</summary>
    public static int[] Repeated(int[] weights) => [.. weights.SelectMany((weight, unit) => Enumerable.Repeat(unit, weight))];
}
