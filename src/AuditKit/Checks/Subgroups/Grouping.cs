using AuditKit.Imaging.Attributes;
using AuditKit.Yaml;

namespace AuditKit.Checks.Subgroups;

/// <summary>A way to cut the images into groups: by one factor, or by several crossed.</summary>
/// <param name="Name">As the spec writes it: <c>class x brightness/3</c>.</param>
/// <param name="Factors">What the groups differ in, at least one.</param>
public sealed record Grouping(string Name, IReadOnlyList<Factor> Factors)
{
    /// <summary>Stands between crossed factors, in specs and in the names of groups.</summary>
    public const string Cross = " x ";

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

/// <summary>One thing that groups differ in.</summary>
/// <param name="Attribute"><c>class</c>, or an attribute's name.</param>
/// <param name="Slices">In how many slices of equal size a number is cut; null for categories.</param>
public sealed record Factor(string Attribute, int? Slices)
{
    /// <summary>The factor that every data set has.</summary>
    public const string Class = "class";

    private const int MostSlices = 100;

    /// <summary>As the spec writes it: <c>brightness/3</c>.</summary>
    public string Name => Slices is { } slices ? $"{Attribute}/{slices}" : Attribute;

    internal static Factor Parse(string text, IReadOnlyList<string> attributes)
    {
        // A data set's own attribute may have a slash in its name, and goes before a derived one of the same name.
        if (text == Class || attributes.Contains(text))
        {
            return new Factor(text, null);
        }

        int slash = text.LastIndexOf('/');
        string attribute = slash < 0 ? text : text[..slash];
        DerivedAttribute? derived = DerivedAttribute.All.GetValueOrDefault(attribute);
        if (!attributes.Contains(attribute) && derived is null)
        {
            string[] known = [Class, .. attributes, .. DerivedAttribute.All.Keys];
            throw new AuditException(
                $"'{attribute}' is no attribute of the data.{Spelling.Nearest(attribute, known)} There are {WordList.Of(known)}.");
        }

        if (slash < 0)
        {
            return derived!.IsNumeric
                ? throw new AuditException($"'{attribute}' is a number: say into how many slices it is cut, such as {attribute}/3.")
                : new Factor(attribute, null);
        }

        bool isCategory = !attributes.Contains(attribute) && !derived!.IsNumeric;
        return isCategory ? throw new AuditException($"'{attribute}' is no number and cannot be cut into slices: write '{attribute}' alone.")
            : int.TryParse(text.AsSpan(slash + 1), out int slices) && slices is >= 2 and <= MostSlices ? new Factor(attribute, slices)
            : throw new AuditException($"'{text}' must end in a number of slices between 2 and {MostSlices}, such as {attribute}/3.");
    }
}
