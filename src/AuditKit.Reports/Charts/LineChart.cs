using AuditKit.Results;
using AuditKit.Statistics;

namespace AuditKit.Reports.Charts;

/// <summary>
/// Lines with interval bands. Where there is room each line is named at its end, where the eye already is;
/// else a legend stands above.
/// </summary>
internal sealed class LineChart
{
    private const double Text = 12;
    private const double LabelGap = 15;
    private const int MostDirectLabels = 6;

    private readonly Chart _chart;
    private readonly Scale _x;
    private readonly Scale _y;
    private readonly bool _labelsAtEnd;
    private readonly double _left;
    private readonly double _right;
    private readonly double _width;

    public LineChart(Chart chart, double width)
    {
        (_chart, _width) = (chart, width);
        IEnumerable<double> xs = chart.Series.SelectMany(series => series.X);
        double[] ys =
        [
            .. chart.Series.SelectMany(series => series.Y),
            .. chart.Series.SelectMany(series => series.Intervals).SelectMany(interval => new[] { interval.Lower, interval.Upper }),
            .. chart.Reference is { } limit ? [limit] : Array.Empty<double>(),
        ];
        _x = chart.LogX ? Scale.Logarithmic(xs) : Scale.Linear(xs, fromZero: false, width > 500 ? 8 : 4);
        _y = Scale.OfValues(chart, ys, Scale.IsBestFromZero(ys), 5);
        double longest = chart.Series.Max(series => TextFit.Width(series.Name, Text));
        _labelsAtEnd = chart.Series.Count <= MostDirectLabels && longest + 22 <= width * 0.3;
        _left = _y.Ticks.Max(tick => TextFit.Width(TickY(tick), Text)) + 8;
        _right = width - (_labelsAtEnd ? longest + 22 : 18);
    }

    /// <summary>Draws, and returns the height.</summary>
    public double Draw(Markup svg)
    {
        svg.Text("text", TextFit.Cut(_chart.YLabel, _width, Text), ("x", 0), ("y", 12), ("fill", Palette.Muted));
        double top = 26;
        if (!_labelsAtEnd)
        {
            top = Legend.Draw(svg, [.. _chart.Series.Select(series => series.Name)], _width, top, lines: true);
        }

        double bottom = top + (_width > 500 ? 250 : 200);
        Axes(svg, top, bottom);
        for (int s = 0; s < _chart.Series.Count; s++)
        {
            Band(svg, s, top, bottom);
        }

        for (int s = 0; s < _chart.Series.Count; s++)
        {
            Line(svg, s, top, bottom);
        }

        Reference(svg, top, bottom);
        if (_labelsAtEnd)
        {
            EndLabels(svg, top, bottom);
        }

        svg.AxisLabel(_chart.XLabel, (_left + _right) / 2, bottom + 38, _width);
        return bottom + 44;
    }

    private string TickY(double tick) => Figures.Scalar(tick, _chart.Percent);

    private double X(double value) => _left + (_x.At(value) * (_right - _left));

    private double Y(double value, double top, double bottom) => bottom - (_y.At(value) * (bottom - top));

    private void Axes(Markup svg, double top, double bottom)
    {
        foreach (double tick in _y.Ticks)
        {
            double y = Y(tick, top, bottom);
            svg.Line(_left, y, _right, y, Palette.Grid);
            svg.Text("text", TickY(tick), ("x", _left - 8), ("y", y + 4), ("text-anchor", "end"), ("fill", Palette.Muted));
        }

        svg.Line(_left, bottom, _right, bottom, Palette.Axis);
        double free = double.NegativeInfinity;
        foreach (double tick in _x.Ticks)
        {
            string label = Figures.Value(tick);
            double x = X(tick);
            double half = TextFit.Width(label, Text) / 2;
            svg.Line(x, bottom, x, bottom + 4, Palette.Axis);
            if (x - half >= free && x + half <= _width)
            {
                svg.Text("text", label, ("x", x), ("y", bottom + 18), ("text-anchor", "middle"), ("fill", Palette.Muted));
                free = x + half + 6;
            }
        }
    }

