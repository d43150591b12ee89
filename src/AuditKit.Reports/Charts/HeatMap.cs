using AuditKit.Results;

namespace AuditKit.Reports.Charts;

/// <summary>
/// A field of coloured cells with the value in each: a series a row, its names the columns. Where the columns do not
/// fit beside each other, the field goes on below with its row headings again.
/// </summary>
internal sealed class HeatMap
{
    private const double Labels = 22;
    private const double Text = 12;
    private const double CellText = 11;
    private const double Row = 26;
    private const double MostHeadingHeight = 120;
    private const double WidestCell = 74;
    private const double LegendHeight = 56;
    private const double BlockGap = 16;

    private readonly Chart _chart;
    private readonly double _width;
    private readonly string[] _columns;
    private readonly double[][] _values;
    private readonly Scale _scale;
    private readonly double _left;
    private readonly double _cell;
    private readonly int _across;
    private readonly bool _upright;
    private readonly double _heading;

    public HeatMap(Chart chart, double width)
    {
        (_chart, _width) = (chart, width);
        _columns = [.. chart.Series.SelectMany(series => series.Names).Distinct()];
        _values = [.. chart.Series.Select(series => _columns.Select(name => ValueAt(series, name)).ToArray())];
        double[] finite = [.. _values.SelectMany(row => row).Where(double.IsFinite)];
        _scale = Scale.OfValues(chart, finite, Scale.IsBestFromZero(finite), width > 500 ? 5 : 3);

        _left = Math.Min(chart.Series.Max(series => TextFit.Width(series.Name, Text)), width * 0.34) + 10;
        double room = width - _left;
        double least = finite.Select(value => TextFit.Width(Cell(value), CellText)).DefaultIfEmpty(20).Max() + 6;
        _across = Math.Max(1, Math.Min(_columns.Length, (int)(room / least)));
        // Bands of equal numbers of columns, not a full one and a rest.
        _across = (int)Math.Ceiling(_columns.Length / Math.Ceiling((double)Math.Max(1, _columns.Length) / _across));
        _cell = Math.Min(WidestCell, room / Math.Max(1, _across));
        double longest = _columns.Select(name => TextFit.Width(name, Text)).DefaultIfEmpty(0).Max();
        _upright = longest <= _cell - 4;
        _heading = _upright ? 20 : Math.Min(longest, MostHeadingHeight) + 10;
    }

    /// <summary>Drawings about as high as asked, all on the same scale. Each returns its height.</summary>
    public IEnumerable<Func<Markup, double>> Split(double height)
    {
        double room = height - LegendHeight - Labels;
        int rows = (int)Math.Max(1, Math.Min((room - _heading - BlockGap) / Row, _values.Length));
        return Drawings.Divide(Blocks(rows), room, block => _heading + (block.Rows.Length * Row) + BlockGap, Draw);
    }

    private IEnumerable<Block> Blocks(int rows)
        => from columns in Enumerable.Range(0, _columns.Length).Chunk(Math.Max(1, _across))
           from some in Enumerable.Range(0, _values.Length).Chunk(rows)
           select new Block(columns, some);

    private double Draw(Markup svg, List<Block> blocks)
    {
        string axes = _chart.YLabel.Length > 0 && _chart.XLabel.Length > 0 ? $"{_chart.YLabel} (rows) by {_chart.XLabel} (columns)" : _chart.YLabel
            + _chart.XLabel;
        svg.Text("text", TextFit.Cut(axes, _width, Text), ("x", 0), ("y", 12), ("fill", Palette.Muted));
        double y = Labels;
        foreach (Block block in blocks)
        {
            y = Draw(svg, block, y) + BlockGap;
        }

        return Legend(svg, y);
    }

