#pragma warning disable CA1711 // "Attribute" is the field's own word.

namespace AuditKit.Imaging.Attributes;

/// <summary>
/// An attribute derived from an image's own pixels, so that data without annotations can be audited by slices.
/// </summary>
/// <param name="Name">The name as specs write it: <c>brightness</c>.</param>
/// <param name="Description">One sentence for the report: what is computed, with its constants and source.</param>
/// <param name="IsNumeric">Whether the value is a number, to be cut at quantiles; else it is a category's name.</param>
/// <param name="Value">The value of an image; a number in the format that reads back exactly. Safe to call from several threads.</param>
public sealed record DerivedAttribute(string Name, string Description, bool IsNumeric, Func<Image, string> Value)
{
    /// <summary>Every one by its name.</summary>
    public static IReadOnlyDictionary<string, DerivedAttribute> All { get; } = new[]
    {
        Number("brightness", Brightness.Description, Brightness.Of),
        Number("contrast", Contrast.Description, Contrast.Of),
        Number("sharpness", Sharpness.Description, Sharpness.Of),
        Number("object-size", ObjectSize.Description, ObjectSize.Of),
        new DerivedAttribute("dominant-colour", DominantColour.Description, false, DominantColour.Of),
    }.ToDictionary(attribute => attribute.Name, StringComparer.Ordinal);

    private static DerivedAttribute Number(string name, string description, Func<Image, double> measure)
        => new(name, description, true, image => InvariantText.Of(measure(image)));
}
