using AuditKit.Evidence;
using AuditKit.Results;

namespace AuditKit.Checks.Weights;

/// <summary>Condition numbers, dead filters and spectral norms, the worst layer first.</summary>
public sealed class WeightsAnalysis(WeightsOptions options) : IAnalysis
{
    private const string Check = "weights";

    private static readonly MethodText s_text = MethodText.Of<WeightsAnalysis>();

    /// <summary>Bars that a chart can hold and still be read.</summary>
    private const int Bars = 40;

    /// <inheritdoc/>
    public Section Analyse(EvidenceStore evidence, double confidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        string[] leftOut = StoredJson.Read<string[]>(
            evidence.Figure(options.Condition, WeightsCheck.LeftOut) ?? throw new AuditException("The evidence does not have all layers: run "
                + "the audit to its end first.", ExitCode.Error),
            "list of layers");
        LayerFigures[] layers = [.. Enumerable.Range(0, int.MaxValue).Select(i => evidence.Figure(options.Condition, WeightsCheck.Layer(i)))
            .TakeWhile(text => text is not null).Select(text => LayerFigures.FromJson(text!))];
        return new Section
        {
            Check = Check,
            Title = "Weights: conditioning of the layers",
            Summary = Summary(layers),
            Method = Method(leftOut),
            Findings = layers.Length == 0 ? [] : Findings(layers),
            Charts = layers.Length == 0 ? [] : [Chart(layers)],
            Tables = layers.Length == 0 ? [] : [Table(layers)],
        };
    }

    private static LayerFigures Worst(LayerFigures[] layers) => layers.MaxBy(layer => layer.Bounds.ConditionNumber)!;

    private static string Summary(LayerFigures[] layers) => layers.Length == 0
        ? "The model has no convolution and no matrix product with constant weights that could be read."
        : $"What {NumberText.Count(layers.Length, "layer does", "layers do")} to their inputs, from the weights alone: no image is looked at. "
            + "A layer whose condition number is large stretches some inputs far more than others and loses what lies along the short directions. "
            + $"The worst is {Worst(layers).Name}, {Condition(Worst(layers).Bounds)}. "
            + $"{NumberText.Count(layers.Sum(layer => layer.DeadFilters))} of {NumberText.Count(layers.Sum(layer => layer.Filters))} filters are dead.";

    private string[] Method(string[] leftOut) =>
    [
        s_text.Paragraph("frame-bounds"),
        options.IsPeriodic ? s_text.Paragraph("periodic-convolutions") : s_text.Paragraph("convolutions", ("dense", FrameBounds.Dense)),
        s_text.Paragraph("filters", ("dead", NumberText.Exact(LayerFigures.Dead, isProportion: false))),
        s_text.Paragraph("spectral-norms"),
        s_text.Paragraph("sparsity"),
        .. leftOut.Length > 0 ? [s_text.Paragraph("left-out", ("layers", WordList.First(leftOut)))] : Array.Empty<string>(),
    ];

    private Finding[] Findings(LayerFigures[] layers)
    {
        LayerFigures worst = Worst(layers);
        LayerFigures deadest = layers.MaxBy(DeadShare)!;
        return
        [
            AgainstLimit(
                new Finding { Check = Check, Metric = "largest condition number", Subject = "any layer", Estimate = worst.Bounds.ConditionNumber,
                    IsProportion = false, Count = layers.Length },
                options.MaxConditionNumber, layers.Any(layer => layer.Bounds.IsLowerBound), $"{worst.Name}: {Condition(worst.Bounds)}"),
            AgainstLimit(
                new Finding { Check = Check, Metric = "largest share of dead filters", Subject = "any layer", Estimate = DeadShare(deadest),
                    Count = deadest.Filters },
                options.MaxDeadFilters, isLowerBound: false, $"{deadest.Name}: {deadest.DeadFilters} of {deadest.Filters} filters"),
            new Finding
            {
                Check = Check,
                Metric = "product of spectral norms, log10",
                Subject = "all layers",
                Estimate = layers.Sum(layer => Math.Log10(Math.Max(layer.Bounds.B, double.Epsilon)) / 2),
                IsProportion = false,
                Count = layers.Length,
            },
            Extreme("smallest frame bound A", layers.Min(layer => layer.Bounds.A)),
            Extreme("largest frame bound B", layers.Max(layer => layer.Bounds.B)),
            new Finding { Check = Check, Metric = "sparsity", Subject = "all layers", Estimate = 1 - ((double)NotZero(layers) / Dense(layers)), Count = layers.Length },
            new Finding
            {
                Check = Check,
                Metric = "compression",
                Subject = "all layers",
                // A network without any weight is not compressed without bound: one number at least says what it answers.
                Estimate = (double)Dense(layers) / Math.Max(1, NotZero(layers)),
                IsProportion = false,
                Count = layers.Length,
            },
        ];

        Finding Extreme(string metric, double value)
            => new() { Check = Check, Metric = metric, Subject = "any layer", Estimate = value, IsProportion = false, Count = layers.Length };
    }

