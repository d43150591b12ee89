using System.Globalization;
using AuditKit.Imaging.Corruptions;
using AuditKit.Yaml;

namespace AuditKit.Imaging;

/// <summary>
/// The perturbations that a spec can name: a kind and its strength, such as <c>jpeg-50</c>, or a corruption and its
/// severity, such as <c>gaussian-noise/3</c>.
/// </summary>
public static class PerturbationCatalog
{
    private static readonly Kind[] Kinds =
    [
        new("jpeg", "jpeg-50 (quality 1 to 100)", 1, 100, quality => new JpegCompression(quality)),
        new("crop", "crop-2 (largest offset of a margin, in pixels)", 1, 10_000, offset => new MarginCrop(offset)),
        new("thumb", "thumb-196 (pixels in all)", 1, int.MaxValue, area => new Thumbnail(area)),
    ];

    /// <summary>The perturbation of a name.</summary>
    /// <param name="name">A kind, a hyphen and a whole number: <c>jpeg-50</c>, <c>crop-2</c>, <c>thumb-196</c>; or a corruption, a slash
    /// and its severity.</param>
    /// <exception cref="AuditException">There is no such perturbation, or not of this strength; the message lists those there are.</exception>
    public static IPerturbation Parse(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Split('/') is [var corruption, [>= '1' and <= '5' and var severity]])
        {
            return CorruptionCatalog.Find(corruption).Make(severity - '0', FrostTexture.Default);
        }

        string word = name.TrimEnd([.. "0123456789"]);
        string digits = name[word.Length..];
        foreach (Kind kind in Kinds)
        {
            if (word == kind.Name + "-"
                && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int strength)
                && strength >= kind.Min && strength <= kind.Max)
            {
                return kind.Make(strength);
            }
        }

        string nearest = Spelling.Nearest(word.TrimEnd('-', '_', ' '), Kinds.Select(kind => kind.Name));
        throw new AuditException($"'{name}' is no perturbation.{nearest} Valid forms: {string.Join(", ", Kinds.Select(kind => kind.Form))}, "
            + "fog/3 (a corruption and its severity, 1 to 5).");
    }

    private sealed record Kind(string Name, string Form, int Min, int Max, Func<int, IPerturbation> Make);
}
