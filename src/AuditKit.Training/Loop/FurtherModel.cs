using AuditKit.Models.Onnx;

namespace AuditKit.Training.Loop;

/// <summary>A model that a method gives beside the trained one.</summary>
/// <param name="Name">What it is, for the card and for tables: <c>10 weight samples</c>.</param>
/// <param name="File">Its file's name in the run's folder.</param>
/// <param name="Graph">From N×C×H×W images, normalised like those of the trained model, to N×K logits.</param>
public sealed record FurtherModel(string Name, string File, Graph Graph);

/// <summary>What a further model scored on the test images.</summary>
/// <param name="Name">What it is.</param>
/// <param name="File">Its file's name in the run's folder.</param>
/// <param name="Sha256">SHA-256 of the file, in lower-case hexadecimal.</param>
/// <param name="Right">Images classified correctly.</param>
/// <param name="Count">Images.</param>
public sealed record FurtherScore(string Name, string File, string Sha256, int Right, int Count);
