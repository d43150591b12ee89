using AuditKit.Checks.Subgroups;
using AuditKit.Results;
using AuditKit.Yaml;

namespace AuditKit.Checks.Calibration;

/// <summary>What a spec says under <c>calibration</c>.</summary>
public sealed record CalibrationOptions
{
    /// <summary>Bins of every calibration error, <c>bins</c>.</summary>
    public int Bins { get; init; } = 15;

    /// <summary>How the images are cut into groups, <c>by</c>; may be empty.</summary>
    public IReadOnlyList<Grouping> By { get; init; } = [];

    /// <summary>Images that a group needs to be judged, <c>min-size</c>.</summary>
    public int MinSize { get; init; } = 100;

    /// <summary>The largest ECE in bins of equal width, <c>max-ece</c>; null to report it only.</summary>
    public Threshold? MaxEce { get; init; }

    /// <summary>The largest ECE of every group, <c>max-group-ece</c>; null to report it only.</summary>
    public Threshold? MaxGroupEce { get; init; }

    /// <summary>The largest classwise ECE, <c>max-classwise-ece</c>; null to report it only.</summary>
    public Threshold? MaxClasswiseEce { get; init; }

    /// <summary>The largest Brier score, <c>max-brier</c>, 0 to 2; null to report it only.</summary>
    public Threshold? MaxBrier { get; init; }

    /// <summary>The largest negative log-likelihood in nats, <c>max-nll</c>; null to report it only.</summary>
    public Threshold? MaxNll { get; init; }

    /// <summary>The largest calibrated negative log-likelihood in nats, <c>max-calibrated-nll</c>; null to report it only.</summary>
    public Threshold? MaxCalibratedNll { get; init; }

    /// <summary>The largest area under the risk–coverage curve, <c>max-aurc</c>; null to report it only.</summary>
    public Threshold? MaxAurc { get; init; }

    /// <summary>Reads <c>{ by: [class], max-ece: 0.05, max-nll: 0.4 }</c>.</summary>
    /// <param name="map">The options.</param>
    /// <param name="attributes">The attributes that come with the data.</param>
    /// <exception cref="AuditException">An unknown key or attribute, a grouping named twice, a value out of range.</exception>
    public static CalibrationOptions Parse(SpecMap map, IReadOnlyList<string> attributes)
    {
        ArgumentNullException.ThrowIfNull(map);
        const double Nats = 1000;
        var standard = new CalibrationOptions();
        var options = standard with
        {
            Bins = map.Integer("bins", standard.Bins, 1, 1000),
            By = Grouping.ParseList(map, "by", attributes),
            MinSize = map.Integer("min-size", standard.MinSize, 1, 1_000_000_000),
            MaxEce = map.Limit(ThresholdKind.AtMost, "max-ece"),
            MaxGroupEce = map.Limit(ThresholdKind.AtMost, "max-group-ece"),
            MaxClasswiseEce = map.Limit(ThresholdKind.AtMost, "max-classwise-ece"),
            MaxBrier = map.Limit(ThresholdKind.AtMost, "max-brier", 0, 2),
            MaxNll = map.Limit(ThresholdKind.AtMost, "max-nll", 0, Nats),
            MaxCalibratedNll = map.Limit(ThresholdKind.AtMost, "max-calibrated-nll", 0, Nats),
            MaxAurc = map.Limit(ThresholdKind.AtMost, "max-aurc"),
        };
        map.Finish();
        return options.MaxGroupEce is not null && options.By.Count == 0
            ? throw map.Error("max-group-ece", "'max-group-ece' needs groups: name at least one grouping in 'by', such as class.")
            : options;
    }

    internal PlannedCheck Plan() => new(new CalibrationCheck(this), new CalibrationAnalysis(this));
}
