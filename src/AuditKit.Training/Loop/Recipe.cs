using AuditKit.Data;
using AuditKit.Models;
using AuditKit.Yaml;
using static TorchSharp.torch;

namespace AuditKit.Training.Loop;

/// <summary>How a model is trained, as its YAML file asks for it, validated.</summary>
public sealed record Recipe
{
    private static readonly TextKey s_architecture = new("architecture", "The architecture that is built, to train from scratch");
    private static readonly ChoiceKey<bool> s_start = new(
        "start", "How a built architecture's weights start", new Dictionary<string, bool> { ["normal"] = false, ["orthogonal"] = true }, false);
    private static readonly IntegerKey s_epochs = new(
        "epochs", "Passes over the training data; 0 for methods that fit the last layer of a trained model", null, 0, 100_000)
    { IsRequired = true };
    private static readonly IntegerKey s_batch = new("batch", "Images in a batch", 128, 2, 65_536);
    private static readonly ChoiceKey<Sampling?> s_sampling = new(
        "sampling",
        "How training images are drawn; absent, the method says it",
        new Dictionary<string, Sampling?>
        {
            ["uniform"] = Loop.Sampling.Uniform,
            ["class-balanced"] = Loop.Sampling.ClassBalanced,
            ["group-balanced"] = Loop.Sampling.GroupBalanced,
        },
        null);
    private static readonly ChoiceKey<ScalarType> s_precision = new(
        "precision",
        "What convolutions and matrix products compute in while training",
        new Dictionary<string, ScalarType> { ["float32"] = ScalarType.Float32, ["bfloat16"] = ScalarType.BFloat16 },
        ScalarType.Float32);
    private static readonly ChoiceKey<TrainedPart> s_train = new(
        "train",
        "Which part is trained: all, the last stage of convolutions with what comes behind it, or the layers behind the embedding; the rest is frozen",
        new Dictionary<string, TrainedPart> { ["all"] = TrainedPart.All, ["last-block"] = TrainedPart.LastBlock, ["head"] = TrainedPart.Head },
        TrainedPart.All);
    private static readonly NumberKey s_floor = new("floor", "The validation accuracy that an epoch must reach to be kept", 0.9, 0, 1);
    private static readonly TextKey s_hardGroup = new("hard-group", "The group that the kept epoch is best on, as audits name it; absent, the worst one");

    /// <summary>The keys of a recipe's root, but <c>method</c>.</summary>
    internal static IReadOnlyList<SpecKey> Keys { get; } =
    [
        new TextKey("name", "The model's name, for its card") { IsRequired = true },
        new BlockKey(
            "model",
            "What is trained: an architecture, features with a new head, or a model to go on from",
            [s_architecture, s_start, .. FeatureSource.Keys, s_train, .. ModelKeys])
        { IsRequired = true },
        .. TrainingSplit.Keys,
        new BlockKey("test", "The data that the finished model is measured on", DataSpec.Keys) { IsRequired = true },
        s_epochs, s_batch, s_sampling, s_precision,
        OptimiserSpec.Key,
        LearningRate.Key,
        new BlockKey("augmentation", "Random changes of training images", Augmentation.Keys),
        new BlockKey("selection", "Which epoch's model is kept", s_floor, s_hardGroup),
    ];

    // What a model under audit has too; here the file may be left out, a value is tapped for features alone, and nothing is attacked.
    private static IEnumerable<SpecKey> ModelKeys => ModelSpec.Keys.Where(key => key.Key is not ("path" or "embedding" or "float"))
        .Prepend(new TextKey("path", "The ONNX file that training goes on from"));

    /// <summary>The model's name, for the card.</summary>
    public required string Name { get; init; }

    /// <summary>Name of the architecture that is built; null when training goes on from the file of <see cref="Model"/>.</summary>
    public string? Architecture { get; init; }

    /// <summary>Whether a built <see cref="Architecture"/> starts with orthogonal weights, see <see cref="OrthogonalStart"/>.</summary>
    public bool StartsOrthogonal { get; init; }

