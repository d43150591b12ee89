using AuditKit.Evidence;
using AuditKit.Imaging;
using AuditKit.Models;
using AuditKit.Statistics;

namespace AuditKit.Checks.Tta;

/// <summary>
/// Shows one or several models the samples of each image and keeps the logarithm of the mean probability,
/// log (1/S)·Σ_s p(y | x̂_s, θ_s): probabilities are averaged, never logits. With several models sample s goes to model
/// s mod K, each on its own augmentation, so S is the number of model calls whatever the ensemble.
/// </summary>
internal static class TtaPass
{
    /// <summary>Stands in the logarithm for a mean probability of 0, which double precision rounds to.</summary>
    private const double Tiny = 1e-300;

    /// <summary>Measures those of the images that fall to the context's share and that the evidence does not hold yet.</summary>
    /// <param name="context">What to measure with.</param>
    /// <param name="variant">What is shown.</param>
    /// <param name="models">The models, at least one, all of one input and one set of classes.</param>
    /// <param name="images">Indices of the images.</param>
    /// <param name="keepEmbeddings">Whether the mean embedding is kept too; one model that gives some.</param>
    public static void Run(CheckContext context, TtaVariant variant, IReadOnlyList<IClassifier> models, IReadOnlyList<int> images, bool keepEmbeddings = false)
    {
        IClassifier first = models[0];
        int most = variant.Samples[^1];
        foreach (int samples in variant.Samples)
        {
            context.Share.Announce(context.Evidence, variant.Condition(samples));
        }

        bool[][] done = [.. variant.Samples.Select(samples => context.Evidence.ImagesWithLogits(variant.Condition(samples)))];
        bool[] here = context.Share.Images(context.Data.Count);
        images = [.. images.Where(image => here[image])];
        int[] left = [.. images.Where(image => !done.All(at => at[image]))];
        int batch = Math.Max(1, Math.Min(first.PreferredBatch, left.Length));
        float[] logits = new float[batch * first.Classes];
        float[] embeddings = new float[keepEmbeddings ? batch * first.EmbeddingLength : 0];
        double[] probability = new double[logits.Length], embedding = new double[embeddings.Length];
        int measured = images.Count - left.Length;
        int[][] chunks = [.. left.Chunk(batch)];
        Image[] sources = [];
        var pending = new List<(Condition Condition, float[] Logits, float[] Embeddings)>();
        // Sample by sample of a chunk of images, then of the next.
        foreach ((int step, float[] pixels) in PreparedBatches.Of(chunks.Length * most, batch * first.Input.Length, first.Device, (step, pixels) =>
        {
            (int number, int sample) = Math.DivRem(step, most);
            sources = sample == 0 ? Sources(context, variant, chunks[number]) : sources;
            Prepare(context, variant, chunks[number], sources, sample, pixels);
        }))
        {
            context.Cancellation.ThrowIfCancellationRequested();
            (int[] chunk, int samples) = (chunks[step / most], (step % most) + 1);
            if (samples == 1)
            {
                Array.Clear(probability);
                Array.Clear(embedding);
                pending.Clear();
            }

            Predict(context, models[(samples - 1) % models.Count], variant, chunk, pixels, logits, embeddings);
            Accumulate(logits, first.Classes, probability.AsSpan(0, chunk.Length * first.Classes));
            for (int i = 0; i < embedding.Length; i++)
            {
                embedding[i] += embeddings[i];
            }

            if (variant.Samples.Contains(samples))
            {
                pending.Add((
                    variant.Condition(samples),
                    [.. probability.Take(chunk.Length * first.Classes).Select(sum => (float)Math.Log(Math.Max(sum / samples, Tiny)))],
                    [.. embedding.Take(keepEmbeddings ? chunk.Length * first.EmbeddingLength : 0).Select(sum => (float)(sum / samples))]));
            }

            if (samples == most)
            {
                Write(context, chunk, pending);
                measured += chunk.Length;
                context.Progress(new CheckProgress(variant.Label, measured, images.Count));
            }
        }
    }

    private static void Write(CheckContext context, int[] images, List<(Condition Condition, float[] Logits, float[] Embeddings)> means)
    {
        foreach ((Condition condition, float[] logits, float[] embeddings) in means)
        {
            if (embeddings.Length > 0)
            {
                context.Evidence.WriteEmbeddings(condition, images, embeddings);
            }

            context.Evidence.WriteLogits(condition, images, logits);
        }
    }

    /// <summary>The images as they are before the views: read, perturbed, their shorter side scaled.</summary>
    internal static Image[] Sources(CheckContext context, TtaVariant variant, int[] images)
    {
        var sources = new Image[images.Length];
        InParallel(context, images, i =>
        {
            Image image = context.Data.Load(images[i]);
            if (variant.Stored.Length == 0 && variant.Under is { } perturbation)
            {
                image = perturbation.Apply(image, CounterRandom.For(context.Seed, $"perturbation/{perturbation.Name}", images[i]));
            }

            sources[i] = context.Transform.Scale(image);
        });
        return sources;
    }

    /// <summary>One sample of every image, as the model takes it.</summary>
    internal static void Prepare(CheckContext context, TtaVariant variant, int[] images, Image[] sources, int sample, float[] pixels)
        => InParallel(context, images, i =>
        {
            InputShape input = context.Transform.Input;
            var random = CounterRandom.For(context.Seed, $"tta/{variant.Views.Name}/{sample}", images[i]);
            context.Transform.Write(variant.Views.Make(sources[i], input, sample, random), pixels.AsSpan(i * input.Length, input.Length));
        });

    private static void InParallel(CheckContext context, int[] images, Action<int> work)
        => ParallelLoop.Run(0, images.Length, context.Threads, i =>
        {
            try
            {
                work(i);
            }
            catch (AuditException e)
            {
                throw new AuditException($"image {context.Data.Source(images[i])}: {e.Message}", e.ExitCode, e);
            }
        }, context.Cancellation);

    private static void Predict(CheckContext context, IClassifier model, TtaVariant variant, int[] images, float[] pixels, float[] logits, float[] embeddings)
    {
        int count = images.Length;
        try
        {
            model.Run(
                pixels.AsSpan(0, count * model.Input.Length),
                count,
                logits.AsSpan(0, count * model.Classes),
                embeddings.AsSpan(0, embeddings.Length == 0 ? 0 : count * model.EmbeddingLength));
        }
        catch (NotFiniteException e)
        {
            throw NotFiniteException.Of([.. e.Images.Select(i => context.Data.Source(images[i]))], count, variant.Label);
        }
        catch (AuditException e)
        {
            throw new AuditException(
                $"images {context.Data.Source(images[0])} to {context.Data.Source(images[^1])}, {variant.Label}: {e.Message}", e.ExitCode, e);
        }
    }

    // Adds softmax(logits), image by image.
    private static void Accumulate(float[] logits, int classes, Span<double> probability)
    {
        for (int start = 0; start < probability.Length; start += classes)
        {
            ReadOnlySpan<float> row = logits.AsSpan(start, classes);
            double normaliser = ClassScores.LogSumExp(row, row[Softmax.Predict(row)], 1);
            for (int k = 0; k < classes; k++)
            {
                probability[start + k] += Math.Exp(row[k] - normaliser);
            }
        }
    }
}
