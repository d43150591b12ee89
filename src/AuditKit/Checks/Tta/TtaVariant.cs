using AuditKit.Imaging;

namespace AuditKit.Checks.Tta;

/// <summary>One way to predict: which samples, by which models, of images in which state.</summary>
/// <param name="Views">The samples.</param>
/// <param name="Members">The ensemble as the evidence names it; empty for the audited model alone.</param>
/// <param name="Under">What is done to the images first; null for nothing.</param>
/// <param name="Samples">Numbers of samples at which predictions are kept, ascending.</param>
internal sealed record TtaVariant(IViews Views, string Members, IPerturbation? Under, IReadOnlyList<int> Samples)
{
    /// <summary>What the report calls it, whatever the images' state: <c>ensemble, crop-flip</c>.</summary>
    public string Method => Members.Length == 0 ? Views.Name : $"ensemble, {Views.Name}";

    /// <summary>What the report calls it: <c>crop-flip under jpeg-50</c>.</summary>
    public string Label => Under is null ? Method : $"{Method} under {Under.Name}";

    /// <summary>The condition in the evidence of predictions from so many samples.</summary>
    public string Condition(int samples)
        => $"tta/{Views.Name}{(Members.Length == 0 ? "" : $"/with {Members}")}{(Under is null ? "" : $"/under {Under.Name}")}/{samples}";
}
