using AuditKit.Imaging;

namespace AuditKit.Models.Metadata;

/// <summary>What one source says of how a model is used. It may be wrong: a user or labelled images decide whether it is followed.</summary>
/// <param name="Source">What people call it: <c>preprocessor_config.json</c>.</param>
public sealed record ModelNote(string Source)
{
    /// <summary>Whether a run follows it by itself, where its spec leaves that open: what the file says of its own input.</summary>
    public bool IsDefault { get; init; }

    /// <summary>The classes' names in the order of the outputs; empty where it names none.</summary>
    public IReadOnlyList<string> Classes { get; init; } = [];

    /// <summary>The colours of the input's channels; null where it says nothing of them.</summary>
    public ChannelOrder? Channels { get; init; }

    /// <summary>What black and white are before a mean is subtracted; null where it says nothing of them.</summary>
    public PixelRange? Range { get; init; }

    /// <summary>Mean a channel, in <see cref="Range"/> and the model's order of channels; empty for none.</summary>
    public IReadOnlyList<double> Mean { get; init; } = [];

    /// <summary>Standard deviation a channel; empty for none.</summary>
    public IReadOnlyList<double> Std { get; init; } = [];

    /// <summary>Channels, height and width of the input; null where it says nothing of them.</summary>
    public InputShape? Input { get; init; }

    /// <summary>The length that an image's shorter side is scaled to, or both are; null for none.</summary>
    public int? Resize { get; init; }

    /// <summary>Whether the centre is cut out.</summary>
    public bool Crop { get; init; }

    /// <summary>Whether both sides are scaled, whatever the image's proportions.</summary>
    public bool Stretch { get; init; }

    /// <summary>What it asks for and AuditKit does otherwise or not at all, in sentences.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];

    /// <summary>Whether it says what becomes of pixels.</summary>
    public bool SaysPixels => Range is not null || Mean.Count > 0;

    /// <summary>Whether it says how images get the model's size.</summary>
    public bool SaysSize => Resize is not null || Crop || Stretch;

    /// <summary>Whether it says anything of use.</summary>
    internal bool SaysAnything => Classes.Count > 0 || SaysPixels || SaysSize || Channels is not null || Input is not null || Remarks.Count > 0;

    /// <summary>A model used as this says, in what it says.</summary>
    public ModelSpec Of(ModelSpec model)
    {
        ArgumentNullException.ThrowIfNull(model);
        ModelSpec pixels = SaysPixels ? model with { Range = Range ?? PixelRange.Unit, Mean = Mean, Std = Std } : model;
        ModelSpec sized = SaysSize ? pixels with { Resize = Resize, Crop = Crop, Stretch = Stretch } : pixels;
        return sized with { Channels = Channels ?? model.Channels };
    }
}
