using System.Text.Json;

namespace AuditKit.Evidence;

/// <summary>The machines, each with its software, that a shard was begun or gone on with on, in that order.</summary>
/// <param name="Engines">What describes each.</param>
internal sealed record ShardEngines(IReadOnlyList<IReadOnlyList<Fact>> Engines)
{
    private const string Key = $"{EvidenceStore.Begun}engines";

    /// <summary>These and another one, where it is another.</summary>
    public ShardEngines With(IReadOnlyList<Fact> engine)
        => Engines.Any(known => known.SequenceEqual(engine)) ? this : new ShardEngines([.. Engines, engine]);

    /// <summary>Keeps them in a store, replacing others.</summary>
    public void Write(EvidenceStore evidence) => evidence.WriteRecord(Key, JsonSerializer.Serialize(this));

    /// <summary>Those in a store; none where it was not begun.</summary>
    /// <exception cref="AuditException">The record is damaged.</exception>
    public static ShardEngines Read(EvidenceStore evidence)
        => evidence.Record(Key) is { } text ? StoredJson.Read<ShardEngines>(text, "record of its machines") : new ShardEngines([]);
}
