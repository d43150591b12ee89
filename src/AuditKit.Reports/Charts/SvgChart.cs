using AuditKit.Reports.Outline;
using AuditKit.Results;

namespace AuditKit.Reports.Charts;

/// <summary>
/// Draws a chart as SVG, the same for the page and for print. The chart's title is left to the caption around
/// it; inside, it is only the name that a screen reader reads.
/// </summary>
internal static class SvgChart
{
    /// <summary>Width in units for wide screens.</summary>
    public const double Wide = 680;

    /// <summary>Width in units for paper, where letters may be smaller and pages are few.</summary>
    public const double Paper = 800;

    /// <summary>Width in units for phones, where a wide drawing would shrink until nobody can read it.</summary>
    public const double Narrow = 340;

    private const string Fonts = "Noto Sans, system-ui, -apple-system, Segoe UI, Roboto, Helvetica, Arial, sans-serif";

    /// <summary>One drawing of the whole chart.</summary>
    /// <param name="chart">The chart.</param>
    /// <param name="width">Its width, <see cref="Wide"/> or <see cref="Narrow"/>.</param>
    /// <param name="id">Prefix of the element ids, unique in the page.</param>
    public static string Draw(Chart chart, double width, string id) => Draw(chart, width, id, double.PositiveInfinity).Single();

    /// <summary>As many drawings as it takes for none to be much higher than asked; lines cannot be split.</summary>
    public static IReadOnlyList<string> Draw(Chart chart, double width, string id, double height) => chart.Kind switch
    {
        ChartKind.Line => [Frame(chart, width, id, svg => new LineChart(chart, width).Draw(svg))],
        ChartKind.Bar => Frames(chart, width, id, new BarChart(chart, width).Split(height)),
        _ => Frames(chart, width, id, new HeatMap(chart, width).Split(height)),
    };

    /// <summary>The overview of all gates.</summary>
    public static string Draw(ForestPlot forest, double width, string id)
        => Frame(forest.Title, ForestDrawing.Describe(forest), width, id, svg => new ForestDrawing(forest, width).Draw(svg));

    private static IReadOnlyList<string> Frames(Chart chart, double width, string id, IEnumerable<Func<Markup, double>> parts)
        => [.. parts.Select((draw, i) => Frame(chart, width, i == 0 ? id : $"{id}-{i + 1}", draw))];

    private static string Frame(Chart chart, double width, string id, Func<Markup, double> draw)
        => Frame(chart.Title, ChartWords.Describe(chart), width, id, draw);

    private static string Frame(string title, string words, double width, string id, Func<Markup, double> draw)
    {
        var body = new Markup();
        double height = Math.Ceiling(draw(body));
        var svg = new Markup();
        svg.Open("svg", ("xmlns", "http://www.w3.org/2000/svg"), ("viewBox", $"0 0 {Markup.Number(width)} {Markup.Number(height)}"),
            ("width", width), ("height", height),
            ("role", "img"), ("aria-labelledby", $"{id}-title {id}-desc"), ("font-family", Fonts), ("font-size", 12), ("fill", Palette.Ink));
        svg.Text("title", title, ("id", $"{id}-title"));
        svg.Text("desc", words, ("id", $"{id}-desc"));
        svg.Raw(body.ToString());
        svg.Close("svg");
        return svg.ToString();
    }
}
