namespace AuditKit.Statistics;

/// <summary>
/// Expected calibration error (Naeini et al. 2015): units are put into bins by the probability that was claimed, and
/// in each bin the mean claim is compared with how often it came true. ECE = Σ_b (n_b/n)·|claimed_b − true_b|.
/// </summary>
public sealed class CalibrationBins
{
    private readonly float[] _claimed;
    private readonly bool[] _true;
    private readonly int[] _bin;
    private readonly double[] _gaps;

    private CalibrationBins(float[] claimed, bool[] came, int[] bin, int bins)
    {
        (_claimed, _true, _bin, _gaps) = (claimed, came, bin, new double[bins]);
        Gaps([], _gaps);
        Bins =
        [
            .. Enumerable.Range(0, claimed.Length).GroupBy(i => bin[i]).OrderBy(units => units.Key).Select(units => new CalibrationBin(
                units.Average(i => (double)claimed[i]), Proportion.Of(units.Select(i => came[i])))),
        ];
    }

    /// <summary>The bins that hold a unit, from the lowest claim to the highest.</summary>
    public IReadOnlyList<CalibrationBin> Bins { get; }

    /// <summary>Bins of equal width: (0, 1/B], (1/B, 2/B] … Guo et al. (2017) use B = 15.</summary>
    /// <param name="claimed">n probabilities.</param>
    /// <param name="came">Whether each came true.</param>
    /// <param name="bins">Number of bins B, at least 1.</param>
    public static CalibrationBins EqualWidth(float[] claimed, bool[] came, int bins)
    {
        ArgumentNullException.ThrowIfNull(claimed);
        return new(claimed, came, [.. claimed.Select(p => WidthBin(p, bins))], bins);
    }

    /// <summary>
    /// Bins of as nearly the same number of units as there can be: each claim's bin follows from the share of units
    /// below it. Equal claims stay together, so that the order of the units does not matter (Nguyen and O'Connor 2015).
    /// </summary>
    /// <inheritdoc cref="EqualWidth" path="/param"/>
    public static CalibrationBins EqualMass(float[] claimed, bool[] came, int bins)
    {
        ArgumentNullException.ThrowIfNull(claimed);
        int[] order = [.. Enumerable.Range(0, claimed.Length).OrderBy(i => claimed[i])];
        int[] bin = new int[claimed.Length];
        for (int rank = 0; rank < order.Length; rank++)
        {
            bool tied = rank > 0 && claimed[order[rank]] == claimed[order[rank - 1]];
            bin[order[rank]] = tied ? bin[order[rank - 1]] : (int)((long)rank * bins / order.Length);
        }

        return new(claimed, came, bin, bins);
    }

    /// <summary>The error with what the bootstrap needs: it is the L1 norm of the bins' gaps (n_b/n)·(claimed_b − true_b).</summary>
    public BootstrapStatistic Error => new(
        weights =>
        {
            Span<double> gaps = stackalloc double[_gaps.Length];
            Gaps(weights, gaps);
            return BootstrapStatistic.L1(gaps);
        },
        weights =>
        {
            Span<double> gaps = stackalloc double[_gaps.Length];
            Gaps(weights, gaps);
            return BootstrapStatistic.L1(gaps, _gaps);
        });

    private void Gaps(ReadOnlySpan<int> weights, Span<double> gaps)
    {
        gaps.Clear();
        long count = 0;
        for (int i = 0; i < _bin.Length; i++)
        {
            int weight = weights.IsEmpty ? 1 : weights[i];
            count += weight;
            gaps[_bin[i]] += weight * (_claimed[i] - (_true[i] ? 1.0 : 0.0));
        }

        foreach (ref double gap in gaps)
        {
            gap /= count;
        }
    }

    /// <summary>The bin of a probability among B of equal width, closed above.</summary>
    internal static int WidthBin(float probability, int bins) => Math.Clamp((int)Math.Ceiling((double)probability * bins) - 1, 0, bins - 1);
}
