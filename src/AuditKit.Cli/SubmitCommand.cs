using System.CommandLine;
using AuditKit.Models;
using AuditKit.Specs;
using AuditKit.Training.Remediation;

namespace AuditKit.Cli;

/// <summary><c>auditkit submit SPEC --on slurm</c>: audits and tables as jobs of a cluster, whose scheduler does all the rest.</summary>
internal static class SubmitCommand
{
    private const string Slurm = "slurm", Kubernetes = "kubernetes";

    public static Command Create()
    {
        var files = new Argument<string[]>("files")
        {
            Description = "Specs of audits, and tables as 'reproduce' takes them.",
            Arity = ArgumentArity.OneOrMore,
        };
        var on = new Option<string>("--on") { Description = "slurm: submits, and prints the jobs' ids. kubernetes: prints manifests.", Required = true };
        on.AcceptOnlyFromAmong(Slurm, Kubernetes);
        Option<int> shards = Values.Number(
            "--shards", "How many pieces each is divided into; they are merged by a job that waits for them.", least: 1, most: 10_000, 1);
        var output = new Option<string?>("--out") { Description = "Where the run goes, of a single file. Default: runs/<name of the file>.", HelpName = "DIR" };
        var image = new Option<string?>("--image") { Description = "kubernetes: an image that has auditkit on its PATH.", HelpName = "IMAGE" };
        var claim = new Option<string?>("--claim")
        {
            Description = "kubernetes: the claim of the volume with specs, models and data, on which the runs go, too.",
            HelpName = "CLAIM",
        };
        var scheduler = new Option<string[]>("--option")
        {
            Description = "slurm: an option of sbatch: --option=--partition=gpu. May be repeated.",
            HelpName = "--NAME=VALUE",
            DefaultValueFactory = _ => [],
        };
        var command = new Command(
            "submit",
            "Makes audits, in pieces or whole, jobs of a Slurm or Kubernetes cluster. The files, models and data have to lie where all its machines see them.")
        {
            files, on, shards, output, SharedOptions.Set, SharedOptions.Device, SharedOptions.Threads, image, claim, scheduler,
        };
        command.SetAction(parsed =>
        {
            string[] names = parsed.GetRequiredValue(files);
            string? folder = parsed.GetValue(output);
            if (folder is not null && names.Length > 1)
            {
                throw new AuditException("--out is one run's folder. Submit the files one by one, or leave it out.");
            }

            string[] overrides = parsed.GetRequiredValue(SharedOptions.Set);
            string[] engine =
            [
                .. Given(parsed, SharedOptions.Device, Device.Parse(parsed.GetRequiredValue(SharedOptions.Device))),
                .. Given(parsed, SharedOptions.Threads, parsed.GetRequiredValue(SharedOptions.Threads)),
            ];
            ClusterWork[] works = [.. names.Select(name => Work(name, folder, overrides, engine, parsed.GetRequiredValue(shards)))];
            if (works.GroupBy(work => work.Folder).FirstOrDefault(group => group.Count() > 1) is { } same)
            {
                throw new AuditException($"{WordList.Of([.. same.Select(work => work.File)])} would go to the same folder, {same.First().Folder}. "
                    + "Submit them one by one, with --out.");
            }

            bool isSlurm = parsed.GetRequiredValue(on) == Slurm;
            Option[] others = isSlurm ? [image, claim] : [scheduler];
            if (others.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is { } other)
            {
                throw new AuditException($"{other.Name} is for --on {(isSlurm ? Kubernetes : Slurm)}. Leave it out.");
            }

            if (isSlurm)
            {
                foreach (ClusterWork work in works)
                {
                    SlurmJobs.Submit(work, parsed.GetRequiredValue(scheduler));
                }

                return (int)ExitCode.Pass;
            }

            string where = "--on kubernetes needs the image to run, --image, and the claim of the volume with specs, models and data, --claim.";
            Console.WriteLine(string.Join("\n---\n", works.Select(work => KubernetesJobs.Manifest(
                work, parsed.GetValue(image) ?? throw new AuditException(where), parsed.GetValue(claim) ?? throw new AuditException(where)))));
            return (int)ExitCode.Pass;
        });
        return command;
    }

    // An option as it was given; left out, each machine has its own default.
    private static string[] Given<T>(ParseResult parsed, Option option, T value)
        => parsed.GetResult(option) is { Implicit: false } ? [option.Name, $"{value}"] : [];

    // A spec that cannot be run is found here, not by every job.
    private static ClusterWork Work(string file, string? folder, string[] overrides, string[] engine, int shards)
    {
        string name = Path.GetFileNameWithoutExtension(file);
        if (!File.Exists(file) || Reproduction.IsTable(file))
        {
            _ = Reproduction.Load(file);
            name = $"reproduce-{name}";
            return overrides.Length == 0
                ? new ClusterWork(name, file, folder ?? Path.Combine("runs", name), ["reproduce", file, .. engine], [], shards)
                : throw new AuditException($"{file} is a table, which has its own settings: --set is for audits.");
        }

        _ = AuditSpec.Load(file, overrides);
        return new ClusterWork(
            name, file, folder ?? Path.Combine("runs", name), ["run", file, .. overrides.SelectMany(one => new[] { "--set", one }), .. engine], ["merge"], shards);
    }
}
