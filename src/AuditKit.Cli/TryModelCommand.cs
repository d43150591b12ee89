using System.CommandLine;
using AuditKit.Models;
using AuditKit.Training.Libtorch;

namespace AuditKit.Cli;

/// <summary><c>auditkit try-model MODEL</c>: opens a model and ends. Not for people: <see cref="ModelTrial"/> starts it.</summary>
internal static class TryModelCommand
{
    private const string Name = "try-model";

    /// <summary>What starts this command in another process.</summary>
    public static IReadOnlyList<string> Start => Program.Start is [_, ..] program ? [.. program, Name] : [];

    public static Command Create()
    {
        var model = new Argument<string>("model");
        var embedding = new Option<string?>("--embedding");
        var output = new Option<string?>("--output");
        var layout = new Option<InputLayout?>("--layout");
        var activation = new Option<Activation?>("--activation");
        var command = new Command(Name) { model, SharedOptions.Input, embedding, output, layout, activation };
        command.Hidden = true;
        command.SetAction(parsed =>
        {
            ModelTrial.Command = [];
            var options = new ClassifierOptions
            {
                Input = SharedOptions.ParseInput(parsed),
                Embedding = parsed.GetValue(embedding),
                Output = parsed.GetValue(output),
                Layout = parsed.GetValue(layout),
                Activation = parsed.GetValue(activation),
            };
            string path = parsed.GetRequiredValue(model);
            try
            {
                using IClassifier classifier = ModelSpec.NamesTorchScript(path) ? new TorchScriptClassifier(path, options)
                    : new OnnxRuntimeClassifier(path, options);
            }
            catch (AuditException)
            {
                // Whoever started this process meets the error, too, and says it.
            }
        });
        return command;
    }
}
