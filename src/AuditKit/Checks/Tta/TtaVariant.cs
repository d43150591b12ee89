using AuditKit.Evidence;
using AuditKit.Imaging;
using AuditKit.Models;

namespace AuditKit.Checks.Tta;

/// <summary>One way to predict: which samples, by which models, of images in which state.</summary>
/// <param name="Views">The samples.</param>
/// <param name="Members">The ensemble as the evidence names it; empty for the audited model alone.</param>
/// <param name="Under">What is done to the images first; null for nothing.</param>
/// <param name="Samples">Numbers of samples at which predictions are kept, ascending.</param>
internal sealed record TtaVariant(IViews Views, string Members, IPerturbation? Under, IReadOnlyList<int> Samples)
{
    /// <summary>What the predictions are for.</summary>
    public ConditionKind Kind { get; init; } = ConditionKind.Augmented;

    /// <summary>How many models take turns.</summary>
    public int Models { get; init; } = 1;

    /// <summary>The share of the images that is not judged, because a setting is searched on it.</summary>
    public double SearchShare { get; init; }

    /// <summary>Which images of a stored set are read instead of being made by <see cref="Under"/>; empty where they are made.</summary>
    public string Stored { get; init; } = "";

    /// <summary>How the model adapts itself to the batches that it is shown; null where it stays as it is.</summary>
    public Adaptation? Adaptation { get; init; }

    /// <summary>Images a batch, where the model adapts itself.</summary>
    public int Batch { get; init; }

    /// <summary>Whether this is the audited model alone, as it is, on images that are not augmented.</summary>
    public bool IsCentral => Views is Central && Members.Length == 0 && Adaptation is null;

    /// <summary>What the report calls it, whatever the images' state: <c>ensemble, crop-flip</c>.</summary>
    public string Method => Adaptation?.Name ?? (Members.Length == 0 ? Views.Name : $"{TtaPair.Ensemble}, {Views.Name}");

    /// <summary>What specs call it in pairs: <c>ensemble crop-flip</c>.</summary>
    public string Key => Adaptation?.Key ?? (Members.Length == 0 ? Views.Key : $"{TtaPair.Ensemble} {Views.Key}");

    /// <summary>What the report calls it: <c>crop-flip under jpeg-50</c>.</summary>
    public string Label => Under is null ? Method : $"{Method} under {Under.Name}";

    /// <summary>What tells it from other work that is not divided among shards.</summary>
    public string Work => $"{TtaCheck.Key}/{Label}";

    /// <summary>The condition of predictions from so many samples.</summary>
    public Condition Condition(int samples) => new(
        Kind, TtaCheck.Key, $"{Label}, {samples} {(samples == 1 ? "sample" : "samples")}",
        [
            ("views", Views.Name), ("edition", Views.Edition), ("members", Members), ("under", Under?.Name ?? ""), ("search-share", SearchShare),
            .. Stored.Length == 0 ? Array.Empty<(string, object)>() : [("images", Stored)],
            .. Adaptation is null ? Array.Empty<(string, object)>() : [("adaptation", Adaptation.Name), ("batch", Batch)],
            (Evidence.Condition.Samples, samples),
        ]);
}
