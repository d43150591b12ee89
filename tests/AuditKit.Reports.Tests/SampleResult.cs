using System.Globalization;
using AuditKit.Checks;
using AuditKit.Compliance;
using AuditKit.Results;
using AuditKit.Statistics;

namespace AuditKit.Reports.Tests;

/// <summary>
/// A result as a real audit of a small model has it, with what makes reports break: other scripts, markup in
/// names, long names and digests, a figure without images, a check that broke off, every kind of chart.
/// </summary>
internal static partial class SampleResult
{
    private static readonly string[] s_classes =
        ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"];

    public static AuditResult Create()
    {
        AuditResult result = WithoutCompliance();
        return result with
        {
            Compliance = ComplianceAnalysis.Of(result.Sections, [.. result.Provider, new("Monitoring", "weekly <sample>")],
            CheckCatalog.Standard.Checks)
        };
    }

    private static AuditResult WithoutCompliance() => new()
    {
        Version = "0.1.0",
        Name = "Fashion-MNIST release audit",
        Verdict = GateOutcome.Error,
        Provider =
        [
            new("Provider", "ООО «Ткань и Ко», 株式会社テスト"),
            new("Intended purpose", "Sorting returned garments <by photograph>; a person reviews every parcel above 50 €."),
            new("Contact", ""),
        ],
        Model =
        [
            new("File", "fashion-mnist-resnet8.onnx"),
            new("SHA-256", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"),
            new("Size", "315,422 bytes"),
            new("ONNX opset", "17"),
            new("Input", "input: float N×1×28×28"),
            new("Classes", "10"),
            new("Parameters", "77,850"),
            new("Producer", "auditkit 0.1.0"),
            new("Engine", "ONNX Runtime 1.29.0, CPU"),
        ],
        Data =
        [
            new("Name", "fashion-mnist, split test"),
            new("Format", "IDX"),
            new("Files", "t10k-images-idx3-ubyte.gz  "
                + "4302737de9b0cd7f6a4d3e3f2b7a1c5d8e9f0a1b2c3d4e5f60718293a4b5c6d7\nt10k-labels-idx1-ubyte.gz  "
                + "5148e9f0a1b2c3d4e5f60718293a4b5c6d74302737de9b0cd7f6a4d3e3f2b7a1"),
            new("Images", "10,000"),
            new("Images a class", string.Join(", ", s_classes.Select(name => $"{name} 1,000"))),
        ],
        Protocol =
        [
            new("Seed", "20261121"),
            new("Confidence", "95 %"),
            new("Thresholds", "checks.accuracy.min = 0.92\nchecks.subgroups.min-worst = 0.7\nchecks.stability.max-flip-rate = "
                + "0.08\nchecks.simba.max-success.100 = 0.6"),
            new("Rule of judgement", "A gate passes when its one-sided confidence bound clears the threshold, fails when the opposite bound "
                + "misses it, and is inconclusive in between."),
        ],
        Sections = [Accuracy(), Subgroups(), Stability(), Simba(), Broken()],
        Limits =
        [
            "The figures hold for images drawn like the test set; nothing is said about other cameras, lighting or goods.",
            "SimBA is a query attack in pixel space. An attacker with the model's gradients may succeed more often.",
            "Whether the thresholds suit the intended purpose was not assessed.",
        ],
        Provenance =
        [
            new("AuditKit", "0.1.0"),
            new(".NET", "10.0.4"),
            new("Command", "auditkit run audits/fashion-mnist.yaml --set seed=20261121"),
            new("Spec SHA-256", "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"),
            new("Run identity", "fcde2b2edba56bf408601fb721fe9b5c338d10ee429ea04fae5511b68fbf8fb9"),
        ],
        SpecFile = "audits/fashion mnist.yaml",
        Spec = """
            name: Fashion-MNIST release audit
            model: { path: ../reference-models/fashion-mnist-resnet8/model.onnx, mean: [0.286], std: [0.353] }
            data: { name: fashion-mnist, split: test }
            seed: 20261121
            confidence: 0.95
            checks:
              accuracy:  { min: 0.92 }
              subgroups: { by: [class, brightness/3, class x brightness/3], min-worst: 0.70, min-size: 100 }
              stability: { perturbations: [jpeg-50, jpeg-20, crop-2, thumb-196], max-flip-rate: 0.08 }
              simba:     { images: 200, epsilon: 0.2, iterations: 1000, max-success: { 100: 0.60 } }
            provider: { name: "ООО «Ткань и Ко», 株式会社テスト" }

            """,
    };

    /// <summary>The sample's sections so often that the report has about as many pages as a large real one.</summary>
    public static AuditResult Large()
    {
        AuditResult sample = Create();
        return sample with { Sections = [.. Enumerable.Range(0, 4).SelectMany(_ => sample.Sections)] };
    }

    private static Section Accuracy() => new()
    {
        Check = "accuracy",
        Title = "Accuracy",
        Summary = "Share of all test images that the model classifies as labelled. Every image counts once.",
        Method = ["Accuracy = correct / n. Displayed: Wilson score interval (Wilson 1927). Judged: Clopper–Pearson bound, one-sided at 1 − α = 0.95."],
        Findings =
        [
            new()
            {
                Check = "accuracy", Metric = "accuracy", Estimate = 0.9268, Interval = new(0.921533, 0.931745), Method = "Wilson 95 %", Count = 10000,
                Threshold = new(ThresholdKind.AtLeast, 0.92, "checks.accuracy.min"), Outcome = GateOutcome.Pass,
                Reason = "lower Clopper–Pearson bound 92.24 % ≥ 92 %",
            },
            new() { Check = "accuracy", Metric = "mean cross-entropy", Estimate = 0.21374, Count = 10000, IsProportion = false },
            new() { Check = "accuracy", Metric = "expected calibration error", Estimate = 0.031274, Count = 10000, Interval = new(0.0268, 0.0359),
                Method = "bootstrap 95 %, 2,000 draws" },
        ],
        Tables =
        [
            new("Most frequent confusions", ["Labelled", "Predicted", "Images", "Share of the class"],
            [
                ["Shirt", "T-shirt/top", "112", "11.2 %"], ["Shirt", "Pullover", "71", "7.1 %"], ["Coat", "Pullover", "64", "6.4 %"],
                    ["Pullover", "Coat", "58", "5.8 %"],
            ]),
        ],
    };

    private static Section Subgroups()
    {
        double[] accuracy = [0.871, 0.984, 0.893, 0.931, 0.894, 0.986, 0.769, 0.972, 0.987, 0.965];
        string[] shades = ["dark", "medium", "bright"];
        (string Name, double Value, Interval Interval)[] groups =
        [
            .. s_classes.SelectMany((name, c) => shades.Select((shade, s) =>
            {
                double value = Math.Min(0.998, accuracy[c] + ((s - 1) * 0.021) - (c == 6 && s == 0 ? 0.08 : 0));
                return ($"{name} × {shade}", value, new Interval(value - 0.03, Math.Min(1, value + 0.025)));
            })),
        ];
        return new()
        {
            Check = "subgroups",
            Title = "Subgroups: by class, brightness, and both",
            Summary = "Accuracy in each group of images. The worst group is what the gate judges, because a good average can hide a group "
                + "that the model fails.",
            Method =
            [
                "Groups smaller than min-size are inconclusive. Bounds are simultaneous over all groups (Holm), since the worst group is a selected minimum.",
                "Brightness is the mean of all samples of an image, cut at the tertiles of the test set.",
            ],
            Findings =
            [
                new()
                {
                    Check = "subgroups", Metric = "worst-group accuracy", Subject = "class × brightness: Shirt × dark", Estimate = 0.668,
                        Interval = new(0.6162, 0.7161),
                    Method = "Wilson 95 %", Count = 334, Threshold = new(ThresholdKind.AtLeast, 0.70, "checks.subgroups.min-worst"), Outcome = GateOutcome.Fail,
                    Reason = "upper Clopper–Pearson bound, Holm-corrected over 30 groups, 69.91 % < 70 %",
                },
                new()
                {
                    Check = "subgroups", Metric = "worst-group accuracy",
                        Subject = "group of 30 images called <b>накидка & 外套</b> with an exceedingly long name",
                    Estimate = 0.7333, Interval = new(0.5555, 0.8582), Method = "Wilson 95 %", Count = 30,
                    Threshold = new(ThresholdKind.AtLeast, 0.70, "checks.subgroups.min-worst"), Outcome = GateOutcome.Inconclusive,
                        Reason = "30 images, fewer than min-size 100",
                },
                new()
                {
                    Check = "subgroups", Metric = "worst-group accuracy", Subject = "class: none left", Estimate = null, Count = 0,
                    Threshold = new(ThresholdKind.AtLeast, 0.70, "checks.subgroups.min-worst"), Outcome = GateOutcome.Inconclusive,
                        Reason = "no image belongs to the group",
                },
                new() { Check = "subgroups", Metric = "average of the groups' accuracies, plain", Subject = "class", Estimate = 0.9252, Count = 10000 },
                new() { Check = "subgroups", Metric = "average of the groups' accuracies, weighted as in training", Subject = "class", Estimate = 0.9252,
                    Count = 10000 },
            ],
            Charts =
            [
                new()
                {
                    Title = "Accuracy by class, with Wilson 95 % intervals", Kind = ChartKind.Bar, XLabel = "accuracy", YLabel = "class", Reference = 0.70,
                    Series = [new() { Name = "accuracy", Names = s_classes, Y = accuracy,
                        Intervals = [.. accuracy.Select(p => new Interval(p - 0.02, Math.Min(1, p + 0.018)))] }],
                },
                new()
                {
                    Title = "Accuracy by class and brightness", Kind = ChartKind.Bar, XLabel = "accuracy", YLabel = "class × brightness", Reference = 0.70,
                    Series = [new() { Name = "accuracy", Names = [.. groups.Select(g => g.Name)], Y = [.. groups.Select(g => g.Value)],
                        Intervals = [.. groups.Select(g => g.Interval)] }],
                },
            ],
            Tables =
            [
                new("Accuracy by group", ["Group", "n", "Correct", "Accuracy", "Wilson 95 %", "Bound", "Below the threshold"],
                    [.. groups.Select((g, i) => (IReadOnlyList<string>)[g.Name, "334", $"{Math.Round(334 * g.Value)}", Percent(g.Value),
                        $"{Tenths(g.Interval.Lower)} to {Percent(g.Interval.Upper)}", Percent(g.Interval.Lower - 0.01), i == 18 ? "yes" : "no"])]),
            ],
        };
    }

    private static Section Stability()
    {
        string[] conditions = ["jpeg-50", "jpeg-20", "crop-2", "thumb-196"];
        double[] flips = [0.0412, 0.0791, 0.0655, 0.0];
        return new()
        {
            Check = "stability",
            Title = "Stability under JPEG, crop and thumbnail",
            Summary = "How often a change that people hardly notice changes the prediction. A flip is a different predicted class, whether "
                + "or not the first was right.",
            Method = ["Flip rate = images whose argmax differs / n. Clustered by source image. Feature distance is ‖f(x) − f(x′)‖₂ at the "
                + "tapped embedding (Zheng et al. 2016)."],
            Findings =
            [
                .. conditions.Select((condition, i) => new Finding
                {
                    Check = "stability", Metric = "flip rate", Subject = condition, Estimate = flips[i],
                        Interval = new(Math.Max(0, flips[i] - 0.004), flips[i] + 0.0045), Method = "Wilson 95 %",
                    Count = 10000, Threshold = new(ThresholdKind.AtMost, 0.08, "checks.stability.max-flip-rate"), Outcome = i == 1 ? GateOutcome.Inconclusive
                        : GateOutcome.Pass,
                    Reason = i == 1 ? "upper Clopper–Pearson bound 8.37 % > 8 %, lower 7.47 % ≤ 8 %" : "upper Clopper–Pearson bound clears 8 %",
                }),
                new() { Check = "stability", Metric = "change of accuracy", Subject = "jpeg-20", Estimate = -0.0183, Interval = new(-0.0239, -0.0127),
                    Method = "Tango 95 %, paired", Count = 10000 },
                new() { Check = "stability", Metric = "median feature distance", Subject = "jpeg-20", Estimate = 1.27341, IsProportion = false, Count = 10000 },
            ],
            Charts =
            [
                new()
                {
                    Title = "Flip rate and change of accuracy", Kind = ChartKind.Bar, XLabel = "share of images", YLabel = "", Reference = 0.08,
                    Series =
                    [
                        new() { Name = "flip rate", Names = conditions, Y = flips,
                            Intervals = [.. flips.Select(p => new Interval(Math.Max(0, p - 0.004), p + 0.0045))] },
                        new() { Name = "change of accuracy", Names = conditions, Y = [-0.0041, -0.0183, -0.0096, double.NaN] },
                    ],
                },
                new()
                {
                    Title = "Feature distances", Kind = ChartKind.Line, XLabel = "L2 distance at the embedding", YLabel = "share of images below",
                        Percent = true,
                    Series =
                    [
                        new() { Name = "jpeg-50", X = [0, 0.5, 1, 1.5, 2, 4], Y = [0, 0.55, 0.9, 0.97, 0.99, 1] },
                        new() { Name = "jpeg-20", X = [0, 0.5, 1, 1.5, 2, 4], Y = [0, 0.21, 0.6, 0.81, 0.91, 1] },
                        new() { Name = "different images", X = [0, 1, 2, 4, 6, 8], Y = [0, 0.001, 0.02, 0.3, 0.81, 1] },
                    ],
                },
            ],
            Examples = [Example("#1237, Shirt, under jpeg-20: predicted Shirt, then Coat", 28, 1, "Shirt, 61 %", "Coat, 48 %")],
        };
    }

    private static string Percent(double share) => $"{Tenths(share)} %";

    private static string Tenths(double share) => (share * 100).ToString("F1", CultureInfo.InvariantCulture);
}
