namespace AuditKit;

/// <summary>What messages call the command line by, so that what they tell to type can be typed.</summary>
/// <remarks>Reports do not: they are the same whoever has made them.</remarks>
public static class ProgramName
{
    /// <summary><c>./auditkit</c> where the launcher has started the program and says so; an installed tool is on the PATH.</summary>
    public static string Value { get; } = Environment.GetEnvironmentVariable("AUDITKIT_COMMAND") ?? "auditkit";

    /// <summary>The launcher's full path, beside which AuditKit's checkout lies; null where the program was started otherwise.</summary>
    public static string? Launcher { get; } = Environment.GetEnvironmentVariable("AUDITKIT_LAUNCHER");
}
