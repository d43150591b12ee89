namespace AuditKit.Reports.Charts;

/// <summary>A chart that is too high for one drawing goes on in the next.</summary>
internal static class Drawings
{
    /// <summary>The parts of a chart, in order, divided among as many drawings as it takes; no drawing is empty, whatever a part's height.</summary>
    /// <param name="parts">The parts, each of which stays whole.</param>
    /// <param name="room">The height that a drawing has for parts.</param>
    /// <param name="height">The height of a part.</param>
    /// <param name="draw">Draws some of the parts, and returns the drawing's height.</param>
    public static IEnumerable<Func<Markup, double>> Divide<T>(IEnumerable<T> parts, double room, Func<T, double> height, Func<Markup, List<T>, double> draw)
    {
        var drawings = new List<List<T>> { new() };
        double left = room;
        foreach (T part in parts)
        {
            double need = height(part);
            if (need > left && drawings[^1].Count > 0)
            {
                drawings.Add([]);
                left = room;
            }

            drawings[^1].Add(part);
            left -= need;
        }

        return drawings.Select(drawing => (Func<Markup, double>)(svg => draw(svg, drawing)));
    }
}
