using System.Globalization;
using System.Xml.Linq;
using AuditKit.Reports.Charts;
using AuditKit.Results;
using AuditKit.Statistics;

namespace AuditKit.Reports.Tests.Charts;

public class SvgChartTests
{
    private static readonly XNamespace s_svg = "http://www.w3.org/2000/svg";

    public static TheoryData<double> Widths => [SvgChart.Wide, SvgChart.Narrow];

    [Theory]
    [MemberData(nameof(Widths))]
    public void Bars_are_as_long_as_their_values(double width)
    {
        double[] values = [0.2, 0.4, 0.8, 1.0];
        double[] lengths = [.. Bars(Draw(Bar(values), width)).Select(bar => Number(bar, "width"))];
        Assert.All(values.Zip(lengths), pair => Assert.Equal(pair.First / values[^1], pair.Second / lengths[^1], 3));
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void The_threshold_and_the_whiskers_stand_where_bars_of_their_value_end(double width)
    {
        Chart chart = Bar([0.5, 0.9], [new(0.4, 0.6), new(0.85, 0.95)]) with { Reference = 0.5 };
        XElement svg = Draw(chart, width);
        XElement bar = Bars(svg).First();
        double end = Number(bar, "x") + Number(bar, "width");
        double[] threshold = Points(svg.Elements(s_svg + "path").Single(path => path.Attribute("stroke-dasharray") is not null));
        Assert.Equal(end, threshold[0], 1);
        double zero = Number(bar, "x");
        double[] whisker = Points(svg.Elements(s_svg + "path").First(path => path.Attribute("stroke-width")!.Value == "1.4"));
        Assert.Equal(zero + ((end - zero) * 0.4 / 0.5), whisker[0], 1);
        Assert.Equal(zero + ((end - zero) * 0.6 / 0.5), whisker[2], 1);
    }

    [Fact]
    public void Equal_factors_are_equal_steps_on_a_logarithmic_line_chart()
    {
        Chart chart = Line([1, 10, 100], [0, 0.5, 1]) with { LogX = true };
        double[] line = Points(Draw(chart, SvgChart.Wide).Elements(s_svg + "path").Single(path => path.Attribute("stroke-linejoin") is not null));
        Assert.Equal(line[2] - line[0], line[4] - line[2], 1);
        Assert.Equal(line[1] - line[3], line[3] - line[5], 1);
    }

    [Fact]
    public void A_missing_value_breaks_the_line_instead_of_joining_its_neighbours()
    {
        XElement svg = Draw(Line([1, 2, 3, 4, 5], [0.1, 0.2, double.NaN, 0.4, 0.5]), SvgChart.Wide);
        Assert.Equal(2, svg.Elements(s_svg + "path").Count(path => path.Attribute("stroke-linejoin") is not null));
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Charts_of_the_sample_stay_within_their_frame(double width)
    {
        foreach (Chart chart in SampleResult.Create().Sections.SelectMany(section => section.Charts))
        {
            StaysWithin(Draw(chart, width), width);
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Charts_of_odd_values_stay_within_their_frame(double width)
    {
        Chart[] odd =
        [
            Line([], []),
            Line([0, 1, 2], [double.NaN, double.PositiveInfinity, double.NaN]),
            Line([0, 1, 10], [0.1, 0.2, 0.3]) with { LogX = true },
            Line([5], [0.5], [new(0.4, 0.6)]),
            Line([-3, 1e9], [-1e-9, 1e12]) with { Percent = false, Reference = -5 },
            Bar([]),
            Bar([double.NaN, -0.5, 0], [new(double.NaN, double.NaN), new(-0.6, -0.4), new(0, 0)]),
            Bar([.. Enumerable.Repeat(0.5, 300)]) with { Reference = 2 },
            Bar([0.3]) with { XLabel = new string('長', 200), YLabel = new string('W', 400) },
            HeatMap([], []),
            HeatMap([double.NaN], [double.NaN]),
            HeatMap([1e9], [-1e-9]) with { Percent = false, Reference = -5 },
            HeatMap([.. Enumerable.Repeat(0.5, 60)], [0.1]) with { YLabel = new string('W', 400) },
        ];
        foreach (Chart chart in odd)
        {
            StaysWithin(Draw(chart, width), width);
        }
    }

    [Fact]
    public void A_split_chart_has_every_bar_once_on_one_scale()
    {
        Chart chart = Bar([.. Enumerable.Range(1, 100).Select(i => i / 100.0)]);
        XElement[] parts = [.. SvgChart.Draw(chart, SvgChart.Wide, "c", 600).Select(XElement.Parse)];
        Assert.True(parts.Length > 1);
        Assert.All(parts, part => Assert.InRange(Number(part, "height"), 1, 600));
        double[] lengths = [.. parts.SelectMany(Bars).Select(bar => Number(bar, "width"))];
        Assert.Equal(100, lengths.Length);
        Assert.All(lengths.Select((length, i) => (length, i)), bar => Assert.Equal((bar.i + 1) / 100.0, bar.length / lengths[^1], 3));
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void A_heat_map_prints_every_value_in_a_cell_of_its_row_and_column(double width)
    {
        double[][] rows = [[0.1, double.NaN, 0.3], [0.4, 0.5, 0.6]];
        XElement svg = Draw(HeatMap(rows), width);
        (double X, double Y, string Text)[] texts = [.. svg.Elements(s_svg + "text").Where(text => text.Attribute("x") is not null)
            .Select(text => (Number(text, "x"), Number(text, "y"), text.Value))];
        double X(string column) => texts.Single(text => text.Text == column).X;
        double Y(string row) => texts.Single(text => text.Text == row).Y;
        foreach ((string value, string row, string column) in new[] { ("10.0", "row 0", "name 0"), ("–", "row 0", "name 1"), ("60.0", "row 1", "name 2") })
        {
            (double x, double y, _) = texts.Single(text => text.Text == value);
            Assert.Equal((X(column), Y(row)), (x, y));
        }
    }

    [Fact]
    public void Higher_values_are_darker_cells_and_equal_ones_look_equal()
    {
        XElement svg = Draw(HeatMap([0.1, 0.2, 0.4], [0.8, 0.2, 0.0]), SvgChart.Wide);
        string[] fills = [.. svg.Elements(s_svg + "rect").Where(rect => rect.Attribute("stroke") is not null).Select(rect => rect.Attribute("fill")!.Value)];
        double[] luminance = [.. fills.Select(Luminance)];
        Assert.Equal(fills[1], fills[4]);
        Assert.Equal([3, 2, 1, 0, 5], new[] { 3, 2, 1, 0, 5 }.OrderBy(i => luminance[i]));
    }

    [Fact]
    public void Text_stands_out_from_every_colour_of_the_ramp()
    {
        foreach (double place in Enumerable.Range(0, 101).Select(i => i / 100.0))
        {
            (double text, double cell) = (Luminance(Ramp.TextOn(place) == "#fff" ? "#ffffff" : "#000000"), Luminance(Ramp.Colour(place)));
            double contrast = (Math.Max(text, cell) + 0.05) / (Math.Min(text, cell) + 0.05);
            Assert.True(contrast >= 4.5, $"{contrast} at {place}");
        }
    }

    [Fact]
    public void A_heat_map_of_many_columns_goes_on_below_with_every_cell_once()
    {
        double[][] rows = [.. Enumerable.Range(0, 30).Select(row => Enumerable.Range(0, 40).Select(column => ((row * 40) + column) / 1200.0).ToArray())];
        XElement[] parts = [.. SvgChart.Draw(HeatMap(rows), SvgChart.Narrow, "c", 700).Select(XElement.Parse)];
        Assert.True(parts.Length > 1);
        Assert.All(parts, part => Assert.InRange(Number(part, "height"), 1, 700));
        Assert.Equal(1200, parts.Sum(part => part.Elements(s_svg + "rect").Count(rect => rect.Attribute("stroke") is not null)));
    }

    [Fact]
    public void Series_differ_in_more_than_colour()
    {
        Chart chart = Line([1, 2], [0.1, 0.2]);
        ChartSeries[] series = [.. Enumerable.Range(0, 6).Select(i => chart.Series[0] with { Name = $"series {i}", Y = [0.1 * i, 0.15 * i] })];
        XElement svg = Draw(chart with { Series = series }, SvgChart.Wide);
        string?[] dashes = [.. svg.Elements(s_svg + "path").Where(path => path.Attribute("stroke-linejoin") is not null)
            .Select(path => path.Attribute("stroke-dasharray")?.Value)];
        Assert.Equal(6, dashes.Length);
        Assert.Equal(dashes.Distinct(), dashes);
    }

    [Fact]
    public void The_words_say_what_the_picture_shows()
    {
        string[] words = [.. SampleResult.Create().Sections.SelectMany(section => section.Charts).Select(ChartWords.Describe)
            .Select(text => text.Replace('\u00a0', ' '))];
        Assert.StartsWith("Bar chart of accuracy by class. accuracy: T-shirt/top 87.1 %, Trouser 98.4 %", words[0]);
        Assert.EndsWith("Threshold 70 %.", words[0]);
        Assert.Contains("30 bars, lowest Shirt × dark 66.8 %", words[1]);
        Assert.Contains("thumb-196 –", words[2]);
        Assert.Equal(
            "Heat map of corruption (rows) by severity (columns). gaussian noise: 1 8.0 %, 2 16.0 %, 3 24.0 %, 4 32.0 %, 5 40.0 %.",
            words[6][..words[6].IndexOf(" defocus", StringComparison.Ordinal)]);
        Assert.Equal("Line chart of share of attacked images over iterations (logarithmic). SimBA, pixel basis: 0.9 % at 1, 78.0 % at 1,000. Threshold 60 %.",
            words[4]);
    }

    private static XElement Draw(Chart chart, double width) => XElement.Parse(SvgChart.Draw(chart, width, "c"));

    private static Chart Bar(double[] values, Interval[]? intervals = null) => new()
    {
        Title = "t",
        Kind = ChartKind.Bar,
        XLabel = "value",
        YLabel = "",
        Series = [new() { Name = "s", Names = [.. values.Select((_, i) => $"name {i}")], Y = values, Intervals = intervals ?? [] }],
    };

    private static Chart Line(double[] x, double[] y, Interval[]? intervals = null) => new()
    {
        Title = "t",
        Kind = ChartKind.Line,
        XLabel = "x",
        YLabel = "y",
        Series = [new() { Name = "s", X = x, Y = y, Intervals = intervals ?? [] }],
    };

    private static Chart HeatMap(params double[][] rows) => new()
    {
        Title = "t",
        Kind = ChartKind.HeatMap,
        XLabel = "columns",
        YLabel = "rows",
        Series = [.. rows.Select((row, r) => new ChartSeries { Name = $"row {r}", Names = [.. row.Select((_, i) => $"name {i}")], Y = row })],
    };

    // WCAG's relative luminance of #rrggbb.
    private static double Luminance(string colour)
    {
        double[] linear =
        [
            .. Convert.FromHexString(colour[1..]).Select(sample => sample / 255.0).Select(s => s <= 0.04045 ? s / 12.92 : Math.Pow((s + 0.055) / 1.055, 2.4)),
        ];
        return (0.2126 * linear[0]) + (0.7152 * linear[1]) + (0.0722 * linear[2]);
    }

    private static IEnumerable<XElement> Bars(XElement svg) => svg.Elements(s_svg + "rect").Where(rect => rect.Attribute("fill-opacity") is not null);

    private static double Number(XElement element, string name) => double.Parse(element.Attribute(name)!.Value, CultureInfo.InvariantCulture);

    private static double[] Points(XElement path)
        => [.. path.Attribute("d")!.Value.Split(['M', 'L', ' ', 'Z'], StringSplitOptions.RemoveEmptyEntries)
            .Select(number => double.Parse(number, CultureInfo.InvariantCulture))];

    private static void StaysWithin(XElement svg, double width)
    {
        double height = Number(svg, "height");
        foreach (XElement path in svg.Elements(s_svg + "path"))
        {
            Assert.All(Points(path).Chunk(2), point =>
            {
                Assert.InRange(point[0], -0.01, width + 0.01);
                Assert.InRange(point[1], -0.01, height + 0.01);
            });
        }

        foreach (XElement text in svg.Elements(s_svg + "text"))
        {
            double size = text.Attribute("font-size") is not null ? Number(text, "font-size") : 12;
            double length = TextFit.Width(text.Value, size);
            if (text.Attribute("transform") is { } upwards)
            {
                // Turned by a quarter: it runs up from where it is moved to.
                double[] start = [.. upwards.Value["translate(".Length..upwards.Value.IndexOf(')')].Split(' ')
                    .Select(number => double.Parse(number, CultureInfo.InvariantCulture))];
                Assert.InRange(start[0], size, width);
                Assert.InRange(start[1] - length, 0, height);
                continue;
            }

            double left = Number(text, "x") - (text.Attribute("text-anchor")?.Value switch { "middle" => length / 2, "end" => length, _ => 0 });
            Assert.InRange(left, -1, width);
            Assert.InRange(left + length, 0, width + 1);
            Assert.InRange(Number(text, "y"), 0, height);
        }
    }
}
