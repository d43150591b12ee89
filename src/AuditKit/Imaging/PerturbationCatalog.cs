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
        new("jpeg", 50, "quality", "quality 1 to 100", 1, 100, quality => new JpegCompression(quality)),
        new("crop", 2, "largest offset", "largest offset of a margin, in pixels", 1, 10_000, offset => new MarginCrop(offset)),
        new("thumb", 196, "number of pixels", "pixels in all", 1, int.MaxValue, area => new Thumbnail(area)),
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
        Kind? named = Kinds.FirstOrDefault(kind => word == $"{kind.Name}-");
        if (named?.Strength(digits) is { } strength)
        {
            return named.Make(strength);
        }

        string? meant = Spelling.Meant(word.TrimEnd('-', '_', ' '), Kinds.Select(kind => kind.Name));
        string why = named is not null && digits.Length > 0
            ? $": {named.Name}'s {named.What} is {named.Min} to {named.Max}."
            : Kinds.FirstOrDefault(kind => kind.Name == meant) is { } near ? $". Did you mean '{near.With(near.Strength(digits) ?? near.Example)}'?" : ".";
        throw new AuditException($"'{name}' is no perturbation{why} Valid forms: "
            + $"{string.Join(", ", Kinds.Select(kind => $"{kind.With(kind.Example)} ({kind.Form})"))}, fog/3 (a corruption and its severity, 1 to 5).");
    }

    /// <param name="Name">The word before the hyphen.</param>
    /// <param name="Example">A strength, for messages.</param>
    /// <param name="What">What the strength is.</param>
    /// <param name="Form">The same in a list of forms.</param>
    /// <param name="Min">The least strength.</param>
    /// <param name="Max">The largest one.</param>
    /// <param name="Make">Makes it.</param>
    private sealed record Kind(string Name, int Example, string What, string Form, int Min, int Max, Func<int, IPerturbation> Make)
    {
        public string With(int strength) => string.Create(CultureInfo.InvariantCulture, $"{Name}-{strength}");

        /// <summary>The strength that digits say; null where there is none such.</summary>
        public int? Strength(string digits)
            => int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int strength) && strength >= Min && strength <= Max ? strength : null;
    }
}
