using AuditKit.Imaging;
using AuditKit.Models;
using AuditKit.Models.Metadata;
using AuditKit.Models.Onnx;
using AuditKit.Results;
using AuditKit.Run;
using AuditKit.Specs;
using AuditKit.Training;

namespace AuditKit.Cli.Tests;

/// <summary>
/// A folder of images whose classes stand in another order than the model's outputs, as <c>labels.txt</c> beside the model says: bright
/// comes before dark by name, but the model's first output is dark.
/// </summary>
public sealed class ModelNotesCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("auditkit-cli").FullName;

    public ModelNotesCommandTests()
    {
        OnnxFile.Write(SmallAudit.Model(bias: 0), Path.Combine(_folder, "model.onnx"));
        File.WriteAllText(Path.Combine(_folder, "labels.txt"), "dark\nbright\n");
        for (int i = 0; i < 60; i++)
        {
            CounterRandom random = CounterRandom.For(7, "model notes", i);
            byte[] samples = [.. Enumerable.Range(0, 64).Select(_ => (byte)((i % 2 == 0 ? 40 : 160) + random.NextInt32(50)))];
            string name = Path.Combine(_folder, "images", i % 2 == 0 ? "dark" : "bright", $"{i}.png");
            Directory.CreateDirectory(Path.GetDirectoryName(name)!);
            File.WriteAllBytes(name, Png.Encode(new Image(8, 8, 1, samples)));
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Doctor_prints_what_notes_say_and_the_lines_to_write()
    {
        File.WriteAllText(Path.Combine(_folder, "preprocessor_config.json"),
            """{"size": {"height": 8, "width": 8}, "image_mean": [0.1], "image_std": [0.3], "resample": 3}""");
        File.WriteAllText(Path.Combine(_folder, "config.json"), "{ nonsense");
        (_, string output) = CommandLine.Run(_folder, "doctor", "model.onnx");
        Assert.Contains("By labels.txt: data: { classes: [dark, bright] }", output);
        Assert.Contains("By preprocessor_config.json: model: { mean: [0.1], std: [0.3], stretch: true }", output);
        Assert.Contains("bicubic", output);
        Assert.Matches("Note: .*config.json: no JSON", output);
    }

    [Fact]
    public void Init_writes_the_models_own_order_and_the_run_says_who_names_the_classes()
    {
        (ExitCode exit, string output) = CommandLine.Run(_folder, "init", "model.onnx", "images");
        Assert.True(exit == ExitCode.Pass, output);
        Assert.Contains("in the order of labels.txt", output);
        Assert.Contains("classes: [dark, bright]", File.ReadAllText(Path.Combine(_folder, "audit.yaml")));
        WriteSpec(classes: ", classes: [dark, bright]");
        AuditResult result = Audit();
        Assert.Contains(result.Model, fact => fact.Label == "Class names"
            && fact.Value.Contains("labels.txt gives in the same order", StringComparison.Ordinal));
        Assert.DoesNotContain(result.Sections, section => section.Check == "doubts");
    }

    [Fact]
    public void Init_on_images_of_some_of_the_models_classes_writes_all_of_them()
    {
        Directory.Delete(Path.Combine(_folder, "images", "dark"), recursive: true);
        (ExitCode exit, string output) = CommandLine.Run(_folder, "init", "model.onnx", "images");
        Assert.True(exit == ExitCode.Pass, output);
        Assert.Contains("classes: [dark, bright]", File.ReadAllText(Path.Combine(_folder, "audit.yaml")));
    }

    [Fact]
    public void Another_order_than_the_models_own_names_blocks_and_names_the_source()
    {
        WriteSpec(classes: "");
        AuditResult result = Audit();
        Section doubts = Assert.Single(result.Sections, section => section.Check == "doubts");
        Finding finding = Assert.Single(doubts.Findings, finding => finding.Metric.EndsWith("class order", StringComparison.Ordinal));
        Assert.Equal((GateOutcome.Inconclusive, 1.0), (finding.Outcome, finding.Estimate));
        Assert.Contains("labels.txt has 'dark' as output 0, not 1", finding.Reason);
        Assert.Contains("classes: [dark, bright]", finding.Reason);
        Assert.Contains("names that the model's file", string.Join(' ', doubts.Method));
        Assert.NotEqual(ExitCode.Pass, Verdict.ToExitCode(result.Verdict));
    }

    [Fact]
    public void Names_that_the_images_refute_block_nothing_but_are_told()
    {
        File.WriteAllText(Path.Combine(_folder, "labels.txt"), "bright\ndark\n");
        WriteSpec(classes: ", classes: [dark, bright]");
        AuditResult result = Audit();
        Assert.DoesNotContain(result.Sections, section => section.Check == "doubts");
        Assert.Contains(result.Model, fact => fact.Label == "Class names"
            && fact.Value.Contains("but labels.txt has 'bright' as output 0", StringComparison.Ordinal));
    }

    [Fact]
    public void The_audited_model_is_exported_for_readers_of_JATIC_ONNX_with_its_classes()
    {
        WriteSpec(classes: ", classes: [dark, bright]");
        Audit();
        (ExitCode exit, string output) = CommandLine.Run(_folder, "export", "run", "--jatic", "handed-over");
        Assert.True(exit == ExitCode.Pass, output);
        ModelNotes notes = ModelNotes.Read(Path.Combine(_folder, "handed-over", "model.onnx"));
        Assert.Equal(["dark", "bright"], notes.Naming(2)!.Classes);

        OnnxFile.Write(SmallAudit.Model(bias: 1), Path.Combine(_folder, "model.onnx"));
        (exit, output) = CommandLine.Run(_folder, "export", "run", "--jatic", "handed-over");
        Assert.Equal(ExitCode.Usage, exit);
        Assert.Contains("not the model that was audited", output);
    }

    private void WriteSpec(string classes) => File.WriteAllText(Path.Combine(_folder, "notes.yaml"), $$"""
        name: Bright or dark
        model: { path: model.onnx }
        data: { path: images{{classes}} }
        seed: 1
        checks: { accuracy: { min: 0.5 } }
        """);

    private AuditResult Audit() => AuditKit.Run.Audit.Run(
        AuditSpec.Load(Path.Combine(_folder, "notes.yaml"), []), new ModelFiles(Device.Parse("cpu"), 1),
        new AuditOptions { Folder = Path.Combine(_folder, "run"), Threads = 1 });
}
