using AuditKit.Reports.Charts;
using AuditKit.Results;

namespace AuditKit.Reports.History;

/// <summary>A gate over runs: a small line of estimates with their intervals, and the limit.</summary>
internal static class TrendDrawing
{
    private const double Width = 220;
    private const double Height = 44;
    private const double Margin = 8;

    /// <summary>The drawing.</summary>
    /// <param name="title">The gate.</param>
    /// <param name="findings">Its findings, run by run; null where a run has none.</param>
    public static string Draw(string title, IReadOnlyList<Finding?> findings)
    {
        double[] values =
        [
            .. findings.OfType<Finding>().SelectMany(finding
                => new[] { finding.Estimate, finding.Interval?.Lower, finding.Interval?.Upper, finding.Threshold?.Value })
                .OfType<double>().Where(double.IsFinite),
        ];
        Scale scale = Scale.Linear(values, fromZero: false, 3);
        double X(int run) => findings.Count == 1 ? Width / 2 : Margin + (run * (Width - (2 * Margin)) / (findings.Count - 1));
        double Y(double value) => Height - Margin - (scale.At(value) * (Height - (2 * Margin)));

        var svg = new Markup();
        svg.Open("svg", ("viewBox", $"0 0 {Markup.Number(Width)} {Markup.Number(Height)}"), ("width", Width), ("height", Height), ("role", "img"),
            ("aria-label", Words(title, findings)));
        (int Run, double Limit)[] limits = [.. findings.Index().Where(item => item.Item?.Threshold is not null)
            .Select(item => (item.Index, item.Item!.Threshold!.Value))];
        foreach ((int run, double limit) in limits)
        {
            // A step a run: limits change from spec to spec.
            double half = findings.Count == 1 ? Width / 2 : (Width - (2 * Margin)) / (findings.Count - 1) / 2;
            svg.Line(Math.Max(X(run) - half, 0), Y(limit), Math.Min(X(run) + half, Width), Y(limit), Palette.Ink, 1, "4 3");
        }

        (double X, double Y)[] line = [.. findings.Index().Where(item => item.Item?.Estimate is not null)
            .Select(item => (X(item.Index), Y(item.Item!.Estimate!.Value)))];
        svg.Element("path", ("d", Shapes.Path(line)), ("fill", "none"), ("stroke", Palette.Axis), ("stroke-width", 1.2));
        foreach ((int run, Finding? finding) in findings.Index())
        {
            if (finding?.Interval is { } interval)
            {
                svg.Line(X(run), Y(interval.Lower), X(run), Y(interval.Upper), Palette.Of(finding.Outcome), 1.6);
            }

            if (finding?.Estimate is { } estimate)
            {
                ForestDrawing.Marker(svg, finding.Outcome, X(run), Y(estimate), Palette.Of(finding.Outcome));
            }
        }

        svg.Close("svg");
        return svg.ToString();
    }

    private static string Words(string title, IReadOnlyList<Finding?> findings)
        => $"{title} over {NumberText.Count(findings.Count, "run", "runs")}: {string.Join(", ", findings.Select(Word))}";

    private static string Word(Finding? finding) => finding is null ? "not measured" : $"{Figures.Estimate(finding)} {Outcomes.Word(finding.Outcome)}";
}
