namespace AuditKit.Statistics;

/// <summary>A closed interval.</summary>
/// <param name="Lower">Lower end.</param>
/// <param name="Upper">Upper end, at least <paramref name="Lower"/>.</param>
public readonly record struct Interval(double Lower, double Upper);
