using System.CommandLine;
using AuditKit.Models;
using AuditKit.Training.Loop;
using AuditKit.Training.Remediation;
using AuditKit.Training.Remedies;

namespace AuditKit.Cli;

/// <summary><c>auditkit train RECIPE</c>: trains a model and writes it with its card.</summary>
internal static class TrainCommand
{
    public static Command Create()
    {
        var recipe = new Argument<string>("recipe") { Description = "The recipe's YAML file; see reference-models/ for examples." };
        var output = new Option<string?>("--out")
        {
            Description = "Where model.onnx, card.md and training.json go. Default: runs/train-<name of the recipe's folder>.",
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
            string folder = parsed.GetValue(output)
                ?? Path.Combine("runs", "train-" + Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(file))));
            Recipe loaded = Recipe.Load(file, parsed.GetRequiredValue(SharedOptions.Set), MethodCatalog.Key);
            var device = Device.Parse(parsed.GetRequiredValue(SharedOptions.Device));
            int threads = parsed.GetRequiredValue(SharedOptions.Threads);
            if (parsed.GetRequiredValue(members) is > 1 and var count)
            {
                IEnumerable<long> seeds = Enumerable.Range(0, count).Select(i => loaded.Seed + i);
                IReadOnlyList<(string Folder, TrainingRecord Record)> runs = ProgressDisplay.Show(progress => SeedRuns.Train(
                    file, parsed.GetRequiredValue(SharedOptions.Set), seeds, folder, device, threads, progress, cancellation));
                ShowMembers(runs);
                return Task.FromResult((int)ExitCode.Pass);
            }

            (TrainingRecord record, double waitShare) = ProgressDisplay.Show(
                progress => TrainingRun.Run(loaded, folder, device, threads, progress, cancellation));
            Console.WriteLine($"Test accuracy: {NumberText.Percent((double)record.Right / record.Count, 2)} of "
                + $"{NumberText.Count(record.Count)} images ({record.TestData})");
            foreach (string note in record.Notes)
            {
                Console.WriteLine($"Note: {note}");
            }

            Console.WriteLine($"Waited for images: {NumberText.Percent(waitShare)} of the training time");
            Console.WriteLine($"Model: {Path.Combine(folder, TrainingRun.ModelFile)}");
            Console.WriteLine($"Card:  {Path.Combine(folder, ModelCard.FileName)}");
            return Task.FromResult((int)ExitCode.Pass);
        });
        return command;
    }

    private static void ShowMembers(IReadOnlyList<(string Folder, TrainingRecord Record)> runs)
    {
        foreach ((string folder, TrainingRecord record) in runs)
        {
            Console.WriteLine($"Test accuracy: {NumberText.Percent((double)record.Right / record.Count, 2)} ({Model(folder)})");
        }

        Console.WriteLine("An audit of the ensemble, paths from the spec's folder:");
        Console.WriteLine($"  model: {{ path: {Model(runs[0].Folder)} }}");
        Console.WriteLine($"  checks: {{ tta: {{ members: [{string.Join(", ", runs.Skip(1).Select(run => Model(run.Folder)))}] }} }}");

        static string Model(string folder) => Path.Combine(folder, TrainingRun.ModelFile);
    }
}
