namespace AuditKit.Statistics;

/// <summary>
/// The risk–coverage curve of a classifier that may abstain (El-Yaniv and Wiener 2010): the error rate among the
/// units that it is surest of, against the share of units that these are; AURC is the area below it (Geifman et al.
/// 2019). Among units of equal confidence the order is random, and what stands here is the mean over all orders.
/// </summary>
public sealed class RiskCoverage
{
    private readonly bool[] _wrong;
    private readonly int[] _order;
    private readonly int[] _blockEnds;

    /// <summary>Sorts the units by confidence.</summary>
    /// <param name="confidence">n confidences.</param>
    /// <param name="wrong">Whether each prediction is wrong.</param>
    public RiskCoverage(float[] confidence, bool[] wrong)
    {
        ArgumentNullException.ThrowIfNull(confidence);
        _wrong = wrong;
        _order = [.. Enumerable.Range(0, confidence.Length).OrderByDescending(i => confidence[i])];
        _blockEnds = [.. Enumerable.Range(1, _order.Length).Where(end => end == _order.Length || confidence[_order[end]] != confidence[_order[end - 1]])];
    }

    /// <summary>AURC: the mean over i = 1 .. n of the error rate among the i surest.</summary>
    public BootstrapStatistic Area => new(AreaOf);

    /// <summary>The expected error rate among the surest units.</summary>
    /// <param name="count">How many, 1 .. n.</param>
    public double Risk(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _order.Length);
        (int start, double errors) = (0, 0);
        foreach (int end in _blockEnds)
        {
            int wrong = _order[start..end].Count(i => _wrong[i]);
            if (end >= count)
            {
                return (errors + ((double)wrong * (count - start) / (end - start))) / count;
            }

            errors += wrong;
            start = end;
        }

        throw new InvalidOperationException("The last block ends with the last unit.");
    }

    private double AreaOf(ReadOnlySpan<int> weights)
    {
        double area = 0;
        (long covered, double errors, int start) = (0, 0, 0);
        foreach (int end in _blockEnds)
        {
            (long block, long wrong) = (0, 0);
            for (; start < end; start++)
            {
                int weight = weights.IsEmpty ? 1 : weights[_order[start]];
                block += weight;
                wrong += _wrong[_order[start]] ? weight : 0;
            }

            for (long j = 1; j <= block; j++)
            {
                area += (errors + ((double)wrong * j / block)) / (covered + j);
            }

            covered += block;
            errors += wrong;
        }

        return area / covered;
    }
}
