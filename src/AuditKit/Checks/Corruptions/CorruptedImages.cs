using AuditKit.Data;
using AuditKit.Evidence;
using AuditKit.Imaging.Corruptions;

namespace AuditKit.Checks.Corruptions;

/// <summary>Where the images of a corruption at a severity come from: made from the audited ones, or read from a stored set.</summary>
internal sealed class CorruptedImages
{
    /// <summary>The option of a condition that says which images they are.</summary>
    internal const string ImagesOption = "images";

    private readonly CorruptionsOptions _options;
    private readonly FrostTexture _texture;
    private readonly string _check;

    /// <summary>Opens the frost photographs, where there are any.</summary>
    /// <param name="options">Which images.</param>
    /// <param name="check">The key of the check that they are for.</param>
    /// <exception cref="AuditException">The photographs cannot be read.</exception>
    public CorruptedImages(CorruptionsOptions options, string check)
    {
        (_options, _check) = (options, check);
        _texture = options.Frost is { } folder ? FrostTexture.FromFolder(folder) : FrostTexture.Default;
    }

    /// <summary>Opens the images of one corruption at one severity.</summary>
    /// <param name="kind">The corruption.</param>
    /// <param name="severity">The severity.</param>
    /// <param name="audited">The audited images.</param>
    /// <exception cref="AuditException">The stored set lacks the corruption, or has other images than the audited ones.</exception>
    public Cell Open(CorruptionKind kind, int severity, IDataset audited)
    {
        Corruption corruption = kind.Make(severity, _texture);
        if (_options.Stored is not { } folder)
        {
            return new Cell(kind, severity, corruption, null);
        }

        IDataset stored = DatasetCatalog.Open(DataSpec.At(folder, split: $"{kind.Name.Replace('-', '_')}/{severity}"));
        try
        {
            int[] numbers = [.. Enumerable.Range(0, audited.Count).Select(audited.Number)];
            RequireSameImages(stored, numbers, audited, folder);
            return new Cell(kind, severity, null, new ChosenImages(stored.Name, stored, numbers));
        }
        catch
        {
            stored.Dispose();
            throw;
        }
    }

    /// <summary>The condition of a cell's images.</summary>
    /// <param name="cell">The cell.</param>
    /// <param name="images">What <see cref="Identify"/> says of them.</param>
    public static Condition Condition(Cell cell, CellImages images) => new(
        ConditionKind.Corrupted, CorruptionsCheck.Key, cell.Name,
        (CorruptionsCheck.CorruptionOption, cell.Kind.Name),
        (CorruptionsCheck.SeverityOption, cell.Severity),
        (ImagesOption, images.Option));

    /// <summary>Says how a cell's images are made, or which stored ones they are.</summary>
    /// <param name="cell">The cell.</param>
    /// <param name="context">The check under way.</param>
    public CellImages Identify(Cell cell, CheckContext context)
    {
        if (cell.Corruption is { } corruption)
        {
            return new CellImages(corruption.Name, null, () => { });
        }

        StandIn standIn = context.Share.StandIn(context, cell.Stored!, $"{_check}/{cell.Name}");
        if (standIn.InShards is { } inShards)
        {
            context.Evidence.ReplaceOption(ImagesOption, Stored(inShards), Stored(standIn.Identity));
        }

        return new CellImages(Stored(standIn.Identity), standIn.Images, standIn.RequireUnchanged);

        static string Stored(string digest) => $"stored, SHA-256 {digest}";
    }

    // A stored set has all images of the audited data's files, of which data.skip and the like may leave some out.
    private static void RequireSameImages(IDataset stored, int[] numbers, IDataset audited, string folder)
    {
        if (stored.Count <= numbers.Max())
        {
            throw new AuditException(
                $"{folder}: has {stored.Count} images of a corruption, but the audited data has image {numbers.Max()}, counted from 0 in its files. "
                    + $"Give the stored set of this data, or set data.limit so that its images are below {stored.Count}.");
        }

        foreach ((int i, int number) in numbers.Index())
        {
            (string name, string storedName) = (FileName(audited, i), FileName(stored, number));
            if (stored.Label(number) != audited.Label(i) || (name.Length > 0 && storedName.Length > 0 && name != storedName))
            {
                throw new AuditException(
                    $"{folder}: image {number} is {stored.Source(number)} of class {stored.Label(number)}, but in the audited data it is "
                        + $"{audited.Source(i)} of class {audited.Label(i)}. A stored set must hold the images of the audited data's files in their order.");
            }
        }
    }

    // Arrays have no names, only numbers: #17.
    private static string FileName(IDataset data, int index)
        => data.Source(index) is var source && source.Contains('#', StringComparison.Ordinal) ? "" : Path.GetFileNameWithoutExtension(source);
}

/// <summary>The images of a cell, identified.</summary>
/// <param name="Option">The option of their conditions: how they are made, or which stored ones they are.</param>
/// <param name="Stored">The stored images, which the cell owns; null where they are made.</param>
/// <param name="RequireUnchanged">To be called once they have been measured.</param>
internal readonly record struct CellImages(string Option, IDataset? Stored, Action RequireUnchanged);

/// <summary>A corruption at a severity: how to make its images, or the stored ones.</summary>
/// <param name="Kind">The corruption.</param>
/// <param name="Severity">The severity.</param>
/// <param name="Corruption">Makes them; null where they are stored.</param>
/// <param name="Stored">The stored images, as many as the audited ones; null where they are made.</param>
internal sealed record Cell(CorruptionKind Kind, int Severity, Corruption? Corruption, IDataset? Stored) : IDisposable
{
    /// <summary><c>gaussian-noise/3</c>.</summary>
    public string Name => $"{Kind.Name}/{Severity}";

    /// <inheritdoc/>
    public void Dispose() => Stored?.Dispose();
}
