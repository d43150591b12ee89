using AuditKit.Results;

namespace AuditKit.Reports.Charts;

/// <summary>Says in words what a chart shows, for those who cannot see it.</summary>
internal static class ChartWords
{
    private const int MostValues = 12;

    /// <summary>Kind, axes, where each series begins and ends or what its bars or cells are, threshold.</summary>
    public static string Describe(Chart chart)
    {
        string axes = chart.Kind switch
        {
            ChartKind.Line => $"Line chart of {chart.YLabel} over {chart.XLabel}{(chart.LogX ? " (logarithmic)" : "")}.",
            ChartKind.Bar => $"Bar chart of {chart.XLabel}{(chart.YLabel.Length > 0 ? $" by {chart.YLabel}" : "")}.",
            _ => $"Heat map of {chart.YLabel} (rows) by {chart.XLabel} (columns).",
        };
        IEnumerable<string> series = chart.Series.Select(one => Describe(chart, one));
        IEnumerable<string> reference = chart.Reference is { } limit ? [$"Threshold {Figures.Scalar(limit, chart.Percent)}."] : [];
        return string.Join(' ', [axes, .. series, .. reference]);
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

        if (count <= MostValues)
        {
            return $"{series.Name}: {string.Join(", ", Enumerable.Range(0, count).Select(i => $"{series.Names[i]} {Value(i)}"))}.";
        }

        // NaN would be the lowest of all.
        int lowest = Enumerable.Range(0, count).MinBy(i => double.IsNaN(series.Y[i]) ? double.PositiveInfinity : series.Y[i]);
        int highest = Enumerable.Range(0, count).MaxBy(i => series.Y[i]);
        string values = chart.Kind is ChartKind.Bar ? "bars" : "cells";
        return $"{series.Name}: {count} {values}, lowest {series.Names[lowest]} {Value(lowest)}, highest {series.Names[highest]} {Value(highest)}.";
    }
}
