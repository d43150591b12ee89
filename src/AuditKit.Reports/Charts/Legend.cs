namespace AuditKit.Reports.Charts;

/// <summary>The names of series beside their colours, in rows.</summary>
internal static class Legend
{
    private const double Text = 12;
    private const double Row = 18;

    /// <summary>Draws, and returns where the next thing may start.</summary>
    /// <param name="svg">Where to.</param>
    /// <param name="names">The series' names.</param>
    /// <param name="width">The room.</param>
    /// <param name="top">Where it starts.</param>
    /// <param name="lines">Whether the series are lines; else they are bars.</param>
    public static double Draw(Markup svg, IReadOnlyList<string> names, double width, double top, bool lines)
    {
        double key = lines ? 32 : 18;
        (double x, double y) = (0, top + 6);
        for (int s = 0; s < names.Count; s++)
        {
            string name = TextFit.Cut(names[s], width - key, Text);
            double need = key + TextFit.Width(name, Text);
            if (x > 0 && x + need > width)
            {
                (x, y) = (0, y + Row);
            }

            if (lines)
            {
                svg.Line(x, y, x + 26, y, Palette.Colour(s), 2, Palette.Dash(s));
                svg.Marker(s, x + 13, y);
            }
            else
            {
                svg.Element("rect", ("x", x), ("y", y - 5), ("width", 11), ("height", 11), ("fill", Palette.Colour(s)));
            }

            svg.Text("text", name, ("x", x + key), ("y", y + 4));
            x += need + 18;
        }

        return y + Row;
    }
}
