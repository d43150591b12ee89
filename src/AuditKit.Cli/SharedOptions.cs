using System.CommandLine;

namespace AuditKit.Cli;

/// <summary>Options that mean the same in every command that has them.</summary>
internal static class SharedOptions
{
    public static Option<string[]> Set { get; } = new("--set")
    {
        Description = "Overrides one value of the file: --set checks.accuracy.min=0.95. May be repeated.",
        HelpName = "key=value",
        DefaultValueFactory = _ => [],
    };

    public static Option<string> Device { get; } = new("--device")
    {
        Description = "Where the model runs: cpu, cuda or cuda:n.",
        DefaultValueFactory = _ => "cpu",
    };

    public static Option<int> Threads { get; } = Values.Number(
        "--threads", "Threads that run the model. Default: all processors.", least: 1, most: 1024, Environment.ProcessorCount);
}
