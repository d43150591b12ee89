namespace AuditKit.Training.Loop;

/// <summary>A value of the network that was computed before.</summary>
/// <param name="Value">The value's name.</param>
/// <param name="Shape">Its dimensions behind the batch's.</param>
/// <param name="Rows">n rows of numbers.</param>
public sealed record BatchEmbeddings(string Value, IReadOnlyList<long> Shape, float[] Rows);
