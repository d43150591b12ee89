using System.Globalization;
using AuditKit.Imaging;
using AuditKit.Yaml;

namespace AuditKit.Models;

/// <summary>The model under audit, as a spec names it.</summary>
public sealed record ModelSpec
{
    internal static readonly FlagKey CropKey = new("crop", "Whether the centre of the model's input size is cut out after scaling") { Example = "true" };
    internal static readonly NumbersKey MeanKey = new("mean", "Mean per channel that the training subtracted, pixels in [0, 1]", -1, 1) { Example = "[0.5]" };
    internal static readonly NumbersKey StdKey = new("std", "Standard deviation per channel that the training divided by", 1e-6, 10) { Example = "[0.5]" };

    /// <summary>The keys of its block.</summary>
    public static IReadOnlyList<SpecKey> Keys { get; } =
    [
        new TextKey("path", "The .onnx or TorchScript file") { IsRequired = true },
        MeanKey,
        StdKey,
        new TextKey("embedding", "The value whose activation is the embedding; absent, the input of the last linear layer"),
        new ListKey("input", "[channels, height, width], where the file leaves them open"),
        new IntegerKey("resize", "The length in pixels that an image's shorter side is scaled to", null, 1, 16_384) { Example = "30" },
        CropKey,
    ];

    /// <summary>The full path of the .onnx or TorchScript file.</summary>
    public required string Path { get; init; }

    /// <summary>Mean per channel that the model's training subtracted, pixels in [0, 1]; empty for none.</summary>
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

    /// <summary>Everything but the file that the model's answers depend on, by key in the spec.</summary>
    internal IReadOnlyList<(string Key, string Value)> Preprocessing =>
    [
        ("mean", List(Mean)), ("std", List(Std)), ("embedding", Embedding ?? ""),
        ("input", Input?.ToString() ?? ""), ("resize", FormattableString.Invariant($"{Resize}")), ("crop", Crop ? "true" : "false"),
    ];

    /// <summary>Whether the file is TorchScript, by the ending of its name; all others are ONNX.</summary>
    public bool IsTorchScript => NamesTorchScript(Path);

    /// <summary>Whether a file is TorchScript, by the ending of its name.</summary>
    public static bool NamesTorchScript(string path)
        => System.IO.Path.GetExtension(path).ToLowerInvariant() is ".pt" or ".pth" or ".torchscript";

    /// <summary>Reads the <c>model:</c> block.</summary>
    /// <param name="map">The block.</param>
    /// <param name="folder">The spec's folder, which relative paths start from.</param>
    /// <param name="mustExist">Whether a file that is not there is refused now, not when it is opened.</param>
    /// <exception cref="AuditException">A key is missing, unknown, or has a value that cannot be used.</exception>
    public static ModelSpec Parse(SpecMap map, string folder, bool mustExist = true)
    {
        var spec = new ModelSpec
        {
            Path = System.IO.Path.GetFullPath(map.Text("path"), folder),
            Mean = MeanKey.Read(map, []),
            Std = StdKey.Read(map, []),
            Embedding = map.OptionalText("embedding"),
            Input = ParseInput(map),
            Resize = ParseResize(map),
            Crop = CropKey.Read(map),
        };
        map.Finish();
        if (spec.Mean.Count != spec.Std.Count || spec.Mean.Count is not (0 or 1 or 3))
        {
            throw map.Error("mean", $"'mean' has {spec.Mean.Count} and 'std' {spec.Std.Count} values; both need one a channel (1 or 3).");
        }

        return mustExist && !File.Exists(spec.Path)
            ? throw map.Error("path", $"there is no model file '{map.Text("path")}' (looked for "
                + $"{System.IO.Path.GetRelativePath(Environment.CurrentDirectory, spec.Path)}).")
            : spec;
    }

    private static string List(IReadOnlyList<double> values) => string.Join(' ', values.Select(value => value.ToString("R", CultureInfo.InvariantCulture)));

    /// <summary>Reads <c>input: [channels, height, width]</c>; null where the key is absent.</summary>
    /// <exception cref="AuditException">The value is not three sizes.</exception>
    public static InputShape? ParseInput(SpecMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        return !map.Has("input") ? null
            : map.Numbers("input", null, 1, 16_384) is [var channels, var height, var width] ? new InputShape((int)channels, (int)height, (int)width)
            : throw map.Error("input", "'input' must be [channels, height, width].");
    }

    /// <summary>Reads <c>resize</c>, the length in pixels of an image's shorter side; null where the key is absent.</summary>
    /// <exception cref="AuditException">The value is no length.</exception>
    public static int? ParseResize(SpecMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        return map.Has("resize") ? map.Integer("resize", null, 1, 16_384) : null;
    }
}
