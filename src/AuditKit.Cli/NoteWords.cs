using AuditKit.Data;
using AuditKit.Models;
using AuditKit.Models.Metadata;
using AuditKit.Proposals;

namespace AuditKit.Cli;

/// <summary>Prints what a model's file and those beside it say of its use, and the lines of a spec that would follow it.</summary>
internal static class NoteWords
{
    private const int Shown = 20;

    /// <summary>Prints.</summary>
    /// <param name="notes">The notes.</param>
    /// <param name="classes">The model's outputs; null where no engine could run it.</param>
    /// <param name="isOpen">Whether the file leaves the input's size open.</param>
    public static void Print(ModelNotes notes, int? classes, bool isOpen)
    {
        foreach (ModelNote note in notes.Notes)
        {
            ModelSpec spec = note.Of(new ModelSpec { Path = "", Input = isOpen ? note.Input : null });
            string keys = string.Join(", ", AuditProposal.Keys(spec, ModelNotes.None).Select(key => $"{key.Key}: {key.Value}"));
            string pixels = keys.Length > 0 ? $"model: {{ {keys} }}" : note.SaysPixels ? "model needs nothing but its path" : "";
            if (pixels.Length > 0)
            {
                Console.WriteLine($"By {note.Source}{(note.IsDefault ? ", as a run takes it by itself" : "")}: {pixels}");
            }

            if (note.Classes.Count > 0)
            {
                string more = note.Classes.Count > Shown ? $", … {note.Classes.Count - Shown} more" : "";
                Console.WriteLine($"By {note.Source}: data: {{ classes: [{ClassOrder.Names(note.Classes.Take(Shown))}{more}] }}");
            }
        }

        foreach (string fault in notes.Notes.SelectMany(note => note.Remarks).Concat(notes.Faults).Concat(classes is { } k ? notes.Misnaming(k) : []))
        {
            Console.WriteLine($"Note: {fault}");
        }
    }
}
