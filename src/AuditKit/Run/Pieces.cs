using AuditKit.Checks;
using AuditKit.Data;
using AuditKit.Evidence;

namespace AuditKit.Run;

/// <summary>What of an audit was measured elsewhere.</summary>
internal sealed record Pieces
{
    /// <summary>Nothing: all of it is measured here.</summary>
    public static Pieces None { get; } = new();

    /// <summary>Brings what was measured into the evidence.</summary>
    public Action<EvidenceStore> Fill { get; init; } = _ => { };

    /// <summary>What is left to be measured.</summary>
    public Share Share { get; init; } = Share.Whole;

    /// <summary>The data, where what is read of it here is held against what was read elsewhere; null where nothing was.</summary>
    public IDataset? Data { get; init; }

    /// <summary>What broke, by the check's name.</summary>
    public IReadOnlyDictionary<string, string> Errors { get; init; } = new Dictionary<string, string>();

    /// <summary>Where it was measured, by number.</summary>
    public IReadOnlyList<ShardOrigin> Shards { get; init; } = [];

    /// <summary>What a reader has to know of the machines that measured.</summary>
    public IReadOnlyList<Fact> Provenance { get; init; } = [];
}
