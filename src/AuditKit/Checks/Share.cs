using AuditKit.Data;
using AuditKit.Evidence;

namespace AuditKit.Checks;

/// <summary>
/// What of an audit is measured by this process: all of it, one of several shards, or what is left when the shards of other machines have been
/// brought together.
/// </summary>
public abstract class Share
{
    /// <summary>All of it.</summary>
    public static Share Whole { get; } = new WholeShare();

    /// <summary>
    /// Whether the evidence has what all shards measure once a check's images are done: only then is anything made of all of it, such as a choice
    /// of examples.
    /// </summary>
    public abstract bool SeesAll { get; }

    /// <summary>Which images of a data set are measured here, by index.</summary>
    /// <param name="count">Number of images.</param>
    public abstract bool[] Images(int count);

    /// <summary>Whether something falls to this share where things other than a data set's images are dealt in turn.</summary>
    /// <param name="place">Its place in the order of dealing, from 0.</param>
    public abstract bool Holds(int place);

    /// <summary>Whether work that cannot be divided is done here.</summary>
    /// <param name="work">What tells it from other such work of the audit.</param>
    public abstract bool Owns(string work);

    /// <summary>Says in the evidence that a condition comes next, so that conditions have one order whatever is measured where.</summary>
    internal virtual void Announce(EvidenceStore evidence, Condition condition)
    {
    }

    /// <summary>Brings a data set besides the audited one into the evidence, and its files among those that must not change.</summary>
    /// <param name="context">The check under way.</param>
    /// <param name="data">The data set.</param>
    /// <param name="use">What the audit has it for, which tells it from another use of the same images.</param>
    internal abstract FurtherData Open(CheckContext context, IDataset data, string use);

    /// <summary>Says which images of a stored set stand in for the audited ones, and brings their files among those that must not change.</summary>
    /// <param name="context">The check under way.</param>
    /// <param name="images">The images, as many as the audited ones.</param>
    /// <param name="use">What the audit has them for, which tells them from another use of the same images.</param>
    internal abstract StandIn StandIn(CheckContext context, IDataset images, string use);

    private sealed class WholeShare : Share
    {
        public override bool SeesAll => true;

        public override bool[] Images(int count)
        {
            bool[] all = new bool[count];
            Array.Fill(all, true);
            return all;
        }

        public override bool Holds(int place) => true;

        public override bool Owns(string work) => true;

        internal override FurtherData Open(CheckContext context, IDataset data, string use)
        {
            DatasetFingerprint fingerprint = context.Inputs.Fingerprint(data, context.Threads, context.Cancellation);
            string name = FurtherDataset.Digest(data, fingerprint.Sha256);
            EvidenceStore evidence = context.Evidence.Of(name);
            FurtherDataset.Describe(evidence, context.Data.Classes, data);
            return new FurtherData(evidence, new FurtherDataset(name, fingerprint.Sha256, FrameCount.Of(data, context.Threads, context.Cancellation)), () => { });
        }

        internal override StandIn StandIn(CheckContext context, IDataset images, string use)
            => new(context.Inputs.Fingerprint(images, context.Threads, context.Cancellation).Sha256, null, images, () => { });
    }
}

/// <summary>A data set besides the audited one in the evidence.</summary>
/// <param name="Evidence">The part of the evidence that is about it.</param>
/// <param name="Identity">What it is; null in a shard, which has read a part of it.</param>
/// <param name="RequireUnchanged">Reads its images again once they have been measured, where their files are not read again at the run's end.</param>
internal readonly record struct FurtherData(EvidenceStore Evidence, FurtherDataset? Identity, Action RequireUnchanged);

/// <summary>Images of a stored set that stand in for the audited ones.</summary>
/// <param name="Identity">What tells them from others: SHA-256 over their files, in a shard a digest of their list.</param>
/// <param name="InShards">What the evidence of shards calls them, where these have been brought together; else null.</param>
/// <param name="Images">The images; where shards have measured them, each that is loaded has to be what they have read.</param>
/// <param name="RequireUnchanged">Reads them again once they have been measured, where their files are not read again at the run's end.</param>
internal readonly record struct StandIn(string Identity, string? InShards, IDataset Images, Action RequireUnchanged);
