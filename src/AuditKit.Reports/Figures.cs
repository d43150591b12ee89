using AuditKit.Results;

namespace AuditKit.Reports;

/// <summary>How the figures of findings, charts and tables are written; the numbers themselves by <see cref="NumberText"/>.</summary>
internal static class Figures
{
    private const int Digits = 4;

    /// <summary>A finding's estimate, with the decimals that its number of units can carry, never contradicting its threshold.</summary>
    public static string Estimate(Finding finding)
        => finding.IsProportion
            ? NumberText.Percent(finding.Estimate, Decimals(finding.Count), finding.Threshold?.Value)
            : NumberText.Value(finding.Estimate, Digits);

    /// <summary>A finding's interval: <c>90.84 to 92.59 %</c>.</summary>
    public static string Interval(Finding finding)
        => finding.Interval is not { } interval ? NumberText.None
            : finding.IsProportion ? interval.ToPercent(Decimals(finding.Count))
            : $"{Value(interval.Lower)} to {Value(interval.Upper)}";

    /// <summary>What a finding had to reach: <c>≥ 92 %</c>.</summary>
    public static string Threshold(Finding finding)
        => finding.Threshold is { } threshold
            ? $"{threshold.Sign}\u00a0{NumberText.Exact(threshold.Value, finding.IsProportion)}"
            : NumberText.None;

    /// <summary>
    /// How far the estimate is from its threshold, on which side: <c>23.8 points over</c>, <c>0.1 points within</c>; empty
    /// where nothing was measured or demanded.
    /// </summary>
    public static string Distance(Finding finding)
    {
        if (finding is not { Estimate: { } estimate, Threshold: { } threshold } || !double.IsFinite(estimate))
        {
            return "";
        }

        bool above = estimate > threshold.Value;
        string side = above == (threshold.Kind is ThresholdKind.AtMost) ? above ? "over" : "short" : "within";
        double distance = Math.Abs(estimate - threshold.Value);
        return distance < 1e-12 ? "at the limit"
            : finding.IsProportion ? $"{NumberText.Percent(distance, Decimals(finding.Count))[..^2]} points {side}"
            : $"{Value(distance)} {side}";
    }

    /// <summary>A number on an axis, in as many digits as it has.</summary>
    public static string Scalar(double value, bool isProportion) => isProportion ? NumberText.Exact(value, true) : Value(value);

    /// <summary>A value beside a bar or a point, with one decimal of a per cent, judged against a chart's threshold.</summary>
    public static string Brief(double value, bool isProportion, double? threshold)
        => isProportion ? NumberText.Percent(value, 1, threshold) : Value(value);

    /// <summary>A number that is not a proportion, to four significant digits.</summary>
    public static string Value(double value) => NumberText.Value(value, Digits);

    /// <summary>Which columns of a table hold figures, and are set flush right: those whose every cell begins with a digit.</summary>
    public static bool[] Columns(Table table)
        => [.. table.Columns.Select((_, i) => i > 0 && table.Rows.Count > 0 && table.Rows.All(row => IsFigure(row[i])))];

    private static bool IsFigure(string cell) => cell is NumberText.None
        || (cell.TrimStart('-', '\u2212', '+', '≥', '≤', ' ', '\u00a0') is [var first, ..] && char.IsAsciiDigit(first));

    // One unit more or less moves a proportion by 1/n: decimals finer than that say nothing.
    private static int Decimals(int count) => count >= 1000 ? 2 : 1;
}
