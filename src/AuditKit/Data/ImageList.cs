using System.Globalization;
using AuditKit.Yaml;

namespace AuditKit.Data;

/// <summary>What a list says of its images, before labels have numbers and paths were looked up: the form that every kind of list is brought to.</summary>
/// <param name="Name">What errors call the list.</param>
/// <param name="Files">The files that it was read from.</param>
/// <param name="Attributes">The attributes that every entry has a value of.</param>
/// <param name="Entries">The images that were asked for.</param>
internal sealed record ImageList(string Name, IReadOnlyList<string> Files, IReadOnlyList<string> Attributes, IReadOnlyList<ListEntry> Entries)
{
    private const int MaxClasses = 100_000;

    /// <summary>The classes that the list names in their order; empty to take them from the labels.</summary>
    public IReadOnlyList<string> Classes { get; init; } = [];

    /// <summary>Labels of images that were not asked for: a class must not change its number with the split.</summary>
    public IReadOnlyList<string> OtherLabels { get; init; } = [];

    /// <summary>What a reader should know of how the list was read.</summary>
    public IReadOnlyList<Fact> Facts { get; init; } = [];

    /// <summary>The images, each looked up; none is read.</summary>
    /// <param name="request">What the spec asks for.</param>
    /// <param name="format">The list's format.</param>
    /// <param name="tree">Where the images are.</param>
    /// <exception cref="AuditException">An image is listed twice or not there, or a label has no class.</exception>
    public ManifestDataset Open(DataRequest request, string format, IFileTree tree)
    {
        if (Entries.Count == 0)
        {
            throw new AuditException($"{Name}: lists no image.");
        }

        RejectDuplicates();
        IReadOnlyList<string> classes = request.Classes.Count > 0 ? request.Classes : Classes.Count > 0 ? Classes : FromLabels();
        Func<ListEntry, int> labelOf = Labeller(classes);
        ListedImage[] images = [.. Entries.Select(entry
            => new ListedImage(tree.Resolve(entry.Path, entry.Where), labelOf(entry), entry.Attributes, entry.Region))];
        return new ManifestDataset(request.Name, format, tree, Files, images, classes, [.. Attributes]) { Facts = [.. Facts, .. tree.Facts] };
    }

    private void RejectDuplicates()
    {
        var places = new Dictionary<string, ListEntry>(Entries.Count, StringComparer.Ordinal);
        foreach (ListEntry entry in Entries)
        {
            string full = Path.GetFullPath(Path.Combine("/", entry.Path.Replace('\0', '?')));
            if (!places.TryAdd(full, entry))
            {
                throw new AuditException($"{entry.Where}: '{entry.Path}' is listed before, {places[full].At}; an image may be listed once.");
            }
        }
    }

    // Numbers from 0 on are indices, of which some may have no image; other labels are names.
    private string[] FromLabels()
    {
        int largest = -1;
        bool hasFirst = false;
        foreach (ListEntry entry in Entries)
        {
            if (!int.TryParse(entry.Label, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int label))
            {
                return Names();
            }

            largest = label is >= 0 and < MaxClasses
                ? Math.Max(largest, label)
                : throw new AuditException($"{entry.Where}: label {InvariantText.Of(label)} is out of range, 0 to {MaxClasses - 1}.");
            hasFirst |= label == 0;
        }

        foreach (string text in OtherLabels)
        {
            if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int label) || label >= MaxClasses)
            {
                return Names();
            }

            (largest, hasFirst) = (Math.Max(largest, label), hasFirst || label == 0);
        }

        return hasFirst ? [.. Enumerable.Range(0, largest + 1).Select(label => label.ToString(CultureInfo.InvariantCulture))] : Names();

        string[] Names() => ClassOrder.Of(Entries.Select(entry => entry.Label).Concat(OtherLabels));
    }

    private static Func<ListEntry, int> Labeller(IReadOnlyList<string> classes)
    {
        var labels = classes.Index().ToDictionary(entry => entry.Item, entry => entry.Index, StringComparer.Ordinal);
        return entry => labels.TryGetValue(entry.Label, out int label)
            || (int.TryParse(entry.Label, NumberStyles.None, CultureInfo.InvariantCulture, out label) && label < classes.Count)
            ? label
            : throw new AuditException(
                $"{entry.Where}: label '{entry.Label}' is out of range: neither a class name nor a number from 0 to {classes.Count - 1}."
                    + Spelling.Nearest(entry.Label, classes));
    }
}

/// <summary>An image of a list.</summary>
/// <param name="List">What errors call the list.</param>
/// <param name="Line">Its line, or its number in a list without lines, from 1.</param>
/// <param name="Path">Its path, as the list has it.</param>
/// <param name="Label">Its class, by name or number.</param>
/// <param name="Attributes">Its value of every attribute; empty for those that are missing.</param>
internal sealed record ListEntry(string List, int Line, string Path, string Label, IReadOnlyList<string> Attributes)
{
    /// <summary>The split that it is of; empty for none.</summary>
    public string Split { get; init; } = "";

    /// <summary>The part of it that is to be taken; null for the whole.</summary>
    public Region? Region { get; init; }

    /// <summary>Whether the list has lines.</summary>
    public bool HasLine { get; init; } = true;

    /// <summary>Its place in the list, in words.</summary>
    public string At => HasLine ? $"on line {Line}" : $"as image {Line}";

    /// <summary>Where it stands, for errors.</summary>
    public string Where => HasLine ? $"{List}:{Line}" : $"{List}: image {Line}";
}
