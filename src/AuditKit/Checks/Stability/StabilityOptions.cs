using AuditKit.Imaging;
using AuditKit.Results;
using AuditKit.Yaml;

namespace AuditKit.Checks.Stability;

/// <summary>What a spec says under <c>stability</c>: <c>{ perturbations: [jpeg-50, crop-2], max-flip-rate: 0.08 }</c>.</summary>
public sealed record StabilityOptions : ICheckOptions
{
    internal static readonly PerturbationsKey PerturbationsKey = new("perturbations", "What is done to the images, each on its own: jpeg-Q, "
        + "crop-N, thumb-S …")
    { Example = "[jpeg-20]", IsRequired = true };
    private static readonly LimitKey s_maxFlipRate = new("max-flip-rate", "The largest share of predictions that change under "
        + "each perturbation", ThresholdKind.AtMost)
    { Example = "0.9" };

    /// <summary>The check.</summary>
    public static CheckDescriptor Check { get; } = new()
    {
        Key = StabilityCheck.Key,
        Assesses = "stability under JPEG, crop and thumbnail",
        Keys = [PerturbationsKey, s_maxFlipRate],
        Parse = Parse,
        Clauses = ["ai-act-15 15(1)", "ai-act-15 15(4), errors and inconsistencies", "nist-measure-2 2.7"],
        Weakness = Checks.Weakness.Perturbation,
        NotPaired = new("stability: distances between embeddings", "two models' embeddings have no common scale"),
    };

    /// <summary>What is done to the images, <c>perturbations</c>, each on its own; at least one, no two the same.</summary>
    public required IReadOnlyList<IPerturbation> Perturbations { get; init => field = PerturbationsKey.Require(value); }

    /// <summary>The largest flip rate under each perturbation, <c>max-flip-rate</c>; null to report it only.</summary>
    public Threshold? MaxFlipRate { get; init => field = s_maxFlipRate.Require(value); }

    /// <inheritdoc/>
    public CheckDescriptor Descriptor => Check;

    /// <inheritdoc/>
    public PlannedCheck Bind(IReadOnlyList<string> attributes)
        => new(new StabilityCheck(this), new StabilityAnalysis(this)) { Perturbations = Perturbations };

    private static StabilityOptions Parse(SpecMap map, string folder)
    {
        var options = new StabilityOptions { Perturbations = PerturbationsKey.Read(map), MaxFlipRate = s_maxFlipRate.Read(map) };
        map.Finish();
        return options;
    }
}
