using System.CommandLine;
using AuditKit.Models;
using AuditKit.Training.Loop;
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
        var command = new Command("train", "Trains a model by a recipe; a killed run goes on from its last epoch.")
        {
            recipe, SharedOptions.Set, output, SharedOptions.Device, SharedOptions.Threads,
        };
        command.SetAction((parsed, cancellation) =>
        {
            string file = parsed.GetRequiredValue(recipe);
            string folder = parsed.GetValue(output)
                ?? Path.Combine("runs", "train-" + Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(file))));
            Recipe loaded = Recipe.Load(file, parsed.GetRequiredValue(SharedOptions.Set), MethodCatalog.Key);
            var device = Device.Parse(parsed.GetRequiredValue(SharedOptions.Device));
            int threads = parsed.GetRequiredValue(SharedOptions.Threads);
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
}
