using AuditKit.Checks.Subgroups;
using AuditKit.Evidence;
using AuditKit.Gates;
using AuditKit.Results;
using AuditKit.Statistics;

namespace AuditKit.Checks.Calibration;

/// <summary>Whether the model's probabilities mean what they say: over all images and by group.</summary>
public sealed class CalibrationAnalysis(CalibrationOptions options, IReadOnlyList<Grouping> by) : IAnalysis
{
    private const string Check = "calibration";

    private static readonly MethodText s_text = MethodText.Of<CalibrationAnalysis>();

    /// <summary>Bars that a chart can hold and still be read.</summary>
    private const int Bars = 40;

    /// <summary>Points of the drawn risk–coverage curve.</summary>
    private const int CurvePoints = 100;

    /// <inheritdoc/>
    public Section Analyse(EvidenceStore evidence, double confidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        long seed = AuditSeed.Read(evidence);
        ClassScores all = ScoredImages.Read(evidence, Condition.Clean, [.. Enumerable.Range(0, evidence.ImageCount)]);
        Measured measured = Measured.Of(all, options.Bins, seed, "calibration");
        GroupFigures[] groups = [.. by.Select(grouping => FiguresBy(evidence, all, grouping, seed, confidence))];
        return new Section
        {
            Check = Check,
            Title = "Calibration",
            Summary = Summary(measured, groups),
            Method = Method(evidence, confidence),
            Findings =
            [
                Gate.Judge(Check, "ECE", "", measured.Ece, options.MaxEce, confidence),
                Gate.Judge(Check, "ECE, bins of equal mass", "", measured.EqualMassEce, null, confidence),
                Gate.Judge(Check, "classwise ECE", "", measured.ClasswiseEce, options.MaxClasswiseEce, confidence),
                Gate.Judge(Check, "Brier score", "", measured.Brier, options.MaxBrier, confidence),
                Gate.Judge(Check, "NLL", "", measured.Nll, options.MaxNll, confidence),
                .. measured.CalibratedNll is { } calibrated ? [Gate.Judge(Check, "calibrated NLL", "", calibrated, options.MaxCalibratedNll, confidence)]
                    : Array.Empty<Finding>(),
                Gate.Judge(Check, "AURC", "", measured.Aurc, options.MaxAurc, confidence),
                new Finding { Check = Check, Metric = "temperature", Estimate = measured.Temperature, Count = all.Count, IsProportion = false },
                .. groups.SelectMany(grouping => grouping.Findings),
            ],
            Charts = [ReliabilityDiagram(measured.Bins, confidence), RiskCoverageChart(measured.Risk, all.Count), .. groups.SelectMany(GroupChart)],
            Tables = [BinTable(measured.Bins, confidence), .. groups.Select(GroupTable)],
        };
    }

    private GroupFigures FiguresBy(EvidenceStore evidence, ClassScores all, Grouping grouping, long seed, double confidence)
    {
        var index = GroupIndex.Of(evidence, grouping);
        int[][] members = [.. index.Names.Select(_ => Array.Empty<int>())];
        foreach (var images in Enumerable.Range(0, all.Count).GroupBy(image => index.Group[image]))
        {
            members[images.Key] = [.. images];
        }

        int judged = members.Count(images => images.Length >= options.MinSize);
        var findings = new List<Finding>();
        var rows = new List<(string Name, Measured Measured)>();
        foreach ((string name, int[] images) in index.Names.Zip(members))
        {
            if (images.Length < options.MinSize)
            {
                var small = new Finding
                {
                    Check = Check,
                    Metric = "ECE",
                    Subject = name,
                    Estimate = null,
                    Count = images.Length,
                    Threshold = options.MaxGroupEce
                };
                findings.Add(options.MaxGroupEce is null
                    ? small
                    : Gate.Inconclusive(small, $"{NumberText.Count(images.Length, "image is", "images are")} fewer than the "
                        + $"{options.MinSize} that a group needs to be judged"));
                continue;
            }

            Measured measured = Measured.Of(all.Select(images), options.Bins, seed, $"calibration/{name}");
            rows.Add((name, measured));
            findings.Add(JudgeGroup(name, measured.Ece, judged, confidence));
        }

        return new(grouping.Name, rows, findings);
    }

