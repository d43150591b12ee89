using AuditKit.Checks;
using AuditKit.Checks.Weights;
using AuditKit.Models;
using AuditKit.Models.Metadata;
using AuditKit.Models.Onnx;
using AuditKit.Results;
using AuditKit.Yaml;

namespace AuditKit.Tests.Checks.Weights;

public sealed class WeightsTests : IDisposable
{
    private readonly string _path = Path.ChangeExtension(Path.GetTempFileName(), ".onnx");

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void Figures_of_filters_are_those_worked_out_by_hand()
    {
        LayerFigures orthogonal = Figures([[2, 0, 0], [0, 2, 0]]);
        Assert.Equal((0, 0, 2, 2), (orthogonal.Correlation, orthogonal.DeadFilters, Math.Round(orthogonal.EffectiveRank!.Value, 9), orthogonal.FullRank));
        LayerFigures same = Figures([[1, 2], [2, 4], [-1, -2], [0, 0]]);
        Assert.Equal((1, 1, 1), (Math.Round(same.Correlation!.Value, 9), same.DeadFilters, Math.Round(same.EffectiveRank!.Value, 5)));
        // Angles of 45° and 90° and 45°; singular values √3 and 1.
        LayerFigures mixed = Figures([[1, 0], [1, 1], [0, 1]]);
        Assert.Equal(2 * Math.Sqrt(0.5) / 3, mixed.Correlation!.Value, 1e-12);
        (double p, double q) = (Math.Sqrt(3) / (1 + Math.Sqrt(3)), 1 / (1 + Math.Sqrt(3)));
        Assert.Equal(Math.Exp(-(p * Math.Log(p)) - (q * Math.Log(q))), mixed.EffectiveRank!.Value, 1e-9);
        Assert.Equal(1, mixed.Bounds.A, 1e-12);
        Assert.Equal(3, mixed.Bounds.B, 1e-12);
        LayerFigures nothing = Figures([[0, 0], [0, 0]]);
        Assert.Equal((null, null, 2), (nothing.Correlation, nothing.EffectiveRank, nothing.DeadFilters));
        Assert.Equal(mixed, LayerFigures.FromJson(mixed.ToJson()));

        static LayerFigures Figures(double[][] rows) => LayerFigures.Of(new WeightLayer("w", rows, null), FrameBounds.OfMatrix(rows), 2);
    }

    [Fact]
    public void Layers_are_found_however_their_weights_are_kept()
    {
        var graph = new Graph("layers");
        graph.Input("x", "n", 3, 8, 8);
        graph.Initializer("k", TensorValue.Of([.. Enumerable.Range(0, 4 * 3 * 9).Select(i => MathF.Sin(i))], 4, 3, 3, 3));
        graph.Initializer("up", TensorValue.Of([.. Enumerable.Range(0, 4 * 1 * 4).Select(i => (float)i)], 4, 1, 2, 2));
        graph.Initializer("own padding", TensorValue.Of(new float[2 * 2 * 4], 2, 2, 2, 2));
        graph.Initializer("a", TensorValue.Of([1f, 2, 3, 4, 5, 6], 2, 3));
        graph.Initializer("c", TensorValue.Of([1f, 0, 0, 1], 2, 2));
        graph.Add("Conv", ["x", "k"], "conv", ("auto_pad", "SAME_UPPER"), ("strides", new long[] { 2, 2 }));
        graph.Add("ConvTranspose", ["conv", "up"], "wide", ("strides", new long[] { 3, 2 }), ("pads", new long[] { 1, 0, 0, 0 }),
            ("output_padding", new long[] { 1, 0 }), ("group", 2L));
        graph.Add("ConvTranspose", ["wide", "own padding"], "wider", ("auto_pad", "SAME_UPPER"));
        graph.Add("GlobalAveragePool", ["wider"], "pool");
        graph.Add("Flatten", ["pool"], "flat");
        graph.Add("Gemm", ["flat", "a"], "gemm", ("alpha", 2f));
        graph.Add("Transpose", ["a"], "a transposed", ("perm", new long[] { 1, 0 }));
        graph.Add("MatMul", ["gemm", "a transposed"], "matmul");
        graph.Add("Constant", [], "constant", ("value", TensorValue.Of([3f, 0, 0, 4f], 2, 2)));
        graph.Add("MatMul", ["matmul", "constant"], "second");
        graph.Add("MatMul", ["second", "second"], "attention");
        graph.Add("Gemm", ["second", "c"], "logits", ("transB", 1));
        graph.Output("logits", "n", 2);
        graph.Nodes.RemoveAll(node => node.Outputs[0] == "attention");
        OnnxFile.Write(graph, _path);

        (IReadOnlyList<WeightLayer> layers, IReadOnlyList<string> leftOut) = LinearLayers.Find(ClassifierGraph.Read(_path));
        Assert.Equal(["ConvTranspose 'wider'"], leftOut);
        WeightLayer up = layers[1];
        // From 4 × 4 × 4: 3·3 + 2 + 1 − 1 rows and 2·3 + 2 columns, as the runtime has it; two groups of two channels make one each.
        long[] wide = ValueShapes.Of(ClassifierGraph.Read(_path), ["wide"])["wide"];
        Assert.Equal([2, 11, 8], wide);
        Assert.Equal(("transposed convolution 2×2, stride 3×2, 2 groups", wide[0] * wide[1] * wide[2], 4 * 4 * 4), (up.Kind, up.Rows, up.Columns));
        Assert.Equal([[0, 1, 2, 3, 4, 5, 6, 7], [8, 9, 10, 11, 12, 13, 14, 15]], up.Filters);
        layers = [.. layers.Where(layer => layer != up)];
        Assert.Equal(["k", "a", "a transposed", "constant", "c"], layers.Select(layer => layer.Name));
        Assert.Equal(("convolution 3×3, stride 2", 4 * 4 * 4, 3 * 8 * 8), (layers[0].Kind, layers[0].Rows, layers[0].Columns));
        Assert.Equal((0, 1), (layers[0].Window!.Top, layers[0].Window!.Bottom));
        Assert.Equal([[2, 8], [4, 10], [6, 12]], layers[1].Filters);
        Assert.Equal([[1, 2, 3], [4, 5, 6]], layers[2].Filters);
        Assert.Equal([[3, 0], [0, 4]], layers[3].Filters);
        Assert.Equal(16, layers[3].Bounds(1, CancellationToken.None).B, 1e-9);
    }

