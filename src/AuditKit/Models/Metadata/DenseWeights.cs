using System.Text.Json;
using AuditKit.Models.Onnx;

namespace AuditKit.Models.Metadata;

/// <summary>
/// A note that travels with a model whose training made it sparse: how many weights each layer had before those that had become zero
/// left the file with their channels. What is in the file alone cannot tell how much it was compressed.
/// </summary>
internal static class DenseWeights
{
    /// <summary>The note's key.</summary>
    public const string Key = "auditkit.dense-weights";

    /// <summary>The number of weights that layers once had, by the name of their weights; empty without a note, or where it makes no sense.</summary>
    public static IReadOnlyDictionary<string, long> Read(Graph graph)
    {
        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, long>>(graph.Metadata.GetValueOrDefault(Key, "{}")) ?? [];
        }
        catch (JsonException)
        {
            return new Dictionary<string, long>();
        }
    }

    /// <summary>The note of a graph that has only some of the layers; null where none of them has one.</summary>
    public static string? Of(Graph graph, IEnumerable<string> weights)
    {
        var kept = new SortedDictionary<string, long>(Read(graph).Where(layer => weights.Contains(layer.Key)).ToDictionary(), StringComparer.Ordinal);
        return kept.Count == 0 ? null : JsonSerializer.Serialize(kept);
    }

    /// <summary>Writes the note. A layer that has one keeps it: it was larger still once.</summary>
    public static void Write(Graph graph, IEnumerable<KeyValuePair<string, long>> weights)
    {
        var all = new SortedDictionary<string, long>(weights.ToDictionary(), StringComparer.Ordinal);
        foreach ((string name, long count) in Read(graph))
        {
            all[name] = Math.Max(count, all.GetValueOrDefault(name));
        }

        graph.Metadata[Key] = JsonSerializer.Serialize(all);
    }
}