    /// <summary>Nothing is sampled, so a figure passes or fails by itself; one that may be larger still cannot pass.</summary>
    private static Finding AgainstLimit(Finding finding, Threshold? threshold, bool isLowerBound, string what)
    {
        if (threshold is null)
        {
            return finding;
        }

        bool isAbove = finding.Estimate > threshold.Value;
        return finding with
        {
            Threshold = threshold,
            Outcome = isAbove ? GateOutcome.Fail : isLowerBound ? GateOutcome.Inconclusive : GateOutcome.Pass,
            Reason = isAbove ? $"{what}, above the limit"
                : isLowerBound ? $"{what}; one that is only bounded from below may be above the limit"
                : $"{what}, the largest of all layers",
        };
    }

    private static double DeadShare(LayerFigures layer) => (double)layer.DeadFilters / layer.Filters;

    // Weights that several nodes share are in the file once.
    private static long NotZero(LayerFigures[] layers) => layers.DistinctBy(layer => layer.Name).Sum(layer => layer.NotZero);

    private static long Dense(LayerFigures[] layers) => layers.DistinctBy(layer => layer.Name).Sum(layer => layer.Dense);

    private static string Condition(FrameBounds bounds) => $"κ {(bounds.IsLowerBound ? "≥" : "=")} {NumberText.Value(bounds.ConditionNumber)}";

    private static Chart Chart(LayerFigures[] layers)
    {
        LayerFigures[] shown = layers.Length <= Bars ? layers : [.. layers.OrderByDescending(layer => layer.Bounds.ConditionNumber).Take(Bars)];
        return new Chart
        {
            Title = $"Condition number by layer, as a power of ten{(shown.Length == layers.Length ? "" : $", the {Bars} largest of {layers.Length}")}",
            Kind = ChartKind.Bar,
            XLabel = "log10 κ",
            YLabel = "layer",
            Percent = false,
            Series =
            [
                new ChartSeries
                {
                    Name = "log10 κ",
                    Names = [.. shown.Select(layer => layer.Name)],
                    Y = [.. shown.Select(layer => Math.Log10(Math.Max(1, layer.Bounds.ConditionNumber)))],
                },
            ],
        };
    }

    private Table Table(LayerFigures[] layers) => new(
        "Layers in the order in which they run",
        ["Layer", "Kind", "m × n", "A", "B", "κ = B/A", "Bounds", "Correlation", "Effective rank", "Dead filters", "Sparsity"],
        [
            .. layers.Select(layer => (string[])
            [
                layer.Name,
                layer.Kind,
                $"{NumberText.Count(layer.Rows)} × {NumberText.Count(layer.Columns)}{(layer.Rows < layer.Columns ? ", WWᵀ" : "")}",
                $"{(layer.Bounds.IsSettled ? "" : "≤ ")}{NumberText.Value(layer.Bounds.A)}",
                $"{(layer.Bounds.IsSettled ? "" : "≥ ")}{NumberText.Value(layer.Bounds.B)}",
                $"{(layer.Bounds.IsLowerBound ? "≥ " : "")}{NumberText.Value(layer.Bounds.ConditionNumber)}",
                layer.Bounds.IsExact ? (options.IsPeriodic ? "without borders" : "exact")
                    : $"Lanczos, {NumberText.Count(layer.Bounds.Steps, "step", "steps")}{(layer.Bounds.IsSettled ? "" : ", not settled")}",
                NumberText.Value(layer.Correlation),
                $"{NumberText.Value(layer.EffectiveRank)} of {layer.FullRank}",
                $"{layer.DeadFilters} of {layer.Filters}",
                $"{NumberText.Percent(1 - ((double)layer.NotZero / layer.Dense))} of {NumberText.Count(layer.Dense)}",
            ]),
        ]);
}
