using AuditKit.Results;
using AuditKit.Training.Remediation;

namespace AuditKit.Training.Tests.Remediation;

public sealed class SeedDifferencesTests
{
    // At 2 degrees of freedom the two-sided p is 1 − t/√(t² + 2).
    [Fact]
    public void P_is_that_of_students_t_over_the_seeds()
    {
        (Statistics.Mean difference, double? p) = SeedDifferences.Compare([At(0.5), At(0.5), At(0.5)], [At(0.5), At(0.65), At(0.8)])!.Value;
        double t = difference.Value * Math.Sqrt(3) / difference.Deviation;
        Assert.Equal(0.15, difference.Value, 1e-12);
        Assert.Equal(1 - (t / Math.Sqrt((t * t) + 2)), p!.Value, 1e-9);
    }

    // In doubles the three differences of 0.01 are not quite equal.
    [Fact]
    public void What_rounding_leaves_of_equal_differences_is_no_spread()
    {
        (Statistics.Mean difference, double? p) = SeedDifferences.Compare([At(0.93), At(0.94), At(0.95)], [At(0.94), At(0.95), At(0.96)])!.Value;
        Assert.NotEqual(0, difference.Deviation);
        Assert.Null(p);
    }

    [Fact]
    public void A_figure_that_a_seed_lacks_is_not_compared()
        => Assert.Null(SeedDifferences.Compare([At(0.5), At(0.5)], [At(0.6), null]));

    private static Finding At(double estimate) => new() { Check = "a", Metric = "b", Estimate = estimate, Count = 100 };
}