    [Fact]
    public void A_network_is_measured_layer_by_layer_and_a_check_that_was_cut_off_goes_on()
    {
        OnnxFile.Write(Small(), _path);
        using var bench = new Bench(SyntheticData.Pixels([0]));
        PlannedCheck planned = Plan("max-condition-number: 1.5, max-dead-filters: 0.1");
        using var stop = new CancellationTokenSource();
        int done = 0;
        CheckContext context = Context(bench) with { Cancellation = stop.Token, Progress = _ => { if (++done == 2) { stop.Cancel(); } } };
        Assert.Throws<OperationCanceledException>(() => planned.Check.Run(context));
        Assert.Contains("run the audit to its end", Assert.Throws<AuditException>(() => planned.Analysis.Analyse(bench.Evidence, 0.95)).Message);
        planned.Check.Run(Context(bench));
        Section section = planned.Analysis.Analyse(bench.Evidence, 0.95);
        Assert.Equal(["large", "small", "dense"], section.Tables[0].Rows.Select(row => row[0]));
        Assert.Equal(GateOutcome.Fail, section.Findings[0].Outcome);
        Assert.Equal((GateOutcome.Pass, 0), (section.Findings[1].Outcome, section.Findings[1].Estimate));
        Assert.Equal(["Lanczos", "exact", "exact"], section.Tables[0].Rows.Select(row => row[6].Split(',')[0]));
        Assert.Equal(section.Tables[0].Rows.Count, section.Charts[0].Series[0].Y.Count);

        using var whole = new Bench(SyntheticData.Pixels([0]));
        planned.Check.Run(Context(whole));
        Assert.Equal(planned.Analysis.Analyse(whole.Evidence, 0.95).Tables[0].Rows, section.Tables[0].Rows);
    }

    [Fact]
    public void Sparsity_counts_the_weights_that_left_the_file_with_their_channels()
    {
        Graph graph = Small();
        TensorValue dense = graph.Initializers["dense"];
        float[] weights = dense.As<float>().ToArray();
        weights.AsSpan(1).Clear();
        graph.Initializers["dense"] = TensorValue.Of(weights, dense.Dimensions);
        // Of the 36 weights of both convolutions five are zero, too.
        const int Others = 36, Left = 1 + 31;

        (Finding sparsity, Finding compression) = Measure(graph);
        Assert.Equal((double)(weights.Length + Others) / Left, compression.Estimate!.Value, 1e-12);
        Assert.Equal(1 - (1 / compression.Estimate!.Value), sparsity.Estimate!.Value, 1e-12);

        // The file says that its last layer was ten times as large; a note that says less is not believed.
        DenseWeights.Write(graph, new Dictionary<string, long> { ["dense"] = 10L * weights.Length, ["small"] = 1 });
        (sparsity, compression) = Measure(graph);
        Assert.Equal(((10.0 * weights.Length) + Others) / Left, compression.Estimate!.Value, 1e-12);
        Assert.Equal(1 - (1 / compression.Estimate!.Value), sparsity.Estimate!.Value, 1e-12);

        graph.Metadata[DenseWeights.Key] = "no note";
        Assert.Equal((double)(weights.Length + Others) / Left, Measure(graph).Compression.Estimate!.Value, 1e-12);
    }

