using AuditKit.Imaging;
using AuditKit.Models.Forms;
using AuditKit.Models.Metadata;
using AuditKit.Models.Onnx;

namespace AuditKit.Models.Features;

/// <summary>
/// From features to a classifier: a model is cut behind the value that holds them, freed of a fixed batch and of the images' size, and
/// gets a new linear layer for the classes. The result is an ordinary ONNX classifier.
/// </summary>
public static class FeatureClassifier
{
    // As layers that are added for fine-tuning usually start (Girshick, Fast R-CNN, ICCV 2015, section 4.1).
    private const float HeadDeviation = 0.01f;

    // ONNX's default, and PyTorch's: the share of batch norm's running statistics that a step keeps. A source's own may be fitted to a training of
    // hundreds of thousands of steps; in the hundreds of a fine-tuning, statistics would never come up with new images, nor validation with training.
    private const float KeptStatistics = 0.9f;

    // What float32 leaves of one and the same image in a batch and alone.
    private const double Tolerance = 1e-3;

    /// <summary>Builds the classifier.</summary>
    /// <param name="source">The model, which is not changed. What needs no retraining keeps its names and numbers.</param>
    /// <param name="embedding">The value that holds the features, N×D or N×C×H×W; null for the input of its last linear layer, or else its output.</param>
    /// <param name="options">What is done to pixels, and <see cref="ClassifierOptions.Input"/>: the images to take; null for the source's own size.</param>
    /// <param name="classes">Number of classes K, at least 2.</param>
    /// <param name="seed">The seed of the new layer's weights.</param>
    /// <returns>A graph whose output <c>logits</c> is N×K.</returns>
    /// <exception cref="AuditException">The source has no such features, or cannot take these images.</exception>
    public static Graph Build(Graph source, string? embedding, ClassifierOptions options, int classes, long seed)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(options);
        if (classes < 2)
        {
            throw new AuditException($"{source.Source}: a head needs two classes at least, and the data has {classes}.");
        }

        Graph cut = FeatureCut.Behind(source, embedding ?? FeatureCut.Value(source));
        GraphValue input = cut.RequiredInputs.Single();
        bool isOpen = input.Shape is null || input.Shape.Skip(1).Any(side => side.Size is null);
        var own = InputForm.Of(source.Source, input, isOpen ? options : options with { Input = null });
        InputShape size = options.Input ?? own.Image;
        Graph opened = OpenSize.Of(cut, own, size, options);
        TrialValue features;
        try
        {
            features = Features(opened, size, options);
        }
        catch (AuditException e) when (size != own.Image && HasFeatures(cut, own, options))
        {
            throw new AuditException($"model.input asks for images of {size}, where the network's own are {own.Image}: {e.Message} Sides that are multiples of "
                + "32 run in most networks.", e.ExitCode, e);
        }

        if (!ReferenceEquals(opened, cut) && size == own.Image)
        {
            RequireSame(source.Source, features, Trial(cut, own, options), "in a batch of any size than in the source's");
        }

