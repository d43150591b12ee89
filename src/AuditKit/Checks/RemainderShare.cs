using AuditKit.Data;
using AuditKit.Evidence;

namespace AuditKit.Checks;

/// <summary>
/// What is left when shards have been brought together: none of the dealt images, but everything that is made of all of them. An image that no shard has
/// measured stays unmeasured, and the check that misses it says so.
/// </summary>
/// <param name="parts">What the shards have read of a data set besides the audited one, by its name in their evidence.</param>
internal sealed class RemainderShare(Func<string, IDataset, DataParts> parts) : Share
{
    /// <inheritdoc/>
    public override bool SeesAll => true;

    /// <inheritdoc/>
    public override bool[] Images(int count) => new bool[count];

    /// <inheritdoc/>
    public override bool Holds(int place) => false;

    /// <inheritdoc/>
    public override bool Owns(string work) => false;

    /// <inheritdoc/>
    internal override FurtherData Open(CheckContext context, IDataset data, string use)
    {
        string provisional = FurtherDataset.Digest(data, use);
        DataParts read = parts(provisional, data);
        string sha256 = read.Fingerprint().Sha256;
        string name = FurtherDataset.Digest(data, sha256);
        EvidenceStore evidence = context.Evidence.Of(provisional).Renamed(name);
        FurtherDataset.Describe(evidence, context.Data.Classes, data);
        return new FurtherData(evidence, new FurtherDataset(name, sha256, read.SeveralFrames), () => { });
    }

    /// <inheritdoc/>
    internal override StandIn StandIn(CheckContext context, IDataset images, string use)
    {
        string provisional = FurtherDataset.Digest(images, use);
        DataParts read = parts(provisional, images);
        return new StandIn(read.Fingerprint().Sha256, provisional, new ComparedDataset(images, read), () => { });
    }
}
