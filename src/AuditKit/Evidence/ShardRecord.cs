using System.Text.Json;
using AuditKit.Data;

namespace AuditKit.Evidence;

/// <summary>How a shard was made, kept with what it has observed: what a merge needs to know of it.</summary>
internal sealed record ShardRecord
{
    private const string Key = "shard";

    /// <summary>Which one, from 1.</summary>
    public required int Number { get; init; }

    /// <summary>How many there are.</summary>
    public required int Count { get; init; }

    /// <summary>The spec's file as <see cref="RunRecord.SpecFile"/> has it.</summary>
    public required string SpecFile { get; init; }

    /// <summary>What the command line replaced in the spec.</summary>
    public required IReadOnlyList<string> Overrides { get; init; }

    /// <summary>What makes the audit this audit: the same in all its shards.</summary>
    public required IReadOnlyList<Fact> Audit { get; init; }

    /// <summary>The machines that measured, each with its software.</summary>
    public required IReadOnlyList<IReadOnlyList<Fact>> Engines { get; init; }

    /// <summary>Images of the audited data that fell to the shard.</summary>
    public required int Images { get; init; }

    /// <summary>What was read of the audited data first, then of others.</summary>
    public required IReadOnlyList<DataPart> Data { get; init; }

    /// <summary>What broke, by the check's name; empty where all checks finished.</summary>
    public required IReadOnlyDictionary<string, string> Errors { get; init; }

    /// <summary>Keeps the record in a store, replacing an earlier one.</summary>
    public void Write(EvidenceStore evidence) => evidence.WriteRecord(Key, JsonSerializer.Serialize(this));

    /// <summary>The record in a store; null where it is no finished shard's.</summary>
    /// <exception cref="AuditException">The record is damaged.</exception>
    public static ShardRecord? Read(EvidenceStore evidence)
        => evidence.Record(Key) is { } text ? StoredJson.Read<ShardRecord>(text, "record of its shard") : null;
}
