using System.Text.Json;
using AuditKit.Checks;
using AuditKit.Data;
using AuditKit.Evidence;
using AuditKit.Models;
using AuditKit.Results;
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

    /// <summary>
    /// The doubt that one of the data's classes is another output's by the model's own names; null where it is not, or the images show that
    /// the names are wrong.
    /// </summary>
    /// <param name="evidence">The evidence.</param>
    /// <param name="clean">The predictions of the images as they are.</param>
    /// <param name="confidence">The confidence at which chance is excluded.</param>
    public static Doubt? Doubt(EvidenceStore evidence, CleanOutcomes clean, double confidence)
    {
        if (Read(evidence) is not { } named || named.Differing(evidence.Classes) is not { } difference)
        {
            return null;
        }

        int[] labels = named.LabelOf(evidence.Classes);
        var measured = PairedProportions.Of(Enumerable.Range(0, clean.Count)
            .Select(image => (labels[clean.Predictions[image].Predicted] == clean.Labels[image], clean.IsCorrect(image))));
        return measured.OnlySecond > measured.OnlyFirst && measured.McNemarTest() <= 1 - confidence ? null : new(
            "class order",
            measured,
            $"Class order is doubtful: {named.Source} has {difference}; with its names {NumberText.Percent(measured.First.Estimate)} of the answers are "
                + $"correct, with the order that was used {NumberText.Percent(measured.Second.Estimate)}.",
            $"Where its names are right, write in data: {ClassOrder.Line([.. named.Names])}; where they are wrong, mend them",
            "data.classes");
    }

    // The data's class that each output stands for by these names; -1 where the data has none of that name.
    private int[] LabelOf(IReadOnlyList<string> classes)
    {
        Dictionary<string, int> labels = classes.Index().ToDictionary(entry => entry.Item, entry => entry.Index, StringComparer.Ordinal);
        return [.. Names.Select(name => labels.GetValueOrDefault(name, -1))];
    }
}
