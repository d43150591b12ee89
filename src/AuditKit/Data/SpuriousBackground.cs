using AuditKit.Yaml;

namespace AuditKit.Data;

/// <summary>
/// A background that gives the class away, to study models that look at it: the key <c>spurious-background</c> of a data
/// entry, see <see cref="SpuriousBackgroundDataset"/>.
/// </summary>
/// <param name="Correlation">The share of each class's images whose background is the class's own, in [0, 1].</param>
/// <param name="Seed">The seed that deals the backgrounds out.</param>
/// <param name="Masked">Whether the background is left black (the object's true mask applied); the attribute stays.</param>
public sealed record SpuriousBackground(double Correlation, long Seed, bool Masked)
{
    private static readonly NumberKey s_correlation = new("correlation", "The share of each class's images whose background is "
        + "the class's own", null, 0, 1)
    { IsRequired = true };
    private static readonly NumberKey s_seed = new("seed", "The seed that deals the backgrounds out, a whole number", null, 0, long.MaxValue)
    { IsRequired = true };
    private static readonly FlagKey s_masked = new("masked", "Whether the background is left black; the attribute stays");

    /// <summary>The keys of its block.</summary>
    internal static IReadOnlyList<SpecKey> Keys { get; } = [s_correlation, s_seed, s_masked];

    /// <summary>Reads <c>{ correlation: 0.95, seed: 1, masked: false }</c>; null where there is no mapping.</summary>
    /// <exception cref="AuditException">An unknown key or a value out of range.</exception>
    internal static SpuriousBackground? Parse(SpecMap? map)
    {
        if (map is null)
        {
            return null;
        }

        var background = new SpuriousBackground(s_correlation.Read(map), map.Long(s_seed.Key, null, 0, long.MaxValue), s_masked.Read(map));
        map.Finish();
        return background;
    }

    /// <summary>What evidence knows the background by: a record's own text would follow the host's culture.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"{nameof(SpuriousBackground)} {{ {nameof(Correlation)} = {Correlation}, {nameof(Seed)} = {Seed}, {nameof(Masked)} = {Masked} }}");
}
