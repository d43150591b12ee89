using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using AuditKit.Models.Onnx;

namespace AuditKit.Models.Metadata;

/// <summary>
/// A model as the interface JATIC_ONNX v1 wants it: <c>image</c>, N×C×H×W 32-bit floats in [0, 1], to <c>scores</c>, N×K probabilities. What a
/// spec says of pixels becomes part of the graph; weights stay as they are.
/// </summary>
public static class JaticModel
{
    /// <summary>The model's file.</summary>
    public const string ModelFile = "model.onnx";

    private const string Image = "image", Scores = "scores";

    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true };

    /// <summary>Writes <c>model.onnx</c> and <c>model-metadata.json</c>.</summary>
    /// <param name="folder">Where they go.</param>
    /// <param name="graph">The model, which is not changed.</param>
    /// <param name="spec">How it is used.</param>
    /// <param name="classes">The names of its classes in the order of its outputs.</param>
    /// <returns>The files' paths.</returns>
    /// <exception cref="AuditException">The model is no classifier of so many classes, or a file cannot be written.</exception>
    public static IReadOnlyList<string> Write(string folder, Graph graph, ModelSpec spec, IReadOnlyList<string> classes)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(classes);
        spec = spec.WithNotesOf(graph);
        var classifier = ClassifierGraph.Of(graph, spec.Options(default, 1));
        bool isGrey = classifier.Input.Channels == 1 || spec.Channels == ChannelOrder.Grey;
        string model = Path.Combine(folder, ModelFile), metadata = Path.Combine(folder, JaticNote.FileName);
        OnnxFile.Write(Of(classifier, spec, isGrey, classes.Count), model);
        AtomicFile.Write(metadata, new JsonObject
        {
            ["interface"] = new JsonObject { ["name"] = JaticNote.Interface, ["version"] = JaticNote.Version },
            ["io"] = new JsonObject
            {
                ["batchSize"] = classifier.FixedBatch ?? -1,
                ["interface"] = JaticNote.Task,
                ["input"] = new JsonObject
                {
                    ["channels"] = isGrey ? "GRAYSCALE" : "RGB",
                    ["height"] = classifier.Input.Height,
                    ["width"] = classifier.Input.Width,
                },
                ["output"] = new JsonObject { ["nClasses"] = classes.Count },
            },
            ["index2label"] = new JsonObject(classes.Select((name, i) =>
                KeyValuePair.Create(i.ToString(CultureInfo.InvariantCulture), (JsonNode?)JsonValue.Create(name)))),
        }.ToJsonString(s_indented) + "\n");
        return [model, metadata];
    }

    private static Graph Of(ClassifierGraph classifier, ModelSpec spec, bool isGrey, int classes)
    {
        Graph own = classifier.Graph;
        HashSet<string> taken = [.. own.Nodes.SelectMany(node => node.Inputs.Concat(node.Outputs)), .. own.Initializers.Keys, .. own.Nodes
            .Select(node => node.Name)];
        bool clashes = taken.Contains(Image) || taken.Contains(Scores);
        if (clashes && own.Nodes.Exists(node => node.Attributes.Values.Any(attribute => attribute.Value is Onnx.Wire.AttributeProto)))
        {
            throw new AuditException($"{own.Source}: has values named '{Image}' or '{Scores}' and graphs within nodes, in which they cannot be renamed.");
        }

        Dimension batch = classifier.FixedBatch is { } fixedBatch ? fixedBatch : "batch";
        var whole = new Graph(own.Name)
        {
            Source = own.Source,
            Opsets = own.Opsets,
            FormatVersion = own.FormatVersion,
            Remainder = own.Remainder,
            Inputs = [new(Image, ElementType.Float, [batch, isGrey ? 1 : 3, classifier.Input.Height, classifier.Input.Width])],
        };
        AddPixels(whole, classifier.Input.Channels, spec with { Range = classifier.Normalisation.Range }, isGrey, Own(classifier.InputName), Fresh);
        foreach ((string name, TensorValue value) in own.Initializers)
        {
            whole.Initializer(Own(name), value);
        }

        foreach (Node node in own.Nodes)
        {
            whole.Nodes.Add(node.With([.. node.Inputs.Select(Own)], [.. node.Outputs.Select(Own)], Own(node.Name)));
        }

        string rows = whole.Add("Flatten", [Own(classifier.Logits)], Fresh("logits of one row an image"), ("axis", 1L));
        whole.Output(whole.Add("Softmax", [rows], Scores, ("axis", 1L)), batch, classes);
        return whole;

        string Own(string name) => name is Image or Scores ? Fresh($"{name}, the model's own") : name;

        string Fresh(string name) => taken.Contains(name) ? Fresh($"{name}'") : name;
    }

    // As Normalisation computes it: scaled, the mean subtracted, divided, in the model's order of channels.
    private static void AddPixels(Graph whole, int channels, ModelSpec spec, bool isGrey, string input, Func<string, string> fresh)
    {
        (float scale, float black) = (spec.Range ?? PixelRange.Unit).Map();
        float[] mean = [.. Each(spec.Mean, 0).Select(value => value - black)], std = [.. Each(spec.Std, 1)];
        string x = Image;
        int steps = 0;
        if (isGrey && channels == 3)
        {
            x = whole.Add("Concat", [x, x, x], Step(), ("axis", 1L));
        }

        if (spec.Channels == ChannelOrder.Bgr)
        {
            x = whole.Add("Gather", [x, whole.Initializer(Step(), TensorValue.Of([2L, 1, 0], 3))], Step(), ("axis", 1L));
        }

        foreach ((string type, float[] values, float nothing) in new[] { ("Mul", [scale], 1), ("Sub", mean, 0f), ("Div", std, 1) })
        {
            if (values.Any(value => value != nothing))
            {
                x = whole.Add(type, [x, whole.Initializer(Step(), TensorValue.Of(values, values.Length, 1, 1))], Step());
            }
        }

        whole.Add("Identity", [x], input);

        IEnumerable<float> Each(IReadOnlyList<double> values, double otherwise)
            => Enumerable.Range(0, channels).Select(c => (float)(values.Count == 0 ? otherwise : values[c % values.Count]));

        string Step() => fresh($"pixels, step {steps++}");
    }
}
