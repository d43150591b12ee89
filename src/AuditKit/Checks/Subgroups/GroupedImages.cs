using AuditKit.Data;
using AuditKit.Evidence;

namespace AuditKit.Checks.Subgroups;

/// <summary>Images with what they are cut into groups by, read only where it is asked for.</summary>
/// <param name="Classes">Class names; a label is an index into them.</param>
/// <param name="Labels">The images' labels.</param>
/// <param name="AuditedLabels">The labels that the audited images have.</param>
/// <param name="Attribute">The images' values of an attribute.</param>
/// <param name="Source">What a person finds an image by.</param>
internal sealed record GroupedImages(
    IReadOnlyList<string> Classes, Func<int[]> Labels, Func<int[]> AuditedLabels, Func<string, string[]> Attribute, Func<int, string> Source)
{
    /// <summary>Those of a store whose attributes have been recorded.</summary>
    public static GroupedImages Of(EvidenceStore evidence)
        => new(evidence.Classes, evidence.Labels, () => evidence.AuditedLabels, evidence.Attribute, image => evidence.Image(image).Source);

    /// <summary>Those of data under audit, with the attributes that come with it.</summary>
    public static GroupedImages Of(IDataset data)
    {
        return new(
            data.Classes, Labels, Labels,
            attribute => [.. Enumerable.Range(0, data.Count).Select(image => data.Attribute(attribute, image))], data.Source);

        int[] Labels() => [.. Enumerable.Range(0, data.Count).Select(data.Label)];
    }
}
