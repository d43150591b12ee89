using AuditKit.Imaging;

namespace AuditKit.Models;

/// <summary>How a model file is used as a classifier: what the file itself does not say.</summary>
public sealed record ClassifierOptions
{
    /// <summary>The shape of one image; needed where the file leaves height or width open, otherwise it must agree.</summary>
    public InputShape? Input { get; init; }

    /// <summary>The order of the input's samples; null for what its shape says.</summary>
    public InputLayout? Layout { get; init; }

    /// <summary>The colours of the input's channels; null is RGB.</summary>
    public ChannelOrder? Channels { get; init; }

    /// <summary>What the input's black and white are; null for 0 and 255 in an input of bytes, and 0 and 1 in all others.</summary>
    public PixelRange? Range { get; init; }

    /// <summary>
    /// The mean that the model was trained with, in <see cref="Range"/>: one for all channels or one a channel, in the input's
    /// own order. Empty is 0.
    /// </summary>
    public IReadOnlyList<float> Mean { get; init; } = [];

    /// <summary>The standard deviation that the model was trained with, in the same form. Empty is 1.</summary>
    public IReadOnlyList<float> StandardDeviation { get; init; } = [];

    /// <summary>The value of the graph that holds the classes' scores; null for the output that can only be it.</summary>
    public string? Output { get; init; }

    /// <summary>What the output's numbers are; null for what the graph or the numbers themselves say.</summary>
    public Activation? Activation { get; init; }

    /// <summary>
    /// The value of the graph that is the embedding. Where none is named it is the input of the last fully connected
    /// layer, if there is one.
    /// </summary>
    public string? Embedding { get; init; }

    /// <summary>Threads that the engine computes with, at least 1.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Where the engine computes.</summary>
    public Device Device { get; init; }

    /// <summary>What is done to pixels before the model sees them.</summary>
    /// <param name="input">The shape of one image.</param>
    /// <param name="range">What the model's black and white are, where <see cref="Range"/> does not say it.</param>
    /// <exception cref="AuditException">Mean, standard deviation or channels do not fit it.</exception>
    public Normalisation Normalisation(InputShape input, PixelRange range = PixelRange.Unit)
        => new(input, Mean, StandardDeviation, Range ?? range, Channels ?? ChannelOrder.Rgb);
}
