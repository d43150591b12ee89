namespace AuditKit;

/// <summary>What the process tells the shell, and with it the CI job.</summary>
public enum ExitCode
{
    /// <summary>Every gate passed.</summary>
    Pass = 0,

    /// <summary>At least one gate failed.</summary>
    GateFailed = 1,

    /// <summary>The command line, the spec, or a file that it names cannot be used; nothing was measured.</summary>
    Usage = 2,

    /// <summary>No gate failed, but at least one interval straddles its threshold.</summary>
    Inconclusive = 3,

    /// <summary>Something broke while running; what was measured until then is kept.</summary>
    Error = 4,
}
