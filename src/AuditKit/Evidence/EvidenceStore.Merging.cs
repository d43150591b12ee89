using AuditKit.Imaging;

namespace AuditKit.Evidence;

/// <content>Bringing shards of a run together.</content>
public sealed partial class EvidenceStore
{
    /// <summary>Outcomes copied in one transaction: large enough to be fast, small enough for any memory.</summary>
    private const int MergeBatch = 10_000;

    /// <summary>
    /// Copies the outcomes of another store of the same run identity (a shard) into this one. What is here already
    /// is kept, so an interrupted merge is simply done again.
    /// </summary>
    /// <exception cref="AuditException">Not a store of this run, or a damaged one.</exception>
    public void Merge(string path)
    {
        using EvidenceStore shard = OpenRead(path);
        if (shard.Identity != Identity)
        {
            throw new AuditException($"{path}: evidence of another run than {_path}; only shards of one run can be merged.");
        }

        MergeImages(shard);
        foreach (string dataset in shard.FurtherData)
        {
            Of(dataset).MergeImages(shard.Of(dataset));
        }

        foreach ((string key, string value) in shard._database.Query(
            "SELECT key, value FROM fact ORDER BY key", row => (row.GetString(0), row.GetString(1))))
        {
            if (Fact(key) is null)
            {
                WriteFact(key, value);
            }
        }
    }

    // One data set's images and outcomes.
    private void MergeImages(EvidenceStore shard)
    {
        if (shard.ImageCount > 0)
        {
            DescribeData(shard.Classes, shard.Images());
        }

        foreach (string attribute in shard.Attributes)
        {
            WriteAttribute(attribute, shard.Attribute(attribute).Index());
        }

        foreach (Condition condition in shard.Conditions)
        {
            foreach ((string key, string value) in shard.Figures(condition))
            {
                WriteFigure(condition, key, value);
            }

            foreach (Prediction[] batch in shard.Predictions(condition).Chunk(MergeBatch))
            {
                Write(condition, batch);
            }

            foreach (AttackOutcome[] batch in shard.AttackOutcomes(condition).Chunk(MergeBatch))
            {
                Write(condition, batch);
            }

            foreach (string table in new[] { "logits", "embedding" })
            {
                foreach ((int Image, float[] Vector)[] batch in shard.Vectors(table, condition).Chunk(MergeBatch))
                {
                    WriteVectors(table, condition, [.. batch.Select(row => row.Image)], batch.SelectMany(row => row.Vector).ToArray());
                }
            }

            foreach ((int image, string label, Image pixels) in shard.Examples(condition))
            {
                WriteExample(condition, image, label, pixels);
            }
        }
    }
}
