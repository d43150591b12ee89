using AuditKit.Checks.Subgroups;
using AuditKit.Results;
using AuditKit.Yaml;

namespace AuditKit.Checks.Calibration;

/// <summary>What a spec says under <c>calibration</c>: <c>{ by: [class], max-ece: 0.05, max-nll: 0.4 }</c>; every key may be left out.</summary>
public sealed record CalibrationOptions : ICheckOptions
{
    private const double MostNats = 1000;

    private static readonly IntegerKey s_bins = new("bins", "Bins of every calibration error", 15, 1, 1000) { Example = "7" };
    private static readonly GroupingsKey s_by = new("How the images are cut into groups") { Example = "[class]" };
    private static readonly IntegerKey s_minSize = new("min-size", "Images that a group needs to be judged", 100, 1, 1_000_000_000) { Example = "2" };
    private static readonly LimitKey s_maxEce = new("max-ece", "The largest expected calibration error", ThresholdKind.AtMost) { Example = "0.9" };
    private static readonly LimitKey s_maxGroupEce = new("max-group-ece", "The largest expected calibration error of every group", ThresholdKind.AtMost);
    private static readonly LimitKey s_maxClasswiseEce = new("max-classwise-ece", "The largest classwise calibration error",
        ThresholdKind.AtMost)
    { Example = "0.9" };
    private static readonly LimitKey s_maxBrier = new("max-brier", "The largest Brier score", ThresholdKind.AtMost, 0, 2) { Example = "1.9" };
    private static readonly LimitKey s_maxNll = new("max-nll", "The largest negative log-likelihood, in nats", ThresholdKind.AtMost, 0,
        MostNats)
    { Example = "99" };
    private static readonly LimitKey s_maxCalibratedNll = new("max-calibrated-nll", "The largest calibrated negative "
        + "log-likelihood, in nats", ThresholdKind.AtMost, 0, MostNats)
    { Example = "99" };
    private static readonly LimitKey s_maxAurc = new("max-aurc", "The largest area under the risk–coverage curve", ThresholdKind.AtMost) { Example = "0.9" };

    /// <summary>The check.</summary>
    public static CheckDescriptor Check { get; } = new()
    {
        Key = CalibrationCheck.Key,
        Assesses = "whether confidences are as high as the answers are right",
        Keys = [s_bins, s_by, s_minSize, s_maxEce, s_maxGroupEce, s_maxClasswiseEce, s_maxBrier, s_maxNll, s_maxCalibratedNll, s_maxAurc],
        Parse = Parse,
        Clauses = ["ai-act-annex-iv 3", "nist-measure-2 2.5"],
        Weakness = Checks.Weakness.Calibration,
        NotPaired = new("calibration: errors, temperature, risk and coverage", "figures of a whole set of images, not of each: hold the "
            + "sections of both reports side by side"),
    };

    /// <summary>Bins of every calibration error, <c>bins</c>.</summary>
    public int Bins { get; init => field = s_bins.Require(value); } = s_bins.Default;

    /// <summary>How the images are cut into groups, <c>by</c>; may be empty.</summary>
    public Groupings By { get; init; } = new();

    /// <summary>Images that a group needs to be judged, <c>min-size</c>.</summary>
    public int MinSize { get; init => field = s_minSize.Require(value); } = s_minSize.Default;

    /// <summary>The largest ECE in bins of equal width, <c>max-ece</c>; null to report it only.</summary>
    public Threshold? MaxEce { get; init => field = s_maxEce.Require(value); }

    /// <summary>The largest ECE of every group, <c>max-group-ece</c>; null to report it only.</summary>
    public Threshold? MaxGroupEce { get; init => field = s_maxGroupEce.Require(value); }

    /// <summary>The largest classwise ECE, <c>max-classwise-ece</c>; null to report it only.</summary>
    public Threshold? MaxClasswiseEce { get; init => field = s_maxClasswiseEce.Require(value); }

    /// <summary>The largest Brier score, <c>max-brier</c>, 0 to 2; null to report it only.</summary>
    public Threshold? MaxBrier { get; init => field = s_maxBrier.Require(value); }

    /// <summary>The largest negative log-likelihood in nats, <c>max-nll</c>; null to report it only.</summary>
    public Threshold? MaxNll { get; init => field = s_maxNll.Require(value); }

    /// <summary>The largest calibrated negative log-likelihood in nats, <c>max-calibrated-nll</c>; null to report it only.</summary>
    public Threshold? MaxCalibratedNll { get; init => field = s_maxCalibratedNll.Require(value); }

    /// <summary>The largest area under the risk–coverage curve, <c>max-aurc</c>; null to report it only.</summary>
    public Threshold? MaxAurc { get; init => field = s_maxAurc.Require(value); }

    /// <inheritdoc/>
    public CheckDescriptor Descriptor => Check;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">There is a limit for groups, and no grouping.</exception>
    public PlannedCheck Bind(IReadOnlyList<string> attributes)
    {
        if (LacksGroups)
        {
            throw new ArgumentException("'max-group-ece' needs groups: name at least one grouping in 'by'.");
        }

        IReadOnlyList<Grouping> by = By.Bind(attributes);
        return new(new CalibrationCheck(by), new CalibrationAnalysis(this, by));
    }

    private bool LacksGroups => MaxGroupEce is not null && By.Names.Count == 0;

    private static CalibrationOptions Parse(SpecMap map, string folder)
    {
        var options = new CalibrationOptions
        {
            Bins = s_bins.Read(map),
            By = s_by.Read(map),
            MinSize = s_minSize.Read(map),
            MaxEce = s_maxEce.Read(map),
            MaxGroupEce = s_maxGroupEce.Read(map),
            MaxClasswiseEce = s_maxClasswiseEce.Read(map),
            MaxBrier = s_maxBrier.Read(map),
            MaxNll = s_maxNll.Read(map),
            MaxCalibratedNll = s_maxCalibratedNll.Read(map),
            MaxAurc = s_maxAurc.Read(map),
        };
        map.Finish();
        return options.LacksGroups
            ? throw map.Error(s_maxGroupEce.Key, "'max-group-ece' needs groups: name at least one grouping in 'by', such as class.")
            : options;
    }
}
