using AuditKit.Imaging;
using AuditKit.Results;
using AuditKit.Statistics;

namespace AuditKit.Reports.Tests;

/// <summary>The sample's attack, its broken check, and its pictures.</summary>
internal static partial class SampleResult
{
    private static Section Simba()
    {
        double[] x = [.. Enumerable.Range(0, 16).Select(i => Math.Round(Math.Pow(1000, i / 15.0)))];
        double Curve(double n, double scale) => 0.78 * (1 - Math.Exp(-n / scale));
        return new()
        {
            Check = "simba",
            Title = "Query attack: SimBA in pixel space",
            Summary = "How often a black-box attacker who may only ask for probabilities changes the prediction of a correctly classified "
                + "image, by iterations and by queries.",
            Method = ["SimBA (Guo et al. 2019), algorithm 1, pixel basis, ε = 0.2 on samples in [0, 1], a random permutation an image; "
                + "success = predicted class ≠ label."],
            Findings =
            [
                new()
                {
                    Check = "simba", Metric = "attack success rate", Subject = "100 iterations", Estimate = 0.585, Interval = new(0.5157, 0.6511),
                        Method = "Wilson 95 %", Count = 200,
                    Threshold = new(ThresholdKind.AtMost, 0.60, "checks.simba.max-success.100"), Outcome = GateOutcome.Inconclusive,
                        Reason = "upper Clopper–Pearson bound 64.3 % > 60 %, lower 52.4 % ≤ 60 %",
                },
                new() { Check = "simba", Metric = "median queries to success", Estimate = 187, IsProportion = false, Count = 156 },
                new() { Check = "simba", Metric = "mean L2 norm of successful perturbations", Estimate = 1.8342, Interval = new(1.75, 1.92),
                    Method = "bootstrap 95 %", IsProportion = false, Count = 156 },
            ],
            Charts =
            [
                new()
                {
                    Title = "Attack success by iterations", Kind = ChartKind.Line, XLabel = "iterations", YLabel = "share of attacked images", LogX = true,
                        Reference = 0.60,
                    Series = [new() { Name = "SimBA, pixel basis", X = x, Y = [.. x.Select(n => Curve(n, 90))],
                        Intervals = [.. x.Select(n => new Interval(Math.Max(0, Curve(n, 90) - 0.06), Math.Min(1, Curve(n, 90) + 0.06)))] }],
                },
                new()
                {
                    Title = "Attack success by queries, each true class", Kind = ChartKind.Line, XLabel = "queries", YLabel = "share of attacked images",
                        LogX = true,
                    Series = [.. s_classes.Select((name, c) => new ChartSeries { Name = name, X = x, Y = [.. x.Select(n => Curve(n, 40 + (30 * c)))] })],
                },
            ],
            Examples =
            [
                Example("#17, Sneaker: misclassified after 84 iterations, 131 queries, L2 = 1.71", 28, 1, "Sneaker, 98 %", "Sandal, 51 %"),
                Example("#23, a photograph: misclassified after 402 iterations", 160, 3, "Bag, 88 %", "Ankle boot, 39 %"),
            ],
        };
    }

    private static Section Broken() => new()
    {
        Check = "corruptions",
        Title = "Common corruptions",
        Summary = "Accuracy under noise, blur and weather.",
        Method = [],
        Findings = [],
        Charts =
        [
            new()
            {
                Title = "Error by corruption and severity", Kind = ChartKind.HeatMap, XLabel = "severity", YLabel = "corruption", Reference = 0.4,
                Series =
                [
                    .. new[] { "gaussian noise", "defocus blur", "a procedural frost with a long name" }.Select((name, row) => new ChartSeries
                    {
                        Name = name, Names = ["1", "2", "3", "4", "5"],
                            Y = [.. Enumerable.Range(1, 5).Select(s => row == 2 && s > 3 ? double.NaN : (0.08 * s) + (0.13 * row))],
                    }),
                ],
            },
        ],
        Error = "image #4711 (test/дом/каталог/очень-длинное-имя-файла-которое-не-помещается-в-строку-и-должно-переноситься.png) cannot be "
            + "read: unexpected end of file",
    };

    private static Example Example(string caption, int size, int channels, string before, string after)
    {
        Image original = Picture(size, channels, 0);
        Image changed = Picture(size, channels, 40);
        return new(caption, [new(before, original), new(after, changed), new("difference × 4", Picture(size, channels, 0, flat: true))]);
    }

    // A disc on a gradient, with a deterministic pattern over it.
    private static Image Picture(int size, int channels, int pattern, bool flat = false)
    {
        var image = new Image(size, size, channels);
        for (int i = 0; i < image.Samples.Length; i++)
        {
            (int y, int x, int c) = (i / channels / size, i / channels % size, i % channels);
            bool inside = Math.Pow(x - (size / 2.0), 2) + Math.Pow(y - (size / 2.0), 2) < size * size / 9.0;
            int value = flat ? 128 : (inside ? 200 - (30 * c) : x * 90 / size) + (((x * 7) + (y * 13)) % 5 == 0 ? pattern : 0);
            image.Samples[i] = (byte)Math.Clamp(value, 0, 255);
        }

        return image;
    }
}
