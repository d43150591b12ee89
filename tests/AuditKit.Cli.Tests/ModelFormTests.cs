using AuditKit.Models;
using AuditKit.Models.Onnx;
using AuditKit.Results;
using AuditKit.Run;
using AuditKit.Specs;
using AuditKit.Training;

namespace AuditKit.Cli.Tests;

/// <summary>The same weights behind every activation and layout give the report the same figures: softmax is never applied twice.</summary>
public sealed class ModelFormTests : IDisposable
{
    private static readonly Dictionary<string, Func<Graph, string>> s_tails = new()
    {
        ["Softmax"] = Softmax,
        ["Softmax, Clip"] = graph => graph.Add("Clip", [Softmax(graph), Scalar(graph, "least", 1e-7f), Scalar(graph, "most", 1 - 1e-7f)], "clipped"),
        ["Softmax, Cast"] = graph => graph.Add("Cast", [Softmax(graph)], "cast", ("to", (long)ElementType.Double)),
        ["Softmax, Mul"] = graph => graph.Add("Mul", [Softmax(graph), Scalar(graph, "percent", 100)], "percents"),
        ["Exp, ReduceSum, Div"] = Spelt,
        ["hidden softmax"] = Hidden,
        ["LogSoftmax"] = graph => graph.Add("LogSoftmax", ["logits"], "log", ("axis", 1L)),
        ["one sigmoid"] = One,
    };

    private readonly SmallAudit _audit = new(images: 60);

    public static TheoryData<string> Names => [.. s_tails.Keys, "NHWC", "a flat row", "bytes"];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_figures_are_those_of_the_model_with_logits(string name)
    {
        _audit.WriteSpec("accuracy: { }\n  calibration: { }\n  stability: { perturbations: [jpeg-20] }\n  simba: { images: 12, epsilon: 0.2, iterations: 60 }");
        AuditResult expected = Audit(Model(), "plain");
        Finding error = expected.Sections.SelectMany(section => section.Findings)
            .First(finding => finding.Id.StartsWith("calibration/", StringComparison.Ordinal));
        Assert.InRange(error.Estimate!.Value, 0.05, 0.4);

        AuditResult actual = name switch
        {
            "NHWC" => Audit(Model([8, 8, 1]), name),
            "a flat row" => Audit(Model([64]), name),
            "bytes" => Audit(Model(type: ElementType.UInt8), name),
            _ => Audit(Tailed(name), name),
        };
        Finding[] one = [.. expected.Sections.SelectMany(section => section.Findings)], other = [.. actual.Sections.SelectMany(section => section.Findings)];
        Assert.Equal(one.Select(finding => (finding.Id, finding.Count, finding.Outcome)), other
            .Select(finding => (finding.Id, finding.Count, finding.Outcome)));
        Assert.All(one.Zip(other), pair => Assert.Equal(pair.First.Estimate ?? 0, pair.Second.Estimate ?? 0, 1e-3));
    }

    [Fact]
    public void Images_without_a_finite_answer_are_named_and_counted_and_nothing_passes()
    {
        _audit.WriteSpec("accuracy: { min: 0.1 }");
        Graph graph = Model();
        graph.Outputs.Clear();
        graph.Output(graph.Add("Log", ["logits"], "logarithms"), "N", 2);
        AuditResult result = Audit(graph, "run", mayBreak: true);
        string? message = result.Sections.Single(section => section.Check == "accuracy").Error;
        Assert.Contains("NaN or infinity for 60 of 60 images", message);
        Assert.Equal(GateOutcome.Error, result.Verdict);
    }

    [Fact]
    public void The_report_says_what_the_output_was_taken_for_why_and_which_output_is_which_class()
    {
        _audit.WriteSpec("accuracy: { }");
        AuditResult result = Audit(Tailed("Softmax, Clip"), "run");
        string facts = string.Join('\n', result.Model.Select(fact => $"{fact.Label}: {fact.Value}"));
        Assert.Contains("Output: 'clipped', 2 probabilities: they come from Softmax 'probabilities', whose input holds the logits", facts);
        Assert.Contains("Outputs and classes: 0 dark, 1 bright", facts);
        Assert.Contains("N×C×H×W, 32-bit floats, pixels in [0, 1]", facts);

        (ExitCode exit, string text) = CommandLine.Run(_audit.Folder, "doctor", "model.onnx");
        Assert.Equal(ExitCode.Pass, exit);
        Assert.Contains("they come from Softmax 'probabilities', whose input holds the logits", text);
    }

    public void Dispose() => _audit.Dispose();

    // Logits (0, (Σx − 25) / 10): right on every image, and not sure.
    private static Graph Model(long[]? shape = null, ElementType type = ElementType.Float)
    {
        var graph = new Graph("not sure");
        graph.Inputs.Add(new GraphValue("input", type, ["N", .. (shape ?? [1, 8, 8]).Select(length => (Dimension)length)]));
        string x = "input";
        if (type != ElementType.Float)
        {
            x = graph.Add("Div", [graph.Add("Cast", [x], "floats", ("to", (long)ElementType.Float)), Scalar(graph, "255", 255)], "unit");
        }

        graph.Initializer("weight", TensorValue.Of([.. Enumerable.Repeat(0f, 64), .. Enumerable.Repeat(0.1f, 64)], 2, 64));
        graph.Initializer("bias", TensorValue.Of([0f, -2.5f], 2));
        graph.Add("Gemm", [graph.Add("Flatten", [x], "flat"), "weight", "bias"], "logits", ("transB", 1L));
        graph.Outputs.Add(new GraphValue("logits"));
        return graph;
    }

    private static Graph Tailed(string name)
    {
        Graph graph = Model();
        string output = s_tails[name](graph);
        graph.Outputs.Clear();
        graph.Outputs.Add(new GraphValue(output));
        return graph;
    }

    private AuditResult Audit(Graph graph, string folder, bool mayBreak = false)
    {
        OnnxFile.Write(graph, Path.Combine(_audit.Folder, "model.onnx"));
        var spec = AuditSpec.Load(Path.Combine(_audit.Folder, "audit.yaml"), ["model.embedding=flat"]);
        AuditResult result = AuditKit.Run.Audit.Run(
            spec, new ModelFiles(Device.Cpu, 1), new AuditOptions { Folder = Path.Combine(_audit.Folder, folder), Threads = 1 });
        Assert.All(result.Sections, section => Assert.True(mayBreak || section.Error is null, section.Error));
        return result;
    }

    private static string Softmax(Graph graph) => graph.Add("Softmax", ["logits"], "probabilities", ("axis", 1L));

    private static string Spelt(Graph graph)
    {
        graph.Initializer("axes", TensorValue.Of([1L], 1));
        string e = graph.Add("Exp", ["logits"], "exp");
        return graph.Add("Div", [e, graph.Add("ReduceSum", [e, "axes"], "sum")], "probabilities");
    }

    private static string Hidden(Graph graph)
    {
        graph.Initializer("unit", TensorValue.Of([1f, 0, 0, 1], 2, 2));
        return graph.Add("MatMul", [Softmax(graph), "unit"], "product");
    }

    private static string One(Graph graph)
    {
        graph.Initializer("difference", TensorValue.Of([-1f, 1], 2, 1));
        return graph.Add("Sigmoid", [graph.Add("MatMul", ["logits", "difference"], "one")], "probability");
    }

    private static string Scalar(Graph graph, string name, float value) => graph.Initializer(name, TensorValue.Of([value]));
}
