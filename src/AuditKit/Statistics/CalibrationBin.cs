namespace AuditKit.Statistics;

/// <summary>One bin of a reliability diagram.</summary>
/// <param name="Claimed">The mean probability claimed.</param>
/// <param name="CameTrue">How many of the bin's units came true.</param>
public sealed record CalibrationBin(double Claimed, Proportion CameTrue);
