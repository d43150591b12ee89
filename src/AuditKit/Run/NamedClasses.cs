using System.Text.Json;
using AuditKit.Checks;
using AuditKit.Data;
using AuditKit.Evidence;
using AuditKit.Models;
using AuditKit.Models.Metadata;
using AuditKit.Statistics;

namespace AuditKit.Run;

/// <summary>The names that a model itself gives its outputs, kept with the evidence: the data's order is held against them.</summary>
/// <param name="Source">Who names them.</param>
/// <param name="Names">The names in the order of the outputs.</param>
internal sealed record NamedClasses(string Source, IReadOnlyList<string> Names)
{
    private const string Key = "the model's own class names";

    /// <summary>Those of an opened model; null where nothing names as many classes as it has.</summary>
    public static NamedClasses? Of(AuditedModel model)
        => model.Notes.Naming(model.Classifier.Classes) is { } note ? new(note.Source, note.Classes) : null;

    /// <summary>Those that a store keeps; null where it has none.</summary>
    /// <exception cref="AuditException">The record is damaged.</exception>
    public static NamedClasses? Read(EvidenceStore evidence)
        => evidence.Record(Key) is { } text ? StoredJson.Read<NamedClasses>(text, "record of the model's class names") : null;

    /// <summary>Keeps them in a store.</summary>
    public void Write(EvidenceStore evidence) => evidence.WriteRecord(Key, JsonSerializer.Serialize(this));

    /// <summary>What a report says of who names the classes, and of notes that say something else than what was used.</summary>
    public static IEnumerable<Fact> Facts(AuditedModel model, IDataset data)
    {
        NamedClasses? named = Of(model);
        yield return new("Class names", named is null ? "those of the data: nothing in the model or beside it names its outputs"
            : named.Names.SequenceEqual(data.Classes) ? $"those of the data, which {named.Source} gives in the same order"
            : named.Differing(data.Classes) is { } other ? $"those of the data, but {named.Source} has {other}"
            : $"those of the data; {named.Source} has other names: {WordList.First(named.Names.ToArray())}");
        foreach (string fault in model.Notes.Faults.Concat(model.Notes.Misnaming(model.Classifier.Classes)))
        {
            yield return new("Note on the model", fault);
        }
    }

    /// <summary>The first class of the data that these names have at another output, in words; null where there is none.</summary>
    /// <param name="classes">The data's classes in the order of the outputs, as the audit used them.</param>
    public string? Differing(IReadOnlyList<string> classes)
    {
        int[] labels = LabelOf(classes);
        int moved = Array.FindIndex([.. labels.Index()], entry => entry.Item >= 0 && entry.Item != entry.Index);
        return moved < 0 ? null : $"'{Names[moved]}' as output {moved}, not {labels[moved]}";
    }

    /// <summary>Which images are right where each output means what these names say.</summary>
    public bool[] Correct(CleanOutcomes clean, IReadOnlyList<string> classes)
    {
        int[] labels = LabelOf(classes);
        return [.. clean.Predictions.Select(answer => labels[answer.Predicted] == clean.Images[answer.Image].Label)];
    }

    /// <summary>Whether the images show that the names are wrong: as the audit has it, clearly more are right.</summary>
    public static bool AreRefuted(bool[] asUsed, bool[] asNamed, double confidence)
    {
        int gained = asUsed.Zip(asNamed).Count(pair => pair.First && !pair.Second), lost = asUsed.Zip(asNamed).Count(pair => !pair.First && pair.Second);
        return gained > lost && McNemar.Test(lost, gained) < 1 - confidence;
    }

    // The data's class that each output stands for by these names; -1 where the data has none of that name.
    private int[] LabelOf(IReadOnlyList<string> classes)
    {
        Dictionary<string, int> labels = classes.Index().ToDictionary(entry => entry.Item, entry => entry.Index, StringComparer.Ordinal);
        return [.. Names.Select(name => labels.GetValueOrDefault(name, -1))];
    }
}
