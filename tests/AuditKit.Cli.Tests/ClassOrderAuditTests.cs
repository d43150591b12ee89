using AuditKit.Imaging;
using AuditKit.Models.Onnx;

namespace AuditKit.Cli.Tests;

/// <summary>Folders 1, 2 and 10 of dark, middle and bright images, and a model that has learnt them in the order of text: 1, 10, 2.</summary>
public sealed class ClassOrderAuditTests : IDisposable
{
    private const int Side = 8, ImagesOfClass = 40;

    private static readonly (string Class, int Level)[] s_classes = [("1", 40), ("10", 200), ("2", 120)];

    private readonly string _folder = Directory.CreateTempSubdirectory("auditkit-cli").FullName;

    public ClassOrderAuditTests()
    {
        foreach ((string name, int level) in s_classes)
        {
            Directory.CreateDirectory(Path.Combine(_folder, "data", name));
            for (int i = 0; i < ImagesOfClass; i++)
            {
                byte[] samples = [.. Enumerable.Range(0, Side * Side).Select(pixel => (byte)(level + ((pixel + i) % 20)))];
                File.WriteAllBytes(Path.Combine(_folder, "data", name, $"{i}.png"), Png.Encode(new Image(Side, Side, 1, samples)));
            }
        }

        WriteModel();
        WriteSpec("{ path: data }", "accuracy: {}");
    }

    [Fact]
    public void An_order_in_which_the_model_does_better_is_a_doubt_that_blocks_and_the_line_that_it_names_settles_it()
    {
        (ExitCode exit, string output) = Run();
        Assert.True(exit == ExitCode.Inconclusive, output);
        Assert.Contains("Class order is doubtful", output);
        Assert.Contains("classes: [1, 10, 2]", output);
        string report = File.ReadAllText(Path.Combine(_folder, "run", "report.json"));
        Assert.Contains("as numbers (1, 2, 10); as text, which is ImageFolder", report);
        Assert.Contains("Class order is doubtful", File.ReadAllText(Path.Combine(_folder, "run", "report.html")));
        (exit, output) = CommandLine.Run(_folder, "verify", "run");
        Assert.True(exit == ExitCode.Pass, output);

        WriteSpec("{ path: data, classes: [1, 10, 2] }", "accuracy: { min: 0.9 }");
        (exit, output) = Run("--resume", "false");
        Assert.True(exit == ExitCode.Pass, output);
        Assert.DoesNotContain("doubtful", output);
    }

    [Fact]
    public void Data_of_some_of_the_models_classes_says_how_to_go_on_and_the_missing_ones_are_not_assessed()
    {
        Directory.Delete(Path.Combine(_folder, "data", "10"), recursive: true);
        (ExitCode exit, string output) = Run();
        Assert.True(exit == ExitCode.Usage, output);
        Assert.Contains("the model has 3 outputs, but data has 2 classes (1, 2)", output);
        Assert.Contains("classes: [1, 2, …]", output);

        WriteSpec("{ path: data, classes: [1, 10, 2] }", "accuracy: { min: 0.9 }\n  subgroups: { by: [class, class x brightness/2], "
            + "min-worst: 0.8, min-size: 15 }");
        (exit, output) = Run("--resume", "false");
        Assert.True(exit == ExitCode.Inconclusive, output);
        Assert.DoesNotContain("class = 10", output);
        string report = File.ReadAllText(Path.Combine(_folder, "run", "report.json"));
        Assert.Contains("Classes not assessed", report);
        Assert.Contains("Not assessed: 10, of which the data has no image.", report);

        WriteSpec("{ path: data, classes: [1, 10, 2] }", "accuracy: { min: 0.9 }\n  subgroups: { by: [class], min-worst: 0.8, min-size: 15 }");
        (exit, output) = Run("--resume", "false");
        Assert.True(exit == ExitCode.Pass, output);
    }

    [Fact]
    public void The_data_command_says_the_order_and_what_was_left_out()
    {
        File.WriteAllText(Path.Combine(_folder, "data", "1", "Thumbs.db"), "");
        (ExitCode exit, string output) = CommandLine.Run(_folder, "data", "data");
        Assert.True(exit == ExitCode.Pass, output);
        Assert.Contains("as numbers (1, 2, 10); as text, which is ImageFolder's order, it would be 1, 10, 2", output);
        Assert.Contains("1 file that is no image: Thumbs.db", output);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private (ExitCode ExitCode, string Output) Run(params string[] arguments)
        => CommandLine.Run(_folder, ["run", "audit.yaml", "--out", "run", .. arguments]);

    private void WriteSpec(string data, string checks) => File.WriteAllText(Path.Combine(_folder, "audit.yaml"), $"""
        name: Brightness
        model: {"{"} path: model.onnx {"}"}
        data: {data}
        seed: 1
        checks:
          {checks}
        """);

    // The nearest of three levels: the logit of a level c is 2·c·x − c², x being the mean of the pixels in [0, 1].
    private void WriteModel()
    {
        double[] levels = [.. s_classes.Select(entry => (entry.Level + 9.5) / 255)];
        var graph = new Graph("nearest level");
        graph.Input("input", "N", 1, Side, Side);
        graph.Initializer("weight", TensorValue.Of([.. levels.SelectMany(c => Enumerable.Repeat((float)(200 * c / (Side * Side)), Side * Side))], 3,
            Side * Side));
        graph.Initializer("bias", TensorValue.Of([.. levels.Select(c => (float)(-100 * c * c))], 3));
        graph.Add("Flatten", ["input"], "flat");
        graph.Add("Gemm", ["flat", "weight", "bias"], "logits", ("transB", 1L));
        graph.Output("logits", "N", 3);
        OnnxFile.Write(graph, Path.Combine(_folder, "model.onnx"));
    }
}
