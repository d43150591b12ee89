using System.CommandLine;
using AuditKit.Models;
using AuditKit.Models.Metadata;
using AuditKit.Proposals;
using AuditKit.Training.Loop;
using AuditKit.Training.Remediation;
using AuditKit.Training.Remedies;
using AuditKit.Yaml;

namespace AuditKit.Cli;

/// <summary><c>auditkit train RECIPE</c>: trains a model and writes it with its card.</summary>
internal static class TrainCommand
{
    public static Command Create()
    {
        var recipe = new Argument<string>("recipe") { Description = "The recipe's YAML file; see reference-models/ for examples." };
        var output = new Option<string?>("--out")
        {
            Description = "Where model.onnx, card.md and training.json go. Default: runs/train-<name>, of the recipe's file, or of its folder for recipe.yaml.",
            HelpName = "DIR",
        };
        Option<int> members = Values.Number(
            "--members", "Networks of a deep ensemble: the recipe's seed and the ones after it, each in DIR/seed-N.", least: 1, most: 1000, 1);
        var command = new Command("train", "Trains a model by a recipe; a killed run goes on from its last epoch.")
        {
            recipe, SharedOptions.Set, output, members, SharedOptions.Device, SharedOptions.Threads,
        };
        command.SetAction((parsed, cancellation) =>
        {
            string file = parsed.GetRequiredValue(recipe);
            string folder = parsed.GetValue(output) ?? Path.Combine("runs", $"train-{NameOf(file)}");
            SpecKind.Recipe.Require(file);
            Recipe loaded = Recipe.Load(file, parsed.GetRequiredValue(SharedOptions.Set), MethodCatalog.Key);
            var device = Device.Parse(parsed.GetRequiredValue(SharedOptions.Device));
            int threads = parsed.GetRequiredValue(SharedOptions.Threads);
            if (parsed.GetRequiredValue(members) is > 1 and var count)
            {
                if (loaded.Seed > long.MaxValue - count)
                {
                    throw new AuditException($"--members: there are no {count} seeds from {loaded.Seed} on. Give a smaller 'seed'.");
                }

                IEnumerable<long> seeds = Enumerable.Range(0, count).Select(i => loaded.Seed + i);
                IReadOnlyList<(string Folder, TrainingRecord Record)> runs = ProgressDisplay.Show(progress => SeedRuns.Train(
                    file, parsed.GetRequiredValue(SharedOptions.Set), seeds, folder, device, threads, progress, cancellation));
                ShowMembers(loaded, runs);
                return Task.FromResult((int)ExitCode.Pass);
            }

            TrainingRecord? finished = TrainingRun.Finished(loaded, folder);
            (TrainingRecord record, double waitShare) = finished is not null
                ? (finished, 0)
                : ProgressDisplay.Show(progress => TrainingRun.Run(loaded, folder, device, threads, progress, cancellation));
            Console.WriteLine($"Test accuracy: {NumberText.Percent((double)record.Right / record.Count, 2)} of "
                + $"{NumberText.Count(record.Count)} images ({record.TestData})");
            foreach (string note in record.Notes)
            {
                Console.WriteLine($"Note: {note}");
            }

            Console.WriteLine(finished is not null ? "This recipe was trained here before, and nothing of it has changed: nothing was trained."
                : $"Waited for images: {NumberText.Percent(waitShare)} of the training time");
            Console.WriteLine($"Model: {Path.Combine(folder, TrainingRun.ModelFile)}");
            Console.WriteLine($"Card:  {Path.Combine(folder, ModelCard.FileName)}");
            return Task.FromResult((int)ExitCode.Pass);
        });
        return command;
    }

    // waterbirds.recipe.yaml is waterbirds; a file that is called recipe alone has the name of its folder.
    private static string NameOf(string file)
    {
        string name = Path.GetFileNameWithoutExtension(file);
        name = name.EndsWith(".recipe", StringComparison.OrdinalIgnoreCase) ? Path.GetFileNameWithoutExtension(name) : name;
        return name.Equals("recipe", StringComparison.OrdinalIgnoreCase) ? Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(file))) ?? name : name;
    }

    private static void ShowMembers(Recipe recipe, IReadOnlyList<(string Folder, TrainingRecord Record)> runs)
    {
        foreach ((string folder, TrainingRecord record) in runs)
        {
            Console.WriteLine($"Test accuracy: {NumberText.Percent((double)record.Right / record.Count, 2)} ({Model(folder)})");
        }

        string keys = string.Concat(AuditProposal.Keys(recipe.Model, ModelNotes.None).Select(key => $", {key.Key}: {key.Value}"));
        Console.WriteLine("An audit of the ensemble:");
        Console.WriteLine($"  model: {{ path: {AuditProposal.Text(Model(runs[0].Folder))}{keys} }}");
        Console.WriteLine($"  checks: {{ tta: {{ members: [{string.Join(", ", runs.Skip(1).Select(run => AuditProposal.Text(Model(run.Folder))))}] }} }}");

        static string Model(string folder) => Path.GetFullPath(Path.Combine(folder, TrainingRun.ModelFile));
    }
}
