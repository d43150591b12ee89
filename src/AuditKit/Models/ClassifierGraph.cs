using AuditKit.Imaging;
using AuditKit.Models.Forms;
using AuditKit.Models.Onnx;
using AuditKit.Yaml;

namespace AuditKit.Models;

/// <summary>
/// A graph seen as a classifier, in the one form that engines and training know: an input of N×C×H×W 32-bit floats, N×K 32-bit logits,
/// and an embedding. Whatever a model takes and gives, nodes at the borders of a copy of its graph make this of it.
/// </summary>
public sealed class ClassifierGraph
{
    private readonly InputForm _form;
    private readonly Scores _scores;

    private ClassifierGraph(InputForm form, Scores scores, Graph own, Normalisation normalisation)
        => (_form, _scores, Own, Normalisation) = (form, scores, own, normalisation);

    /// <summary>The graph in this form; its outputs are <see cref="Logits"/> and <see cref="FloatEmbedding"/>.</summary>
    public required Graph Graph { get; init; }

    /// <summary>The name of the value that takes N×C×H×W pixels.</summary>
    public required string InputName { get; init; }

    /// <summary>The shape of one image.</summary>
    public InputShape Input => _form.Image;

    /// <summary>What is done to pixels before the model sees them.</summary>
    public Normalisation Normalisation { get; }

    /// <summary>The only batch size that the model accepts; null where it is variable.</summary>
    public int? FixedBatch => _form.Batch;

    /// <summary>Number of classes K, at least 2.</summary>
    public int Classes => _scores.Classes;

    /// <summary>The name of the value that holds N×K logits.</summary>
    public required string Logits { get; init; }

    /// <summary>What the model's own output holds.</summary>
    public Activation Activation => _scores.Kind;

    /// <summary>
    /// The value of the model's own graph whose multiples are its logits' multiples: those before its softmax, or its output where this
    /// gives logits. Null where its probabilities come from no such value.
    /// </summary>
    public string? OwnLogits => Activation == Activation.Logits || (_scores.IsBeforeActivation && (Activation != Activation.Sigmoids || _scores.Length == 1))
        ? _scores.Source : null;

    /// <summary>The type of <see cref="OwnLogits"/>.</summary>
    public ElementType OwnLogitsType => _scores.SourceValue.Type;

    /// <summary>The names that the model itself gives its classes in a ZipMap, by index; empty where it has none.</summary>
    public IReadOnlyList<string> Labels => _scores.Output.Labels;

    /// <summary>The name of the model's value that is the embedding, N×D once flattened; null where there is none.</summary>
    public string? Embedding { get; private init; }

    /// <summary>The value that holds the embedding as 32-bit floats; null where there is none.</summary>
    public string? FloatEmbedding { get; private init; }

    /// <summary>How the model's own input holds images, for people: <c>N×H×W×C, 32-bit floats, pixels in [0, 1]</c>.</summary>
    public string InputText => $"{_form}, pixels in {Normalisation.Range.Text()}";

