using System.CommandLine;
using System.Globalization;
using AuditKit.Imaging;

namespace AuditKit.Cli;

/// <summary>Options that mean the same in every command that has them.</summary>
internal static class SharedOptions
{
    // As in specs.
    private const int LargestSide = 16_384;

    public static Option<string[]> Set { get; } = new("--set")
    {
        Description = "Overrides one value of the file: --set seed=2. A relative path starts from the file's folder, as in the file. May be repeated.",
        HelpName = "key=value",
        DefaultValueFactory = _ => [],
    };

    public static Option<string> Device { get; } = new("--device")
    {
        Description = "Where the model runs: cpu, cuda or cuda:n.",
        DefaultValueFactory = _ => "cpu",
    };

    public static Option<int> Threads { get; } = Values.Number(
        "--threads", "Threads that run the model: left out, one a processor, in a job of Slurm one a processor of the task.", least: 1, most: 1024, Processors());

    /// <summary><c>--out</c> of the commands that judge.</summary>
    public static Option<string?> Run { get; } = new("--out") { Description = "The run's folder. Default: runs/<name of the spec file>.", HelpName = "DIR" };

    /// <summary><c>--sign</c> of the commands that judge.</summary>
    public static Option<string?> Sign { get; } = new("--sign")
    {
        Description = "Signs an in-toto test-result statement about the model with this private key (ECDSA P-256, PEM).",
        HelpName = "KEY.pem",
    };

    /// <summary><c>--input C,H,W</c>, where a model's file leaves its images' shape open.</summary>
    public static Option<string?> Input { get; } = new("--input")
    {
        Description = "Shape of one image where the file leaves it open: --input 3,224,224.",
        HelpName = "C,H,W",
    };

    /// <summary>The value of <see cref="Input"/>; null where it is not given.</summary>
    /// <exception cref="AuditException">It is no shape.</exception>
    public static InputShape? ParseInput(ParseResult parsed) => parsed.GetValue(Input) is { } shape ? ParseShape(shape) : null;

    // Where a cluster does not hold its jobs to the processors that it gives them, those of a node would fight.
    private static int Processors()
        => int.TryParse(Environment.GetEnvironmentVariable("SLURM_CPUS_PER_TASK"), NumberStyles.None, CultureInfo.InvariantCulture, out int given) && given > 0
            ? Math.Min(given, Environment.ProcessorCount)
            : Environment.ProcessorCount;

    private static InputShape ParseShape(string text)
    {
        string[] parts = text.Split(',');
        int[] sides = [.. parts.Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int side) ? side : 0)];
        return sides is [> 0 and <= LargestSide, > 0 and <= LargestSide, > 0 and <= LargestSide]
            ? new InputShape(sides[0], sides[1], sides[2])
            : throw new AuditException($"--input {text}: expected channels,height,width of at most {LargestSide}, such as 3,224,224.");
    }
}
