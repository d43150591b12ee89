namespace AuditKit.Evidence;

/// <summary>Where a shard of a merged run was measured.</summary>
/// <param name="Number">Which of the shards, from 1.</param>
/// <param name="Images">Images of the audited data that fell to it.</param>
/// <param name="Engine">The machine and the software that measured.</param>
public sealed record ShardOrigin(int Number, int Images, IReadOnlyList<Fact> Engine)
{
    /// <summary>The label of the machine's name among these facts.</summary>
    public const string MachineLabel = "Machine";

    /// <summary>The machine's name.</summary>
    public string Machine => Engine.FirstOrDefault(fact => fact.Label == MachineLabel)?.Value ?? "unknown";
}
