using System.Globalization;

namespace AuditKit;

/// <summary>
/// Numbers as people read them, in every report, reason and command: − (U+2212) for minus, a no-break space before %,
/// thousands separated by commas. No other code formats numbers for people.
/// </summary>
public static class NumberText
{
    /// <summary>Printed where there was nothing to measure.</summary>
    public const string None = "–";

    private const string PercentSign = "\u00a0%";
    private const int MostDecimals = 9;

    /// <summary>A count with thousands separated: <c>10,000</c>.</summary>
    public static string Count(long count) => Sign(count.ToString("N0", CultureInfo.InvariantCulture));

    /// <summary>A count and what is counted: <c>1 query</c>, <c>1,512 queries</c>.</summary>
    public static string Count(long count, string one, string several) => $"{Count(count)} {(count == 1 ? one : several)}";

    /// <summary>
    /// A proportion in per cent. Decimals are added while rounding would print 0 or 100 % for what is neither, or would
    /// print a missed limit as met.
    /// </summary>
    /// <param name="proportion">The proportion; null where there was nothing to measure.</param>
    /// <param name="decimals">Decimals to begin with.</param>
    /// <param name="limit">A limit that the printed figure must not contradict; null for none.</param>
    public static string Percent(double? proportion, int decimals = 1, double? limit = null)
    {
        if (proportion is not { } exact || !double.IsFinite(exact))
        {
            return None;
        }

        string text = Fixed(100 * exact, decimals);
        while (decimals < MostDecimals && Contradicts(Parse(text) / 100, exact, limit))
        {
            text = Fixed(100 * exact, ++decimals);
        }

        return text + PercentSign;
    }

    /// <summary>A range of proportions: <c>91.2 to 92.3 %</c>.</summary>
    public static string Percents(double lower, double upper, int decimals = 1)
        => $"{Percent(lower, decimals).Replace(PercentSign, "", StringComparison.Ordinal)} to {Percent(upper, decimals)}";

    /// <summary>A level or limit in as many digits as it has: <c>95 %</c>, <c>99.9 %</c>.</summary>
    public static string ExactPercent(double proportion) => Text(Math.Round(100 * proportion, 6), "0.######") + PercentSign;

    /// <summary>A limit as the spec gives it: <c>92 %</c>, or <c>0.25</c> and <c>1,500</c> for what is no proportion.</summary>
    public static string Exact(double value, bool isProportion)
        => !double.IsFinite(value) ? None
            : isProportion ? ExactPercent(value)
            : Math.Abs(value) >= 1e9 ? Value(value, 6)
            : Text(value, "#,0.######");

    /// <summary>A bound in as few decimals as tell it from its limit, so that no reason reads "92.0 % is below 92 %".</summary>
    public static string Apart(double bound, double limit, bool isProportion)
    {
        double scale = isProportion ? 100 : 1;
        int decimals = isProportion ? 1 : 3;
        while (decimals < MostDecimals && bound != limit && Math.Round(scale * bound, decimals) == Math.Round(scale * limit, decimals))
        {
            decimals++;
        }

        return Fixed(scale * bound, decimals) + (isProportion ? PercentSign : "");
    }

    /// <summary>A measured value, to three significant digits unless more are asked for; whole from 1,000 on.</summary>
    public static string Value(double? value, int digits = 3)
        => value is not { } exact || !double.IsFinite(exact) ? None
            : Math.Abs(exact) is >= 1000 and < 1e9 ? Text(exact, "#,0")
            : Text(exact, $"G{digits}");

    /// <summary>A value with a fixed number of decimals, thousands separated.</summary>
    public static string Fixed(double? value, int decimals)
        => value is { } exact && double.IsFinite(exact) ? Text(exact, $"N{decimals}") : None;

    /// <summary>A p-value, with the symbol: <c>p = 0.0312</c>.</summary>
    public static string PValue(double p) => p < 0.0001 ? "p < 0.0001" : $"p = {Text(p, "0.####")}";

    private static bool Contradicts(double shown, double exact, double? limit)
        => (shown is 0 or 1 && shown != exact) || (limit is { } demanded && Side(shown, demanded) != Side(exact, demanded));

    // Parsing the printed decimals may miss the limit's double by an ulp.
    private static int Side(double value, double limit) => Math.Abs(value - limit) < 1e-12 ? 0 : value.CompareTo(limit);

    private static double Parse(string text) => double.Parse(text.Replace('\u2212', '-'), CultureInfo.InvariantCulture);

    private static string Text(double number, string format) => Sign(number.ToString(format, CultureInfo.InvariantCulture));

    private static string Sign(string number) => number.Replace('-', '\u2212');
}
