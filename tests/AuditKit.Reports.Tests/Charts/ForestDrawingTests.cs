using System.Globalization;
using System.Xml.Linq;
using AuditKit.Reports.Charts;
using AuditKit.Reports.Outline;
using AuditKit.Results;
using AuditKit.Statistics;

namespace AuditKit.Reports.Tests.Charts;

public class ForestDrawingTests
{
    private static readonly XNamespace s_svg = "http://www.w3.org/2000/svg";

    [Theory]
    [InlineData(2, SvgChart.Wide)]
    [InlineData(60, SvgChart.Paper)]
    [InlineData(60, SvgChart.Narrow)]
    public void Nothing_leaves_the_drawing_and_no_text_lies_on_another(int gates, double width)
    {
        XElement svg = Draw(GateRows.Of(ManyGates.Of(gates).Findings), width);
        (double Left, double Right, double Y)[] texts = [.. svg.Elements(s_svg + "text").Select(Box)];
        Assert.All(texts, text => Assert.InRange(text.Left, -1, width));
        Assert.All(texts, text => Assert.InRange(text.Right, 0, width + 1));
        foreach (var line in texts.GroupBy(text => text.Y))
        {
            var ordered = line.OrderBy(text => text.Left).ToArray();
            Assert.All(ordered.Zip(ordered.Skip(1)), pair => Assert.True(pair.First.Right <= pair.Second.Left + 1, $"texts overlap at y = {line.Key}"));
        }
    }

    [Fact]
    public void Estimates_lie_on_the_side_of_the_limit_that_their_outcome_says()
    {
        XElement svg = Draw([new(Gate(0.9, 0.92, ThresholdKind.AtLeast, GateOutcome.Fail), 0),
            new(Gate(0.95, 0.92, ThresholdKind.AtLeast, GateOutcome.Pass), 0)], SvgChart.Wide);
        XElement[] forbidden = [.. svg.Elements(s_svg + "rect").Where(rect => rect.Attribute("fill")!.Value == "#f8e4e0")];
        double limit = Number(forbidden[0], "x") + Number(forbidden[0], "width");
        XElement failed = svg.Elements(s_svg + "rect").First(rect => rect.Attribute("fill")!.Value == Palette.Of(GateOutcome.Fail));
        Assert.True(Number(failed, "x") < limit);
        Assert.True(Number(svg.Elements(s_svg + "circle").First(), "cx") > limit);
    }

    [Theory]
    [InlineData(double.NaN, 0.5)]
    [InlineData(1e300, 1e-300)]
    [InlineData(3.0, 0.0)]
    [InlineData(-3.0, -1.0)]
    public void Numbers_that_no_axis_holds_leave_their_words(double estimate, double limit)
    {
        Finding finding = Gate(estimate, limit, ThresholdKind.AtMost, GateOutcome.Fail) with { IsProportion = false };
        XElement svg = Draw([new(finding, 0)], SvgChart.Wide);
        Assert.Contains("fail", svg.Elements(s_svg + "text").Select(text => text.Value));
        Assert.DoesNotContain("NaN", svg.ToString());
    }

    [Fact]
    public void Those_who_cannot_see_it_read_every_row()
        => Assert.Contains("c, m, s: 90.0\u00a0%, demanded "
            + "≥\u00a092\u00a0%, fail.", ForestDrawing.Describe(new ForestPlot("t", [new(Gate(0.9, 0.92, ThresholdKind.AtLeast, GateOutcome.Fail), 0)])));

    private static Finding Gate(double estimate, double limit, ThresholdKind kind, GateOutcome outcome) => new()
    {
        Check = "c",
        Metric = "m",
        Subject = "s",
        Estimate = estimate,
        Interval = new Interval(estimate * 0.99, estimate * 1.01),
        Count = 100,
        Threshold = new Threshold(kind, limit, "k"),
        Outcome = outcome,
    };

    private static XElement Draw(IReadOnlyList<GateRow> rows, double width)
        => XElement.Parse(SvgChart.Draw(new ForestPlot("Every gate", rows), width, "forest"));

    private static (double Left, double Right, double Y) Box(XElement text)
    {
        double x = Number(text, "x"), room = TextFit.Width(text.Value, text.Attribute("font-size") is not null ? Number(text, "font-size") : 12);
        double left = text.Attribute("text-anchor")?.Value switch { "end" => x - room, "middle" => x - (room / 2), _ => x };
        return (left, left + room, Number(text, "y"));
    }

    private static double Number(XElement element, string name) => double.Parse(element.Attribute(name)!.Value, CultureInfo.InvariantCulture);
}
