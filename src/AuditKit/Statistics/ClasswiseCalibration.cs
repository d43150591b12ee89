namespace AuditKit.Statistics;

/// <summary>
/// Classwise ECE (Kull et al., Beyond temperature scaling, NeurIPS 2019): the calibration error of each class' own
/// probability, over all units and not only those predicted as it, averaged over the classes. Bins of equal width.
/// </summary>
public sealed class ClasswiseCalibration
{
    private readonly ClassScores _scores;
    private readonly int _bins;
    private readonly double[] _gaps;

    /// <summary>Prepares scores.</summary>
    /// <param name="scores">The scores.</param>
    /// <param name="bins">Number of bins a class, at least 1.</param>
    public ClasswiseCalibration(ClassScores scores, int bins)
    {
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 1);
        (_scores, _bins) = (scores, bins);
        _gaps = Gaps([]);
    }

    /// <summary>(1/K)·Σ_k Σ_b |Σ (p_k − [label = k])| / n, with what the bootstrap needs: it is the L1 norm of the gaps.</summary>
    public BootstrapStatistic Error => new(weights => BootstrapStatistic.L1(Gaps(weights)), weights => BootstrapStatistic.L1(Gaps(weights), _gaps));

    private double[] Gaps(ReadOnlySpan<int> weights)
    {
        int classes = _scores.Classes;
        double[] gaps = new double[classes * _bins];
        long count = 0;
        for (int i = 0; i < _scores.Count; i++)
        {
            int weight = weights.IsEmpty ? 1 : weights[i];
            if (weight == 0)
            {
                continue;
            }

            count += weight;
            ReadOnlySpan<float> probabilities = _scores.Probabilities(i);
            for (int k = 0; k < classes; k++)
            {
                gaps[(k * _bins) + CalibrationBins.WidthBin(probabilities[k], _bins)] += weight * (double)probabilities[k];
            }

            int label = _scores.Label(i);
            gaps[(label * _bins) + CalibrationBins.WidthBin(probabilities[label], _bins)] -= weight;
        }

        foreach (ref double gap in gaps.AsSpan())
        {
            gap /= (double)count * classes;
        }

        return gaps;
    }
}
