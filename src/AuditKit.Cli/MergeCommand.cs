using System.CommandLine;
using AuditKit.Models;
using AuditKit.Reports.Attestation;
using AuditKit.Results;
using AuditKit.Run;
using AuditKit.Specs;
using AuditKit.Training;

namespace AuditKit.Cli;

/// <summary><c>auditkit merge SHARDS</c>: brings the shards of an audit together, writes the reports, answers with the verdict.</summary>
internal static class MergeCommand
{
    public static Command Create()
    {
        var shards = new Argument<string[]>("shards")
        {
            Description = "The folders of all shards, in any order.",
            Arity = ArgumentArity.OneOrMore,
        };
        var spec = new Option<string?>("--spec") { Description = "The audit's spec. Default: where the shards found it.", HelpName = "FILE" };
        var resume = new Option<bool>("--resume")
        {
            Description = "Goes on with the unfinished merge in the same folder; --resume false starts over.",
            DefaultValueFactory = _ => true,
        };
        var command = new Command("merge", "Brings the shards of an audit together: the report, verdict and exit code of one machine's run.")
        {
            shards, SharedOptions.Run, spec, SharedOptions.Device, SharedOptions.Threads, resume, SharedOptions.Sign,
        };
        command.SetAction((parsed, cancellation) =>
        {
            string[] folders = parsed.GetRequiredValue(shards);
            (string file, IReadOnlyList<string> overrides, Device device) = ShardMerge.Spec(folders);
            // What the merge itself runs has to be what one machine would have run.
            device = parsed.GetResult(SharedOptions.Device) is { Implicit: false } ? Device.Parse(parsed.GetRequiredValue(SharedOptions.Device)) : device;
            file = parsed.GetValue(spec) ?? file;
            using EcdsaKey? key = parsed.GetValue(SharedOptions.Sign) is { } keyFile ? EcdsaKey.Load(keyFile, toSign: true) : null;
            var options = new AuditOptions
            {
                Folder = parsed.GetValue(SharedOptions.Run) ?? Path.Combine("runs", Path.GetFileNameWithoutExtension(file)),
                Threads = parsed.GetRequiredValue(SharedOptions.Threads),
                Resume = parsed.GetValue(resume),
            };
            var loaded = AuditSpec.Load(file, overrides);
            var models = new ModelFiles(device, options.Threads);
            AuditResult result = ProgressDisplay.Show(progress => ShardMerge.Run(loaded, models, folders, options, progress, cancellation));
            return Task.FromResult((int)Answer.Give(result, options.Folder, key));
        });
        return command;
    }
}
