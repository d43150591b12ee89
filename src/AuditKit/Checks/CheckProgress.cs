namespace AuditKit.Checks;

/// <summary>How far a check is.</summary>
/// <param name="Condition">What is being measured: <c>jpeg-50</c>.</param>
/// <param name="Done">Units finished, those of an earlier, interrupted run included.</param>
/// <param name="Total">Units in all.</param>
public readonly record struct CheckProgress(string Condition, long Done, long Total);
