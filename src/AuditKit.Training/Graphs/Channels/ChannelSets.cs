namespace AuditKit.Training.Graphs.Channels;

/// <summary>
/// The channels of a network, of which some are found to be one and the same: a disjoint-set forest. Whether a channel goes is
/// decided for all values that have it.
/// </summary>
internal sealed class ChannelSets
{
    private readonly List<int> _parents = [];
    private readonly HashSet<int> _kept = [];

    /// <summary>Adds channels that are none of those known so far.</summary>
    public int[] Add(int count)
    {
        int first = _parents.Count;
        _parents.AddRange(Enumerable.Range(first, count));
        return [.. Enumerable.Range(first, count)];
    }

    /// <summary>The one channel that stands for all that are the same.</summary>
    public int Find(int channel)
    {
        while (_parents[channel] != channel)
        {
            _parents[channel] = _parents[_parents[channel]];
            channel = _parents[channel];
        }

        return channel;
    }

    /// <summary>Makes two channels one.</summary>
    public void Join(int one, int other) => _parents[Find(one)] = Find(other);

    /// <summary>Says that a channel has to stay.</summary>
    public void Keep(int channel) => _kept.Add(channel);

    /// <summary>The channels, as <see cref="Find"/> gives them, that have to stay.</summary>
    public HashSet<int> Kept() => [.. _kept.Select(Find)];

    /// <summary>All channels, each once.</summary>
    public HashSet<int> All() => [.. Enumerable.Range(0, _parents.Count).Select(Find)];
}
