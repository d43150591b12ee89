using AuditKit.Yaml;

namespace AuditKit.Data;

/// <summary>A format that data can come in: how it is recognised, how it is opened. One a file, listed in <see cref="DatasetCatalog"/>.</summary>
internal sealed record DataFormat
{
    /// <summary>The name in specs: <c>cifar-10</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What it looks like, in a few words, for errors and help.</summary>
    public required string Layout { get; init; }

    /// <summary>Whether a location holds this format, by its contents.</summary>
    public required Func<DataLocation, bool> Recognises { get; init; }

    /// <summary>
    /// Opens the data. The data set owns the location's tree from then on; a call that fails leaves it to the caller.
    /// </summary>
    public required Func<DataLocation, DataRequest, IDataset> Open { get; init; }

    /// <summary>For <see cref="Open"/> of formats that keep no hold of the location: it is closed once the data is open.</summary>
    public static Func<DataLocation, DataRequest, IDataset> Closing(Func<IFileTree, DataRequest, IDataset> open) => (location, request) =>
    {
        using (location)
        {
            return open(location.Tree, request);
        }
    };

    /// <summary>The splits that it has; empty where the data says it, or there are none.</summary>
    public IReadOnlyList<string> Splits { get; init; } = [];

    /// <summary>The splits that the data at a location has, where <see cref="Splits"/> does not say them.</summary>
    public Func<DataLocation, IEnumerable<string>> FindSplits { get; init; } = _ => [];

    /// <summary>The split where the spec names none; null for all images.</summary>
    public string? DefaultSplit { get; init; }

    /// <summary>Whether the format names its classes, so that the spec must not.</summary>
    public bool FixedClasses { get; init; }

    /// <summary>What <c>data.target</c> chooses, for formats with several labels; null for those with one.</summary>
    public string? Target { get; init; }

    /// <summary>
    /// Formats of a lower rank are looked for first: 0 for those with a shape of their own, 1 for lists, which other formats
    /// have too, 2 for folders, which lists lie in.
    /// </summary>
    public int Rank { get; init; }

    /// <summary>Whether <c>data.columns</c> names columns of its list.</summary>
    public bool ReadsColumns { get; init; }

    /// <summary>Whether its list may have regions, which <c>data.crop-to-region</c> takes.</summary>
    public bool HasRegions { get; init; }

    /// <summary>Why a location that was not recognised is nearly this format, and what to write; null where it is not near.</summary>
    public Func<DataLocation, string?> Explain { get; init; } = _ => null;

    /// <summary>Refuses a split that the format has not.</summary>
    /// <exception cref="AuditException">No such split.</exception>
    public string? SplitOf(string? asked) => asked is null ? DefaultSplit
        : Splits.Count == 0 || Splits.Contains(asked) ? asked
        : throw new AuditException(NoSplit(asked, Splits));

    /// <summary>What an error says of a split that is not one of those there are.</summary>
    public static string NoSplit(string asked, IReadOnlyCollection<string> there)
        => $"'{asked}' is not one of {string.Join(", ", there)}.{Spelling.Nearest(asked, there)}";
}