    // That every group clears the limit is an intersection–union test, which needs no correction. Failing names groups,
    // and among many some would be named by chance: Bonferroni.
    private Finding JudgeGroup(string name, BootstrapEstimate ece, int groups, double confidence)
    {
        Finding finding = Gate.Judge(Check, "ECE", name, ece, options.MaxGroupEce, confidence);
        bool clearly = Gate.Judge(Check, "ECE", name, ece, options.MaxGroupEce, 1 - ((1 - confidence) / groups)).Outcome == GateOutcome.Fail;
        return finding.Outcome == GateOutcome.Fail && !clearly
            ? Gate.Inconclusive(finding, $"{finding.Reason}, but not so clearly that chance is excluded (Bonferroni over {groups} groups)")
            : finding;
    }

    private static string Summary(Measured measured, GroupFigures[] groups)
    {
        string claim = measured.MeanConfidence > measured.Accuracy ? "more" : "less";
        string worst = string.Join("; ", groups.Where(grouping => grouping.Rows.Count > 0).Select(grouping =>
        {
            (string name, Measured figures) = grouping.Rows.MaxBy(row => row.Measured.Ece.Value);
            return $"{name}, {NumberText.Percent(figures.Ece.Value)}";
        }));
        return "A model is calibrated when, of all answers given with a probability of 80 %, 80 % are right. "
            + $"On average the model claims {NumberText.Percent(measured.MeanConfidence)} and is right for "
                + $"{NumberText.Percent(measured.Accuracy)} of {NumberText.Count(measured.Ece.Count)} images: it is {claim} sure than it should be. "
            + $"Claim and truth differ by {NumberText.Percent(measured.Ece.Value)} on average over bins of confidence (ECE)."
            + (worst.Length == 0 ? "" : $" The groups that are calibrated worst: {worst}.");
    }

    private string[] Method(EvidenceStore evidence, double confidence) =>
    [
        s_text.Paragraph("ece", ("bins", options.Bins)),
        s_text.Paragraph("classwise-ece-brier-nll", ("bins", options.Bins)),
        s_text.Paragraph(
            "calibrated-nll", ("splits", CalibratedLogLikelihood.Splits), ("least", Temperature.Least), ("largest", Temperature.Largest)),
        s_text.Paragraph("risk-coverage"),
        .. GroupAttributes.Descriptions(evidence, by),
        .. by.Count == 0 ? Array.Empty<string>() : [s_text.Paragraph("groups", ("min-size", options.MinSize))],
        s_text.Paragraph("intervals", ("confidence", NumberText.ExactPercent(confidence)), ("resamples", NumberText.Count(Bootstrap.Resamples))),
    ];

    private static Chart ReliabilityDiagram(IReadOnlyList<CalibrationBin> bins, double confidence) => new()
    {
        Title = "Reliability diagram: how often the answer is right, by the confidence that it is given with",
        Kind = ChartKind.Line,
        XLabel = "mean confidence in the bin",
        YLabel = "accuracy in the bin",
        Series =
        [
            new ChartSeries
            {
                Name = "model",
                X = [.. bins.Select(bin => bin.Claimed)],
                Y = [.. bins.Select(bin => bin.CameTrue.Estimate!.Value)],
                Intervals = [.. bins.Select(bin => Wilson.Interval(bin.CameTrue, confidence))],
            },
            new ChartSeries { Name = "calibrated", X = [bins[0].Claimed, 1], Y = [bins[0].Claimed, 1] },
        ],
    };

    private static Chart RiskCoverageChart(RiskCoverage risk, int count)
    {
        int[] covered = [.. Enumerable.Range(1, CurvePoints).Select(point => (int)Math.Ceiling((double)count * point / CurvePoints)).Distinct()];
        return new Chart
        {
            Title = "Risk–coverage: the error rate when the model answers only where it is surest",
            Kind = ChartKind.Line,
            XLabel = "coverage: share of images answered",
            YLabel = "error rate among them",
            Series =
            [
                new ChartSeries
                {
                    Name = "model",
                    X = [.. covered.Select(images => (double)images / count)],
                    Y = [.. covered.Select(risk.Risk)],
                },
            ],
        };
    }

