using AuditKit.Imaging;
using AuditKit.Models.Metadata;
using AuditKit.Models.Onnx;
using AuditKit.Yaml;

namespace AuditKit.Models;

/// <summary>The model under audit, as a spec names it.</summary>
public sealed record ModelSpec
{
    internal static readonly FlagKey CropKey = new("crop", "Whether the centre of the model's input size is cut out after scaling") { Example = "true" };
    internal static readonly NumbersKey MeanKey =
        new("mean", "Mean per channel that the training subtracted, in the range of the pixels", -255, 255) { Example = "[0.5]" };
    internal static readonly NumbersKey StdKey = new("std", "Standard deviation per channel that the training divided by", 1e-6, 2550) { Example = "[0.5]" };
    private static readonly FlagKey _stretch = new("stretch", "Whether both sides are scaled, whatever the image's proportions: to resize, or "
        + "else to the input's size")
    { Example = "true" };
    private static readonly TextKey _output = new("output", "The value that holds the classes' scores, where the model has several outputs");
    private static readonly TextKey s_float = new("float", "The floating point model that a quantised one was made from, for attacks by gradients");

    /// <summary>The keys of its block.</summary>
    public static IReadOnlyList<SpecKey> Keys { get; } =
    [
        new TextKey("path", "The .onnx or TorchScript file") { IsRequired = true },
        NamedTransform.Key,
        InputLayouts.Key,
        ChannelOrders.Key,
        PixelRanges.Key,
        MeanKey,
        StdKey,
        _output,
        Activations.Key,
        new TextKey("embedding", "The value whose activation is the embedding; absent, the input of the last linear layer"),
        new ListKey("input", "[channels, height, width], where the file leaves them open"),
        new IntegerKey("resize", "The length in pixels that an image's shorter side is scaled to", null, 1, 16_384) { Example = "30" },
        CropKey,
        _stretch,
        s_float,
    ];

    /// <summary>The full path of the .onnx or TorchScript file.</summary>
    public required string Path { get; init; }

    /// <summary>The order of the input's samples; null for what its shape says.</summary>
    public InputLayout? Layout { get; init; }

    /// <summary>The colours of the input's channels; null for what the model's own notes say, or else RGB.</summary>
    public ChannelOrder? Channels { get; init; }

    /// <summary>
    /// What the input's black and white are; null for what the model's own notes say, or else 0 and 255 in an input of bytes, and 0 and 1 in all
    /// others.
    /// </summary>
    public PixelRange? Range { get; init; }

    /// <summary>The value that holds the classes' scores; null for the output that can only be it.</summary>
    public string? Output { get; init; }

    /// <summary>What the output's numbers are; null for what the graph or the numbers themselves say.</summary>
    public Activation? Activation { get; init; }

    /// <summary>Mean per channel that the model's training subtracted, in <see cref="Range"/> and the input's own order; empty for none.</summary>
    public IReadOnlyList<double> Mean { get; init; } = [];

    /// <summary>Standard deviation per channel that the model's training divided by; empty for none.</summary>
    public IReadOnlyList<double> Std { get; init; } = [];

    /// <summary>The value whose activation is the embedding; null for the input of the last linear layer.</summary>
    public string? Embedding { get; init; }

    /// <summary>Channels, height and width of the input, where the file leaves them open; null otherwise.</summary>
    public InputShape? Input { get; init; }

    /// <summary>The length in pixels that an image's shorter side is scaled to before the model; null to leave the size.</summary>
    public int? Resize { get; init; }

    /// <summary>Whether the centre of the model's input size is cut out after scaling.</summary>
    public bool Crop { get; init; }

    /// <summary>Whether both sides are scaled, whatever the image's proportions: to <see cref="Resize"/>, or else to the input's size.</summary>
    public bool Stretch { get; init; }

