namespace AuditKit.Cli;

internal static class Program
{
    private static int Main() => (int)ExitCode.Usage;
}
