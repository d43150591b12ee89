using AuditKit.Results;
using AuditKit.Statistics;

namespace AuditKit.Reports;

/// <summary>
/// How figures are written for people. A rounded figure never contradicts the exact one: decimals are added
/// while rounding would print 0 % or 100 % for what is neither, or would print a missed threshold as met.
/// </summary>
internal static class Figures
{
    private const int MostDecimals = 6;

    /// <summary>Printed where there is nothing to print.</summary>
    public const string None = "–";

    /// <summary>A count with thousands separated: <c>10,000</c>.</summary>
    public static string Count(long count) => Sign(count.ToString("N0"));

    /// <summary>A finding's estimate, with the decimals that its number of units can carry.</summary>
    public static string Estimate(Finding finding)
        => finding.Estimate is { } estimate && double.IsFinite(estimate)
            ? finding.IsProportion
                ? Percent(estimate, Decimals(finding.Count), finding.Threshold?.Value)
                : Value(estimate)
            : None;

    /// <summary>A finding's interval: <c>90.84 to 92.59 %</c>.</summary>
    public static string Interval(Finding finding)
        => finding.Interval is not { } interval ? None
            : finding.IsProportion ? Percents(interval, Decimals(finding.Count))
            : $"{Value(interval.Lower)} to {Value(interval.Upper)}";

    /// <summary>What a finding had to reach: <c>≥ 92 %</c>.</summary>
    public static string Threshold(Finding finding)
        => finding.Threshold is { } threshold
            ? $"{threshold.Sign}\u00a0{Scalar(threshold.Value, finding.IsProportion)}"
            : None;

    /// <summary>A figure without a number of units behind it, such as a limit or a chart's value.</summary>
    public static string Scalar(double value, bool isProportion)
        => isProportion && double.IsFinite(value) ? Sign(Math.Round(value * 100, 4).ToString("0.####")) + "\u00a0%" : Value(value);

    /// <summary>A value beside a bar or a point, with one decimal of a per cent, judged against a chart's threshold.</summary>
    public static string Brief(double value, bool isProportion, double? threshold)
        => isProportion && double.IsFinite(value) ? Percent(value, 1, threshold) : Value(value);

    /// <summary>A number that is not a proportion, to four significant digits.</summary>
    public static string Value(double value)
        => !double.IsFinite(value) ? None
            : Math.Abs(value) is >= 1000 and < 1e9 ? Sign(value.ToString("#,0"))
            : Sign(value.ToString("G4"));

    /// <summary>Which columns of a table hold figures, and are set flush right: those whose every cell begins with a digit.</summary>
    public static bool[] Columns(Table table)
        => [.. table.Columns.Select((_, i) => i > 0 && table.Rows.Count > 0 && table.Rows.All(row => IsFigure(row[i])))];

    private static bool IsFigure(string cell)
        => cell is None || (cell.TrimStart('-', '\u2212', '+', '≥', '≤', ' ', '\u00a0') is [var first, ..] && char.IsAsciiDigit(first));

    private static string Percents(Interval interval, int decimals)
        => $"{Percent(interval.Lower, decimals)[..^2]} to {Percent(interval.Upper, decimals)}";

    private static string Percent(double proportion, int decimals, double? threshold = null)
    {
        string text;
        do
        {
            text = (proportion * 100).ToString("F" + decimals);
        }
        while (Contradicts(double.Parse(text) / 100, proportion, threshold) && decimals++ < MostDecimals);
        return Sign(text) + "\u00a0%";
    }

    private static bool Contradicts(double shown, double exact, double? threshold)
        => (shown is 0 or 1 && shown != exact)
            || (threshold is { } limit && Side(shown, limit) != Side(exact, limit));

    // Parsing the printed decimals may miss the limit's double by an ulp.
    private static int Side(double value, double limit) => Math.Abs(value - limit) < 1e-12 ? 0 : value.CompareTo(limit);

    // One unit more or less moves a proportion by 1/n: decimals finer than that say nothing.
    private static int Decimals(int count) => count >= 1000 ? 2 : 1;

    private static string Sign(string number) => number.Replace('-', '\u2212');
}
