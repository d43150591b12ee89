using System.Globalization;
using AuditKit.Results;
using AuditKit.Statistics;

namespace AuditKit.Reports.Tests;

public class FiguresTests
{
    [Theory]
    [InlineData(0.9173, 10000, null, "91.73 %")]
    [InlineData(0.585, 200, null, "58.5 %")]
    [InlineData(0.0, 10000, null, "0.00 %")]
    [InlineData(1.0, 50, null, "100.0 %")]
    [InlineData(-0.0183, 10000, null, "−1.83 %")]
    public void Proportions_carry_the_decimals_that_n_supports(double estimate, int count, double? limit, string expected)
        => Assert.Equal(expected, Plain(Figures.Estimate(Proportion(estimate, count, limit))));

    [Theory]
    [InlineData(0.699996, 2000, 0.70, "69.9996 %")]
    [InlineData(0.70, 2000, 0.70, "70.00 %")]
    [InlineData(0.7004, 100, 0.70, "70.04 %")]
    [InlineData(0.99998, 100000, null, "99.998 %")]
    [InlineData(0.00002, 100000, null, "0.002 %")]
    public void Rounding_never_contradicts_the_threshold_or_prints_all_or_nothing(double estimate, int count, double? limit, string expected)
        => Assert.Equal(expected, Plain(Figures.Estimate(Proportion(estimate, count, limit))));

    [Fact]
    public void A_figure_is_on_the_same_side_of_its_threshold_printed_and_exact()
    {
        foreach (int step in Enumerable.Range(-2000, 4001))
        {
            (double limit, double estimate) = (0.7, 0.7 + (step / 200_000.0));
            string text = Plain(Figures.Estimate(Proportion(estimate, 5000, limit)));
            decimal printed = decimal.Parse(text[..^2], CultureInfo.InvariantCulture) / 100;
            Assert.Equal(Math.Sign(step), printed.CompareTo(0.7m));
        }
    }

    [Fact]
    public void What_was_not_measured_is_a_dash_and_not_zero()
    {
        Assert.Equal("–", Figures.Estimate(Proportion(null, 0, 0.7)));
        Assert.Equal("–", Figures.Interval(Proportion(null, 0, 0.7)));
        Assert.Equal("–", Figures.Estimate(Proportion(double.NaN, 5, null)));
        Assert.Equal("–", Figures.Threshold(Proportion(0.5, 5, null)));
    }

    [Theory]
    [InlineData(0.21374, "0.2137")]
    [InlineData(187, "187")]
    [InlineData(1834.4, "1,834")]
    [InlineData(-1.27341, "−1.273")]
    [InlineData(double.PositiveInfinity, "–")]
    public void Other_numbers_have_four_significant_digits(double value, string expected) => Assert.Equal(expected, Figures.Value(value));

    [Fact]
    public void Intervals_and_thresholds_read_as_people_write_them()
    {
        Finding finding = Proportion(0.92, 10000, 0.925) with { Interval = new Interval(0.91, 0.9312) };
        Assert.Equal("91.00 to 93.12 %", Plain(Figures.Interval(finding)));
        Assert.Equal("≥ 92.5 %", Plain(Figures.Threshold(finding)));
        Assert.Equal("≤ 1,500", Plain(Figures.Threshold(finding with { IsProportion = false, Threshold = new(ThresholdKind.AtMost, 1500, "k") })));
        Assert.Equal("10,000", NumberText.Count(10000));
    }

    [Fact]
    public void Columns_of_figures_are_told_from_columns_of_words()
    {
        var table = new Table("t", ["Group", "n", "Share", "Rank"], [["1", "334", "−1.5 %", "first"], ["2", "–", "≥ 2 %", "2nd"]]);
        Assert.Equal([false, true, true, false], Figures.Columns(table));
        Assert.Equal([false, false], Figures.Columns(new Table("t", ["a", "b"], [])));
    }

    private static Finding Proportion(double? estimate, int count, double? limit) => new()
    {
        Check = "c",
        Metric = "m",
        Estimate = estimate,
        Count = count,
        Threshold = limit is { } value ? new Threshold(ThresholdKind.AtLeast, value, "k") : null,
    };

    private static string Plain(string text) => text.Replace('\u00a0', ' ');
}
