using AuditKit.Data;
using AuditKit.Evidence;

namespace AuditKit.Checks;

/// <summary>
/// One of several shards. Images are dealt in the order in which attacks go through them, so that every shard has as many of the attacked ones
/// as any other.
/// </summary>
internal sealed class ShardShare(Shard shard, long seed) : Share
{
    private readonly Dictionary<int, int[]> _places = [];
    private readonly List<DataPart> _parts = [];

    /// <summary>What was read of the data sets besides the audited one.</summary>
    public IReadOnlyList<DataPart> Parts => _parts;

    /// <inheritdoc/>
    public override bool SeesAll => false;

    /// <summary>The place of each image of a data set in the order in which images are dealt, from 0.</summary>
    public IReadOnlyList<int> Places(int count)
    {
        if (!_places.TryGetValue(count, out int[]? places))
        {
            places = new int[count];
            foreach ((int place, int image) in AttackSample.Order(seed, count).Index())
            {
                places[image] = place;
            }

            _places.Add(count, places);
        }

        return places;
    }

    /// <inheritdoc/>
    public override bool[] Images(int count) => [.. Places(count).Select(shard.Holds)];

    /// <inheritdoc/>
    public override bool Holds(int place) => shard.Holds(place);

    /// <inheritdoc/>
    public override bool Owns(string work) => shard.Holds(CounterRandom.For(seed, $"shard/{work}", 0).NextInt32(shard.Count));

    /// <inheritdoc/>
    internal override void Announce(EvidenceStore evidence, Condition condition) => evidence.Announce(condition);

    /// <inheritdoc/>
    internal override FurtherData Open(CheckContext context, IDataset data, string use)
    {
        var part = DataPart.Read(FurtherDataset.Digest(data, use), data, shard, Places(data.Count), context.Threads, context.Cancellation);
        _parts.Add(part);
        context.Inputs.Add(data, part, context.Threads);
        EvidenceStore evidence = context.Evidence.Of(part.Dataset);
        evidence.CountData(context.Data.Classes, data.Count);
        return new FurtherData(evidence, null);
    }
}
