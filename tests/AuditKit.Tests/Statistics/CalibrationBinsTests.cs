using AuditKit.Statistics;

namespace AuditKit.Tests.Statistics;

public sealed class CalibrationBinsTests
{
    [Fact]
    public void A_small_case_is_as_worked_out_by_hand()
    {
        // Bins (0.5, 0.6] with 0.55 and 0.59, (0.8, 0.9] with 0.9, (0.9, 1] with 0.95 and 1.
        float[] claimed = [0.55f, 0.9f, 0.59f, 1f, 0.95f];
        bool[] came = [true, false, false, true, true];
        var bins = CalibrationBins.EqualWidth(claimed, came, 10);
        Assert.Equal([0.57, 0.9, 0.975], bins.Bins.Select(bin => bin.Claimed), (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.Equal([0.5, 0, 1], bins.Bins.Select(bin => bin.CameTrue.Estimate!.Value));
        Assert.Equal(((2 * 0.07) + (1 * 0.9) + (2 * 0.025)) / 5, bins.Error.Value([]), 1e-6);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(15)]
    public void Both_errors_equal_a_slow_reference(int count)
    {
        ClassScores scores = RandomScores.Make(500, 3);
        float[] claimed = [.. Enumerable.Range(0, 500).Select(scores.Confidence)];
        bool[] came = [.. Enumerable.Range(0, 500).Select(scores.IsCorrect)];
        double width = 0;
        for (int b = 0; b < count; b++)
        {
            width += Gap(Enumerable.Range(0, 500).Where(i => claimed[i] * (double)count > b && claimed[i] * (double)count <= b + 1));
        }

        Assert.Equal(width, CalibrationBins.EqualWidth(claimed, came, count).Error.Value([]), 1e-9);

        int[] order = [.. Enumerable.Range(0, 500).OrderBy(i => claimed[i])];
        double mass = 0;
        for (int b = 0; b < count; b++)
        {
            mass += Gap(order[((500 * b + count - 1) / count)..((500 * (b + 1) + count - 1) / count)]);
        }

        Assert.Equal(mass, CalibrationBins.EqualMass(claimed, came, count).Error.Value([]), 1e-9);

        double Gap(IEnumerable<int> units) => Math.Abs(units.Sum(i => claimed[i] - (came[i] ? 1.0 : 0.0))) / 500;
    }

    [Fact]
    public void Equal_claims_stay_in_one_bin_of_equal_mass()
    {
        float[] claimed = [.. Enumerable.Repeat(0.7f, 100)];
        bool[] came = [.. Enumerable.Range(0, 100).Select(i => i < 70)];
        var bins = CalibrationBins.EqualMass(claimed, came, 10);
        Assert.Equal(100, Assert.Single(bins.Bins).CameTrue.Count);
        Assert.Equal(0, bins.Error.Value([]), 1e-6);
    }

    [Fact]
    public void A_weight_counts_a_unit_several_times()
    {
        ClassScores scores = RandomScores.Make(200, 3);
        int[] weights = RandomScores.Weights(200);
        int[] repeated = RandomScores.Repeated(weights);
        float[] claimed = [.. Enumerable.Range(0, 200).Select(scores.Confidence)];
        bool[] came = [.. Enumerable.Range(0, 200).Select(scores.IsCorrect)];
        double expected = CalibrationBins.EqualWidth([.. repeated.Select(i => claimed[i])], [.. repeated.Select(i => came[i])], 15).Error.Value([]);
        Assert.Equal(expected, CalibrationBins.EqualWidth(claimed, came, 15).Error.Value(weights), 1e-12);
        double classwise = new ClasswiseCalibration(scores.Select(repeated), 15).Error.Value([]);
        Assert.Equal(classwise, new ClasswiseCalibration(scores, 15).Error.Value(weights), 1e-12);
    }

    [Fact]
    public void The_classwise_error_equals_a_slow_reference()
    {
        ClassScores scores = RandomScores.Make(300, 4);
        double expected = 0;
        for (int k = 0; k < 4; k++)
        {
            float[] claimed = [.. Enumerable.Range(0, 300).Select(i => scores.Probabilities(i)[k])];
            bool[] came = [.. Enumerable.Range(0, 300).Select(i => scores.Label(i) == k)];
            expected += CalibrationBins.EqualWidth(claimed, came, 12).Error.Value([]) / 4;
        }

        Assert.Equal(expected, new ClasswiseCalibration(scores, 12).Error.Value([]), 1e-9);
    }
}
