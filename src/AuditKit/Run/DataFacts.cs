using AuditKit.Data;

namespace AuditKit.Run;

/// <summary>What a report says of the data.</summary>
internal static class DataFacts
{
    private const int FilesNamed = 8;

    /// <summary>The classes without an image, of which an audit can say nothing.</summary>
    public static string[] Missing(IReadOnlyList<string> classes, int[] counts) => [.. classes.Where((_, label) => counts[label] == 0)];

    /// <summary>Name, format, counts and digests.</summary>
    /// <param name="data">The data.</param>
    /// <param name="fingerprint">Its digests.</param>
    /// <param name="severalFrames">How many of its images are the first of several in their file.</param>
    public static IReadOnlyList<Fact> Of(IDataset data, DatasetFingerprint fingerprint, int severalFrames)
    {
        int[] counts = new int[data.Classes.Count];
        for (int i = 0; i < data.Count; i++)
        {
            counts[data.Label(i)]++;
        }

        return
        [
            new("Name", data.Name),
            new("Format", data.Format),
            new("Images", $"{data.Count}"),
            .. severalFrames == 0 ? Array.Empty<Fact>() : [new Fact(FrameCount.Label, FrameCount.Describe(severalFrames))],
            new("Classes", string.Join(", ", data.Classes.Zip(counts, (name, count) => $"{name} ({count})"))),
            .. Missing(data.Classes, counts) is { Length: > 0 } missing
                ? [new Fact("Classes not assessed", $"{string.Join(", ", missing)}: the data has no image of them")]
                : Array.Empty<Fact>(),
            .. ClassOrder.Note(data.Classes) is { } order ? [order] : Array.Empty<Fact>(),
            .. data.Facts,
            new("Attributes", string.Join(", ", data.Attributes.DefaultIfEmpty("none"))),
            new("SHA-256 over all files", fingerprint.Sha256),
            .. fingerprint.Files.Take(FilesNamed).Select(file => new Fact($"SHA-256 of {file.Name}", file.Sha256)),
            .. fingerprint.Files.Count > FilesNamed
                ? [new Fact("Further files", $"{fingerprint.Files.Count - FilesNamed}, covered by the digest over all files")]
                : Array.Empty<Fact>(),
        ];
    }
}
