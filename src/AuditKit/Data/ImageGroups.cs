namespace AuditKit.Data;

/// <summary>The groups of a data set's images by class, or by class and an attribute, under the names that audits give them.</summary>
public static class ImageGroups
{
    /// <summary>What the class is called beside attributes.</summary>
    public const string Class = "class";

    /// <summary>Stands between what groups are crossed by.</summary>
    public const string Cross = " x ";

    /// <summary>What stands for the value of an attribute that the data leaves out.</summary>
    public const string Missing = "(missing)";

    /// <summary>A group's name: <c>class = waterbird x place = land</c>, or <c>class = waterbird</c> without an attribute.</summary>
    /// <param name="className">The class.</param>
    /// <param name="attribute">The attribute; null for the class alone.</param>
    /// <param name="value">The attribute's value.</param>
    public static string Name(string className, string? attribute, string value)
        => $"{Class} = {className}" + (attribute is null ? "" : Cross + Name(attribute, value));

    /// <summary>The part of a group's name that says an attribute: <c>place = land</c>.</summary>
    internal static string Name(string attribute, string value) => $"{attribute} = {(value.Length == 0 ? Missing : value)}";

    /// <summary>The indices of a data set's images by the names of their groups; groups without an image are not there.</summary>
    /// <param name="data">The data.</param>
    /// <param name="attribute">An attribute of it; null for the classes alone.</param>
    /// <exception cref="AuditException">The data has no such attribute.</exception>
    public static ILookup<string, int> Of(IDataset data, string? attribute)
    {
        Require(data, attribute);
        return Enumerable.Range(0, data.Count).ToLookup(
            image => Name(data.Classes[data.Label(image)], attribute, attribute is null ? "" : data.Attribute(attribute, image)), StringComparer.Ordinal);
    }

    /// <summary>Refuses an attribute that data has not.</summary>
    /// <exception cref="AuditException">The data has no such attribute.</exception>
    public static void Require(IDataset data, string? attribute)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (attribute is not null && !data.Attributes.Contains(attribute))
        {
            throw new AuditException($"group-attribute: {data.Name} has no attribute '{attribute}'. It has: "
                + $"{string.Join(", ", data.Attributes.DefaultIfEmpty("none"))}.");
        }
    }
}
