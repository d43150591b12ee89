using System.Globalization;
using AuditKit.Imaging;

namespace AuditKit.Checks.Tta;

/// <summary>One way to predict: which samples, by which models, of images in which state.</summary>
/// <param name="Views">The samples.</param>
/// <param name="Members">The ensemble as the evidence names it; empty for the audited model alone.</param>
/// <param name="Under">What is done to the images first; null for nothing.</param>
/// <param name="Samples">Numbers of samples at which predictions are kept, ascending.</param>
internal sealed record TtaVariant(IViews Views, string Members, IPerturbation? Under, IReadOnlyList<int> Samples)
{
    /// <summary>What all conditions of variants begin with.</summary>
    public const string Heading = "tta/";

    /// <summary>The condition of every judged image without augmentation: it tells which images are judged.</summary>
    public static string Unaugmented => new TtaVariant(new Central(), "", null, [1]).Condition(1);

    /// <summary>What the report calls it, whatever the images' state: <c>ensemble, crop-flip</c>.</summary>
    public string Method => Members.Length == 0 ? Views.Name : $"ensemble, {Views.Name}";

    /// <summary>What the report calls it: <c>crop-flip under jpeg-50</c>.</summary>
    public string Label => Under is null ? Method : $"{Method} under {Under.Name}";

    /// <summary>The condition in the evidence of predictions from so many samples.</summary>
    public string Condition(int samples)
        => $"{Heading}{Views.Name}{(Members.Length == 0 ? "" : $"/with {Members}")}{(Under is null ? "" : $"/under {Under.Name}")}/{samples}";

    /// <summary>Whether a condition of the evidence is a variant's.</summary>
    public static bool IsCondition(string condition) => condition.StartsWith(Heading, StringComparison.Ordinal);

    /// <summary>Of variants' conditions, each variant's with most samples.</summary>
    public static IEnumerable<string> WithMostSamples(IEnumerable<string> conditions) => conditions
        .GroupBy(condition => condition[..condition.LastIndexOf('/')])
        .Select(variant => variant.MaxBy(condition => int.TryParse(condition.AsSpan(variant.Key.Length + 1), CultureInfo.InvariantCulture, out int samples) ? samples : 0)!);
}
