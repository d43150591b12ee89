using AuditKit.Data;
using AuditKit.Yaml;

namespace AuditKit.Training.Loop;

/// <summary>
/// The groups of a data set's images: every pair (y, a) of a class and an attribute's value, or the classes alone.
/// Group g = y · A + a, where A is the number of values; pairs without an image have a number, too.
/// </summary>
public sealed class GroupTable
{
    private readonly int[] _groups;
    private readonly IReadOnlyList<string> _classes;

    private GroupTable(string? attribute, IReadOnlyList<string> classes, string[] values, int[] groups)
        => (Attribute, _classes, Values, _groups) = (attribute, classes, values, groups);

    /// <summary>The attribute's name; null for the classes alone.</summary>
    public string? Attribute { get; }

    /// <summary>The attribute's values, in ordinal order; one without a name for the classes alone.</summary>
    public IReadOnlyList<string> Values { get; }

    /// <summary>Number of groups, K · A.</summary>
    public int Count => _classes.Count * Values.Count;

    /// <summary>The group of an image.</summary>
    /// <param name="image">The image's index in the data.</param>
    public int this[int image] => _groups[image];

    /// <summary>The groups of a data set.</summary>
    /// <param name="data">The data.</param>
    /// <param name="attribute">An attribute of it; null for the classes alone.</param>
    /// <exception cref="AuditException">The data has no such attribute.</exception>
    public static GroupTable Of(IDataset data, string? attribute)
    {
        string[] ofImages = ValuesOf(data, attribute);
        string[] values = [.. ofImages.Distinct().Order(StringComparer.Ordinal)];
        return new GroupTable(attribute, data.Classes, values, Number(data, ofImages, values));
    }

    /// <summary>The same groups, of the images of other data.</summary>
    /// <param name="data">Data of the same classes, with the attribute.</param>
    /// <exception cref="AuditException">The data lacks the attribute, or has a value of it that these groups do not know.</exception>
    public GroupTable For(IDataset data)
    {
        string[] values = [.. Values], ofImages = ValuesOf(data, Attribute);
        return ofImages.Except(values).FirstOrDefault() is { } unknown
            ? throw new AuditException($"{data.Name} has images of {Attribute} '{unknown}', of which there is no training image. Leave them out.")
            : new GroupTable(Attribute, _classes, values, Number(data, ofImages, values));
    }

    /// <summary>The group of a name as audits give it, <c>class = waterbird x place = land</c>.</summary>
    /// <exception cref="AuditException">There is no such group.</exception>
    public int Find(string name)
    {
        string[] names = [.. Enumerable.Range(0, Count).Select(group => ImageGroups.Name(_classes[ClassOf(group)], Attribute, Values[ValueOf(group)]))];
        int found = Array.IndexOf(names, name);
        return found >= 0 ? found
            : throw new AuditException($"'{name}' is none of the groups.{Spelling.Nearest(name, names)} They are {WordList.First(names)}.");
    }

    /// <summary>How many images each group has.</summary>
    /// <param name="images">The images that are counted, by their index in the data.</param>
    public IReadOnlyList<int> Counts(IEnumerable<int> images)
    {
        ArgumentNullException.ThrowIfNull(images);
        int[] counts = new int[Count];
        foreach (int image in images)
        {
            counts[_groups[image]]++;
        }

        return counts;
    }

    /// <summary>A group's name: <c>shirt, background dots</c>.</summary>
    public string Name(int group) => _classes[ClassOf(group)] + (Attribute is null ? "" : $", {Attribute} {Values[ValueOf(group)]}");

    /// <summary>The class of a group's images.</summary>
    public int ClassOf(int group) => group / Values.Count;

    /// <summary>The attribute's value in a group, as an index into <see cref="Values"/>.</summary>
    public int ValueOf(int group) => group % Values.Count;

    private static string[] ValuesOf(IDataset data, string? attribute)
    {
        ImageGroups.Require(data, attribute);
        return [.. Enumerable.Range(0, data.Count).Select(image => attribute is null ? "" : data.Attribute(attribute, image))];
    }

    private static int[] Number(IDataset data, string[] ofImages, string[] values)
        => [.. ofImages.Select((value, image) => (data.Label(image) * values.Length) + Array.BinarySearch(values, value, StringComparer.Ordinal))];
}
