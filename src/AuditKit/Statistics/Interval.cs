namespace AuditKit.Statistics;

/// <summary>A closed interval.</summary>
/// <param name="Lower">Lower end.</param>
/// <param name="Upper">Upper end, at least <paramref name="Lower"/>.</param>
public readonly record struct Interval(double Lower, double Upper)
{
    /// <summary>An interval of proportions as people read it: <c>91.2 to 92.3 %</c>.</summary>
    public string ToPercent(int decimals = 1) => NumberText.Percents(Lower, Upper, decimals);
}