    /// <summary>What the model's output was taken for, and why, for people.</summary>
    public string OutputText => $"'{_scores.Output.Value}', {(_scores.Length == 1 && Activation != Activation.Logits ? "one sigmoid"
        : $"{_scores.Length} {ScoreRows.Name(Activation)}")}: {_scores.Why}";

    /// <summary>The model itself, with its operators spelt out.</summary>
    private Graph Own { get; }

    /// <summary>Reads a model file as a classifier.</summary>
    /// <param name="path">An ONNX file.</param>
    /// <param name="options">What the file does not say; null for nothing.</param>
    /// <exception cref="AuditException">The file is no ONNX model, or the model is no image classifier.</exception>
    public static ClassifierGraph Read(string path, ClassifierOptions? options = null) => Of(OnnxFile.Read(path), options);

    /// <summary>Sees a graph as a classifier. What its values are is found by a trial run, where files do not say it.</summary>
    /// <param name="graph">A model, which is not changed.</param>
    /// <param name="options">What the file does not say; null for nothing.</param>
    /// <exception cref="AuditException">The model is no image classifier, has no such value, or ONNX Runtime cannot run it.</exception>
    public static ClassifierGraph Of(Graph graph, ClassifierOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        options ??= new ClassifierOptions();
        Graph own = QuantisedSquashing.SpellOut(ImageScaling.SpellOut(graph));
        var givers = new ValueGivers(own);
        ScoreOutput[] candidates = ScoreChoice.Candidates(own, givers, options.Output);
        InputForm form = FindInput(own, givers, candidates, options);
        Normalisation normalisation = options.Normalisation(form.Image, form.Range);
        if (options.Embedding is { } named)
        {
            RequireValue(own, named);
        }

        if (!ModelTrial.IsPlain(own))
        {
            ModelTrial.Require(own, options, "ONNX Runtime");
        }

        OnnxRuntimeTrial.Require();
        var dense = new LastDenseLayer(own, givers);
        string?[] embeddings = [options.Embedding, .. candidates.SelectMany(output => new[] { output.Squashed, output.Value }).Select(value =>
            value is null ? null : dense.Input(value))];
        var probe = new GraphBorder(own);
        Graph tried = probe.Whole(
            [form.AddTo(probe)], [.. candidates.SelectMany(output => new[] { output.Value, output.Squashed }).Concat(embeddings).OfType<string>()]);
        Dictionary<string, TrialValue> trial = TrialRun.Of(tried, form, options);
        Scores scores = ScoreChoice.Of(own, candidates, trial, form.Batch ?? TrialRun.Images, options.Activation);

        var border = new GraphBorder(own);
        GraphValue input = form.AddTo(border);
        string logits = scores.AddTo(border, form.Batch);
        string? embedding = options.Embedding ?? dense.Input(scores.Source);
        string? floats = embedding is null ? null : dense.Floats(border, embedding, trial);
        return new ClassifierGraph(form, scores, own, normalisation)
        {
            Graph = border.Whole([input], floats is null ? [logits] : [logits, floats]),
            InputName = input.Name,
            Logits = logits,
            Embedding = embedding,
            FloatEmbedding = floats,
        };
    }

    /// <summary>The batch size to run the model in: its only one, or one that keeps a device busy.</summary>
    /// <param name="device">Where it runs.</param>
    public int PreferredBatch(Device device)
    {
        // A rule rather than a measurement, so that two runs choose the same batch: small images are batched to keep
        // the threads busy, large ones keep them busy alone, and a GPU takes several times as many. Integers whose range is
        // found in the batch would make an image's answer depend on the others.
        int images = Math.Clamp((1 << 20) / Input.Length, 1, 32);
        return FixedBatch ?? (Graph.Nodes.Exists(QuantisedOperators.RangesOverBatch) ? 1 : (int?)null) ?? (device.Gpu is null ? images : 8 * images);
    }

    // Labels and other outputs may need inputs of their own, which nobody has to feed.
    private static InputForm FindInput(Graph graph, ValueGivers givers, ScoreOutput[] candidates, ClassifierOptions options)
    {
        HashSet<string> used = [.. givers.NeededFor(candidates.Select(output => output.Value)).SelectMany(ValueGivers.Used)];
        GraphValue[] inputs = [.. graph.RequiredInputs.Where(input => used.Contains(input.Name))];
        return inputs.Length == 1 ? InputForm.Of(graph.Source, inputs[0], options)
            : throw new AuditException($"{graph.Source}: a classifier has one input, but this model has {inputs.Length}: "
                + $"{string.Join(", ", inputs.Select(value => value.Name))}.");
    }

    /// <summary>Refuses the name of an embedding that no node gives.</summary>
    internal static void RequireValue(Graph graph, string name)
    {
        string[] values = [.. graph.Nodes.SelectMany(node => node.Outputs).Where(value => value.Length > 0)];
        if (!values.Contains(name))
        {
            throw new AuditException(
                $"{graph.Source}: no value of the model is named '{name}', which is to be the embedding.{Spelling.Nearest(name, values)} "
                + $"The last values are: {string.Join(", ", values.TakeLast(8))}.");
        }
    }
}
