using System.Globalization;

namespace AuditKit.Models.Metadata;

/// <summary>What Ultralytics' exporter writes into an ONNX file: names of the classes, the size of images, and the task.</summary>
internal static class UltralyticsNote
{
    /// <summary>The note; null where the file was not exported by it.</summary>
    /// <exception cref="AuditException">The names or the size make no sense.</exception>
    public static ModelNote? Of(Onnx.Graph graph)
    {
        if (!graph.Metadata.TryGetValue("names", out string? names))
        {
            return null;
        }

        var note = new ModelNote("the file's own note 'names'") { Classes = new PythonNames($"{graph.Source}: the note 'names'", names).Read() };
        return graph.Metadata.GetValueOrDefault("task") != "classify" || Size(graph) is not { } size ? note
            // As its classifiers see images: pixels / 255, the shorter side scaled to the size, the centre cut out.
            : note with { Range = PixelRange.Unit, Input = new(3, size, size), Resize = size, Crop = true };
    }

    private static int? Size(Onnx.Graph graph)
    {
        if (!graph.Metadata.TryGetValue("imgsz", out string? text))
        {
            return null;
        }

        int[] sides = [.. text.Trim('[', ']', '(', ')', ' ').Split(',').Select(side =>
            int.TryParse(side, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out int pixels) ? pixels : 0)];
        return sides.Length is 1 or 2 && sides.All(side => side is >= 1 and <= 16_384) ? sides.Distinct().Count() == 1 ? sides[0] : null
            : throw new AuditException($"{graph.Source}: the note 'imgsz' is no size such as [224, 224].");
    }
}