    private IEnumerable<Chart> GroupChart(GroupFigures grouping)
    {
        var shown = grouping.Rows.OrderByDescending(row => row.Measured.Ece.Value).Take(Bars).ToArray();
        if (shown.Length > 0)
        {
            yield return new Chart
            {
                Title = $"ECE by {grouping.Name}" + (shown.Length < grouping.Rows.Count ? $", the {Bars} largest of {grouping.Rows.Count} groups" : ""),
                Kind = ChartKind.Bar,
                XLabel = "ECE",
                YLabel = "group",
                Reference = options.MaxGroupEce?.Value,
                Series = [new ChartSeries { Name = "ECE", Names = [.. shown.Select(row => row.Name)], Y = [.. shown.Select(row => row.Measured.Ece.Value)] }],
            };
        }
    }

    private static Table BinTable(IReadOnlyList<CalibrationBin> bins, double confidence) => new(
        "Bins of the reliability diagram",
        ["Mean confidence", "Images", "Accuracy", $"{NumberText.ExactPercent(confidence)} interval"],
        [
            .. bins.Select(bin => new[]
            {
                NumberText.Percent(bin.Claimed), NumberText.Count(bin.CameTrue.Count), NumberText.Percent(bin.CameTrue.Estimate),
                    Wilson.Interval(bin.CameTrue, confidence).ToPercent(),
            }),
        ]);

    private static Table GroupTable(GroupFigures grouping) => new(
        $"Calibration by {grouping.Name}",
        ["Group", "Images", "Accuracy", "Mean confidence", "ECE", "Brier score", "NLL", "Temperature"],
        [
            .. grouping.Rows.Select(row => new[]
            {
                row.Name,
                NumberText.Count(row.Measured.Ece.Count),
                NumberText.Percent(row.Measured.Accuracy),
                NumberText.Percent(row.Measured.MeanConfidence),
                NumberText.Percent(row.Measured.Ece.Value),
                NumberText.Value(row.Measured.Brier.Value),
                NumberText.Value(row.Measured.Nll.Value),
                NumberText.Value(row.Measured.Temperature),
            }),
        ]);

    /// <summary>A grouping's judged groups, and the findings on all of them.</summary>
    private sealed record GroupFigures(string Name, IReadOnlyList<(string Name, Measured Measured)> Rows, IReadOnlyList<Finding> Findings);

    /// <summary>Everything that is said of one set of images.</summary>
    private sealed record Measured(BootstrapEstimate Ece, BootstrapEstimate EqualMassEce, BootstrapEstimate ClasswiseEce, BootstrapEstimate Aurc)
    {
        public required double Accuracy { get; init; }

        public required double MeanConfidence { get; init; }

        public required Mean Brier { get; init; }

        public required Mean Nll { get; init; }

        /// <summary>Null for a single image, which has no halves.</summary>
        public required Mean? CalibratedNll { get; init; }

        public required double Temperature { get; init; }

        public required IReadOnlyList<CalibrationBin> Bins { get; init; }

        public required RiskCoverage Risk { get; init; }

        public static Measured Of(ClassScores scores, int bins, long seed, string purpose)
        {
            int[] units = [.. Enumerable.Range(0, scores.Count)];
            float[] confidence = [.. units.Select(scores.Confidence)];
            bool[] correct = [.. units.Select(scores.IsCorrect)];
            var equalWidth = CalibrationBins.EqualWidth(confidence, correct, bins);
            var equalMass = CalibrationBins.EqualMass(confidence, correct, bins);
            var classwise = new ClasswiseCalibration(scores, bins);
            var risk = new RiskCoverage(confidence, [.. correct.Select(isCorrect => !isCorrect)]);
            BootstrapEstimate[] estimates = Bootstrap.Estimate(
                scores.Count, seed, purpose, equalWidth.Error, equalMass.Error, classwise.Error, risk.Area);
            return new(estimates[0], estimates[1], estimates[2], estimates[3])
            {
                Accuracy = correct.Count(isCorrect => isCorrect) / (double)scores.Count,
                MeanConfidence = confidence.Average(p => (double)p),
                Brier = Mean.Of(units.Select(scores.Brier)),
                Nll = Mean.Of(units.Select(unit => -scores.LogLikelihood(unit))),
                CalibratedNll = scores.Count < 2 ? null : Mean.Of(CalibratedLogLikelihood.Of(scores, seed).Select(likelihood => -likelihood)),
                Temperature = Statistics.Temperature.Fit(scores, units),
                Bins = equalWidth.Bins,
                Risk = risk,
            };
        }
    }
}
