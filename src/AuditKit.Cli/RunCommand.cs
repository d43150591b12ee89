using System.CommandLine;
using AuditKit.Models;
using AuditKit.Reports.Attestation;
using AuditKit.Results;
using AuditKit.Run;
using AuditKit.Specs;
using AuditKit.Training;
using AuditKit.Training.Remediation;

namespace AuditKit.Cli;

/// <summary><c>auditkit run SPEC</c>: audits, writes the reports, answers with the verdict.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var spec = new Argument<string>("spec") { Description = "The audit's YAML file; audits/README.md explains the format." };
        var resume = new Option<bool>("--resume")
        {
            Description = "Goes on with the unfinished run in the same folder; --resume false starts over.",
            DefaultValueFactory = _ => true,
        };

        var shard = new Option<string?>("--shard")
        {
            Description = "Measures one piece of the audit, to be merged: 3/64, or auto (auto/64) for the number that a job array gives: "
                + "SLURM_ARRAY_TASK_ID, JOB_COMPLETION_INDEX or CI_NODE_INDEX.",
            HelpName = "K/N",
        };
        Option<int> processes = Values.Number(
            "--processes", "Measures the audit as so many shards at the same time, each with its share of --threads, and merges them.",
            least: 1, most: 1024, 1);
        var command = new Command("run", "Audits a model by a spec, writes the report and answers with an exit code.")
        {
            spec, SharedOptions.Set, SharedOptions.Run, SharedOptions.Device, SharedOptions.Threads, resume, shard, processes, SharedOptions.Sign,
        };
        command.SetAction((parsed, cancellation) =>
        {
            string file = parsed.GetRequiredValue(spec);
            var loaded = AuditSpec.Load(file, parsed.GetRequiredValue(SharedOptions.Set));
            Shard? piece = parsed.GetValue(shard) is { } text ? ShardOfJob.Parse(text, Environment.GetEnvironmentVariable) : null;
            string folder = Path.Combine("runs", Path.GetFileNameWithoutExtension(file));
            int together = parsed.GetRequiredValue(processes);
            if (piece is not null && together > 1)
            {
                throw new AuditException("--shard measures one piece, --processes all of them at the same time. Give one of the two.");
            }

            var options = new AuditOptions
            {
                Folder = parsed.GetValue(SharedOptions.Run) ?? (piece is { } of ? ProcessShards.Of(folder, of) : folder),
                Threads = parsed.GetRequiredValue(SharedOptions.Threads),
                Resume = parsed.GetValue(resume),
            };
            var device = Device.Parse(parsed.GetRequiredValue(SharedOptions.Device));
            return Task.FromResult((int)(piece is { } one
                ? RunShard(loaded, one, options, device, parsed.GetValue(SharedOptions.Sign), cancellation)
                : Run(loaded, file, together, options, device, parsed.GetValue(SharedOptions.Sign), cancellation)));
        });
        return command;
    }

    private static ExitCode RunShard(AuditSpec spec, Shard shard, AuditOptions options, Device device, string? keyFile, CancellationToken cancellation)
    {
        RemedySpec.RequireKeys(spec);
        if (keyFile is not null)
        {
            throw new AuditException($"A shard is not signed: it says nothing alone. Give --sign to '{Program.Name} merge'.");
        }

        var models = new ModelFiles(device, options.Threads);
        (int images, IReadOnlyDictionary<string, string> errors) = ProgressDisplay.Show(
            progress => ShardRun.Run(spec, models, shard, options, progress, cancellation));
        foreach ((string check, string error) in errors)
        {
            Program.Tell($"{check}: {error}");
        }

        Console.WriteLine($"Shard {shard}: {NumberText.Count(images, "image", "images")} in {options.Folder}");
        Console.WriteLine($"No verdict: '{Program.Name} merge' gives one when all shards are there.");
        return errors.Count == 0 ? ExitCode.Pass : ExitCode.Error;
    }

    private static ExitCode Run(
        AuditSpec spec, string file, int processes, AuditOptions options, Device device, string? keyFile, CancellationToken cancellation)
    {
        // A key that cannot SharedOptions.Sign, and a remedy that could not be tried, are found before hours of measuring.
        RemedySpec.RequireKeys(spec);
        using EcdsaKey? key = keyFile is null ? null : EcdsaKey.Load(keyFile, toSign: true);
        AuditResult result = processes > 1
            ? ProcessShards.Run(spec, file, processes, options, device, cancellation)
            : ProgressDisplay.Show(progress => Audit.Run(spec, new ModelFiles(device, options.Threads), options, progress, cancellation));
        return Answer.Give(result, options.Folder, key);
    }
}
