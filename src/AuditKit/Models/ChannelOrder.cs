using AuditKit.Yaml;

namespace AuditKit.Models;

/// <summary>Which colour each channel of a model's input is.</summary>
public enum ChannelOrder
{
    /// <summary>Red, green, blue; for a model of one channel, grey images alone.</summary>
    Rgb,

    /// <summary>Blue, green, red, as OpenCV and Caffe read images.</summary>
    Bgr,

    /// <summary>Grey: colour images are turned to their luma (ITU-R BT.601, as Pillow does), once for each channel.</summary>
    Grey,
}

/// <summary>How specs write a <see cref="ChannelOrder"/>.</summary>
internal static class ChannelOrders
{
    /// <summary>The key of the <c>model:</c> block; absent, the model's own notes say it, or it is RGB.</summary>
    public static readonly ChoiceKey<ChannelOrder?> Key = new(
        "channels",
        "The colours of the input's channels, in order; grey turns colour images to grey",
        new Dictionary<string, ChannelOrder?> { ["rgb"] = ChannelOrder.Rgb, ["bgr"] = ChannelOrder.Bgr, ["grey"] = ChannelOrder.Grey },
        null)
    { Example = "grey" };
}
