using AuditKit.Reports.Outline;
using AuditKit.Results;
using AuditKit.Statistics;

namespace AuditKit.Reports.Charts;

/// <summary>
/// A forest plot of gates: a row each, its estimate and interval against its limit, the side that is not allowed shaded.
/// Proportions share an axis; figures in other units lie on an axis of multiples of their limits.
/// </summary>
internal sealed class ForestDrawing(ForestPlot forest, double width)
{
    private const double Row = 19;
    private const double Head = 21;
    private const double AxisHeight = 24;
    private const string Forbidden = "#f8e4e0";

    private readonly bool _isNarrow = width < 500;

    // A phone shows a narrow drawing smaller than its units.
    private double Text => _isNarrow ? 12 : 11;

    private double RowHeight => _isNarrow ? 34 : Row;

    private double Left => _isNarrow ? 4 : 0.43 * width;

    private double Right => _isNarrow ? width - 8 : width - 220;

    /// <summary>In words, row by row.</summary>
    public static string Describe(ForestPlot forest) => $"Forest plot of {NumberText.Count(forest.Rows.Count, "row", "rows")}. "
        + string.Join(' ', forest.Rows.Select(row =>
            $"{row.Finding.Check}, {row.Label}: {Figures.Estimate(row.Finding)}, demanded {Figures.Threshold(row.Finding)}, "
            + $"{Outcomes.Word(row.Finding.Outcome)}."));

    /// <summary>Draws it.</summary>
    /// <returns>The height.</returns>
    public double Draw(Markup svg)
    {
        GateRow[] shares = [.. forest.Rows.Where(row => row.Finding.IsProportion)];
        GateRow[] others = [.. forest.Rows.Where(row => !row.Finding.IsProportion)];
        double y = 0;
        if (shares.Length > 0)
        {
            y = Panel(svg, shares, percent: true, "", y);
        }

        return others.Length == 0 ? y : Panel(svg, others, percent: false, "multiple of the limit", y + (shares.Length > 0 ? 10 : 0));
    }

    private double Panel(Markup svg, GateRow[] rows, bool percent, string label, double top)
    {
        Gate[] gates = [.. rows.Select(row => Gate.Of(row, percent))];
        double[] values = [.. gates.SelectMany(gate => gate.Values)];
        Scale scale = percent || Array.Exists(values, value => value <= 0)
            ? Scale.Linear(values, fromZero: false, _isNarrow ? 3 : 4, percent ? 1 : double.PositiveInfinity)
            : Scale.Logarithmic(values);
        double X(double value) => Left + (scale.At(value) * (Right - Left));

        double y = top;
        var placed = new List<(Gate Gate, double Top)>();
        foreach (IGrouping<string, Gate> check in gates.GroupBy(gate => gate.Row.Finding.Check))
        {
            svg.Text("text", TextFit.Cut(check.Key, width, Text), ("x", 0), ("y", y + 15), ("font-size", Text), ("font-weight", 700));
            y += Head;
            foreach (Gate gate in check)
            {
                placed.Add((gate, y));
                y += RowHeight;
            }
        }

        foreach (double tick in scale.Ticks)
        {
            svg.Line(X(tick), top + Head, X(tick), y, Palette.Grid);
            string text = percent ? Figures.Scalar(tick, true) : Figures.Value(tick) + "×";
            svg.Text("text", text, ("x", TextFit.Middle(text, X(tick), width, Text)), ("y", y + 14), ("text-anchor", "middle"),
                ("font-size", _isNarrow ? Text : 10), ("fill", Palette.Muted));
        }

        foreach ((Gate gate, double at) in placed)
        {
            Draw(svg, gate, at, X);
        }

        if (label.Length > 0)
        {
            svg.AxisLabel(label, (Left + Right) / 2, y + 28, width);
            y += 14;
        }

        return y + AxisHeight;
    }

