using AuditKit.Imaging;
using AuditKit.Results;
using AuditKit.Yaml;

namespace AuditKit.Checks.NearDuplicates;

/// <summary>What a spec says under <c>near-duplicates</c>: <c>{ perturbations: [jpeg-50, crop-2], min-average-precision: 0.9 }</c>.</summary>
public sealed record NearDuplicatesOptions : ICheckOptions
{
    internal static readonly PerturbationsKey PerturbationsKey = new("perturbations", "What makes a near-duplicate of an image, each on its "
        + "own: jpeg-Q, crop-N, thumb-S …")
    { Example = "[jpeg-20]", IsRequired = true };
    private static readonly LimitKey s_minAveragePrecision = new("min-average-precision", "The least average precision under "
        + "each perturbation", ThresholdKind.AtLeast)
    { Example = "0.5" };

    /// <summary>The check.</summary>
    public static CheckDescriptor Check { get; } = new()
    {
        Key = NearDuplicatesCheck.Key,
        Assesses = "recognition of near-duplicates by features",
        Keys = [PerturbationsKey, s_minAveragePrecision],
        Parse = Parse,
        Clauses = ["ai-act-15 15(4), errors and inconsistencies"],
        Weakness = Checks.Weakness.Perturbation,
        NotPaired = new("near-duplicates: distances between embeddings", "two models' embeddings have no common scale; predictions under the "
            + "same perturbations are paired"),
    };

    /// <summary>What makes a near-duplicate of an image, <c>perturbations</c>, each on its own; at least one, no two the same.</summary>
    public required IReadOnlyList<IPerturbation> Perturbations { get; init => field = PerturbationsKey.Require(value); }

    /// <summary>The least average precision under each perturbation, <c>min-average-precision</c>; null to report it only.</summary>
    public Threshold? MinAveragePrecision { get; init => field = s_minAveragePrecision.Require(value); }

    /// <inheritdoc/>
    public CheckDescriptor Descriptor => Check;

    /// <inheritdoc/>
    public PlannedCheck Bind(IReadOnlyList<string> attributes)
        => new(new NearDuplicatesCheck(this), new NearDuplicatesAnalysis(this)) { Perturbations = Perturbations };

    private static NearDuplicatesOptions Parse(SpecMap map, string folder)
    {
        var options = new NearDuplicatesOptions { Perturbations = PerturbationsKey.Read(map), MinAveragePrecision = s_minAveragePrecision.Read(map) };
        map.Finish();
        return options;
    }
}