    /// <summary>Where features come from that a new head makes classes of; null when training does not start so.</summary>
    public FeatureSource? Features { get; init; }

    /// <summary>Which part of the network is trained.</summary>
    public TrainedPart Train { get; init; }

    /// <summary>
    /// How the network takes images and gives answers, as a model under audit says it. Its path is the ONNX file that training goes on
    /// from; empty when an <see cref="Architecture"/> is built, or <see cref="Features"/> are.
    /// </summary>
    public required ModelSpec Model { get; init; }

    /// <summary>The training data, and what of it is held out for model selection.</summary>
    public required TrainingSplit Split { get; init; }

    /// <summary>The data that the finished model is measured on, for the card.</summary>
    public required DataSpec Test { get; init; }

    /// <summary>The attribute of the data whose product with the class makes the groups; null for the classes alone.</summary>
    public string? GroupAttribute => Split.GroupAttribute;

    /// <summary>The seed of every random draw.</summary>
    public long Seed => Split.Seed;

    /// <summary>Passes over the training data; 0 leaves a start model to what the method does after them.</summary>
    public required int Epochs { get; init; }

    /// <summary>Images in a batch; the last, smaller one of an epoch is left out.</summary>
    public required int Batch { get; init; }

    /// <summary>The optimiser and its base learning rate.</summary>
    public required OptimiserSpec Optimiser { get; init; }

    /// <summary>The learning rate's course.</summary>
    public required LearningRate Schedule { get; init; }

    /// <summary>Random changes of training images.</summary>
    public required Augmentation Augmentation { get; init; }

    /// <summary>How training images are drawn; null to leave it to the method.</summary>
    public required Sampling? Sampling { get; init; }

    /// <summary>What convolutions and matrix products compute in while training: float32 or bfloat16.</summary>
    public required ScalarType Precision { get; init; }

    /// <summary>What is descended: a loss, and what it needs.</summary>
    public required MethodFactory Method { get; init; }

    /// <summary>Which epoch's model is kept.</summary>
    public required ModelSelection Selection { get; init; }

    /// <summary>The full path of the recipe's folder, which the paths in it start from.</summary>
    public required string Folder { get; init; }

    /// <summary>The recipe's text, for the card, and to know a finished run again.</summary>
    public required string Text { get; init; }

    /// <summary>
    /// What of the recipe the weights depend on: without name, test data and comments, so that an interrupted run goes on after one of these was mended.
    /// </summary>
    internal string Identity { get; init; } = "";

    /// <summary>What of the recipe a run's model and figures depend on: without name and comments, so that a finished run stays one without them.</summary>
    internal string Meaning { get; init; } = "";

    /// <summary>What a run needs to begin: without what says how weights are moved, which differs in most rows of a table.</summary>
    internal string Beginning
    {
        get
        {
            var map = SpecMap.Parse("recipe", Meaning);
            foreach (string key in new[] { "seed", "optimiser", "method", "sampling", "precision" })
            {
                map.Remove(key);
            }

            return map.ToYaml();
        }
    }

