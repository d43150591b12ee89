namespace AuditKit.Training.Graphs.Channels;

/// <summary>What is known of the channels of a value: N×C×spatial, or N×(C·n) once it is flattened.</summary>
/// <param name="Channels">
/// The channel of the network that each of the C is. Values that must have the same channels, such as both sides of an addition, share them.
/// </param>
/// <param name="Constants">What each holds everywhere in every image; null where that depends on the image or the place.</param>
/// <param name="Rank">Number of dimensions, the batch's included.</param>
/// <param name="Repeat">Places of a channel in a flattened value, one after the other; else 1.</param>
internal sealed record ChannelValue(IReadOnlyList<int> Channels, IReadOnlyList<double?> Constants, int Rank, int Repeat = 1)
{
    /// <summary>Number of channels.</summary>
    public int Count => Channels.Count;

    /// <summary>The same channels holding something else.</summary>
    public ChannelValue With(Func<double, int, double?> constant)
        => this with { Constants = [.. Constants.Select((value, i) => value is { } number ? constant(number, i) : null)] };
}