    private void Draw(Markup svg, Gate gate, double top, Func<double, double> x)
    {
        Finding finding = gate.Row.Finding;
        double bar = _isNarrow ? top + 16 : top;
        double height = _isNarrow ? 14 : Row - 4;
        double middle = bar + 2 + (height / 2);
        if (gate.Limit is { } limit)
        {
            (double from, double to) = finding.Threshold!.Kind is ThresholdKind.AtLeast ? (Left, x(limit)) : (x(limit), Right);
            svg.Element("rect", ("x", from), ("y", bar + 2), ("width", Math.Max(to - from, 0)), ("height", height), ("fill", Forbidden));
            svg.Line(x(limit), bar + 2, x(limit), bar + 2 + height, Palette.Ink, 1.6);
        }

        string colour = Palette.Of(finding.Outcome);
        if (gate.Interval is { } interval)
        {
            svg.Line(x(interval.Lower), middle, x(interval.Upper), middle, colour, 2);
        }

        if (gate.Estimate is { } estimate)
        {
            Marker(svg, finding.Outcome, x(estimate), middle, colour);
        }

        Words(svg, gate.Row, top, colour);
    }

    private void Words(Markup svg, GateRow row, double top, string colour)
    {
        Finding finding = row.Finding;
        string estimate = Figures.Estimate(finding), threshold = Figures.Threshold(finding), outcome = Outcomes.Word(finding.Outcome);
        if (_isNarrow)
        {
            string end = $"{estimate}, {outcome}";
            double room = width - TextFit.Width(end, Text) - 10;
            svg.Text("text", TextFit.Cut(row.Label, room, Text), ("x", 0), ("y", top + 12), ("font-size", Text));
            svg.Text("text", end, ("x", width), ("y", top + 12), ("text-anchor", "end"), ("font-size", Text), ("font-weight", 600), ("fill", colour));
            return;
        }

        double y = top + 13.5;
        svg.Text("text", TextFit.Cut(row.Label, Left - 14, Text), ("x", 0), ("y", y), ("font-size", Text));
        svg.Text("text", estimate, ("x", width - 160), ("y", y), ("text-anchor", "end"), ("font-size", Text), ("font-weight", 600));
        svg.Text("text", threshold, ("x", width - 152), ("y", y), ("font-size", Text), ("fill", Palette.Muted));
        Marker(svg, finding.Outcome, width - 92, y - 4, colour);
        svg.Text("text", outcome, ("x", width - 82), ("y", y), ("font-size", Text), ("font-weight", 600), ("fill", colour));
    }

    /// <summary>A shape an outcome, so that colour is never alone.</summary>
    public static void Marker(Markup svg, GateOutcome outcome, double x, double y, string colour)
    {
        switch (outcome)
        {
            case GateOutcome.Pass:
                svg.Element("circle", ("cx", x), ("cy", y), ("r", 3.6), ("fill", colour));
                break;
            case GateOutcome.Fail:
                svg.Element("rect", ("x", x - 3.6), ("y", y - 3.6), ("width", 7.2), ("height", 7.2), ("fill", colour));
                break;
            default:
                svg.Element("path", ("d", Shapes.Path((x, y - 4.6), (x + 4.6, y), (x, y + 4.6), (x - 4.6, y)) + "Z"), ("fill", "#fff"), ("stroke", colour),
                    ("stroke-width", 1.6));
                break;
        }
    }

    /// <summary>A row's numbers on its panel's axis.</summary>
    private sealed record Gate(GateRow Row, double? Estimate, Interval? Interval, double? Limit)
    {
        public IEnumerable<double> Values
            => new[] { Estimate, Interval?.Lower, Interval?.Upper, Limit }.OfType<double>();

        public static Gate Of(GateRow row, bool percent)
        {
            Finding finding = row.Finding;
            double? limit = finding.Threshold?.Value;
            // A limit of zero has no multiples: the row says in words what it cannot draw.
            double unit = percent ? 1 : limit is > 0 ? limit.Value : double.NaN;
            Interval? interval = finding.Interval is { } i && Number(i.Lower / unit) is { } lower && Number(i.Upper / unit) is { } upper
                ? new Interval(lower, upper) : null;
            return new(row, Number(finding.Estimate / unit), interval, Number(limit / unit));
        }

        private static double? Number(double? value) => value is { } number && double.IsFinite(number) ? number : null;
    }
}
