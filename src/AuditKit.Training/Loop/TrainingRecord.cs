using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using AuditKit.Results;

namespace AuditKit.Training.Loop;

/// <summary>What a finished training run gave: the figures that its card shows, kept as JSON beside the model.</summary>
public sealed record TrainingRecord
{
    /// <summary>The file's name in the run's folder.</summary>
    public const string FileName = "training.json";

    /// <summary>What the findings of a run say that they are of, where those of an audit name a check.</summary>
    internal const string Check = "training";

    /// <summary>The version of the file's format that is written and read.</summary>
    public const int CurrentVersion = 1;

    /// <summary>The version of the file's format.</summary>
    public int Version { get; init; } = CurrentVersion;

    /// <summary>The model's name.</summary>
    public required string Name { get; init; }

    /// <summary>The recipe's text, which says whether the run is that of a recipe.</summary>
    public required string Recipe { get; init; }

    /// <summary>Name of the architecture that was built, or what features were taken; null where training went on from a start model.</summary>
    public required string? Architecture { get; init; }

    /// <summary>What the network takes of an image, in words, before mean and standard deviation are applied.</summary>
    public string Pixels { get; init; } = "pixels / 255";

    /// <summary>The mean of each channel that is subtracted from the pixels.</summary>
    public required IReadOnlyList<double> Mean { get; init; }

    /// <summary>The standard deviation that each channel is then divided by.</summary>
    public required IReadOnlyList<double> StandardDeviation { get; init; }

    /// <summary>Number of the model's parameters.</summary>
    public required long Parameters { get; init; }

    /// <summary>How many were trained, where others were left as they are; null where all were.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Trained { get; init; }

    /// <summary>SHA-256 of the model file, in lower-case hexadecimal.</summary>
    public required string Sha256 { get; init; }

    /// <summary>The engine that trained it, with what its trial showed.</summary>
    public required string Engine { get; init; }

    /// <summary>The data that it was trained and selected on.</summary>
    public required string TrainingData { get; init; }

    /// <summary>SHA-256 over the files of that data, lower-case hexadecimal, one for each set; null in records of earlier versions.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? DataSha256 { get; init; }

    /// <summary>SHA-256 over the files of the test data, lower-case hexadecimal; null in records of earlier versions.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TestSha256 { get; init; }

    /// <summary>One record for each epoch; none where a start model was fitted without.</summary>
    public required IReadOnlyList<EpochRecord> Epochs { get; init; }

    /// <summary>The epoch whose weights were kept, from 0; null where there was none.</summary>
    public required int? BestEpoch { get; init; }

    /// <summary>What the network scored that the method changed after the epochs, on validation images; null where it changed nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ValidationScore? Fitted { get; init; }

    /// <summary>What the model that was written scores on validation images; null where nothing was trained.</summary>
    [JsonIgnore]
    public ValidationScore? Validation => Fitted ?? (BestEpoch is { } best ? Epochs[best].Validation : null);

    /// <summary>The group that the epoch was chosen by, as audits name it; null for the worst one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? HardGroup { get; init; }

    /// <summary>The data that it was measured on.</summary>
    public required string TestData { get; init; }

    /// <summary>The attribute that makes the test data's groups; null for the classes alone.</summary>
    public required string? TestAttribute { get; init; }

    /// <summary>What was right of each group, or of each class without an attribute.</summary>
    public required IReadOnlyList<GroupScore> Groups { get; init; }

    /// <summary>What models that the method gave beside this one scored on the same images.</summary>
    public IReadOnlyList<FurtherScore> FurtherModels { get; init; } = [];

    /// <summary>The networks that the run started from; null where a version of AuditKit wrote the record that did not keep them.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<StartFile>? StartedFrom { get; init; }

    /// <summary>What a reader must know of how it was trained, a sentence each.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>What the method says of itself, Markdown; empty for nothing.</summary>
    public required string Method { get; init; }

    /// <summary>Test images classified correctly.</summary>
    [JsonIgnore]
    public int Right => Groups.Sum(group => group.Right);

    /// <summary>Test images.</summary>
    [JsonIgnore]
    public int Count => Groups.Sum(group => group.Count);

    /// <summary>The test accuracies as figures that a table can name: <c>training/test accuracy</c>, <c>training/test accuracy/10 weight samples</c>.</summary>
    public IEnumerable<Finding> Findings() =>
    [
        Accuracy("", Right, Count),
        .. FurtherModels.Select(model => Accuracy(model.Name, model.Right, model.Count)),
    ];

    /// <summary>Writes the record into a run's folder.</summary>
    /// <exception cref="AuditException">The disk is full, or the folder cannot be written.</exception>
    public void Write(string folder)
        => AtomicFile.Write(Path.Combine(folder, FileName), JsonSerializer.SerializeToUtf8Bytes(this, TrainingJson.Default.TrainingRecord));

    /// <summary>Reads the record of a run's folder; null where none is there, because the run has not finished.</summary>
    /// <exception cref="AuditException">The file is damaged, or of another version of the format.</exception>
    public static TrainingRecord? Read(string folder)
    {
        string file = Path.Combine(folder, FileName);
        try
        {
            return File.Exists(file) ? Parse(File.ReadAllBytes(file)) : null;
        }
        catch (Exception e) when (e is JsonException or InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new AuditException($"{file} cannot be used: {e.Message} Delete it to train again.", ExitCode.Error, e);
        }
    }

    private static TrainingRecord Parse(byte[] json)
    {
        using var document = JsonDocument.Parse(json);
        // The version comes first: another one may have other members.
        if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("version", out JsonElement version)
            || version.ValueKind != JsonValueKind.Number || !version.TryGetInt32(out int number))
        {
            throw new InvalidDataException("it has no version.");
        }

        TrainingRecord record = number == CurrentVersion
            ? document.RootElement.Deserialize(TrainingJson.Default.TrainingRecord)!
            : throw new InvalidDataException($"it is of version {number}, and this AuditKit reads version {CurrentVersion}.");
        string? fault = record.Fault();
        return fault is null ? record : throw new InvalidDataException(fault);
    }

    private string? Fault()
        => Sha256.Length != 2 * SHA256.HashSizeInBytes || !Sha256.All(char.IsAsciiHexDigitLower) ? "its sha256 is not one."
        : BestEpoch is { } best && (best < 0 || best >= Epochs.Count) ? $"it keeps epoch {best} of {Epochs.Count}."
        : BestEpoch is null && Epochs.Count > 0 ? $"it keeps none of its {Epochs.Count} epochs."
        : Parameters < 0 ? "its number of parameters is negative."
        : Groups.Any(group => group is null or { Right: < 0 } || group.Right > group.Count) ? "one of its groups has more right answers than images."
        : FurtherModels.Any(model => model is null or { Right: < 0 } || model.Right > model.Count) ? "a further model has more right answers than images."
        : null;

    private static Finding Accuracy(string model, int right, int count) => new()
    {
        Check = Check,
        Metric = "test accuracy",
        Subject = model,
        Estimate = count == 0 ? null : (double)right / count,
        Count = count,
    };
}

/// <summary>What a model scored on one group of the test data.</summary>
/// <param name="Name">The group's name, or the class's.</param>
/// <param name="Right">Images classified correctly.</param>
/// <param name="Count">Images.</param>
public sealed record GroupScore(string Name, int Right, int Count);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    WriteIndented = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    AllowDuplicateProperties = false,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(TrainingRecord))]
[JsonSerializable(typeof(DivergedRun))]
internal sealed partial class TrainingJson : JsonSerializerContext;
