using AuditKit.Evidence;
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
        if (images.All(image => done[image]) || !context.Share.Owns(variant.Work))
        {
            return;
        }

        using IAdaptedModel model = context.Models.OpenAdapted(context.Audited, adaptation);
        // What carries over has to see the batches of before the interruption again.
        int[][] batches = [.. Batches(images, variant.Batch, context.Seed).Where(batch => adaptation.CarriesOver || !batch.All(image => done[image]))];
        int measured = images.Count - batches.Sum(batch => batch.Length);
        int largest = batches.Max(batch => batch.Length);
        foreach ((int number, float[] pixels) in PreparedBatches.Of(
            batches.Length, largest * model.Input.Length, context.Model.Device, (number, pixels) => TtaPass.Prepare(
                context, variant, batches[number], TtaPass.Sources(context, variant, batches[number]), 0, pixels)))
        {
            context.Cancellation.ThrowIfCancellationRequested();
            int[] batch = batches[number];
            float[] logits = Predict(context, variant, model, batch, pixels);
            if (!batch.All(image => done[image]))
            {
                context.Evidence.WriteLogits(condition, batch, logits);
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

    private static float[] Predict(CheckContext context, TtaVariant variant, IAdaptedModel model, int[] batch, float[] pixels)
    {
        float[] logits = new float[batch.Length * model.Classes];
        try
        {
            model.Run(pixels.AsSpan(0, batch.Length * model.Input.Length), batch.Length, logits);
            return logits;
        }
        catch (NotFiniteException e)
        {
            throw NotFiniteException.Of([.. e.Images.Select(i => context.Data.Source(batch[i]))], batch.Length, variant.Label);
        }
    }
}
