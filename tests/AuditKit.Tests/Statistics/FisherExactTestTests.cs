using AuditKit.Statistics;

namespace AuditKit.Tests.Statistics;

public sealed class FisherExactTestTests
{
    [Theory]
    // Fisher's tea tasting, one-sided 0.2429 and symmetric; his convictions of twins (R's fisher.test documents both).
    [InlineData(3, 4, 1, 4, 0.4857142857)]
    [InlineData(2, 17, 10, 13, 0.0005367241)]
    [InlineData(0, 5, 5, 5, 0.0079365079)]
    [InlineData(4, 8, 4, 8, 1)]
    public void P_values_are_the_published_ones(int a, int n, int b, int m, double expected)
    {
        Assert.Equal(expected, FisherExactTest.TwoSided(new(a, n), new(b, m)), 1e-9);
        Assert.Equal(expected, FisherExactTest.TwoSided(new(b, m), new(a, n)), 1e-9);
    }

    [Fact]
    public void An_empty_sample_differs_from_nothing() => Assert.Equal(1, FisherExactTest.TwoSided(new(0, 0), new(3, 9)));

    [Fact]
    public void It_equals_the_sum_over_all_tables_in_whole_numbers()
    {
        for (int a = 0; a <= 6; a++)
        {
            for (int b = 0; b <= 9; b++)
            {
                long observed = Choose(6, a) * Choose(9, b);
                long extreme = Enumerable.Range(0, 7).Where(k => a + b - k is >= 0 and <= 9)
                    .Select(k => Choose(6, k) * Choose(9, a + b - k)).Where(ways => ways <= observed).Sum();
                Assert.Equal((double)extreme / Choose(15, a + b), FisherExactTest.TwoSided(new(a, 6), new(b, 9)), 1e-9);
            }
        }

        static long Choose(int n, int k) => k == 0 ? 1 : Choose(n, k - 1) * (n - k + 1) / k;
    }
}