    /// <summary>The model as its file is, without anything done to pixels.</summary>
    public ModelSpec WithoutPreprocessing()
        => this with
        {
            Mean = [],
            Std = [],
            Range = PixelRange.Unit,
            Channels = ChannelOrder.Rgb,
            Resize = null,
            Crop = false,
            Stretch = false,
        };

    /// <summary>
    /// The model with the channels and the range that its file notes by ONNX's own keys (<c>Image.BitmapPixelFormat</c>,
    /// <c>Image.NominalPixelRange</c>), where the spec leaves them open. A range is open where no mean is given, which would be in it; 0 and 1 are none.
    /// </summary>
    /// <param name="graph">What was read from the file.</param>
    public ModelSpec WithNotesOf(Graph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ModelNote note = ImageNote.Of(graph);
        bool isNormalised = Mean.Any(value => value != 0) || Std.Any(value => value != 1);
        return this with { Channels = Channels ?? note.Channels, Range = Range ?? (isNormalised ? null : note.Range) };
    }

    /// <summary>The full path of the floating point model that a quantised one was made from; null for none.</summary>
    public string? FloatPath { get; init; }

    /// <summary>That model, prepared for as this one is; null for none.</summary>
    public ModelSpec? Float => FloatPath is { } path ? Another(path) : null;

    /// <summary>Another model, prepared for as this one is.</summary>
    /// <param name="path">The full path of its file.</param>
    public ModelSpec Another(string path) => this with { Path = path, FloatPath = null, Embedding = null };

    /// <summary>Everything but the files that the model's answers depend on, by key in the spec.</summary>
    internal IReadOnlyList<(string Key, string Value)> Preprocessing =>
    [
        ("layout", $"{Layout}"), ("channels", $"{Channels}"), ("range", $"{Range}"),
        ("mean", InvariantText.Join(" ", Mean)), ("std", InvariantText.Join(" ", Std)),
        ("output", Output ?? ""), ("activation", $"{Activation}"), ("embedding", Embedding ?? ""),
        ("input", Input?.ToString() ?? ""), ("resize", InvariantText.Of(Resize)), ("crop", Crop ? "true" : "false"),
        ("stretch", Stretch ? "true" : "false"),
    ];

    /// <summary>Whether the file is TorchScript, by the ending of its name; all others are ONNX.</summary>
    public bool IsTorchScript => NamesTorchScript(Path);

    /// <summary>Whether a file is TorchScript, by the ending of its name.</summary>
    public static bool NamesTorchScript(string path)
        => System.IO.Path.GetExtension(path).ToLowerInvariant() is ".pt" or ".pth" or ".torchscript";

    /// <summary>From an image of a data set to this model's input.</summary>
    /// <param name="input">The shape of one image, as the opened model takes it.</param>
    public InputTransform Transform(InputShape input) => new(input, Resize, Crop, Channels == ChannelOrder.Grey, Stretch);

    /// <summary>How an engine is to run this model.</summary>
    /// <param name="device">Where.</param>
    /// <param name="threads">Threads that compute, at least 1.</param>
    public ClassifierOptions Options(Device device, int threads) => new()
    {
        Input = Input,
        Layout = Layout,
        Channels = Channels,
        Range = Range,
        Mean = [.. Mean.Select(value => (float)value)],
        StandardDeviation = [.. Std.Select(value => (float)value)],
        Output = Output,
        Activation = Activation,
        Embedding = Embedding,
        Threads = threads,
        Device = device,
    };

