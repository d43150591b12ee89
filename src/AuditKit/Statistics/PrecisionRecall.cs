namespace AuditKit.Statistics;

/// <summary>
/// Precision and recall of a detector that says "near-duplicate" where a distance is at most a threshold. Each unit
/// gives one pair that is (an image and its perturbed copy) and one that is not (the image and another).
/// </summary>
public sealed class PrecisionRecall
{
    private readonly float[] _distances;
    private readonly int[] _order;
    private readonly int[] _blockEnds;
    private readonly int _units;

    /// <summary>Sorts the pairs.</summary>
    /// <param name="duplicates">n distances of pairs that should be found.</param>
    /// <param name="different">n distances of pairs that should not.</param>
    public PrecisionRecall(float[] duplicates, float[] different)
    {
        ArgumentNullException.ThrowIfNull(duplicates);
        ArgumentNullException.ThrowIfNull(different);
        ArgumentOutOfRangeException.ThrowIfNotEqual(different.Length, duplicates.Length);
        _units = duplicates.Length;
        _distances = [.. duplicates, .. different];
        _order = [.. Enumerable.Range(0, _distances.Length).OrderBy(i => _distances[i])];
        _blockEnds = [.. Enumerable.Range(1, _order.Length).Where(end => end == _order.Length || _distances[_order[end]] != _distances[_order[end - 1]])];
    }

    /// <summary>The operating points, one for each distance that occurs, from the strictest.</summary>
    public IEnumerable<OperatingPoint> Points
    {
        get
        {
            (int start, int found) = (0, 0);
            foreach (int end in _blockEnds)
            {
                for (; start < end; start++)
                {
                    found += _order[start] < _units ? 1 : 0;
                }

                yield return new OperatingPoint(_distances[_order[end - 1]], (double)found / end, (double)found / _units);
            }
        }
    }

    /// <summary>Average precision Σ_t (R_t − R_(t−1))·P_t over the thresholds t, pairs of equal distance being found together.</summary>
    public BootstrapStatistic AveragePrecision => new(Average);

    private double Average(ReadOnlySpan<int> weights)
    {
        (double sum, long all, long found, int start) = (0, 0, 0, 0);
        foreach (int end in _blockEnds)
        {
            long before = found;
            for (; start < end; start++)
            {
                int pair = _order[start];
                bool duplicate = pair < _units;
                int weight = weights.IsEmpty ? 1 : weights[duplicate ? pair : pair - _units];
                all += weight;
                found += duplicate ? weight : 0;
            }

            sum += found == before ? 0 : (double)(found - before) * found / all;
        }

        return sum / found;
    }
}

/// <summary>What a threshold gives.</summary>
/// <param name="Threshold">The largest distance that counts as near-duplicate.</param>
/// <param name="Precision">The share of near-duplicates among what is found.</param>
/// <param name="Recall">The share of the near-duplicates that is found.</param>
public readonly record struct OperatingPoint(double Threshold, double Precision, double Recall)
{
    /// <summary>The harmonic mean of precision and recall.</summary>
    public double F1 => Precision + Recall == 0 ? 0 : 2 * Precision * Recall / (Precision + Recall);
}
