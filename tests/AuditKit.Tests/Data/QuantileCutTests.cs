using AuditKit.Data;

namespace AuditKit.Tests.Data;

public class QuantileCutTests
{
    [Fact]
    public void Different_values_fall_into_slices_of_nearly_equal_size()
    {
        double[] values = [.. Enumerable.Range(1, 10).Select(i => i / 10.0)];
        var cut = QuantileCut.Of("brightness", values, 3);
        Assert.Equal([3, 4, 3], Sizes(cut, values));
        Assert.Equal(["brightness 1/3 (low: ≤ 0.300)", "brightness 2/3 (mid: 0.300 – 0.700)", "brightness 3/3 (high: > 0.700)"], cut.Names);
    }

    [Fact]
    public void Halves_and_fifths_are_named_by_their_bounds()
    {
        double[] values = [.. Enumerable.Range(1, 100).Select(i => i * 100.0)];
        Assert.Equal(["sharpness 1/2 (low: ≤ 5000)", "sharpness 2/2 (high: > 5000)"], QuantileCut.Of("sharpness", values, 2).Names);
        Assert.Equal("sharpness 3/5 (4000 – 6000)", QuantileCut.Of("sharpness", values, 5).Names[2]);
    }

    [Fact]
    public void Bounds_get_as_many_digits_as_tell_them_apart()
        => Assert.Equal(
            ["x 1/3 (low: ≤ 0.50001)", "x 2/3 (mid: 0.50001 – 0.50002)", "x 3/3 (high: > 0.50002)"],
            QuantileCut.Of("x", [0.50001, 0.50002, 0.50003], 3).Names);

    [Fact]
    public void Equal_values_stay_together_and_leave_no_empty_slice()
    {
        double[] values = [0, 0, 0, 0, 0, 0, 0, 1, 2, 3];
        var cut = QuantileCut.Of("x", values, 3);
        Assert.Equal([7, 3], Sizes(cut, values));
        Assert.Equal(["x 1/2 (low: ≤ 0.00)", "x 2/2 (high: > 0.00)"], cut.Names);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Values_that_are_all_equal_make_one_slice(int slices)
        => Assert.Equal(["x 1/1 (all values)"], QuantileCut.Of("x", [2, 2, 2], slices).Names);

    [Fact]
    public void Values_between_and_beyond_those_that_set_the_cuts_have_a_slice_too()
    {
        var cut = QuantileCut.Of("x", [1, 2, 3, 4], 2);
        Assert.Equal([0, 0, 1, 1, 1], new[] { -5, 2, 2.01, 3, 99 }.Select(cut.Slice));
    }

    [Fact]
    public void Each_cut_is_the_place_nearest_to_its_share_that_parts_no_equal_values()
    {
        var random = CounterRandom.For(1, "quantile-cut", 0);
        for (int trial = 0; trial < 300; trial++)
        {
            int slices = 1 + random.NextInt32(6);
            double[] values = [.. Enumerable.Range(0, 1 + random.NextInt32(40)).Select(_ => (double)random.NextInt32(1 + (trial % 30)))];

            var cut = QuantileCut.Of("x", values, slices);

            // Slow reference: try every place.
            double[] sorted = [.. values.Order()];
            int[] places = [.. Enumerable.Range(1, sorted.Length - 1).Where(p => sorted[p - 1] < sorted[p])];
            int[] cuts = [.. Enumerable.Range(1, slices - 1)
                .SelectMany(j => places.OrderBy(p => Math.Abs((p * slices) - (j * sorted.Length))).ThenBy(p => p).Take(1))
                .Distinct()];
            int[] ends = [.. cuts, sorted.Length];
            Assert.Equal(ends.Select((end, i) => end - (i == 0 ? 0 : ends[i - 1])), Sizes(cut, values));
            Assert.Equal(ends.Length, cut.Names.Count);
        }
    }

    [Fact]
    public void No_values_and_values_that_are_not_finite_are_refused()
    {
        Assert.Throws<ArgumentException>(() => QuantileCut.Of("x", [], 2));
        Assert.Throws<ArgumentException>(() => QuantileCut.Of("x", [1, double.NaN], 2));
    }

    private static IEnumerable<int> Sizes(QuantileCut cut, double[] values)
        => Enumerable.Range(0, cut.Names.Count).Select(slice => values.Count(value => cut.Slice(value) == slice));
}
