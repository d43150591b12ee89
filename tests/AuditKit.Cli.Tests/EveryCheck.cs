using AuditKit.Checks;
using AuditKit.Models.Onnx;

namespace AuditKit.Cli.Tests;

/// <summary>What an audit needs so that every check there is has something to look at.</summary>
internal static class EveryCheck
{
    /// <summary>What a check needs besides the options that have defaults.</summary>
    public static IReadOnlyDictionary<string, string> Required { get; } = new Dictionary<string, string>
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

    /// <summary>The checks of a spec that asks for all of them.</summary>
    public static string Spec => string.Join(
        "\n  ", CheckCatalog.Standard.Checks.Select(check => $"{check.Key}: {{ {Required.GetValueOrDefault(check.Key, "")} }}"));

    /// <summary>Writes the model, and images that a probe is fitted on, beside the data of a <see cref="SmallAudit"/>.</summary>
    public static void WriteFiles(string folder)
    {
        OnnxFile.Write(Convolutional(), Path.Combine(folder, "model.onnx"));
        SmallAudit.WriteData(Path.Combine(folder, "training"), images: 30, first: 1000);
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
