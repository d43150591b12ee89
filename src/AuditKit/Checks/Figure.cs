using AuditKit.Statistics;

namespace AuditKit.Checks;

/// <summary>How figures are written in the sentences and table cells of a section.</summary>
internal static class Figure
{
    /// <summary>Stands where there was nothing to measure.</summary>
    public const string None = "–";

    /// <summary>A count with thousands separated.</summary>
    public static string Count(long count) => count.ToString("N0");

    /// <summary>A count and what is counted: <c>1 query</c>, <c>1,512 queries</c>.</summary>
    public static string Count(long count, string one, string several) => $"{Count(count)} {(count == 1 ? one : several)}";

    /// <summary>
    /// A proportion in per cent with one decimal, or as many more as it takes not to print 0 or 100 % for what is neither.
    /// </summary>
    public static string Percent(double? proportion)
    {
        if (proportion is not { } p || !double.IsFinite(p))
        {
            return None;
        }

        int decimals = 1;
        string text = (100 * p).ToString("F1");
        while (p is not (0 or 1) && double.Parse(text) is 0 or 100 && decimals < 6)
        {
            text = (100 * p).ToString($"F{++decimals}");
        }

        return text + "\u00a0%";
    }

    /// <summary>An interval of proportions: <c>91.2 to 92.3 %</c>.</summary>
    public static string Percent(Interval? interval)
        => interval is { } i ? $"{Percent(i.Lower)[..^2]} to {Percent(i.Upper)}" : None;

    /// <summary>A measured value to three significant digits.</summary>
    public static string Value(double? value) => value is { } v && double.IsFinite(v) ? v.ToString("G3") : None;

    /// <summary>Words joined as in a sentence: <c>a, b and c</c>.</summary>
    public static string List(IReadOnlyList<string> words)
        => words.Count < 2 ? string.Concat(words) : $"{string.Join(", ", words.SkipLast(1))} and {words[^1]}";
}
