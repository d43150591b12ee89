using System.Text.Json;

namespace AuditKit.Evidence;

/// <summary>
/// What a report says besides its figures, kept with the outcomes, so that the whole report can be made again from the
/// evidence store alone.
/// </summary>
public sealed record RunRecord
{
    private const string Key = "run";

    /// <summary>The spec as it was run, overrides applied (YAML).</summary>
    public required string Spec { get; init; }

    /// <summary>The spec's file: <see cref="Results.AuditResult.SpecFile"/>.</summary>
    public required string SpecFile { get; init; }

    /// <summary>What the command line replaced in the spec.</summary>
    public required IReadOnlyList<string> Overrides { get; init; }

    /// <summary>The name of the model's file.</summary>
    public required string ModelFile { get; init; }

    /// <summary>SHA-256 of the model, lower-case hex.</summary>
    public required string ModelSha256 { get; init; }

    /// <summary>SHA-256 over all files of the data (<see cref="Data.DatasetFingerprint"/>), lower-case hex.</summary>
    public required string DataSha256 { get; init; }

    /// <summary>The version of AuditKit that measured.</summary>
    public required string Version { get; init; }

    /// <summary>The attributes that come with the data, which the checks' options may refer to.</summary>
    public required IReadOnlyList<string> Attributes { get; init; }

    /// <summary>The model's identity.</summary>
    public required IReadOnlyList<Fact> Model { get; init; }

    /// <summary>The data's identity.</summary>
    public required IReadOnlyList<Fact> Data { get; init; }

    /// <summary>The software that measured.</summary>
    public required IReadOnlyList<Fact> Provenance { get; init; }

    /// <summary>Where the shards were measured, by number; empty for a run that was not divided.</summary>
    public IReadOnlyList<ShardOrigin> Shards { get; init; } = [];

    /// <summary>What broke, by the check's name; empty where all checks finished.</summary>
    public required IReadOnlyDictionary<string, string> Errors { get; init; }

    /// <summary>Keeps the record in a store, replacing an earlier one.</summary>
    internal void Write(EvidenceStore evidence) => evidence.WriteRecord(Key, JsonSerializer.Serialize(this));

    /// <summary>Whether a run has ever come to its end in a store.</summary>
    internal static bool IsIn(EvidenceStore evidence) => evidence.Record(Key) is not null;

    /// <summary>The record in a store.</summary>
    /// <exception cref="AuditException">The run was never finished, or the record is damaged.</exception>
    public static RunRecord Read(EvidenceStore evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        string text = evidence.Record(Key)
            ?? throw new AuditException("The evidence is of a run that has not finished: run the audit to its end first.");
        const string What = "record of its run";
        RunRecord record = StoredJson.Read<RunRecord>(text, What);
        // Paths start from the spec's folder, and a dictionary's null is what the serializer does not notice.
        return Path.GetFileName(record.SpecFile).Length > 0 && !record.SpecFile.Contains('\0', StringComparison.Ordinal) && record.Errors.Values
            .All(error => error is not null)
            ? record
            : throw new AuditException($"The evidence holds a damaged {What}: run the audit again.");
    }
}
