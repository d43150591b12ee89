using System.CommandLine;
using AuditKit.Data;
using AuditKit.Models;
using AuditKit.Models.Metadata;
using AuditKit.Models.Onnx;
using AuditKit.Proposals;
using AuditKit.Training;
using AuditKit.Training.Graphs;

namespace AuditKit.Cli;

/// <summary><c>auditkit doctor MODEL</c>: what is in a model file, which engines run it, do they agree.</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        var model = new Argument<string>("model") { Description = "An ONNX file." };
        var data = new Option<string?>("--data")
        {
            Description = "Labelled images: the usual preprocessings are tried on some of them, and what a spec should say is printed.",
            HelpName = "PATH",
        };
        var command = new Command(
            "doctor", "Says what is in a model file, which engines run it, and whether they agree. Exit code 0: at least ONNX Runtime runs "
                + "it, and no engine contradicts it.")
        {
            model, SharedOptions.Input, data, SharedOptions.Device, SharedOptions.Threads,
        };
        command.SetAction((parsed, cancellation) =>
        {
            ModelDiagnosis diagnosis = ModelDoctor.Examine(parsed.GetRequiredValue(model), new ClassifierOptions
            {
                Input = SharedOptions.ParseInput(parsed),
                Device = Device.Parse(parsed.GetRequiredValue(SharedOptions.Device)),
                Threads = parsed.GetRequiredValue(SharedOptions.Threads),
            });
            Print(diagnosis);
            IReadOnlyList<Dimension>? takes = diagnosis.Description.Inputs is [{ Shape: { } sides }] ? sides : null;
            NoteWords.Print(
                ModelNotes.Read(parsed.GetRequiredValue(model)),
                diagnosis.Form?.Classes,
                isOpen: takes is null || takes.Skip(1).Any(side => side.Size is null));
            if (parsed.GetValue(data) is { } images)
            {
                PrintPreprocessing(parsed, images, cancellation);
            }

            bool sound = diagnosis.Engines[0].Failure is null && diagnosis.Agree is not false;
            return Task.FromResult((int)(sound ? ExitCode.Pass : ExitCode.GateFailed));
        });
        return command;

        void PrintPreprocessing(ParseResult parsed, string images, CancellationToken cancellation)
        {
            int threads = parsed.GetRequiredValue(SharedOptions.Threads);
            using FirstLook found = ProgressDisplay.Show(progress => FirstLook.Take(
                new ModelSpec
                {
                    Path = Path.GetFullPath(parsed.GetRequiredValue(model)),
                    Input = SharedOptions.ParseInput(parsed),
                },
                DataSpec.At(images),
                new ModelFiles(Device.Parse(parsed.GetRequiredValue(SharedOptions.Device)), threads),
                threads,
                progress,
                cancellation));
            FirstLookWords.Print(found);
        }
    }

    private static void Print(ModelDiagnosis diagnosis)
    {
        ModelDescription file = diagnosis.Description;
        Line("File", $"{file.Path}, {NumberText.Count(file.Bytes)} bytes");
        Line("SHA-256", file.Sha256);
        Line("Producer", file.Producer.Length == 0 ? "not said" : file.Producer);
        Line("Format", $"ONNX, IR version {file.FormatVersion}, opset "
            + $"{string.Join(", ", file.Opsets.Select(set => set.Key.Length == 0 ? $"{set.Value}" : $"{set.Key} {set.Value}"))}");
        Line("Inputs", string.Join("; ", file.Inputs));
        Line("Outputs", string.Join("; ", file.Outputs));
        Line("Parameters", NumberText.Count(file.Parameters));
        Line("Operators", string.Join(", ", file.Operators.Select(entry => $"{entry.Key} ×{entry.Value}")));
        foreach ((string key, string value) in file.Metadata)
        {
            Line($"Note '{key}'", value);
        }

        if (diagnosis.Form is { } form)
        {
            Line("Takes", $"images of {form.Input} (channels × height × width), as {form.InputText}");
            Line("Gives", form.OutputText);
            Line("Classes", $"{form.Classes}{(form.Labels.Count == 0 ? ": output i is class i of the data's order" : "")}");
        }

        foreach (EngineDiagnosis engine in diagnosis.Engines)
        {
            Line(engine.Name, engine.Failure ?? $"version {engine.Version} runs it, {NumberText.Fixed(engine.ImagesPerSecond, 0)} images/s");
        }

        if (diagnosis.OnlyOnnxRuntime.Count > 0)
        {
            Line("Not trainable", $"libtorch does not run {string.Join(", ", diagnosis.OnlyOnnxRuntime)} here; the model can be audited, not retrained");
        }

        if (diagnosis.Agree is { } agree)
        {
            Line("Agreement", $"{(agree ? "yes" : "NO")}: logits differ by {NumberText.Value(diagnosis.LargestDifference)} at most, the "
                + $"largest logit being {NumberText.Value(diagnosis.LargestLogit)}");
        }
    }

    private static void Line(string label, string value) => Console.WriteLine($"{label + ":",-16}{value}");
}
