using AuditKit.Checks;
using AuditKit.Evidence;

namespace AuditKit.Run;

/// <summary>
/// What the model answers to some images that every shard shows it, and shows it again whenever it goes on: two engines whose answers
/// differ in a bit are noticed, be they those of two shards or those of one that was begun elsewhere.
/// </summary>
internal static class CommonAnswers
{
    /// <summary>The most images that are shown.</summary>
    public const int Most = 64;

    // Beside the evidence of the audit, which may not ask for answers to images as they are; a merge takes it away.
    private const string Dataset = "common images";

    /// <summary>Shows the images, and holds the answers against those that are there already.</summary>
    /// <param name="context">The shard under way.</param>
    /// <exception cref="AuditException">An answer differs from the one that the shard was begun with.</exception>
    public static void Write(CheckContext context)
    {
        EvidenceStore evidence = context.Evidence.Of(Dataset);
        evidence.CountData(context.Data.Classes, context.Data.Count);
        var known = evidence.Logits(Condition.Clean).ToDictionary(row => row.Image, row => row.Logits);
        float[] pixels = new float[context.Model.Input.Length], logits = new float[context.Model.Classes];
        foreach (int image in AttackSample.Order(context.Seed, context.Data.Count).Take(Most))
        {
            context.Cancellation.ThrowIfCancellationRequested();
            try
            {
                InputImage.Load(context.Data, context.Transform, image, pixels);
                context.Model.Run(pixels, 1, logits, []);
            }
            catch (AuditException)
            {
                // The checks of the shard that it falls to say it; an image that only this machine cannot answer is missed by the merge.
                continue;
            }

            if (!known.TryGetValue(image, out float[]? before))
            {
                evidence.WriteLogits(Condition.Clean, [image], logits);
            }
            else if (!before.AsSpan().SequenceEqual(logits))
            {
                throw new AuditException($"image {context.Data.Source(image)} is answered otherwise here than where this shard was begun: the engines differ. "
                    + "Go on on such a machine as that, or begin again with --resume false.", ExitCode.Error);
            }
        }
    }

    /// <summary>How many of the images a shard has answered.</summary>
    public static int Count(EvidenceStore evidence) => evidence.Of(Dataset).Logits(Condition.Clean).Count();
}
