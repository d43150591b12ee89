using System.Collections.Concurrent;
using AuditKit.Data;
using AuditKit.Imaging;
using AuditKit.Models;

namespace AuditKit.Training.Loop;

/// <summary>One batch, ready for the network.</summary>
/// <param name="Pixels">n×C×H×W floats in [0, 1].</param>
/// <param name="Labels">n classes.</param>
/// <param name="Groups">n groups.</param>
public sealed record Batch(float[] Pixels, long[] Labels, int[] Groups)
{
    /// <summary>Images n.</summary>
    public int Count => Labels.Length;
}

/// <summary>Some images of a data set with their groups, read and augmented in the background, a few batches ahead.</summary>
/// <param name="data">The data set.</param>
/// <param name="transform">From its images to the network's input.</param>
/// <param name="images">Which of its images, by index.</param>
/// <param name="groups">The group of every image of the data set, by index.</param>
public sealed class TrainingSet(IDataset data, InputTransform transform, IReadOnlyList<int> images, IReadOnlyList<int> groups)
{
    private const int BatchesAhead = 4;

    /// <summary>The shape of one image.</summary>
    public InputShape Input => transform.Input;

    /// <summary>Number of images.</summary>
    public int Count => images.Count;

    /// <summary>The classes of the images, in order.</summary>
    public IReadOnlyList<int> Classes { get; } = [.. images.Select(data.Label)];

    /// <summary>The groups of the images, in order.</summary>
    public IReadOnlyList<int> Groups { get; } = [.. images.Select(image => groups[image])];

    /// <summary>The images in the order given, in batches.</summary>
    /// <param name="order">Positions in this set.</param>
    /// <param name="size">Images in a batch.</param>
    /// <param name="keepLast">Whether the last, smaller batch is given too.</param>
    /// <param name="augmentation">Random changes; null for none.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="epoch">The epoch, which other draws belong to.</param>
    /// <exception cref="AuditException">An image cannot be read.</exception>
    public IEnumerable<Batch> Batches(
        IReadOnlyList<int> order, int size, bool keepLast, Augmentation? augmentation, long seed, int epoch)
    {
        using var ahead = new BlockingCollection<Batch>(BatchesAhead);
        using var stop = new CancellationTokenSource();
        Task producer = Task.Factory.StartNew(Produce, stop.Token, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            foreach (Batch batch in ahead.GetConsumingEnumerable())
            {
                yield return batch;
            }

            producer.GetAwaiter().GetResult();
        }
        finally
        {
            stop.Cancel();
            ((IAsyncResult)producer).AsyncWaitHandle.WaitOne();
        }

        void Produce()
        {
            try
            {
                for (int start = 0; start < order.Count && (keepLast || start + size <= order.Count); start += size)
                {
                    int first = start;
                    int count = Math.Min(size, order.Count - start);
                    ahead.Add(Load(position => order[first + position], count, first), stop.Token);
                }
            }
            catch (OperationCanceledException)
            {
                // The consumer stopped early; nobody waits for more.
            }
            finally
            {
                ahead.CompleteAdding();
            }
        }

        Batch Load(Func<int, int> positionOf, int count, int first)
        {
            int length = transform.Input.Length;
            var batch = new Batch(new float[count * length], new long[count], new int[count]);
            float[] plain = new float[length];
            for (int i = 0; i < count; i++)
            {
                int position = positionOf(i);
                Span<float> target = batch.Pixels.AsSpan(i * length, length);
                transform.Apply(data.Load(images[position]), augmentation is null ? target : plain);
                augmentation?.Apply(plain, target, transform.Input, CounterRandom.For(seed, $"training/augmentation/{epoch}", first + i));
                batch.Labels[i] = Classes[position];
                batch.Groups[i] = Groups[position];
            }

            return batch;
        }
    }
}
