using System.CommandLine;
using AuditKit.Evidence;
using AuditKit.Models;
using AuditKit.Models.Metadata;
using AuditKit.Models.Onnx;
using AuditKit.Reports.Export;
using AuditKit.Yaml;

namespace AuditKit.Cli;

/// <summary><c>auditkit export RUN</c>: the outcomes as CSV, for pandas and the like.</summary>
internal static class ExportCommand
{
    public static Command Create()
    {
        var run = new Argument<string>("run") { Description = "A run's folder." };
        var output = new Option<string?>("--out") { Description = "Where the tables go. Default: the run's folder.", HelpName = "DIR" };
        var jatic = new Option<string?>("--jatic")
        {
            Description = "Writes the audited model there instead, for programs that take JATIC_ONNX v1: its preprocessing and a softmax in the graph, "
                + "the classes' names in model-metadata.json.",
            HelpName = "DIR",
        };
        var command = new Command("export", $"Writes every outcome of a run as CSV: {OutcomeTables.PredictionsFile} and "
            + $"{OutcomeTables.AttacksFile}, a row an image and condition.") { run, output, jatic };
        command.SetAction(parsed =>
        {
            string folder = parsed.GetRequiredValue(run);
            using EvidenceStore evidence = RunFolder.OpenEvidence(folder);
            foreach (string file in parsed.GetValue(jatic) is { } target ? WriteModel(evidence, target)
                : OutcomeTables.Save(evidence, parsed.GetValue(output) ?? folder))
            {
                Console.WriteLine(file);
            }

            return (int)ExitCode.Pass;
        });
        return command;
    }
    private static IReadOnlyList<string> WriteModel(EvidenceStore evidence, string folder)
    {
        var record = RunRecord.Read(evidence);
        if (record.Spec.Length == 0)
        {
            throw new AuditException("The run's plan was built in code, not read from a spec: write its model with JaticModel.Write.");
        }

        // As it was run, whatever the spec's file says by now.
        var spec = ModelSpec.Parse(
            SpecMap.Parse(record.SpecFile, record.Spec).Map("model"), Path.GetDirectoryName(Path.GetFullPath(record.SpecFile))!);
        if (spec.IsTorchScript)
        {
            throw new AuditException($"{spec.Path} is TorchScript, which can be audited but not written as ONNX. Export the model to ONNX and audit that.");
        }

        Graph graph = OnnxFile.Read(spec.Path);
        if (graph.Sha256 != record.ModelSha256)
        {
            throw new AuditException($"{spec.Path} is not the model that was audited: its SHA-256 has changed. Run the audit again.");
        }

        if (Path.GetFullPath(Path.Combine(folder, JaticModel.ModelFile)) == spec.Path)
        {
            throw new AuditException($"--jatic {folder} is where the audited model lies, which is not overwritten. Give another folder.");
        }

        if (spec.Resize is not null || spec.Crop)
        {
            Console.Error.WriteLine("The audit scaled and cut images before the model saw them; readers of JATIC_ONNX stretch them to its size.");
        }

        return JaticModel.Write(folder, graph, spec, evidence.Classes);
    }
}