    [Fact]
    public void A_network_without_any_weight_is_measured()
    {
        Graph graph = Small();
        foreach (string name in new[] { "large", "small", "dense" })
        {
            graph.Initializers[name] = TensorValue.Of(new float[graph.Initializers[name].Count], graph.Initializers[name].Dimensions);
        }

        (Finding sparsity, Finding compression) = Measure(graph);
        Assert.Equal(1, sparsity.Estimate);
        Assert.Equal(graph.Initializers["large"].Count + graph.Initializers["small"].Count + graph.Initializers["dense"].Count, compression.Estimate);
    }

    [Fact]
    public void Without_borders_a_convolution_is_measured_by_its_kernels_alone()
    {
        var graph = new Graph("shift");
        graph.Input("x", "n", 1, 4, 4);
        graph.Initializer("shift", TensorValue.Of([0f, 0, 2, 0, 0, 0, 0, 0, 0], 1, 1, 3, 3));
        graph.Add("Conv", ["x", "shift"], "shifted", ("pads", new long[] { 1, 1, 1, 1 }));
        graph.Add("Flatten", ["shifted"], "logits");
        graph.Output("logits", "n", 16);
        OnnxFile.Write(graph, _path);
        Assert.Equal(GateOutcome.Fail, Condition("padding: zero, max-condition-number: 1e6").Outcome);
        Finding periodic = Condition("padding: periodic, max-condition-number: 1.001");
        Assert.Equal((GateOutcome.Pass, 1), (periodic.Outcome, Math.Round(periodic.Estimate!.Value, 9)));

        Finding Condition(string options)
        {
            using var bench = new Bench(SyntheticData.Pixels([0]));
            PlannedCheck planned = Plan(options);
            planned.Check.Run(Context(bench));
            return planned.Analysis.Analyse(bench.Evidence, 0.95).Findings[0];
        }
    }

    [Theory]
    [InlineData(1, "max-condition-number: 1.1, max-dead-filters: 0", GateOutcome.Pass, GateOutcome.Pass)]
    [InlineData(3, "max-condition-number: 8.9, max-dead-filters: 0", GateOutcome.Fail, GateOutcome.Pass)]
    [InlineData(0, "max-condition-number: 1e12, max-dead-filters: 0.4", GateOutcome.Fail, GateOutcome.Fail)]
    public void Gates_judge_the_worst_layer_by_itself(float scale, string options, GateOutcome condition, GateOutcome dead)
    {
        var graph = new Graph("dense");
        graph.Input("x", "n", 1, 1, 2);
        graph.Initializer("good", TensorValue.Of([0f, 1, -1, 0], 2, 2));
        graph.Initializer("w", TensorValue.Of([1, 0, 0, scale], 2, 2));
        graph.Add("Flatten", ["x"], "flat");
        graph.Add("Gemm", ["flat", "good"], "h");
        graph.Add("Gemm", ["h", "w"], "logits");
        graph.Output("logits", "n", 2);
        OnnxFile.Write(graph, _path);
        using var bench = new Bench(SyntheticData.Pixels([0]));
        PlannedCheck planned = Plan(options);
        planned.Check.Run(Context(bench));
        Section section = planned.Analysis.Analyse(bench.Evidence, 0.95);
        Assert.Equal((condition, dead), (section.Findings[0].Outcome, section.Findings[1].Outcome));
        Assert.Equal(Math.Log10(Math.Max(1, scale)), section.Findings[2].Estimate!.Value, 1e-9);
        Assert.Contains(scale == 1 ? "" : "w: κ", section.Findings[0].Reason);
    }

