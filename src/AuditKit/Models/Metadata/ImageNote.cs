using AuditKit.Models.Onnx;

namespace AuditKit.Models.Metadata;

/// <summary>
/// The notes on images that ONNX itself defines (docs/MetadataProps.md), as Windows ML and Azure Custom Vision write them. They hold for the
/// input as the file has it, so they are the default of a spec's <c>channels</c> and <c>range</c>.
/// </summary>
internal static class ImageNote
{
    /// <summary>What the keys of such notes begin with.</summary>
    public const string Prefix = "Image.";

    private static readonly Dictionary<string, ChannelOrder> s_formats = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Gray8"] = ChannelOrder.Grey,
        ["Rgb8"] = ChannelOrder.Rgb,
        ["Bgr8"] = ChannelOrder.Bgr,
        ["Rgba8"] = ChannelOrder.Rgb,
        ["Bgra8"] = ChannelOrder.Bgr,
    };

    private static readonly Dictionary<string, PixelRange> s_ranges = new(StringComparer.OrdinalIgnoreCase)
    {
        ["NominalRange_0_255"] = PixelRange.Bytes,
        ["Normalized_0_1"] = PixelRange.Unit,
        ["Normalized_1_1"] = PixelRange.Signed,
    };

    /// <summary>The note; one that says nothing where the file has none. What is no known value is a remark.</summary>
    public static ModelNote Of(Graph graph)
    {
        List<string> remarks = [];
        ChannelOrder? channels = Find("Image.BitmapPixelFormat", s_formats);
        if (channels == ChannelOrder.Bgr && !MayHaveColours(graph))
        {
            remarks.Add($"{graph.Source}: the note 'Image.BitmapPixelFormat' asks for blue, green and red, but the input has one channel.");
            channels = null;
        }

        if (Value("Image.ColorSpaceGamma") is { } gamma && !gamma.Equals("SRGB", StringComparison.OrdinalIgnoreCase))
        {
            remarks.Add($"{graph.Source}: the note 'Image.ColorSpaceGamma' asks for {gamma}, but pixels are given as image files have them, in sRGB.");
        }

        return new("the file's own notes 'Image.…'")
        {
            IsDefault = true,
            Channels = channels,
            Range = Find("Image.NominalPixelRange", s_ranges),
            Remarks = remarks,
        };

        T? Find<T>(string key, Dictionary<string, T> known)
            where T : struct
        {
            if (Value(key) is not { } text)
            {
                return null;
            }

            if (known.TryGetValue(text, out T value))
            {
                return value;
            }

            remarks.Add($"{graph.Source}: the note '{key}' is '{text}', which is not one of {string.Join(", ", known.Keys)}; it is not followed.");
            return null;
        }

        string? Value(string key) => graph.Metadata.FirstOrDefault(note => note.Key.Equals(key, StringComparison.OrdinalIgnoreCase)).Value?.Trim();
    }

    private static bool MayHaveColours(Graph graph)
        => graph.RequiredInputs.FirstOrDefault()?.Shape is not { } shape || shape.Count != 4 || shape.Skip(1).Any(side => side.Size is null or 3);
}
