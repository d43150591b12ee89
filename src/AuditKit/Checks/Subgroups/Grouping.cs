using AuditKit.Data;
using AuditKit.Yaml;

namespace AuditKit.Checks.Subgroups;

/// <summary>A way to cut the images into groups: by one factor, or by several crossed.</summary>
/// <param name="Name">As the spec writes it: <c>class x brightness/3</c>.</param>
/// <param name="Factors">What the groups differ in, at least one.</param>
public sealed record Grouping(string Name, IReadOnlyList<Factor> Factors)
{
    /// <summary>Stands between crossed factors, in specs and in the names of groups.</summary>
    public const string Cross = ImageGroups.Cross;

    /// <summary>Reads <c>class</c>, <c>place</c>, <c>brightness/3</c>, or several of them with <c> x </c> in between.</summary>
    /// <param name="text">The grouping.</param>
    /// <param name="attributes">The attributes that come with the data.</param>
    /// <exception cref="AuditException">There is no such attribute, or its slices are missing or make no sense.</exception>
    public static Grouping Parse(string text, IReadOnlyList<string> attributes)
    {
        Factor[] factors = [.. text.Split(Cross).Select(factor => Factor.Parse(factor.Trim(), attributes))];
        return factors.Select(factor => factor.Attribute).Distinct().Count() == factors.Length
            ? new Grouping(string.Join(Cross, factors.Select(factor => factor.Name)), factors)
            : throw new AuditException($"'{text}' crosses something with itself.");
    }

    /// <summary>Reads a spec's list of groupings, <c>by: [class, brightness/3]</c>; empty where the key is absent.</summary>
    /// <param name="map">The options.</param>
    /// <param name="key">The list's key.</param>
    /// <param name="attributes">The attributes that come with the data.</param>
    /// <exception cref="AuditException">There is no such attribute, or a grouping is named twice.</exception>
    internal static IReadOnlyList<Grouping> ParseList(SpecMap map, string key, IReadOnlyList<string> attributes)
        => map.List(key, text => Parse(text, attributes), grouping => grouping.Name, []);
}
