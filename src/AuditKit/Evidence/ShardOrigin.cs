namespace AuditKit.Evidence;

/// <summary>Where a shard of a merged run was measured.</summary>
/// <param name="Number">Which of the shards, from 1.</param>
/// <param name="Images">Images of the audited data that fell to it.</param>
/// <param name="Engines">The machine with its software; several where it was begun on one and gone on with on another.</param>
public sealed record ShardOrigin(int Number, int Images, IReadOnlyList<IReadOnlyList<Fact>> Engines)
{
    /// <summary>The label of the machine's name among these facts.</summary>
    public const string MachineLabel = "Machine";

    /// <summary>The label of what the model ran on.</summary>
    public const string DeviceLabel = "Device";

    /// <summary>The machines' names.</summary>
    public string Machine => WordList.Of([.. Values(MachineLabel).DefaultIfEmpty("unknown")]);

    /// <summary>What a fact says of each of the machines, each value once.</summary>
    /// <param name="label">The fact's label.</param>
    public IEnumerable<string> Values(string label)
        => Engines.Select(engine => engine.FirstOrDefault(fact => fact.Label == label)?.Value).OfType<string>().Distinct();
}
