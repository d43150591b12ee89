using AuditKit.Yaml;

namespace AuditKit.Models;

/// <summary>The values that black and white have in a model's input, before a mean is subtracted.</summary>
public enum PixelRange
{
    /// <summary>0 and 1.</summary>
    Unit,

    /// <summary>0 and 255.</summary>
    Bytes,

    /// <summary>−1 and 1.</summary>
    Signed,
}

/// <summary>How specs write a <see cref="PixelRange"/>, and what it does to pixels.</summary>
internal static class PixelRanges
{
    /// <summary>The key of the <c>model:</c> block; absent, bytes for an input of bytes and unit for all others.</summary>
    public static readonly ChoiceKey<PixelRange?> Key = new(
        "range",
        "What the input's black and white are: unit 0 and 1, bytes 0 and 255, signed -1 and 1; mean and std are in it",
        new Dictionary<string, PixelRange?> { ["unit"] = PixelRange.Unit, ["bytes"] = PixelRange.Bytes, ["signed"] = PixelRange.Signed },
        null)
    { Example = "bytes" };

    /// <summary>From a pixel x in [0, 1] to the range: x · Scale + Black.</summary>
    public static (float Scale, float Black) Map(this PixelRange range) => range switch
    {
        PixelRange.Bytes => (255, 0),
        PixelRange.Signed => (2, -1),
        _ => (1, 0),
    };

    /// <summary>The largest absolute value in the range.</summary>
    public static double Largest(this PixelRange range) => range == PixelRange.Bytes ? 255 : 1;

    /// <summary>Its bounds, as reports write them.</summary>
    public static string Text(this PixelRange range) => range switch
    {
        PixelRange.Bytes => "[0, 255]",
        PixelRange.Signed => "[−1, 1]",
        _ => "[0, 1]",
    };
}
