using AuditKit.Evidence;
using AuditKit.Results;

namespace AuditKit.Checks.Weights;

/// <summary>Condition numbers, dead filters and spectral norms, the worst layer first.</summary>
public sealed class WeightsAnalysis(WeightsOptions options) : IAnalysis
{
    private const string Check = "weights";

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

    private const string WithoutBorders = "A convolution is taken without borders: on an input that goes on periodically instead of in "
        + "zeros, it falls apart into one matrix a frequency, the kernels' Fourier transform (Sedghi, Gupta and Long, The singular values of "
        + "convolutional layers, ICLR 2019), taken at no more than 32 frequencies a side. Zero padding alone can make a perfectly "
        + "conditioned convolution nearly singular, for what lies along the border; these bounds tell what is the kernels' own doing.";

    private static LayerFigures Worst(LayerFigures[] layers) => layers.MaxBy(layer => layer.Bounds.ConditionNumber)!;

    private static string Summary(LayerFigures[] layers) => layers.Length == 0
        ? "The model has no convolution and no matrix product with constant weights that could be read."
        : $"What {NumberText.Count(layers.Length, "layer does", "layers do")} to their inputs, from the weights alone: no image is looked at. "
            + "A layer whose condition number is large stretches some inputs far more than others and loses what lies along the short directions. "
            + $"The worst is {Worst(layers).Name}, {Condition(Worst(layers).Bounds)}. "
            + $"{NumberText.Count(layers.Sum(layer => layer.DeadFilters))} of {NumberText.Count(layers.Sum(layer => layer.Filters))} filters are dead.";

    private string[] Method(string[] leftOut) =>
    [
        "Frame bounds A and B: the extreme eigenvalues of WᵀW, or of WWᵀ where the layer has fewer outputs m than inputs n, so that A·‖z‖² ≤ "
            + "‖Wz‖² ≤ B·‖z‖² (for z in the row space where m < n). κ = B/A is the condition number of WᵀW, the square of that of W. Biases, "
            + "batch normalisation and what follows are not part of W.",
        options.IsPeriodic ? WithoutBorders : "A convolution is the linear map that it is on the model's own input size: the block-Toeplitz "
            + "matrix of its kernels, zero padding and stride included. Bounds are exact where the smaller side has at most "
            + $"{FrameBounds.Dense} rows, for dense layers, and for convolutions whose windows do not overlap. Otherwise they are approached "
            + "from inside by Lanczos' method on the operator and its adjoint, until ten steps change neither by a hundred-thousandth; A as "
            + "the reciprocal of the largest eigenvalue of the Gram matrix' inverse, by a banded Cholesky factor, wherever that factor is "
            + "small enough. Groups of a convolution are maps of their own, and a transposed convolution has the bounds of the one that it "
            + "is the adjoint of. Where Lanczos' method took more steps than are made, the true A may be smaller and the true B larger: κ is "
            + "then a lower bound (≥), which can fail a gate but not pass it. An A that cannot be told from 0 in double precision (10⁻¹³·B) is printed as 0.",
        $"Filters are the rows of the kernel or matrix. Dead: a norm below {NumberText.Exact(LayerFigures.Dead, isProportion: false)} of the "
            + "layer's largest. Correlation: the mean |cos| of the angle between two filters that are not dead. Effective rank: the "
            + "exponential of the entropy of the filter matrix's singular values (Roy & Vetterli, EUSIPCO 2007), beside the rank that it could have.",
        "Product of spectral norms: the product of √B over all layers. For a plain chain of layers it bounds how far a change of the input "
            + "can grow; with branches and normalisation it is a figure to compare models by, no bound.",
        .. leftOut.Length > 0 ? ["Not assessed, because their weights are no constants of the graph or of a kind that is not read: "
            + $"{WordList.First(leftOut)}."] : Array.Empty<string>(),
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
                    Y = [.. shown.Select(layer => Math.Log10(layer.Bounds.ConditionNumber))],
                },
            ],
        };
    }

    private Table Table(LayerFigures[] layers) => new(
        "Layers in the order in which they run",
        ["Layer", "Kind", "m × n", "A", "B", "κ = B/A", "Bounds", "Correlation", "Effective rank", "Dead filters"],
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
            ]),
        ]);
}
