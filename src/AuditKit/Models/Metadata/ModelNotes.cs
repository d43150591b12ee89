using AuditKit.Models.Onnx;

namespace AuditKit.Models.Metadata;

/// <summary>All that a model's file and the files beside it say of its use, a note a source, what the file itself says first.</summary>
/// <param name="Notes">The notes.</param>
/// <param name="Faults">What is wrong with sources that could not be read, and where they contradict each other, in sentences.</param>
public sealed record ModelNotes(IReadOnlyList<ModelNote> Notes, IReadOnlyList<string> Faults)
{
    /// <summary>No notes.</summary>
    public static ModelNotes None { get; } = new([], []);

    /// <summary>What the file itself notes by ONNX's own keys, which a run takes where its spec leaves it open.</summary>
    public (ChannelOrder? Channels, PixelRange? Range) OwnDefaults
        => Notes.FirstOrDefault(note => note.IsDefault) is { } own ? (own.Channels, own.Range) : (null, null);

    /// <summary>Reads what there is. Sources that make no sense are among the <see cref="Faults"/>.</summary>
    /// <param name="path">The model's file.</param>
    /// <exception cref="AuditException">The model's file cannot be read or is no ONNX model.</exception>
    public static ModelNotes Read(string path) => Read(path, ModelSpec.NamesTorchScript(path) ? null : OnnxFile.Read(path));

    /// <inheritdoc cref="Read(string)"/>
    /// <param name="path">The model's file.</param>
    /// <param name="graph">What was read from it; null for TorchScript.</param>
    public static ModelNotes Read(string path, Graph? graph)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        Func<ModelNote?>[] sources =
        [
            () => graph is null ? null : ImageNote.Of(graph),
            () => graph is null ? null : UltralyticsNote.Of(graph),
            () => graph is null ? null : ZipMapNote.Of(graph),
            () => JaticNote.Read(Path.ChangeExtension(Path.GetFullPath(path), ".json")),
            () => JaticNote.Read(Path.Combine(folder, JaticNote.FileName)),
            () => HuggingFaceConfig.Read(folder),
            () => HuggingFacePreprocessor.Read(folder),
            () => TimmConfig.Read(folder),
            () => LabelsFile.Read(folder),
        ];
        List<ModelNote> notes = [];
        List<string> faults = [];
        foreach (Func<ModelNote?> source in sources)
        {
            try
            {
                if (source() is { SaysAnything: true } note)
                {
                    notes.Add(note);
                }
            }
            catch (AuditException e)
            {
                faults.Add(e.Message);
            }
        }

        ModelNote[] named = [.. notes.Where(note => note.Classes.Count > 0)];
        faults.AddRange(named.Skip(1).Where(note => !note.Classes.SequenceEqual(named[0].Classes))
            .Select(note => $"{note.Source} and {named[0].Source} name the classes differently; {named[0].Source} is taken."));
        return new(notes, faults);
    }

    /// <summary>The first note that names all classes of a model, each by a name of its own; null where none does.</summary>
    /// <param name="classes">The model's classes.</param>
    public ModelNote? Naming(int classes)
        => Notes.FirstOrDefault(note => note.Classes.Count == classes && note.Classes.Distinct(StringComparer.Ordinal).Count() == classes);

    /// <summary>Why notes that name classes are of no use for a model, in sentences.</summary>
    /// <param name="classes">The model's classes.</param>
    public IEnumerable<string> Misnaming(int classes)
    {
        foreach (ModelNote note in Notes.Where(note => note.Classes.Count > 0))
        {
            if (note.Classes.Count != classes)
            {
                yield return $"{note.Source} names {note.Classes.Count} classes, but the model has {classes} outputs.";
            }
            else if (note.Classes.CountBy(name => name, StringComparer.Ordinal).FirstOrDefault(name => name.Value > 1) is { Value: > 1 } twice)
            {
                yield return $"{note.Source} names {twice.Value} classes '{twice.Key}', so its names cannot tell them apart.";
            }
        }
    }
}
