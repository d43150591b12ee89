using AuditKit.Checks;
using AuditKit.Models;
using AuditKit.Models.Onnx;
using AuditKit.Reports;
using AuditKit.Results;
using AuditKit.Run;
using AuditKit.Specs;
using AuditKit.Training;
using AuditKit.Yaml;

namespace AuditKit.Cli.Tests;

/// <summary>
/// A folder with a finished run in which one option is changed gives the reports of a fresh run, byte for byte, whatever
/// the option. The options come from the checks' descriptors, so that new ones are tried by themselves.
/// </summary>
public sealed class OptionFlipTests : IDisposable
{
    // What a check needs besides the options that have defaults.
    private static readonly Dictionary<string, string> s_required = new()
    {
        ["subgroups"] = "by: [class], min-size: 10",
        ["domain-shift"] = "sets: [{ name: shifted, data: { format: idx, path: data, split: test, classes: [dark, bright], limit: 20 } }]",
        ["corruptions"] = "kinds: [brightness, frost], severities: [1, 5]",
        ["stability"] = "perturbations: [jpeg-50, crop-1]",
        ["near-duplicates"] = "perturbations: [jpeg-50]",
        ["white-box"] = "linf: { epsilon: [8/255] }, images: 8, steps: 3",
        ["simba"] = "images: 10, iterations: 20",
        ["tta"] = "variants: [ten-crop, randaugment], samples: [1, 4], metta: [3], adapt: { batch: 9 }, "
            + "probe: { format: idx, path: training, split: test, classes: [dark, bright] }",
        ["calibration"] = "bins: 15",
    };

    // Compared with one another inside one report.
    private static readonly string[] s_attacks = ["simba", "white-box"];

    private readonly SmallAudit _audit = new(images: 40);

    public OptionFlipTests()
    {
        OnnxFile.Write(Convolutional(), Path.Combine(_audit.Folder, "model.onnx"));
        SmallAudit.WriteData(Path.Combine(_audit.Folder, "training"), images: 30, first: 1000);
    }

    public static TheoryData<string> Checks => [.. CheckCatalog.Standard.Checks.Select(check => check.Key)];

    [Theory]
    [MemberData(nameof(Checks))]
    public void A_changed_option_of_a_check_is_measured_again_or_makes_no_difference(string key)
    {
        CheckDescriptor check = CheckCatalog.Standard.Find(key)!;
        string[] together = s_attacks.Contains(key) ? s_attacks : [key];
        string spec = string.Join("\n  ", together.Select(each => $"{each}: {{ {s_required.GetValueOrDefault(each, "")} }}"));
        _audit.WriteSpec(spec);
        string[] flips =
        [
            .. check.Keys.Where(option => option.Example is not null).Select(option => $"checks.{key}.{option.Key}={option.Example}"),
            .. check.Keys.OfType<BlockKey>().SelectMany(block => block.Keys.Where(option => option.Example is not null)
                .Select(option => $"checks.{key}.{block.Key}.{option.Key}={option.Example}")),
        ];
        Assert.NotEmpty(flips);
        RequireTheSame(flips);
    }

    [Fact]
    public void A_changed_option_of_the_model_is_another_run()
    {
        _audit.WriteSpec("accuracy: { }");
        Audit("finished");
        foreach (SpecKey key in ModelSpec.Keys.Where(key => key.Example is not null))
        {
            string[] flip = key.Key switch
            {
                "mean" or "std" => ["model.mean=[0.5]", "model.std=[0.5]"],
                "resize" => [$"model.resize={key.Example}", "model.crop=true"],
                _ => [$"model.{key.Key}={key.Example}"],
            };
            AuditException e = Assert.Throws<AuditException>(() => Audit("finished", flip));
            Assert.Contains("evidence of another run", e.Message);
        }

        Assert.Contains("evidence of another run", Assert.Throws<AuditException>(() => Audit("finished", "model.input=[1, 8, 8]")).Message);
        Assert.Contains("evidence of another run", Assert.Throws<AuditException>(() => Audit("finished", "seed=2")).Message);
    }

