namespace AuditKit.Reports.Charts;

/// <summary>Says in words what a chart shows, for those who cannot see it.</summary>
internal static class ChartWords
{
    private const int MostBars = 12;

    /// <summary>Kind, axes, where each series begins and ends or how high its bars are, threshold.</summary>
    public static string Describe(Chart chart)
    {
        IEnumerable<string> axes = chart.Kind is ChartKind.Line
            ? [$"Line chart of {chart.YLabel} over {chart.XLabel}{(chart.LogX ? " (logarithmic)" : "")}."]
            : [$"Bar chart of {chart.XLabel}{(chart.YLabel.Length > 0 ? $" by {chart.YLabel}" : "")}."];
        IEnumerable<string> series = chart.Series.Select(one => Describe(chart, one));
        IEnumerable<string> reference = chart.Reference is { } limit ? [$"Threshold {Figures.Scalar(limit, chart.Percent)}."] : [];
        return string.Join(' ', [.. axes, .. series, .. reference]);
    }

    private static string Describe(Chart chart, ChartSeries series)
    {
        string Value(int i) => Figures.Brief(series.Y[i], chart.Percent, chart.Reference);

        int count = series.Y.Count;
        if (count == 0)
        {
            return $"{series.Name}: no values.";
        }

        if (chart.Kind is ChartKind.Line)
        {
            return $"{series.Name}: {Value(0)} at {Figures.Value(series.X[0])}"
                + (count > 1 ? $", {Value(count - 1)} at {Figures.Value(series.X[count - 1])}." : ".");
        }

        if (count <= MostBars)
        {
            return $"{series.Name}: {string.Join(", ", Enumerable.Range(0, count).Select(i => $"{series.Names[i]} {Value(i)}"))}.";
        }

        int lowest = Enumerable.Range(0, count).MinBy(i => series.Y[i]);
        int highest = Enumerable.Range(0, count).MaxBy(i => series.Y[i]);
        return $"{series.Name}: {count} bars, lowest {series.Names[lowest]} {Value(lowest)}, highest {series.Names[highest]} {Value(highest)}.";
    }
}
