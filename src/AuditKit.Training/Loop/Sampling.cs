namespace AuditKit.Training.Loop;

/// <summary>The order in which training images are seen.</summary>
public enum Sampling
{
    /// <summary>Every image once an epoch, in random order.</summary>
    Uniform,

    /// <summary>As many draws as images; every class equally likely, then an image of it (with replacement).</summary>
    ClassBalanced,

    /// <summary>As many draws as images; every group equally likely, then an image of it (with replacement).</summary>
    GroupBalanced,
}

/// <summary>Draws the order of an epoch.</summary>
public static class EpochOrder
{
    /// <summary>Positions in the training set, one for each draw; it depends on the seed and the epoch alone.</summary>
    /// <param name="sampling">How images are drawn.</param>
    /// <param name="strata">For each image its class or group (a number from 0); read for balanced sampling only.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="repeats">For each image how often it is in the set that is drawn from, 0 to leave it out; null for once.</param>
    public static int[] Draw(Sampling sampling, IReadOnlyList<int> strata, long seed, int epoch, IReadOnlyList<int>? repeats = null)
    {
        ArgumentNullException.ThrowIfNull(strata);
        CounterRandom random = CounterRandom.For(seed, "training/order", epoch);
        int[] order = [.. Enumerable.Range(0, strata.Count).SelectMany(image => Enumerable.Repeat(image, repeats?[image] ?? 1))];
        if (sampling == Sampling.Uniform)
        {
            random.Shuffle(order);
            return order;
        }

        int[][] members = [.. order.GroupBy(i => strata[i]).OrderBy(group => group.Key).Select(group => group.ToArray())];
        for (int i = 0; i < order.Length; i++)
        {
            int[] stratum = members[random.NextInt32(members.Length)];
            order[i] = stratum[random.NextInt32(stratum.Length)];
        }

        return order;
    }
}
