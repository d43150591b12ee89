using Microsoft.Extensions.Logging;

namespace AuditKit.Run;

/// <summary>How an audit is run: nothing here changes what it measures.</summary>
public sealed record AuditOptions
{
    /// <summary>The run's folder, created where it is missing.</summary>
    public required string Folder { get; init; }

    /// <summary>Threads that read and prepare images, at least 1; those that run the model are its source's.</summary>
    public int Threads
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = Environment.ProcessorCount;

    /// <summary>Whether an unfinished run in the folder goes on; otherwise its evidence is deleted first.</summary>
    public bool Resume { get; init; } = true;

    /// <summary>Whether evidence of another run in the folder is deleted; otherwise it is an error, and nothing is changed.</summary>
    public bool ReplacesOther { get; init; }

    /// <summary>Told of what begins, ends and breaks; null to be silent.</summary>
    public ILogger? Log { get; init; }

    /// <summary>What was done to the model since it failed the same audit; null for nothing. The report says it.</summary>
    public Comparisons.Mitigation? Mitigation { get; init; }
}
