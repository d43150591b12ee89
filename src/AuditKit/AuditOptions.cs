namespace AuditKit;

/// <summary>How an audit is run: nothing here changes what it finds.</summary>
public sealed record AuditOptions
{
    /// <summary>The run's folder, created where it is missing.</summary>
    public required string Folder { get; init; }

    /// <summary>Where the model runs: <c>cpu</c>, <c>cuda</c> or <c>cuda:n</c>.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>Threads that run the model, at least 1.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Whether an unfinished run in the folder goes on; otherwise its evidence is deleted first.</summary>
    public bool Resume { get; init; } = true;
}
