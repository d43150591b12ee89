using AuditKit.Imaging;

namespace AuditKit.Models;

/// <summary>How a model file is used as a classifier: what the file itself does not say.</summary>
public sealed record ClassifierOptions
{
    /// <summary>The shape of one image; needed where the file leaves height or width open, otherwise it must agree.</summary>
    public InputShape? Input { get; init; }

    /// <summary>
    /// The mean that the model was trained with, in pixels of [0, 1]: one for all channels or one a channel. Empty
    /// is 0.
    /// </summary>
    public IReadOnlyList<float> Mean { get; init; } = [];

    /// <summary>The standard deviation that the model was trained with, in the same form. Empty is 1.</summary>
    public IReadOnlyList<float> StandardDeviation { get; init; } = [];

    /// <summary>
    /// The value of the graph that is the embedding. Where none is named it is the input of the last fully connected
    /// layer, if there is one.
    /// </summary>
    public string? Embedding { get; init; }

    /// <summary>Threads that the engine computes with, at least 1.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Where the engine computes.</summary>
    public Device Device { get; init; }
}