    private void Band(Markup svg, int index, double top, double bottom)
    {
        ChartSeries series = _chart.Series[index];
        if (series.Intervals.Count == 0)
        {
            return;
        }

        (int I, Interval Interval)[] known =
        [
            .. series.Intervals.Select((interval, i) => (I: i, Interval: interval))
                .Where(point => Drawable(series.X[point.I]) && double.IsFinite(point.Interval.Lower) && double.IsFinite(point.Interval.Upper)),
        ];
        (double, double)[] outline =
        [
            .. known.Select(point => (X(series.X[point.I]), Y(point.Interval.Upper, top, bottom))),
            .. known.Reverse().Select(point => (X(series.X[point.I]), Y(point.Interval.Lower, top, bottom))),
        ];
        if (known.Length > 1)
        {
            svg.Element("path", ("d", Shapes.Path(outline) + "Z"), ("fill", Palette.Colour(index)), ("fill-opacity", 0.16));
        }
    }

    private void Line(Markup svg, int index, double top, double bottom)
    {
        ChartSeries series = _chart.Series[index];
        // A value that is missing breaks the line; a log axis has no place for zero.
        var strokes = new List<List<(double X, double Y)>> { new() };
        for (int i = 0; i < series.Y.Count; i++)
        {
            if (Drawable(series.X[i]) && double.IsFinite(series.Y[i]))
            {
                strokes[^1].Add((X(series.X[i]), Y(series.Y[i], top, bottom)));
            }
            else
            {
                strokes.Add([]);
            }
        }

        foreach (List<(double X, double Y)> stroke in strokes.Where(stroke => stroke.Count > 1))
        {
            svg.Element("path", ("d", Shapes.Path([.. stroke])), ("fill", "none"), ("stroke", Palette.Colour(index)), ("stroke-width", 2),
                ("stroke-linejoin", "round"), ("stroke-dasharray", Palette.Dash(index)));
        }

        (double X, double Y)[] points = [.. strokes.SelectMany(stroke => stroke)];
        int every = Math.Max(1, (points.Length + 7) / 8);
        for (int i = 0; i < points.Length; i += every)
        {
            svg.Marker(index, points[i].X, points[i].Y);
        }
    }

    private void Reference(Markup svg, double top, double bottom)
    {
        if (_chart.Reference is { } limit && double.IsFinite(limit))
        {
            double y = Y(limit, top, bottom);
            svg.Line(_left, y, _right, y, Palette.Ink, 1.2, "5 4");
            svg.Text("text", $"threshold {Figures.Scalar(limit, _chart.Percent)}", ("x", _left + 6), ("y", y < top + 18 ? y + 15 : y - 5),
                ("font-weight", 600));
        }
    }

    private void EndLabels(Markup svg, double top, double bottom)
    {
        (int Series, double Y)[] labels =
        [
            .. _chart.Series.Select((series, s) => (Series: s, Y: series.Y.LastOrDefault(double.IsFinite, double.NaN)))
                .Select(label => (label.Series, Y: double.IsNaN(label.Y) ? bottom : Y(label.Y, top, bottom)))
                .OrderBy(label => label.Y),
        ];
        for (int i = 1; i < labels.Length; i++)
        {
            labels[i].Y = Math.Max(labels[i].Y, labels[i - 1].Y + LabelGap);
        }

        // Those pushed over the lower edge push the others back up.
        double floor = bottom;
        for (int i = labels.Length - 1; i >= 0; i--, floor -= LabelGap)
        {
            labels[i].Y = Math.Min(labels[i].Y, floor);
            svg.Marker(labels[i].Series, _right + 11, labels[i].Y);
            svg.Text("text", _chart.Series[labels[i].Series].Name, ("x", _right + 19), ("y", labels[i].Y + 4));
        }
    }

    private bool Drawable(double x) => double.IsFinite(x) && (!_chart.LogX || x > 0);
}
