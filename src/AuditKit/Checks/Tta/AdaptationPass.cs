using AuditKit.Evidence;
using AuditKit.Imaging;
using AuditKit.Models;

namespace AuditKit.Checks.Tta;

/// <summary>
/// Shows a copy of the audited model, which adapts itself, the images in batches that the seed draws. What is said of an image depends on
/// its batch, so batches are fixed before anything is measured and have nothing to do with those that an engine prefers.
/// </summary>
internal static class AdaptationPass
{
    /// <summary>Measures the images that the evidence does not hold yet.</summary>
    /// <param name="context">What to measure with.</param>
    /// <param name="variant">An adaptation.</param>
    /// <param name="images">Indices of the images.</param>
    public static void Run(CheckContext context, TtaVariant variant, IReadOnlyList<int> images)
    {
        Adaptation adaptation = variant.Adaptation!;
        Condition condition = variant.Condition(1);
        context.Share.Announce(context.Evidence, condition);
        bool[] done = context.Evidence.ImagesWithLogits(condition);
        // Batches have images of all shards, and what carries over goes through all of them.
        if (images.All(image => done[image]) || !context.Share.Owns($"tta/{variant.Label}"))
        {
            return;
        }

        using IAdaptedModel model = context.Models.OpenAdapted(context.Audited, adaptation);
        int measured = 0;
        foreach (int[] batch in Batches(images, variant.Batch, context.Seed))
        {
            context.Cancellation.ThrowIfCancellationRequested();
            bool known = batch.All(image => done[image]);
            // What carries over has to see the batches of before the interruption again.
            if (!known || adaptation.CarriesOver)
            {
                float[] logits = Predict(context, variant, model, batch);
                if (!known)
                {
                    context.Evidence.WriteLogits(condition, batch, logits);
                }
            }

            measured += batch.Length;
            context.Progress(new CheckProgress(variant.Label, measured, images.Count));
        }
    }

    /// <summary>The images in an order that the seed draws, divided as evenly as can be into batches of at most the size given.</summary>
    internal static IEnumerable<int[]> Batches(IReadOnlyList<int> images, int size, long seed)
    {
        int[] order = [.. images];
        CounterRandom.For(seed, "tta/adaptation", 0).Shuffle(order);
        int batches = (order.Length + size - 1) / size;
        return Enumerable.Range(0, batches).Select(b => order[(int)((long)b * order.Length / batches)..(int)((b + 1L) * order.Length / batches)]);
    }

    private static float[] Predict(CheckContext context, TtaVariant variant, IAdaptedModel model, int[] batch)
    {
        Image[] sources = TtaPass.Sources(context, variant, batch);
        float[] pixels = new float[batch.Length * model.Input.Length];
        TtaPass.Prepare(context, variant, batch, sources, 0, pixels);
        float[] logits = new float[batch.Length * model.Classes];
        try
        {
            model.Run(pixels, batch.Length, logits);
            return logits;
        }
        catch (NotFiniteException e)
        {
            throw NotFiniteException.Of([.. e.Images.Select(i => context.Data.Source(batch[i]))], batch.Length, variant.Label);
        }
    }
}