    [Fact]
    public void A_condition_number_that_is_only_a_lower_bound_does_not_pass()
    {
        Assert.Equal(GateOutcome.Pass, Judge(new FrameBounds(0.5, 2, 40, true)).Outcome);
        Assert.Equal(GateOutcome.Inconclusive, Judge(new FrameBounds(0.5, 2, 300, false)).Outcome);
        Assert.Equal(GateOutcome.Fail, Judge(new FrameBounds(0.5, 6, 300, false)).Outcome);
        Assert.Equal(GateOutcome.Fail, Judge(new FrameBounds(0, 2, 0, true)).Outcome);

        static Finding Judge(FrameBounds bounds)
        {
            using var bench = new Bench(SyntheticData.Pixels([0]));
            LayerFigures exact = LayerFigures.Of(new WeightLayer("exact", [[3, 0], [0, 1]], null), FrameBounds.OfMatrix([[3, 0], [0, 1]]), 1);
            bench.Evidence.WriteFigure(new WeightsOptions().Condition, WeightsCheck.Layer(0), exact.ToJson());
            bench.Evidence.WriteFigure(new WeightsOptions().Condition, WeightsCheck.Layer(1), (exact with { Name = "approached", Bounds = bounds }).ToJson());
            bench.Evidence.WriteFigure(new WeightsOptions().Condition, WeightsCheck.LeftOut, "[]");
            return Plan("max-condition-number: 10").Analysis.Analyse(bench.Evidence, 0.95).Findings[0];
        }
    }

    /// <summary>A convolution over 30 × 30 pixels, too large for its matrix, and two small layers.</summary>
    private static Graph Small()
    {
        var graph = new Graph("small");
        graph.Input("x", "n", 1, 30, 30);
        graph.Initializer("large", TensorValue.Of([0f, 0.1f, 0, 0.1f, 1, 0.1f, 0, 0.1f, 0], 1, 1, 3, 3));
        graph.Initializer("small", TensorValue.Of([.. Enumerable.Range(0, 27).Select(i => MathF.Sin(i * i))], 3, 1, 3, 3));
        graph.Initializer("dense", TensorValue.Of([1f, 2, 0, 0, 1, 0.5f], 3, 2));
        graph.Add("Conv", ["x", "large"], "first", ("pads", new long[] { 1, 1, 1, 1 }));
        graph.Add("Conv", ["first", "small"], "second", ("strides", new long[] { 3, 3 }));
        graph.Add("GlobalAveragePool", ["second"], "pool");
        graph.Add("Flatten", ["pool"], "flat");
        graph.Add("Gemm", ["flat", "dense"], "logits");
        graph.Output("logits", "n", 2);
        return graph;
    }

    [Fact]
    public void TorchScript_is_refused_with_what_to_do()
    {
        using var bench = new Bench(SyntheticData.Pixels([0]));
        CheckContext context = bench.Context(SyntheticClassifier.Constant(new(1, 1, 1), 1, 0));
        Assert.Contains("torch.onnx.export", Assert.Throws<AuditException>(() => Plan("").Check.Run(context)).Message);
    }

    [Theory]
    [InlineData("max-condition-number: 0.5", "must be between 1")]
    [InlineData("max-dead-filters: 2", "must be between 0 and 1")]
    [InlineData("max-dead-filter: 0.5", "Did you mean 'max-dead-filters'?")]
    public void Options_that_make_no_sense_are_refused_with_their_place(string options, string message)
    {
        var error = Assert.Throws<AuditException>(() => Plan(options));
        Assert.StartsWith("audit.yaml:1:", error.Message);
        Assert.Contains(message, error.Message);
    }

    private CheckContext Context(Bench bench)
    {
        CheckContext context = bench.Context(SyntheticClassifier.Constant(new(1, 1, 1), 1, 0));
        return context with { Audited = context.Audited with { Graph = OnnxFile.Read(_path) } };
    }

    private static PlannedCheck Plan(string options)
        => Assert.Single(TestPlan.Of(SpecMap.Parse("audit.yaml", $"checks: {{ weights: {{ {options} }} }}").Map("checks"), ".", []));

    private (Finding Sparsity, Finding Compression) Measure(Graph graph)
    {
        OnnxFile.Write(graph, _path);
        using var bench = new Bench(SyntheticData.Pixels([0]));
        PlannedCheck planned = Plan("padding: periodic");
        planned.Check.Run(Context(bench));
        Section section = planned.Analysis.Analyse(bench.Evidence, 0.95);
        Assert.All(section.Charts[0].Series[0].Y, value => Assert.True(double.IsFinite(value)));
        return (section.Findings.Single(finding => finding.Metric == "sparsity"), section.Findings.Single(finding => finding.Metric == "compression"));
    }
}
