using AuditKit.Data;
using AuditKit.Evidence;

namespace AuditKit.Checks;

/// <summary>One of several shards: it measures what <see cref="Deal"/> gives it.</summary>
/// <param name="shard">The shard.</param>
/// <param name="deal">Which of them does what.</param>
/// <param name="seed">The audit's seed.</param>
internal sealed class ShardShare(Shard shard, Deal deal, long seed) : Share
{
    private readonly Dictionary<int, DealtImages> _dealt = [];
    private readonly List<DataPart> _parts = [];

    /// <summary>What was read of the data sets besides the audited one.</summary>
    public IReadOnlyList<DataPart> Parts => _parts;

    /// <inheritdoc/>
    public override bool SeesAll => false;

    /// <inheritdoc/>
    public override bool[] Images(int count) => [.. Dealt(count).Owners.Select(shard.Is)];

    /// <summary>What the shard reads of a data set: which images it measures, and which it shows the model besides.</summary>
    /// <param name="count">Number of images.</param>
    public DealtImages Dealt(int count)
    {
        if (!_dealt.TryGetValue(count, out DealtImages dealt))
        {
            _dealt.Add(count, dealt = new DealtImages(deal.Owners(seed, count), deal.Shown(shard, seed, count)));
        }

        return dealt;
    }

    /// <inheritdoc/>
    public override bool Holds(int place) => shard.Is(deal.Owner(place));

    /// <inheritdoc/>
    public override bool Owns(string work) => shard.Is(deal.Owner(work));

    /// <inheritdoc/>
    internal override void Announce(EvidenceStore evidence, Condition condition) => evidence.Announce(condition);

    /// <inheritdoc/>
    internal override FurtherData Open(CheckContext context, IDataset data, string use)
    {
        DataPart part = Read(context, data, use);
        EvidenceStore evidence = context.Evidence.Of(part.Dataset);
        evidence.CountData(context.Data.Classes, data.Count);
        return new FurtherData(evidence, null, () => RequireUnchanged(context, data, part));
    }

    /// <inheritdoc/>
    internal override StandIn StandIn(CheckContext context, IDataset images, string use)
    {
        DataPart part = Read(context, images, use);
        return new StandIn(part.Dataset, null, images, () => RequireUnchanged(context, images, part));
    }

    private DataPart Read(CheckContext context, IDataset data, string use)
    {
        var part = DataPart.Read(FurtherDataset.Digest(data, use), data, shard, Dealt(data.Count), context.Threads, context.Cancellation);
        RequireSame(context.Evidence, data, part);
        _parts.Add(part);
        context.Inputs.Add(data, part, context.Threads);
        return part;
    }

    private static void RequireUnchanged(CheckContext context, IDataset data, DataPart part)
    {
        if (part.Changed(data, context.Threads, context.Cancellation) is { } image)
        {
            // Not even when the first version is put back may a run go on with outcomes of two.
            context.Evidence.Spoil();
            throw InputFiles.Replaced($"{data.Name}, {image}");
        }
    }

    // The data set's name in a shard says nothing of its contents, which no shard knows all of.
    private static void RequireSame(EvidenceStore evidence, IDataset data, DataPart part)
    {
        string key = $"{EvidenceStore.Begun}part/{part.Dataset}";
        string? known = evidence.Record(key);
        if (known is not null && known != part.Digest)
        {
            throw new AuditException($"{data.Name} is not what it was when this shard was begun. Run it again with --resume false.", ExitCode.Error);
        }

        evidence.WriteRecord(key, part.Digest);
    }
}
