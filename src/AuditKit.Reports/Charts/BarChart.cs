using AuditKit.Results;
using AuditKit.Statistics;

namespace AuditKit.Reports.Charts;

/// <summary>
/// Horizontal bars from zero, one row a name, with interval whiskers and the value written at the end. Where
/// the drawing is narrow, names stand above their bars instead of beside them.
/// </summary>
internal sealed class BarChart
{
    private const double Text = 12;
    private const double Line = 14;
    private const double Gap = 6;
    private const double Surroundings = 110;
    private const double ValueRoom = 62;

    private readonly Chart _chart;
    private readonly double _width;
    private readonly Row[] _rows;
    private readonly Scale _scale;
    private readonly bool _namesAbove;
    private readonly double _left;
    private readonly double _right;

    public BarChart(Chart chart, double width)
    {
        (_chart, _width) = (chart, width);
        _rows =
        [
            .. chart.Series.SelectMany((series, s) => series.Names.Select((name, i) =>
                    (Name: name, Bar: new Bar(s, series.Y[i], series.Intervals.Count > 0 ? series.Intervals[i] : null))))
                .GroupBy(bar => bar.Name)
                .Select(row => new Row(row.Key, [.. row.Select(bar => bar.Bar)])),
        ];
        IEnumerable<double> values = _rows.SelectMany(row => row.Bars)
            .SelectMany(bar => bar.Interval is { } interval ? new[] { bar.Value, interval.Lower, interval.Upper } : [bar.Value]);
        _scale = Scale.OfValues(chart, values, fromZero: true, width > 500 ? 5 : 3);
        _namesAbove = width < 500;
        double names = _rows.Length == 0 ? 0 : _rows.Max(row => TextFit.Width(row.Name, Text));
        _left = _namesAbove ? 4 : Math.Min(names, width * 0.45) + 10;
        _right = width - ValueRoom;
    }

    /// <summary>Drawings about as high as asked, all on the same scale. Each returns its height.</summary>
    public IEnumerable<Func<Markup, double>> Split(double height)
        => Drawings.Divide(_rows, height - Surroundings, row => Height(row, Name(row)) + Gap, Draw);

    private double Draw(Markup svg, List<Row> rows)
    {
        double top = Header(svg);
        (Row Row, IReadOnlyList<string> Name, double Top, double Height)[] placed = Place(rows, top, out double bottom);
        var values = new Markup();
        Axis(svg, top, bottom);
        foreach ((Row row, IReadOnlyList<string> name, double y, double height) in placed)
        {
            double bars = row.Bars.Count * Thickness;
            double firstLine = _namesAbove ? y + 12 : y + (height / 2) + 4 - ((name.Count - 1) * Line / 2);
            for (int i = 0; i < name.Count; i++)
            {
                svg.Text("text", name[i], ("x", _namesAbove ? 0 : _left - 8), ("y", firstLine + (i * Line)), ("text-anchor", _namesAbove ? "" : "end"));
            }

            double barTop = _namesAbove ? y + (name.Count * Line) + 3 : y + ((height - bars) / 2);
            foreach (Bar bar in row.Bars)
            {
                Draw(svg, values, bar, barTop);
                barTop += Thickness;
            }
        }

        Reference(svg, top, bottom);
        svg.Raw(values.ToString());
        svg.AxisLabel(_chart.XLabel, (_left + _right) / 2, bottom + 38, _width);
        return bottom + 44;
    }

    private double Thickness => _chart.Series.Count > 1 ? 11 : 13;

    private double X(double value) => _left + (_scale.At(value) * (_right - _left));

    private double Header(Markup svg)
    {
        double y = 0;
        if (_chart.YLabel.Length > 0)
        {
            svg.Text("text", TextFit.Cut(_chart.YLabel, _width, Text), ("x", 0), ("y", 12), ("fill", Palette.Muted));
            y = 20;
        }

        if (_chart.Series.Count > 1)
        {
            y = Legend.Draw(svg, [.. _chart.Series.Select(series => series.Name)], _width, y, lines: false);
        }

        return _chart.Reference is null ? y : y + 20;
    }

    private (Row Row, IReadOnlyList<string> Name, double Top, double Height)[] Place(List<Row> rows, double top, out double bottom)
    {
        var placed = new (Row, IReadOnlyList<string>, double, double)[rows.Count];
        bottom = top + 6;
        for (int i = 0; i < rows.Count; i++)
        {
            IReadOnlyList<string> name = Name(rows[i]);
            double height = Height(rows[i], name);
            placed[i] = (rows[i], name, bottom, height);
            bottom += height + Gap;
        }

        return placed;
    }

    private IReadOnlyList<string> Name(Row row) => TextFit.Wrap(row.Name, _namesAbove ? _width : _left - 8, Text, lines: 2);

    private double Height(Row row, IReadOnlyList<string> name)
    {
        double bars = row.Bars.Count * Thickness;
        return _namesAbove ? (name.Count * Line) + 3 + bars : Math.Max(bars, name.Count * Line);
    }

    private void Axis(Markup svg, double top, double bottom)
    {
        foreach (double tick in _scale.Ticks)
        {
            double x = X(tick);
            svg.Line(x, top, x, bottom, tick == 0 ? Palette.Axis : Palette.Grid);
            string label = Figures.Scalar(tick, _chart.Percent);
            svg.Text("text", label, ("x", Math.Max(x, TextFit.Width(label, Text) / 2)), ("y", bottom + 18), ("text-anchor", "middle"), ("fill", Palette.Muted));
        }
    }

    private void Draw(Markup svg, Markup values, Bar bar, double top)
    {
        double middle = top + (Thickness / 2);
        double end = X(0);
        if (double.IsFinite(bar.Value))
        {
            double from = Math.Min(X(0), X(bar.Value));
            svg.Element("rect", ("x", from), ("y", top + 1), ("width", Math.Max(Math.Abs(X(bar.Value) - X(0)), 0.5)), ("height", Thickness - 2),
                ("fill", Palette.Colour(bar.Series)), ("fill-opacity", 0.85));
            end = Math.Max(end, X(bar.Value));
        }

        if (bar.Interval is { } interval && double.IsFinite(interval.Lower) && double.IsFinite(interval.Upper))
        {
            (double low, double high) = (X(interval.Lower), X(interval.Upper));
            svg.Line(low, middle, high, middle, Palette.Ink, 1.4);
            svg.Line(low, middle - 3.5, low, middle + 3.5, Palette.Ink, 1.4);
            svg.Line(high, middle - 3.5, high, middle + 3.5, Palette.Ink, 1.4);
            end = Math.Max(end, high);
        }

        // The white outline keeps the figure legible where the threshold's line passes.
        values.Text("text", Figures.Brief(bar.Value, _chart.Percent, _chart.Reference), ("x", end + 6), ("y", middle + 4), ("font-size", 11),
            ("stroke", "#fff"), ("stroke-width", 3), ("paint-order", "stroke"));
    }

    private void Reference(Markup svg, double top, double bottom)
    {
        if (_chart.Reference is { } limit && double.IsFinite(limit))
        {
            string label = $"threshold {Figures.Scalar(limit, _chart.Percent)}";
            svg.Line(X(limit), top - 2, X(limit), bottom, Palette.Ink, 1.2, "5 4");
            svg.Text("text", label, ("x", TextFit.Middle(label, X(limit), _width, Text)), ("y", top - 8), ("text-anchor", "middle"), ("font-weight", 600));
        }
    }

    private sealed record Bar(int Series, double Value, Interval? Interval);

    private sealed record Row(string Name, IReadOnlyList<Bar> Bars);
}