    [Fact]
    public void A_check_that_is_not_asked_for_any_more_leaves_nothing()
    {
        _audit.WriteSpec("accuracy: { }\n  stability: { perturbations: [jpeg-50] }\n  subgroups: { by: [brightness/2] }");
        Audit("one");
        _audit.WriteSpec("accuracy: { }");
        Audit("one");
        Audit("two");
        Assert.Equal(Reports("two"), Reports("one"));
    }

    public void Dispose() => _audit.Dispose();

    private void RequireTheSame(string[] flips)
    {
        Audit("finished");
        foreach (string flip in flips)
        {
            Copy("finished", "flipped");
            Audit("flipped", flip);
            Audit("fresh", flip);
            (string[] flipped, string[] fresh) = (Reports("flipped"), Reports("fresh"));
            Assert.True(fresh.SequenceEqual(flipped),
                $"{flip}: {string.Join("\n", fresh[0].Split('\n').Zip(flipped[0].Split('\n')).Where(line => line.First != line.Second).Take(3))}");
            Directory.Delete(Path.Combine(_audit.Folder, "flipped"), recursive: true);
            Directory.Delete(Path.Combine(_audit.Folder, "fresh"), recursive: true);
        }
    }

    private void Audit(string run, params string[] overrides)
    {
        var spec = AuditSpec.Load(Path.Combine(_audit.Folder, "audit.yaml"), overrides);
        string folder = Path.Combine(_audit.Folder, run);
        AuditResult result = AuditKit.Run.Audit.Run(spec, new ModelFiles(Device.Parse("cpu"), 1), new AuditOptions { Folder = folder, Threads = 1 });
        Assert.All(result.Sections, section => Assert.Null(section.Error));
        // A placeholder that nothing filled; an underscore's braces are a formula's.
        Assert.All(result.Sections.SelectMany(section => section.Method), paragraph => Assert.DoesNotMatch(@"(?<!_)\{|^$", paragraph));
        foreach (IReport format in ReportFolder.Formats.Where(format => !format.FileName.EndsWith(".pdf", StringComparison.Ordinal)))
        {
            ReportFolder.Save(format, result, folder);
        }
    }

    private string[] Reports(string run)
        => [.. Directory.GetFiles(Path.Combine(_audit.Folder, run)).Where(file => Path.GetFileName(file) != "evidence.sqlite")
            .Order(StringComparer.Ordinal).Select(File.ReadAllText)];

    private void Copy(string from, string to)
    {
        Directory.CreateDirectory(Path.Combine(_audit.Folder, to));
        File.Copy(Path.Combine(_audit.Folder, from, "evidence.sqlite"), Path.Combine(_audit.Folder, to, "evidence.sqlite"));
    }

    // Two filters of three by three and batch norm before the linear layer, so that every check has something to look at.
    private static Graph Convolutional()
    {
        CounterRandom random = CounterRandom.For(3, "option flips", 0);
        float[] Weights(int count) => [.. Enumerable.Range(0, count).Select(_ => (float)(0.3 * random.NextNormal()))];
        var graph = new Graph("small");
        graph.Input("input", "N", 1, 8, 8);
        graph.Initializer("filters", TensorValue.Of(Weights(18), 2, 1, 3, 3));
        graph.Initializer("weight", TensorValue.Of(Weights(256), 2, 128));
        graph.Add("Conv", ["input", "filters"], "maps", ("pads", new long[] { 1, 1, 1, 1 }));
        foreach ((string name, float value) in new[] { ("scale", 1f), ("shift", 0.1f), ("mean", 0.2f), ("variance", 0.5f) })
        {
            graph.Initializer(name, TensorValue.Of([value, 2 * value], 2));
        }

        graph.Add("BatchNormalization", ["maps", "scale", "shift", "mean", "variance"], "normal");
        graph.Add("Relu", ["normal"], "active");
        graph.Add("Flatten", ["active"], "flat");
        graph.Add("Gemm", ["flat", "weight"], "logits", ("transB", 1L));
        graph.Output("logits", "N", 2);
        return graph;
    }
}
