using AuditKit.Imaging;

namespace AuditKit.Models.Metadata;

/// <summary>
/// The file beside a model of the interface JATIC_ONNX, version v1: images of [0, 1] stretched to a size, probabilities, and the names of the
/// classes. Keys as the readers of checkmaite, modelmaite and DataEval have them.
/// </summary>
internal static class JaticNote
{
    /// <summary>The file's usual name.</summary>
    public const string FileName = "model-metadata.json";

    /// <summary>The interface's name and version.</summary>
    public const string Interface = "JATIC_ONNX", Version = "v1";

    /// <summary>The task that is a classifier's.</summary>
    public const string Task = "IMAGE_CLASSIFICATION";

    /// <summary>The note; null where there is no such file, or it speaks of another interface.</summary>
    /// <exception cref="AuditException">It cannot be read, is of another version or task, or a value makes no sense.</exception>
    public static ModelNote? Read(string path)
    {
        if (NoteFile.Json(path) is not { } file || !file.Has("interface")
            || file.Element.GetProperty("interface").ValueKind != System.Text.Json.JsonValueKind.Object
            || file.Object("interface") is not { } named || named.Text("name") != Interface)
        {
            return null;
        }

        if (named.Text("version") != Version)
        {
            throw new AuditException($"{path}: {Interface} of version '{named.Text("version")}'; only {Version} is known.");
        }

        NoteObject io = file.Object("io") ?? throw file.Wrong("io", "there");
        if (io.Text("interface") != Task)
        {
            throw new AuditException($"{path}: the model's task is '{io.Text("interface")}', not {Task}.");
        }

        NoteObject input = io.Object("input") ?? throw io.Wrong("input", "there");
        bool isGrey = input.Text("channels")?.ToUpperInvariant() switch
        {
            null or "RGB" => false,
            "GRAYSCALE" => true,
            _ => throw input.Wrong("channels", "RGB or GRAYSCALE"),
        };
        int height = input.Integer("height", -1, 16_384) ?? -1, width = input.Integer("width", -1, 16_384) ?? -1;
        IReadOnlyList<string> classes = file.Names("index2label");
        int? count = io.Object("output")?.Integer("nClasses", 1, int.MaxValue);
        if (classes.Count > 0 && count is not null && count != classes.Count)
        {
            throw new AuditException($"{path}: 'io.output.nClasses' is {count}, but 'index2label' has {classes.Count} names.");
        }

        return new(Path.GetFileName(path))
        {
            Classes = classes,
            Channels = isGrey ? ChannelOrder.Grey : ChannelOrder.Rgb,
            Range = PixelRange.Unit,
            Input = height > 0 && width > 0 ? new InputShape(isGrey ? 1 : 3, height, width) : null,
            Stretch = height > 0 && width > 0,
        };
    }
}
