using AuditKit.Yaml;

namespace AuditKit.Models;

/// <summary>In which order a model's input holds the samples of an image. Whether they stand in one row, its shape says.</summary>
public enum InputLayout
{
    /// <summary>N×C×H×W: one channel after the other.</summary>
    ChannelsFirst,

    /// <summary>N×H×W×C: one pixel after the other.</summary>
    ChannelsLast,
}

/// <summary>How specs write an <see cref="InputLayout"/>.</summary>
internal static class InputLayouts
{
    /// <summary>The key of the <c>model:</c> block; absent, the input's shape says it.</summary>
    public static readonly ChoiceKey<InputLayout?> Key = new(
        "layout",
        "The order of the input's samples, where its shape leaves it open",
        new Dictionary<string, InputLayout?> { ["nchw"] = InputLayout.ChannelsFirst, ["nhwc"] = InputLayout.ChannelsLast },
        null);
}
