namespace AuditKit.Gates;

/// <summary>How figures are written in the reasons of gates.</summary>
internal static class Wording
{
    private const int MostDecimals = 9;

    /// <summary>A level or limit in as many digits as it has: <c>95 %</c>, <c>99.9 %</c>.</summary>
    public static string Percent(double proportion) => $"{Math.Round(100 * proportion, 6):0.######} %";

    /// <summary>A limit as the spec gives it: <c>92 %</c>, or <c>0.25</c> for what is no proportion.</summary>
    public static string Figure(double value, bool isProportion) => isProportion ? Percent(value) : $"{value:0.######}";

    /// <summary>
    /// A bound in as few decimals as tell it from the limit, so that no reason reads "92.0 % is below 92 %".
    /// </summary>
    public static string Apart(double bound, double limit, bool isProportion)
    {
        double scale = isProportion ? 100 : 1;
        int decimals = isProportion ? 1 : 3;
        while (decimals < MostDecimals
            && bound != limit
            && Math.Round(scale * bound, decimals) == Math.Round(scale * limit, decimals))
        {
            decimals++;
        }

        return (scale * bound).ToString($"F{decimals}") + (isProportion ? " %" : "");
    }

    /// <summary>A p-value, with the symbol: <c>p = 0.0312</c>.</summary>
    public static string PValue(double p) => p < 0.0001 ? "p < 0.0001" : $"p = {p:0.####}";

    /// <summary>The first few names, and how many more there are.</summary>
    public static string List(IReadOnlyCollection<string> names)
    {
        const int Shown = 5;
        string first = string.Join(", ", names.Take(Shown));
        return names.Count > Shown ? $"{first} and {names.Count - Shown} more" : first;
    }
}
