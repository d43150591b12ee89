using AuditKit.Gates;
using AuditKit.Results;
using AuditKit.Statistics;

namespace AuditKit.Checks;

/// <summary>The chart of a proportion by group, condition or class: bars with Wilson's intervals.</summary>
internal static class ProportionBars
{
    /// <summary>The chart.</summary>
    /// <param name="title">What it shows, in words.</param>
    /// <param name="metric">The proportion: <c>flip rate</c>.</param>
    /// <param name="unit">What a bar stands for: <c>perturbation</c>.</param>
    /// <param name="bars">The bars, from top to bottom.</param>
    /// <param name="threshold">The threshold that is drawn across; null for none.</param>
    /// <param name="confidence">The level of the intervals, such as 0.95.</param>
    public static Chart Draw(string title, string metric, string unit, IReadOnlyCollection<Group> bars, Threshold? threshold, double confidence) => new()
    {
        Title = title,
        Kind = ChartKind.Bar,
        XLabel = metric,
        YLabel = unit,
        Reference = threshold?.Value,
        Series =
        [
            new ChartSeries
            {
                Name = metric,
                Names = [.. bars.Select(bar => bar.Name)],
                Y = [.. bars.Select(bar => bar.Measured.Estimate ?? double.NaN)],
                Intervals = [.. bars.Select(bar => Wilson.Interval(bar.Measured, confidence))],
            },
        ],
    };
}
