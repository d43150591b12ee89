using AuditKit.Models;
using AuditKit.Models.Features;
using AuditKit.Models.Onnx;
using AuditKit.Training.Backbones;
using AuditKit.Yaml;

namespace AuditKit.Training.Loop;

/// <summary>Where a recipe's features come from: <c>model: { features: NAME or PATH, embedding: VALUE, head: linear }</c>.</summary>
/// <param name="Name">The backbone's name, or the file's, as the recipe has it.</param>
/// <param name="Backbone">The listed backbone; null for a file.</param>
/// <param name="Path">The file; empty for a listed backbone.</param>
/// <param name="Embedding">The value that holds the features; null for the input of the last linear layer, or else the output.</param>
public sealed record FeatureSource(string Name, ReferenceBackbone? Backbone, string Path, string? Embedding)
{
    private static readonly TextKey s_features = new(
        "features", "What features come from, to train a classifier on: a listed backbone (auditkit models), or an ONNX file");
    private static readonly ChoiceKey<bool> s_head = new(
        "head", "The layer that makes classes of features", new Dictionary<string, bool> { ["linear"] = true }, true);
    private static readonly TextKey s_embedding = new(
        "embedding", "With features: the value that holds them; absent, the input of the last linear layer, or the output where there is none");

    /// <summary>Its keys in the <c>model:</c> block.</summary>
    internal static IReadOnlyList<SpecKey> Keys { get; } = [s_features, s_head, s_embedding];

    /// <summary>Reads its keys; null where there are no features.</summary>
    /// <param name="map">The <c>model:</c> block.</param>
    /// <param name="folder">The recipe's folder.</param>
    /// <exception cref="AuditException">Neither a listed backbone nor a file has this name, or features are missing.</exception>
    internal static FeatureSource? Parse(SpecMap map, string folder)
    {
        (string? name, _, string? embedding) = (s_features.Read(map), s_head.Read(map), s_embedding.Read(map));
        if (name is null)
        {
            string? needless = map.Has(s_head.Key) ? s_head.Key : embedding is null ? null : s_embedding.Key;
            return needless is null ? null : throw map.Error(needless, $"'{needless}' needs 'features': what they come from.");
        }

        if (ReferenceBackbone.Find(name) is { } listed)
        {
            return new FeatureSource(name, listed, "", embedding);
        }

        string path = System.IO.Path.GetFullPath(name, folder);
        return File.Exists(path) ? new FeatureSource(name, null, path, embedding)
            : throw map.Error(s_features.Key, (Directory.Exists(path) ? $"'{name}' is a folder" : $"there is no file '{name}'")
                + $", and no backbone of this name is listed.{Spelling.Nearest(name, ReferenceBackbone.All.Select(backbone => backbone.Name))} "
                + $"'{ProgramName.Value} models' lists them.");
    }

    /// <summary>What is trained, for the card.</summary>
    /// <param name="trained">The part that is trained.</param>
    internal string Describe(TrainedPart trained) => $"features of {Name} and a linear head, trained: " + trained switch
    {
        TrainedPart.Head => "the head",
        TrainedPart.LastBlock => "the last block and the head",
        _ => "all",
    };

    /// <summary>The classifier that is trained: the source's features and a new head.</summary>
    /// <param name="options">How it takes images.</param>
    /// <param name="classes">The data's number of classes.</param>
    /// <param name="seed">The run's seed.</param>
    /// <exception cref="AuditException">The source cannot be had, has no features or cannot take these images.</exception>
    public Graph Open(ClassifierOptions options, int classes, long seed)
        => FeatureClassifier.Build(Backbone?.Open() ?? OnnxFile.Read(Path), Embedding, options, classes, seed);
}
