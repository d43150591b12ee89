using AuditKit.Data;
using AuditKit.Proposals;

namespace AuditKit.Cli;

/// <summary>Prints what a first look at a model and images found, and the lines that a spec needs.</summary>
internal static class FirstLookWords
{
    public static void Print(FirstLook found)
    {
        foreach (string words in PreprocessingWords.Of(found.Choice))
        {
            Console.WriteLine(words);
        }

        string[] keys = [.. AuditProposal.Keys(found.Model.Spec, found.Model.Notes).Select(key => $"{key.Key}: {key.Value}")];
        Console.WriteLine(keys.Length > 0 ? $"In a spec: model: {{ {string.Join(", ", keys)} }}" : "In a spec: model needs nothing but its path.");
        if (found.NamedBy is { } source)
        {
            Console.WriteLine($"Classes: in the order of {source}.");
        }

        if (found.ClassesInOrder is { } classes)
        {
            Console.WriteLine($"In a spec: data: {{ classes: [{ClassOrder.Names(classes)}] }}");
        }
    }
}
