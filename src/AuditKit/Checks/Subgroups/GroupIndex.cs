using System.Globalization;
using AuditKit.Data;
using AuditKit.Evidence;

namespace AuditKit.Checks.Subgroups;

/// <summary>Which group of a grouping every image belongs to.</summary>
internal sealed class GroupIndex
{
    /// <summary>More groups than this are a mistake, such as cutting by a column of file names.</summary>
    public const int MostGroups = 2000;

    private GroupIndex(string cutBy, IReadOnlyList<string> names, int[] group) => (CutBy, Names, Group) = (cutBy, names, group);

    /// <summary>What the images are cut by, as specs write it: <c>class x brightness/3</c>.</summary>
    public string CutBy { get; }

    /// <summary>
    /// The groups' names, empty groups too: <c>class = shirt x brightness 1/3 (low: ≤ 0.213)</c>. A class without any audited image
    /// is no group: the report lists it as not assessed.
    /// </summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The group of every image, an index into <see cref="Names"/>.</summary>
    public int[] Group { get; }

    /// <summary>Cuts the images of a store whose attributes have been recorded; crossed factors give every combination of theirs.</summary>
    /// <exception cref="AuditException">A value to be cut at quantiles is no number, or there are too many groups.</exception>
    public static GroupIndex Of(EvidenceStore evidence, Grouping grouping) => Of(GroupedImages.Of(evidence), grouping);

    /// <summary>The same of images wherever their attributes are.</summary>
    /// <exception cref="AuditException">A value to be cut at quantiles is no number, or there are too many groups.</exception>
    public static GroupIndex Of(GroupedImages images, Grouping grouping)
    {
        GroupIndex index = Of(images, grouping.Factors[0]);
        foreach (Factor factor in grouping.Factors.Skip(1))
        {
            GroupIndex other = Of(images, factor);
            Check(grouping, (long)index.Names.Count * other.Names.Count);
            index = new GroupIndex(
                index.CutBy + Grouping.Cross + other.CutBy,
                [.. from name in index.Names from second in other.Names select name + Grouping.Cross + second],
                [.. index.Group.Zip(other.Group, (a, b) => (a * other.Names.Count) + b)]);
        }

        Check(grouping, index.Names.Count);
        return index;
    }

    private static void Check(Grouping grouping, long groups)
    {
        if (groups > MostGroups)
        {
            throw new AuditException(
                $"'{grouping.Name}' cuts the images into {groups} groups, more than {MostGroups}: cut by an attribute with fewer values, or "
                    + "a number by slices.");
        }
    }

    private static GroupIndex Of(GroupedImages images, Factor factor)
    {
        if (factor.Attribute == Factor.Class)
        {
            int[] labels = images.Labels();
            // A further data set is held against all classes that were audited, so that one which it lacks is an empty group.
            int[] present = [.. images.AuditedLabels().Union(labels).Order()];
            return new(
                factor.Name, [.. present.Select(label => ImageGroups.Name(images.Classes[label], null, ""))],
                    [.. labels.Select(label => Array.BinarySearch(present, label))]);
        }

        string[] values = images.Attribute(factor.Attribute);
        if (factor.Slices is { } slices)
        {
            double?[] numbers = [.. values.Select((value, image) => value.Length == 0 ? (double?)null : Number(images, factor, value, image))];
            double[] known = [.. numbers.OfType<double>()];
            QuantileCut? cut = known.Length == 0 ? null : QuantileCut.Of(factor.Attribute, known, slices);
            IReadOnlyList<string> names = cut?.Names ?? [];
            string[] missing = known.Length < numbers.Length ? [ImageGroups.Name(factor.Attribute, "")] : [];
            return new(factor.Name, [.. names, .. missing], [.. numbers.Select(number => number is { } value ? cut!.Slice(value) : names.Count)]);
        }

        string[] categories = [.. values.Distinct().Order(StringComparer.Ordinal)];
        return new(
            factor.Name,
            [.. categories.Select(value => ImageGroups.Name(factor.Attribute, value))],
            [.. values.Select(value => Array.BinarySearch(categories, value, StringComparer.Ordinal))]);
    }

    private static double Number(GroupedImages images, Factor factor, string value, int image)
        => double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
            ? number
            : throw new AuditException(
                $"'{factor.Name}' cannot be cut into slices: '{factor.Attribute}' of image {images.Source(image)} is "
                    + $"'{value}', not a number.");
}