    private double Draw(Markup svg, Block block, double top)
    {
        for (int i = 0; i < block.Columns.Length; i++)
        {
            double middle = _left + ((i + 0.5) * _cell);
            string name = _columns[block.Columns[i]];
            if (_upright)
            {
                svg.Text("text", name, ("x", middle), ("y", top + 14), ("text-anchor", "middle"));
            }
            else
            {
                svg.Text("text", TextFit.Cut(name, MostHeadingHeight, Text),
                    ("transform", $"translate({Markup.Number(middle + 4)} {Markup.Number(top + _heading - 6)}) rotate(-90)"));
            }
        }

        double y = top + _heading;
        foreach (int row in block.Rows)
        {
            IReadOnlyList<string> name = TextFit.Wrap(_chart.Series[row].Name, _left - 8, CellText, lines: 2);
            for (int i = 0; i < name.Count; i++)
            {
                svg.Text("text", name[i], ("x", _left - 8), ("y", y + (Row / 2) + 4 + ((i - ((name.Count - 1) / 2.0)) * 12)), ("font-size", CellText),
                    ("text-anchor", "end"));
            }

            for (int i = 0; i < block.Columns.Length; i++)
            {
                Draw(svg, _values[row][block.Columns[i]], _left + (i * _cell), y);
            }

            y += Row;
        }

        return y;
    }

    private void Draw(Markup svg, double value, double x, double y)
    {
        bool known = double.IsFinite(value);
        double place = known ? _scale.At(value) : 0;
        svg.Element("rect", ("x", x + 0.5), ("y", y + 0.5), ("width", _cell - 1), ("height", Row - 1), ("fill", known ? Ramp.Colour(place) : "#fff"),
            ("stroke", Palette.Grid));
        svg.Text("text", Cell(value), ("x", x + (_cell / 2)), ("y", y + (Row / 2) + 4), ("font-size", CellText), ("text-anchor", "middle"),
            ("fill", known ? Ramp.TextOn(place) : Palette.Muted));
    }

    // The ramp from the scale's start to its end, with the labels that the cells leave out.
    private double Legend(Markup svg, double top)
    {
        const int Steps = 40;
        double width = Math.Min(300, _width - 60);
        double left = 24;
        for (int i = 0; i < Steps; i++)
        {
            svg.Element("rect", ("x", left + (i * width / Steps)), ("y", top), ("width", (width / Steps) + 0.4), ("height", 10),
                ("fill", Ramp.Colour((i + 0.5) / Steps)));
        }

        foreach (double tick in _scale.Ticks)
        {
            double x = left + (_scale.At(tick) * width);
            svg.Line(x, top + 10, x, top + 14, Palette.Axis);
            string label = Figures.Scalar(tick, _chart.Percent);
            svg.Text("text", label, ("x", TextFit.Middle(label, x, _width, CellText)), ("y", top + 27), ("font-size", CellText), ("text-anchor", "middle"),
                ("fill", Palette.Muted));
        }

        if (_chart.Reference is { } limit && double.IsFinite(limit))
        {
            string label = $"threshold {Figures.Scalar(limit, _chart.Percent)}";
            double x = left + (_scale.At(limit) * width);
            svg.Line(x, top - 4, x, top + 14, Palette.Ink, 2);
            svg.Text("text", label, ("x", TextFit.Middle(label, x, _width, CellText)), ("y", top + 43), ("font-size", CellText), ("font-weight", 600),
                ("text-anchor", "middle"));
        }

        return top + LegendHeight;
    }

    // Per cent without the sign: the legend has it, and twice as many columns fit.
    private string Cell(double value) => Figures.Brief(value, _chart.Percent, _chart.Reference).Replace("\u00a0%", "");

    private static double ValueAt(ChartSeries series, string name)
    {
        for (int i = 0; i < series.Names.Count; i++)
        {
            if (series.Names[i] == name)
            {
                return series.Y[i];
            }
        }

        return double.NaN;
    }

    /// <summary>Some columns of some rows, drawn as one field.</summary>
    private sealed record Block(int[] Columns, int[] Rows);
}