    /// <summary>Reads the <c>model:</c> block.</summary>
    /// <param name="map">The block.</param>
    /// <param name="folder">The spec's folder, which relative paths start from.</param>
    /// <param name="mustExist">Whether a file that is not there is refused now, not when it is opened.</param>
    /// <exception cref="AuditException">A key is missing, unknown, or has a value that cannot be used.</exception>
    public static ModelSpec Parse(SpecMap map, string folder, bool mustExist = true)
    {
        ModelSpec spec = ParseUse(map, System.IO.Path.GetFullPath(map.Text("path"), folder)) with
        {
            Embedding = map.OptionalText("embedding"),
            FloatPath = s_float.Read(map) is { } path ? System.IO.Path.GetFullPath(path, folder) : null,
        };
        map.Finish();
        if (mustExist)
        {
            RequireFile("path", spec.Path);
            RequireFile(s_float.Key, spec.FloatPath);
        }

        return spec;

        void RequireFile(string key, string? path)
        {
            if (path is not null && !File.Exists(path))
            {
                throw map.Error(key, $"there is no model file '{map.Text(key)}' (looked for "
                    + $"{System.IO.Path.GetRelativePath(Environment.CurrentDirectory, path)}).");
            }
        }
    }

    /// <summary>Reads all keys of the block but <c>path</c> and <c>embedding</c>.</summary>
    /// <param name="map">The block.</param>
    /// <param name="path">The model's file.</param>
    /// <param name="usual">What is known of the model, where the block does not say otherwise; null for nothing.</param>
    /// <exception cref="AuditException">A key has a value that cannot be used.</exception>
    internal static ModelSpec ParseUse(SpecMap map, string path, UsualPreprocessing? usual = null)
    {
        var bare = new ModelSpec { Path = path };
        ModelSpec named = NamedTransform.Key.Read(map)?.Of(bare) ?? usual?.Of(bare) ?? bare;
        PixelRange? range = PixelRanges.Key.Read(map) ?? named.Range;
        var spec = named with
        {
            Layout = InputLayouts.Key.Read(map),
            Channels = ChannelOrders.Key.Read(map) ?? named.Channels,
            Range = range,
            Mean = ParseMean(map, range, named.Mean),
            Std = StdKey.Read(map, named.Std),
            Output = _output.Read(map),
            Activation = Activations.Key.Read(map),
            Input = ParseInput(map),
            Resize = ParseResize(map) ?? named.Resize,
            Crop = map.Has(CropKey.Key) ? CropKey.Read(map) : named.Crop,
            Stretch = map.Has(_stretch.Key) ? _stretch.Read(map) : named.Stretch,
        };
        return spec.Mean.Count == spec.Std.Count && spec.Mean.Count is 0 or 1 or 3
            ? spec
            : throw map.Error("mean", $"'mean' has {spec.Mean.Count} and 'std' {spec.Std.Count} values; both need one a channel (1 or 3).");
    }

    private static IReadOnlyList<double> ParseMean(SpecMap map, PixelRange? range, IReadOnlyList<double> otherwise)
    {
        double most = (range ?? PixelRange.Unit).Largest();
        IReadOnlyList<double> mean = MeanKey.Read(map, otherwise);
        return mean.All(value => Math.Abs(value) <= most)
            ? mean
            : throw map.Error("mean", $"a mean of {InvariantText.Of(mean.MaxBy(Math.Abs))} lies outside the model's range of pixels, which is "
                + $"{(range ?? PixelRange.Unit).Text()}. Where the model takes 0 to 255, say so: range: bytes.");
    }

    /// <summary>Reads <c>input: [channels, height, width]</c>; null where the key is absent.</summary>
    /// <exception cref="AuditException">The value is not three sizes.</exception>
    public static InputShape? ParseInput(SpecMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        return !map.Has("input") ? null
            : map.Numbers("input", null, 1, 16_384) is [var channels, var height, var width] sides && sides.All(double.IsInteger)
            ? new InputShape((int)channels, (int)height, (int)width)
            : throw map.Error("input", "'input' must be [channels, height, width], whole numbers.");
    }

    /// <summary>Reads <c>resize</c>, the length in pixels of an image's shorter side; null where the key is absent.</summary>
    /// <exception cref="AuditException">The value is no length.</exception>
    public static int? ParseResize(SpecMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        return map.Has("resize") ? map.Integer("resize", null, 1, 16_384) : null;
    }
}
