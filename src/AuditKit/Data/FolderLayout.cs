namespace AuditKit.Data;

/// <summary>How a published data set names its class folders, where that differs from the plain form.</summary>
internal sealed record FolderLayout
{
    /// <summary>Folders are named as their classes, and hold images only.</summary>
    public static FolderLayout Plain { get; } = new() { Format = "folder" };

    /// <summary>The format's name.</summary>
    public required string Format { get; init; }

    /// <summary>The class that a folder holds; null for a folder that is no class.</summary>
    public Func<string, string?> ClassOf { get; init; } = folder => folder;

    /// <summary>Whether the published files are known to have others among the images, which are passed over.</summary>
    public bool SkipsOthers { get; init; }
}