    /// <summary>Reads a recipe.</summary>
    /// <param name="file">The YAML file.</param>
    /// <param name="overrides"><c>key=value</c> assignments that replace values of the file.</param>
    /// <param name="method">The <c>method:</c> block, with every method that there is.</param>
    /// <exception cref="AuditException">The file cannot be read, or a key or value cannot be used; the message has line and column.</exception>
    public static Recipe Load(string file, IReadOnlyList<string> overrides, NamedBlockKey<MethodFactory> method)
    {
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(overrides);
        string text = SpecMap.ReadFile(file);
        SpecMap map = SpecMap.Parse(file, text);
        foreach (string assignment in overrides)
        {
            map.Set(assignment);
        }

        string folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        SpecMap model = map.Map("model");
        SpecMap? selection = map.OptionalMap("selection");
        var features = FeatureSource.Parse(model, folder);
        string? path = model.OptionalText("path");
        var recipe = new Recipe
        {
            Name = map.Title("name"),
            Architecture = s_architecture.Read(model),
            StartsOrthogonal = s_start.Read(model),
            Features = features,
            Train = s_train.Read(model),
            Model = ModelSpec.ParseUse(model, path is null ? "" : Path.GetFullPath(path, folder), features?.Backbone?.Preprocessing),
            Split = TrainingSplit.Parse(map, folder),
            Test = DataSpec.Parse(map.Map("test"), folder),
            Epochs = s_epochs.Read(map),
            Batch = s_batch.Read(map),
            Optimiser = OptimiserSpec.Key.Read(map),
            Schedule = LearningRate.Key.Read(map),
            Augmentation = Augmentation.Parse(map.OptionalMap("augmentation")),
            Sampling = s_sampling.Read(map),
            Precision = s_precision.Read(map),
            Method = method.Read(map),
            Selection = selection is null ? new ModelSelection(s_floor.Default) : new ModelSelection(s_floor.Read(selection), s_hardGroup.Read(selection)),
            Folder = folder,
            Text = overrides.Count == 0 ? text : map.ToYaml(),
        };
        model.Finish();
        selection?.Finish();
        map.Finish();
        (string meaning, string identity) = Read(map);
        recipe = recipe with { Meaning = meaning, Identity = identity };
        if (new[] { recipe.Architecture, path, features?.Name }.Count(start => start is not null) != 1)
        {
            throw map.Error("model", "'model' needs one of 'architecture' (train from scratch), 'features' (a new head on features) and 'path' (go on "
                + "from an ONNX file).");
        }

        if (recipe.Architecture is null && recipe.StartsOrthogonal)
        {
            throw model.Error("start", $"a start model has its own weights; leave out 'start' or '{(path is null ? "features" : "path")}'.");
        }

        if (recipe.Architecture is not null && recipe.Train != TrainedPart.All)
        {
            throw model.Error(s_train.Key, "an architecture's drawn weights must all be trained; leave out 'train', or start from 'features' or 'path'.");
        }

        if (recipe.Train == TrainedPart.Head && recipe.Augmentation != Augmentation.None)
        {
            throw map.Error("augmentation", "with 'train: head' the embeddings of images are computed once, as they are. Leave out 'augmentation', or "
                + "write train: last-block.");
        }

        if (recipe.Architecture is { } architecture && !Models.Architectures.Architecture.Names.Contains(architecture))
        {
            throw model.Error(s_architecture.Key, $"there is no architecture '{architecture}'.{Spelling.Nearest(architecture, Models.Architectures.Architecture.Names)} "
                + $"There are: {string.Join(", ", Models.Architectures.Architecture.Names)}.");
        }

        if (recipe.Architecture is not null && recipe.Epochs == 0)
        {
            throw map.Error("epochs", "'epochs: 0' goes on from a trained model: give its 'model.path' or 'model.features', or at least 1 epoch.");
        }

        return recipe.Model.Mean.Count == 0
            ? throw model.Error("mean", "'mean' and 'std' are missing: what training subtracts and divides by; [0] and [1] for nothing.")
            : recipe;
    }

    /// <summary>The <see cref="Identity"/> of a recipe's text.</summary>
    /// <param name="text">The text of a recipe that was read before.</param>
    internal static string IdentityOf(string text) => Read(SpecMap.Parse("recipe", text)).Identity;

    /// <summary>The <see cref="Meaning"/> of a recipe's text.</summary>
    /// <param name="text">The text of a recipe that was read before.</param>
    internal static string MeaningOf(string text) => Read(SpecMap.Parse("recipe", text)).Meaning;

    private static (string Meaning, string Identity) Read(SpecMap map)
    {
        map.Remove("name");
        string meaning = map.ToYaml();
        map.Remove("test");
        return (meaning, map.ToYaml());
    }
}
