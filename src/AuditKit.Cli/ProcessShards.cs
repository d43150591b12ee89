using System.Diagnostics;
using System.Globalization;
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

    private const string TaskSet = "/usr/bin/taskset";

    /// <summary>Where a shard goes.</summary>
    public static string Of(string run, Shard shard) => Path.Combine(run, Folder, shard.FolderName);

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
        if (refused >= 0 && running[refused].ExitCode == (int)ExitCode.Usage)
        {
            throw new AuditException(errors[refused].Replace("auditkit: ", "", StringComparison.Ordinal));
        }

        if (refused >= 0)
        {
            throw new AuditException($"The process of shard {shards[refused]} ended with exit code {running[refused].ExitCode}. {errors[refused]} "
                + "The same command goes on from there.", ExitCode.Error);
        }

        foreach ((Shard shard, string error) in shards.Zip(errors).Where(each => each.Second.Length > 0))
        {
            Console.Error.WriteLine($"shard {shard}: {error}");
        }

        return ProgressDisplay.Show(progress => ShardMerge.Run(
            spec, new ModelFiles(device, options.Threads), [.. shards.Select(shard => Of(options.Folder, shard))], options, progress, cancellation));
    }

    // Those that this process may use, by number; none where the system does not say.
    private static int[] Processors()
    {
        const string Status = "/proc/self/status", Allowed = "Cpus_allowed_list:";
        string? list = File.Exists(Status) ? File.ReadLines(Status).FirstOrDefault(line => line.StartsWith(Allowed, StringComparison.Ordinal)) : null;
        return
        [
            .. (list?[Allowed.Length..].Trim().Split(',') ?? [])
                .Select(range => range.Split('-').Select(number => int.Parse(number, CultureInfo.InvariantCulture)).ToArray())
                .SelectMany(range => Enumerable.Range(range[0], range[^1] - range[0] + 1)),
        ];
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
        int[] processors = [.. Processors().Skip((shard.Number - 1) * threads).Take(threads)];
        var start = File.Exists(TaskSet) && processors.Length == threads
            ? new ProcessStartInfo(TaskSet, ["--cpu-list", string.Join(',', processors), program[0], .. arguments])
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
