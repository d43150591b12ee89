using AuditKit.Models;
using AuditKit.Models.Onnx;
using AuditKit.Tests;

namespace AuditKit.Cli.Tests;

/// <summary>From a model and a folder of images to a verdict in two commands.</summary>
public sealed class InitCommandTests : IDisposable
{
    private static readonly UsualPreprocessing s_imageNet = UsualPreprocessing.For(3, coloured: true).Single(usual => usual.Name == "ImageNet mean and std");
    private readonly string _folder = Directory.CreateTempSubdirectory("auditkit-init").FullName;

    public InitCommandTests() => OnnxFile.Write(ColourTask.Model(s_imageNet, 3), Path.Combine(_folder, "model.onnx"));

    [Fact]
    public void The_spec_that_is_written_runs_and_passes()
    {
        new ColourTask(3, 400).WriteFolder(Path.Combine(_folder, "images"));
        (ExitCode exitCode, string output) = CommandLine.Run(_folder, "init", "model.onnx", "images");
        Assert.True(exitCode == ExitCode.Pass, output);
        Assert.Contains("In a spec: model: { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] }", output);
        string spec = File.ReadAllText(Path.Combine(_folder, "audit.yaml"));
        Assert.Contains("# Preprocessing: ImageNet mean and std, the images' own size", spec);
        Assert.DoesNotContain("classes:", spec);
        (exitCode, output) = CommandLine.Run(_folder, "run", "audit.yaml", "--out", "run");
        Assert.True(exitCode is ExitCode.Pass or ExitCode.Inconclusive, output);
        Assert.DoesNotContain("fail", output);
        Assert.DoesNotContain("doubtful", output, StringComparison.OrdinalIgnoreCase);
        Assert.True(File.Exists(Path.Combine(_folder, "run", "report.pdf")));
    }

    /// <summary>What the first images allow, and a later one of another size does not, is not proposed.</summary>
    [Theory]
    [InlineData(20)]
    [InlineData(8)]
    public void One_image_of_another_size_among_many_ends_nothing(int side)
    {
        new ColourTask(3, 400) { SideOf = image => image == 399 ? 5 : side }.WriteFolder(Path.Combine(_folder, "images"));
        (ExitCode exitCode, string output) = CommandLine.Run(_folder, "init", "model.onnx", "images");
        Assert.True(exitCode == ExitCode.Pass, output);
        (exitCode, output) = CommandLine.Run(_folder, "run", "audit.yaml", "--out", "run");
        Assert.True(exitCode is ExitCode.Pass or ExitCode.Inconclusive, output);
    }

    [Fact]
    public void Classes_in_another_order_are_written_in_the_order_of_the_outputs()
    {
        // Folders are named so that their order is another than the outputs'.
        string[] names = ["cherry", "apple", "fig", "banana", "date", "plum", "elder", "lemon", "grape", "kiwi"];
        string[] sorted = [.. names.Order(StringComparer.Ordinal)];
        new ColourTask(3, 400) { Classes = sorted, LabelOf = k => Array.IndexOf(sorted, names[k]) }.WriteFolder(Path.Combine(_folder, "images"));
        (ExitCode exitCode, string output) = CommandLine.Run(_folder, "init", "model.onnx", "images", "--out", "made.yaml");
        Assert.True(exitCode == ExitCode.Pass, output);
        Assert.Contains("DOUBTFUL: the outputs stand in another order", output);
        string classes = $"classes: [{string.Join(", ", names)}]";
        Assert.Contains(classes, File.ReadAllText(Path.Combine(_folder, "made.yaml")));
        (exitCode, output) = CommandLine.Run(_folder, "run", "made.yaml", "--out", "run");
        Assert.True(exitCode is ExitCode.Pass or ExitCode.Inconclusive, output);

        // Without that line nothing passes, and the report says why.
        File.WriteAllText(Path.Combine(_folder, "made.yaml"), File.ReadAllText(Path.Combine(_folder, "made.yaml"))
            .Replace(classes, "", StringComparison.Ordinal));
        (exitCode, output) = CommandLine.Run(_folder, "run", "made.yaml", "--out", "other", "--set", "checks={accuracy: {}}");
        Assert.Equal(ExitCode.Inconclusive, exitCode);
        Assert.Contains("write in data: classes: [cherry, apple, fig", Unwrapped(output));
    }

    [Fact]
    public void A_spec_with_another_preprocessing_passes_nothing_and_says_which_one_does_better()
    {
        new ColourTask(3, 400).WriteFolder(Path.Combine(_folder, "images"));
        File.WriteAllText(Path.Combine(_folder, "audit.yaml"), """
            name: no preprocessing
            model: { path: model.onnx }
            data: { path: images }
            seed: 1
            checks: { accuracy: { min: 0.1 } }
            """);
        (ExitCode exitCode, string output) = CommandLine.Run(_folder, "run", "audit.yaml", "--out", "run");
        Assert.Equal(ExitCode.Inconclusive, exitCode);
        // Several are about as good, CLIP's numbers among them; which one is likeliest, doctor says.
        Assert.Contains("Preprocessing is doubtful: with ", Unwrapped(output));
        Assert.Contains("If the model was trained so, write in model: channels: rgb, mean: [0.4", Unwrapped(output));
        Assert.Contains("auditkit doctor MODEL --data DATA", Unwrapped(output));
        Assert.Contains("Preprocessing is doubtful", File.ReadAllText(Path.Combine(_folder, "run", "report.json")));
    }

    [Fact]
    public void Doctor_prints_the_same_without_a_file()
    {
        new ColourTask(3, 300).WriteFolder(Path.Combine(_folder, "images"));
        (_, string output) = CommandLine.Run(_folder, "doctor", "model.onnx", "--data", "images");
        Assert.Contains("Preprocessing: ImageNet mean and std", output);
        Assert.Contains("In a spec: model: { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] }", output);
        Assert.False(File.Exists(Path.Combine(_folder, "audit.yaml")));
    }

    [Fact]
    public void A_spec_is_not_replaced_without_being_asked_and_classes_must_be_as_many_as_outputs()
    {
        new ColourTask(3, 40).WriteFolder(Path.Combine(_folder, "images"));
        File.WriteAllText(Path.Combine(_folder, "audit.yaml"), "mine");
        (ExitCode exitCode, string output) = CommandLine.Run(_folder, "init", "model.onnx", "images");
        Assert.Equal((ExitCode.Usage, "mine"), (exitCode, File.ReadAllText(Path.Combine(_folder, "audit.yaml"))));
        Assert.Contains("audit.yaml is there already", output);
        Directory.Delete(Path.Combine(_folder, "images", "colour 03"), recursive: true);
        (exitCode, output) = CommandLine.Run(_folder, "init", "model.onnx", "images", "--force");
        Assert.Equal(ExitCode.Usage, exitCode);
        Assert.Contains("the model has 10 outputs, but images has 9 classes", output);
        Assert.Contains("classes: [colour 01, colour 02, colour 04", output);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Unwrapped(string output) => string.Join(' ', output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
