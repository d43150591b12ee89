using System.Globalization;
using AuditKit.Data;
using AuditKit.Imaging.Attributes;
using AuditKit.Yaml;

namespace AuditKit.Checks.Subgroups;

/// <summary>One thing that groups differ in.</summary>
/// <param name="Attribute"><c>class</c>, or an attribute's name.</param>
/// <param name="Slices">In how many slices of equal size a number is cut; null for categories.</param>
public sealed record Factor(string Attribute, int? Slices)
{
    /// <summary>The factor that every data set has.</summary>
    public const string Class = ImageGroups.Class;

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
            : int.TryParse(text.AsSpan(slash + 1), CultureInfo.InvariantCulture, out int slices) && slices is >= 2 and <= MostSlices ? new Factor(attribute, slices)
            : throw new AuditException($"'{text}' must end in a number of slices between 2 and {MostSlices}, such as {attribute}/3.");
    }
}
