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
    /// <param name="shown">
    /// At least one variant, each with the models that take turns in it, all of one input and one set of classes. The variants are of images in one
    /// state, which are read and perturbed once for all of them.
    /// </param>
    /// <param name="images">Indices of the images.</param>
    /// <param name="keepEmbeddings">Whether the mean embedding is kept too; one model that gives some.</param>
    public static void Run(
        CheckContext context, IReadOnlyList<(TtaVariant Variant, IReadOnlyList<IClassifier> Models)> shown, IReadOnlyList<int> images,
        bool keepEmbeddings = false)
    {
        (TtaVariant state, IClassifier first) = (shown[0].Variant, shown[0].Models[0]);
        bool[] here = context.Share.Images(context.Data.Count);
        images = [.. images.Where(image => here[image])];
        bool[][] done = [.. shown.Select(each => Done(context, each.Variant))];
        int[] left = [.. images.Where(image => !done.All(of => of[image]))];
        int batch = Math.Max(1, Math.Min(first.PreferredBatch, left.Length));
        float[] logits = new float[batch * first.Classes];
        float[] embeddings = new float[keepEmbeddings ? batch * first.EmbeddingLength : 0];
        double[] probability = new double[logits.Length], embedding = new double[embeddings.Length];
        // Of a chunk of images variant by variant, and of a variant sample by sample; then of the next chunk.
        (int[] Chunk, int Variant, int[] Images, int Sample)[] steps =
        [
            .. from chunk in left.Chunk(batch)
               from variant in Enumerable.Range(0, shown.Count)
               let missing = Array.Exists(chunk, image => done[variant][image]) ? [.. chunk.Where(image => !done[variant][image])] : chunk
               where missing.Length > 0
               from sample in Enumerable.Range(0, shown[variant].Variant.Samples[^1])
               select (chunk, variant, missing, sample),
        ];
        string label = shown.Count == 1 ? state.Label : $"{shown.Count} variants{(state.Under is null ? "" : $" under {state.Under.Name}")}";
        (long measured, long all) = (done.Sum(of => (long)images.Count(image => of[image])), (long)images.Count * shown.Count);
        (int[]? made, Dictionary<int, Image> sources) = (null, []);
        var pending = new List<(Condition Condition, float[] Logits, float[] Embeddings)>();
        foreach ((int number, float[] pixels) in PreparedBatches.Of(steps.Length, batch * first.Input.Length, first.Device, (number, pixels) =>
        {
            (int[] chunk, int variant, int[] missing, int sample) = steps[number];
            (made, sources) = made == chunk ? (made, sources) : (chunk, chunk.Zip(Sources(context, state, chunk)).ToDictionary());
            Prepare(context, shown[variant].Variant, missing, [.. missing.Select(image => sources[image])], sample, pixels);
        }))
        {
            context.Cancellation.ThrowIfCancellationRequested();
            ((_, int of, int[] missing, int sample), int samples) = (steps[number], steps[number].Sample + 1);
            (TtaVariant variant, IReadOnlyList<IClassifier> models) = shown[of];
            if (samples == 1)
            {
                Array.Clear(probability);
                Array.Clear(embedding);
                pending.Clear();
            }

            Predict(context, models[sample % models.Count], variant, missing, pixels, logits, embeddings);
            Accumulate(logits, first.Classes, probability.AsSpan(0, missing.Length * first.Classes));
            for (int i = 0; i < embedding.Length; i++)
            {
                embedding[i] += embeddings[i];
            }

            if (variant.Samples.Contains(samples))
            {
                pending.Add((
                    variant.Condition(samples),
                    [.. probability.Take(missing.Length * first.Classes).Select(sum => (float)Math.Log(Math.Max(sum / samples, Tiny)))],
                    [.. embedding.Take(keepEmbeddings ? missing.Length * first.EmbeddingLength : 0).Select(sum => (float)(sum / samples))]));
            }

            if (samples == variant.Samples[^1])
            {
                Write(context, missing, pending);
                measured += missing.Length;
                context.Progress(new CheckProgress(label, measured, all));
            }
        }
    }

    // For each image whether the evidence holds it at every number of samples.
    private static bool[] Done(CheckContext context, TtaVariant variant)
    {
        bool[][] at = [.. variant.Samples.Select(samples =>
        {
            context.Share.Announce(context.Evidence, variant.Condition(samples));
            return context.Evidence.ImagesWithLogits(variant.Condition(samples));
        })];
        return [.. Enumerable.Range(0, context.Data.Count).Select(image => Array.TrueForAll(at, done => done[image]))];
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