        return WithHead(opened, features, classes, seed);
    }

    private static bool HasFeatures(Graph cut, InputForm own, ClassifierOptions options)
    {
        try
        {
            _ = Features(OpenSize.Of(cut, own, own.Image, options), own.Image, options);
            return true;
        }
        catch (AuditException)
        {
            return false;
        }
    }

    private static TrialValue Features(Graph graph, InputShape size, ClassifierOptions options)
    {
        var form = InputForm.Of(graph.Source, graph.RequiredInputs.Single(), options with { Input = size });
        (string path, string name) = (graph.Source, graph.Outputs[0].Name);
        TrialValue features = Trial(graph, form, options);
        bool hasPlaces = features.Shape.Count == 4 && features.Shape[2] * features.Shape[3] > 1;
        string? fault = features.Shape.Count == 0 || features.Length < 2 ? "is one number an image"
            : features.Shape[0] != TrialRun.Images ? $"is of shape {string.Join("×", features.Shape)} for {TrialRun.Images} images"
            : hasPlaces && !FeatureCut.HoldsPlaces(graph, name) ? $"is of shape {Shape(features)}, and no convolution's, so that what to average is not known"
            : !hasPlaces && features.Shape.Skip(1).Count(length => length != 1) > 1 ? $"is of shape {Shape(features)}, several rows an image"
            : null;
        if (fault is not null)
        {
            throw new AuditException($"{path}: '{name}' holds no features that a linear head could take: it {fault}. Name another value: embedding: NAME.");
        }

        RequireSame(path, features, Trial(graph, form with { Batch = 1 }, options), "beside other images than alone");
        return features;
    }

    private static TrialValue Trial(Graph graph, InputForm form, ClassifierOptions options)
    {
        string name = graph.Outputs[0].Name;
        var border = new GraphBorder(graph);
        return TrialRun.Of(border.Whole([form.AddTo(border)], name), form, options).GetValueOrDefault(name)
            ?? throw new AuditException($"{graph.Source}: '{name}' holds no features: no floating point numbers, as many for every image. Name another "
                + "value: embedding: NAME.");
    }

    private static void RequireSame(string path, TrialValue one, TrialValue other, string where)
    {
        if (!one.Rows.Concat(other.Rows).All(float.IsFinite))
        {
            throw new AuditException($"{path}: the features of an image of noise are NaN or infinite, so that nothing can be learnt from them. Check "
                + "model.range, mean and std, or name another value: embedding: NAME.");
        }

        double largest = other.Rows.Max(Math.Abs);
        if (one.Length != other.Length || one.Rows.Zip(other.Rows).Any(pair => !(Math.Abs(pair.First - pair.Second) <= Tolerance * largest)))
        {
            throw new AuditException($"{path}: an image has other features {where} ({one.Length} and {other.Length} numbers), so that they cannot be "
                + "learnt from. Export the model with a variable batch, or name another value: embedding: NAME.");
        }
    }

    private static Graph WithHead(Graph graph, TrialValue features, int classes, long seed)
    {
        string value = graph.Outputs[0].Name;
        var names = new GraphBorder(graph);
        int length = features.Length;
        if (features.Shape.Count == 4 && features.Shape[2] * features.Shape[3] > 1)
        {
            length = (int)features.Shape[1];
            value = names.Behind("GlobalAveragePool", [value], names.Fresh("pool"));
        }

        if (features.Type != ElementType.Float)
        {
            value = names.Behind("Cast", [value], names.Fresh("features"), ("to", (long)ElementType.Float));
        }

        if (features.Shape.Count != 2)
        {
            value = names.Behind("Flatten", [value], names.Fresh("embedding"));
        }

        (string weight, string bias) = (names.Fresh("fc.weight"), names.Fresh("fc.bias"));
        string logits = names.Behind("Gemm", [value, weight, bias], names.Fresh("logits"), ("transB", 1L));
        float[] weights = new float[length * classes];
        CounterRandom.For(seed, "initialise/fc.weight", 0).FillNormal(weights, 0, HeadDeviation);
        Graph whole = names.Whole(graph.Inputs, logits);
        return graph.With([.. whole.Nodes.Select(WithUsualMomentum)], whole.Inputs, [new GraphValue(logits, ElementType.Float, ["batch", classes])],
            new OrderedDictionary<string, TensorValue>(graph.Initializers, StringComparer.Ordinal)
            {
                [weight] = TensorValue.Of(weights, classes, length),
                [bias] = TensorValue.Of(new float[classes], classes),
            },
            Notes(graph));
    }

    // What is said of the input still holds. The classes' names do not, nor does how large layers were that the cut has removed.
    private static Dictionary<string, string> Notes(Graph graph)
    {
        var notes = graph.Metadata.Where(note => note.Key.StartsWith(ImageNote.Prefix, StringComparison.Ordinal)).ToDictionary(StringComparer.Ordinal);
        if (DenseWeights.Of(graph, graph.Initializers.Keys) is { } weights)
        {
            notes.Add(DenseWeights.Key, weights);
        }

        return notes;
    }

    private static Node WithUsualMomentum(Node node)
    {
        if (node.Type != "BatchNormalization" || node.Domain.Length > 0)
        {
            return node;
        }

        Node usual = node.With(node.Inputs, node.Outputs);

        usual.Attributes["momentum"] = KeptStatistics;
        return usual;
    }

    private static string Shape(TrialValue value) => $"N×{string.Join("×", value.Shape.Skip(1))}";
}
