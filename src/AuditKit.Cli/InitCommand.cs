using System.CommandLine;
using AuditKit.Data;
using AuditKit.Models;
using AuditKit.Proposals;
using AuditKit.Specs;
using AuditKit.Training;

namespace AuditKit.Cli;

/// <summary><c>auditkit init MODEL DATA</c>: looks at both, finds the preprocessing, writes a first spec.</summary>
internal static class InitCommand
{
    public static Command Create()
    {
        var model = new Argument<string>("model") { Description = "An ONNX or TorchScript file." };
        var data = new Argument<string>("data") { Description = "Labelled images: a folder with a folder a class, an archive, a list, or a data file." };
        var format = new Option<string?>("--format") { Description = "The data's format, where it is not recognised.", HelpName = "FORMAT" };
        var split = new Option<string?>("--split") { Description = "The data's split. Default: the format's usual one, or all images.", HelpName = "SPLIT" };
        var output = new Option<string>("--out")
        {
            Description = "The spec to write.",
            HelpName = "FILE.yaml",
            DefaultValueFactory = _ => "audit.yaml",
        };
        var force = new Option<bool>("--force") { Description = "Replaces the spec where it is there already." };
        var command = new Command(
            "init",
            $"""
            Looks at a model and labelled images, finds out how pixels must be prepared, and writes a spec with comments.

            The usual preprocessings and sizings are tried on up to {PreprocessingSearch.MostImages} images, and the likeliest is taken; what cannot be told
            apart, answers no better than chance, and classes in another order are said. Gates are proposed a margin below
            what was measured.

              {Program.Name} init model.onnx images/
              {Program.Name} run audit.yaml
            """)
        {
            model, data, format, split, SharedOptions.Input, output, force, SharedOptions.Device, SharedOptions.Threads,
        };
        command.SetAction((parsed, cancellation) => Task.FromResult((int)Run(
            Named(parsed.GetRequiredValue(model)) with { Input = SharedOptions.ParseInput(parsed) },
            DataSpec.At(parsed.GetRequiredValue(data), parsed.GetValue(format), parsed.GetValue(split)),
            parsed.GetRequiredValue(output),
            parsed.GetValue(force),
            new ModelFiles(Device.Parse(parsed.GetRequiredValue(SharedOptions.Device)), parsed.GetRequiredValue(SharedOptions.Threads)),
            parsed.GetRequiredValue(SharedOptions.Threads),
            cancellation)));
        return command;
    }

    private static ExitCode Run(ModelSpec model, DataSpec where, string output, bool force, ModelFiles models, int threads, CancellationToken cancellation)
    {
        if (File.Exists(output) && !force)
        {
            throw new AuditException($"{output} is there already. Give another --out, or --force to replace it.");
        }

        using FirstLook found = ProgressDisplay.Show(progress => FirstLook.Take(model, where, models, threads, progress, cancellation));
        string folder = Path.GetDirectoryName(Path.GetFullPath(output))!;
        AtomicFile.Write(output, found.Propose(folder));
        // What was written must be what a run reads.
        AuditSpec.Load(output, []);
        FirstLookWords.Print(found);
        Console.WriteLine($"Spec: {output}. Read it, change what you know better, then: {Program.Name} run {output}");
        return ExitCode.Pass;
    }

    private static ModelSpec Named(string path) => File.Exists(path)
        ? new ModelSpec { Path = Path.GetFullPath(path) }
        : throw new AuditException($"there is no model file '{path}'.");
}
