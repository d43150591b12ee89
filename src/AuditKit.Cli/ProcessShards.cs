using System.Diagnostics;
using AuditKit.Models;
using AuditKit.Results;
using AuditKit.Run;
using AuditKit.Specs;
using AuditKit.Training;

namespace AuditKit.Cli;

/// <summary>An audit as several processes of this machine, each with its own processors: one process cannot keep many busy.</summary>
internal static class ProcessShards
{
    /// <summary>The folder below the run's that the shards go to.</summary>
    public const string Folder = "shards";

    /// <summary>Where a shard goes.</summary>
    public static string Of(string run, Shard shard) => Path.Combine(run, Folder, $"{shard.Number}-of-{shard.Count}");

    /// <summary>Measures all shards at the same time, then merges them.</summary>
    /// <param name="spec">The audit.</param>
    /// <param name="file">Its spec, as the command line names it.</param>
    /// <param name="processes">How many processes.</param>
    /// <param name="options">Where to run; its threads are divided.</param>
    /// <param name="device">Where the model runs.</param>
    /// <param name="cancellation">Stops; what was measured is kept.</param>
    /// <exception cref="AuditException">A process could not be started, or refused to run.</exception>
    public static AuditResult Run(
        AuditSpec spec, string file, int processes, AuditOptions options, Device device, CancellationToken cancellation)
    {
        Shard[] shards = [.. Enumerable.Range(1, processes).Select(number => new Shard(number, processes))];
        Process[] running = [.. shards.Select(shard => Start(spec, file, shard, options, device))];
        using CancellationTokenRegistration stop = cancellation.Register(() =>
        {
            foreach (Process process in running)
            {
                process.Kill(entireProcessTree: true);
            }
        });
        string[] errors = [.. running.Select(process => process.StandardError.ReadToEndAsync()).ToArray().Select(read => read.GetAwaiter().GetResult().Trim())];
        foreach (Process process in running)
        {
            process.WaitForExit();
        }

        cancellation.ThrowIfCancellationRequested();
        // A check that broke is in the shard's evidence and makes the verdict; whatever else ended a process is said as it said it.
        int refused = Array.FindIndex(running, process => (ExitCode)process.ExitCode is not (ExitCode.Pass or ExitCode.Error));
        if (refused >= 0)
        {
            throw new AuditException(errors[refused].StartsWith("auditkit: ", StringComparison.Ordinal) ? errors[refused]["auditkit: ".Length..] : errors[refused],
                (ExitCode)running[refused].ExitCode);
        }

        foreach ((Shard shard, string error) in shards.Zip(errors).Where(each => each.Second.Length > 0))
        {
            Console.Error.WriteLine($"shard {shard}: {error}");
        }

        return ProgressDisplay.Show(progress => ShardMerge.Run(
            spec, new ModelFiles(device, options.Threads), [.. shards.Select(shard => Of(options.Folder, shard))], options, progress, cancellation));
    }

    private static Process Start(AuditSpec spec, string file, Shard shard, AuditOptions options, Device device)
    {
        int threads = Math.Max(1, options.Threads / shard.Count);
        IReadOnlyList<string> program = Program.Start;
        string[] arguments =
        [
            .. program.Skip(1), "run", file, .. spec.Overrides.SelectMany(one => new[] { "--set", one }),
            "--shard", $"{shard}", "--out", Of(options.Folder, shard), "--threads", $"{threads}", "--device", $"{device}",
            "--resume", options.Resume ? "true" : "false",
        ];
        int first = (shard.Number - 1) * threads;
        bool isPinned = File.Exists("/usr/bin/taskset") && shard.Count * threads <= Environment.ProcessorCount;
        var start = isPinned
            ? new ProcessStartInfo("/usr/bin/taskset", ["--cpu-list", $"{first}-{first + threads - 1}", program[0], .. arguments])
            : new ProcessStartInfo(program[0], arguments);
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        Process process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) =>
        {
            // Progress of a process that has no terminal: a line every few seconds.
            if (line.Data?.EndsWith(" left", StringComparison.Ordinal) is true)
            {
                Console.WriteLine($"{shard} {line.Data}");
            }
        };
        process.BeginOutputReadLine();
        return process;
    }
}
