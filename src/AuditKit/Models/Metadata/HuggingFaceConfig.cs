namespace AuditKit.Models.Metadata;

/// <summary><c>config.json</c> of Hugging Face's Transformers: the names of the classes.</summary>
internal static class HuggingFaceConfig
{
    /// <summary>The file's name, which timm's has too.</summary>
    public const string FileName = "config.json";

    /// <summary>The note; null where there is no such file, or it names no classes.</summary>
    /// <exception cref="AuditException">It cannot be read, or its names make no sense.</exception>
    public static ModelNote? Read(string folder) => NoteFile.Json(Path.Combine(folder, FileName)) is { } config && config.Has("id2label")
        ? new($"{FileName} (Hugging Face)") { Classes = config.Names("id2label") } : null;
}
