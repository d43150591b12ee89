namespace AuditKit.Models.Metadata;

/// <summary><c>labels.txt</c>, a name a line, as Azure Custom Vision exports it beside its models.</summary>
internal static class LabelsFile
{
    private const string FileName = "labels.txt";

    /// <summary>The note; null where there is no such file.</summary>
    /// <exception cref="AuditException">It cannot be read, or a line between names is empty.</exception>
    public static ModelNote? Read(string folder)
    {
        string path = Path.Combine(folder, FileName);
        return NoteFile.Text(path) is not { } text ? null
            : new(FileName) { Classes = ClassNames.InOrder(path, text.ReplaceLineEndings("\n").TrimEnd().Split('\n')) };
    }
}
