using System.Text;

namespace AuditKit.Reports.Charts;

/// <summary>The few shapes that charts are made of.</summary>
internal static class Shapes
{
    /// <summary>The data of a path through points.</summary>
    public static string Path(params ReadOnlySpan<(double X, double Y)> points)
    {
        var path = new StringBuilder();
        foreach ((double x, double y) in points)
        {
            path.Append(path.Length == 0 ? 'M' : 'L').Append(Markup.Number(x)).Append(' ').Append(Markup.Number(y));
        }

        return path.ToString();
    }

    /// <summary>A straight line.</summary>
    public static void Line(this Markup svg, double x1, double y1, double x2, double y2, string stroke, double width = 1, string dash = "")
        => svg.Element("path", ("d", Path((x1, y1), (x2, y2))), ("stroke", stroke), ("stroke-width", width), ("stroke-dasharray", dash));

    /// <summary>A horizontal axis' label below the axis' middle, cut and moved where it would leave the drawing.</summary>
    public static void AxisLabel(this Markup svg, string label, double middle, double y, double width)
    {
        string text = TextFit.Cut(label, width, 12);
        svg.Text("text", text, ("x", TextFit.Middle(text, middle, width, 12)), ("y", y), ("fill", Palette.Muted), ("text-anchor", "middle"));
    }

    /// <summary>A series' marker around a point.</summary>
    public static void Marker(this Markup svg, int series, double x, double y)
    {
        string colour = Palette.Colour(series);
        switch (series % 4)
        {
            case 0:
                svg.Element("circle", ("cx", x), ("cy", y), ("r", 3.2), ("fill", colour));
                break;
            case 1:
                svg.Element("rect", ("x", x - 3), ("y", y - 3), ("width", 6), ("height", 6), ("fill", colour));
                break;
            case 2:
                svg.Element("path", ("d", Path((x, y - 4), (x + 3.8, y + 3), (x - 3.8, y + 3)) + "Z"), ("fill", colour));
                break;
            default:
                svg.Element("path", ("d", Path((x, y - 4.2), (x + 4.2, y), (x, y + 4.2), (x - 4.2, y)) + "Z"), ("fill", colour));
                break;
        }
    }
}
