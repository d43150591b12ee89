using AuditKit.Data;
using AuditKit.Imaging;
using AuditKit.Models;
using AuditKit.Statistics;

namespace AuditKit.Training.Loop;

/// <summary>Some images of a data set with their groups, read and augmented by several threads, ahead of what is asked for.</summary>
/// <param name="data">The data set.</param>
/// <param name="transform">From its images to the network's input.</param>
/// <param name="images">Which of its images, by index.</param>
/// <param name="groups">The groups of the data's images.</param>
public sealed class TrainingSet(IDataset data, InputTransform transform, IReadOnlyList<int> images, GroupTable groups)
{
    // Decoding keeps up with a GPU where there are processors; on a small machine the network needs them more. Large batches take memory, too.
    private const long MostAhead = 1L << 30;
    private static readonly int s_loadingThreads = Math.Clamp(Environment.ProcessorCount / 2, 2, 16);

    /// <summary>Which images of the data they are, by index.</summary>
    public IReadOnlyList<int> Images => images;

    /// <summary>The data set.</summary>
    public IDataset Data => data;

    /// <summary>The shape of one image.</summary>
    public InputShape Input => transform.Input;

    /// <summary>Number of images.</summary>
    public int Count => images.Count;

    /// <summary>The classes of the images, in order.</summary>
    public IReadOnlyList<int> Classes { get; } = [.. images.Select(data.Label)];

    /// <summary>The groups that images of this data can be of.</summary>
    public GroupTable Grouping => groups;

    /// <summary>The groups of the images, in order.</summary>
    public IReadOnlyList<int> Groups { get; } = [.. images.Select(image => groups[image])];

    /// <summary>What is kept of the network's values for these images as they are; null for nothing. Set before images are asked for.</summary>
    public KeptEmbeddings? Kept { get; set; }

    /// <summary>Some of the images, with what is kept of the network's values for them.</summary>
    /// <param name="positions">Their positions in this set.</param>
    public TrainingSet Part(IReadOnlyList<int> positions)
    {
        ArgumentNullException.ThrowIfNull(positions);
        return new(data, transform, [.. positions.Select(position => images[position])], groups) { Kept = Kept?.Part(positions) };
    }

    /// <summary>The number of a group by its name in audits, <c>class = waterbird x place = land</c>.</summary>
    /// <exception cref="AuditException">There is no such group, or none of these images is of it.</exception>
    public int Group(string name)
    {
        int group = groups.Find(name);
        return Groups.Contains(group) ? group : throw new AuditException($"{data.Name} has no image of '{name}' to choose the epoch by.");
    }

    /// <summary>All images as they are, in order, in batches; the last one may be smaller.</summary>
    /// <param name="size">Images in a batch.</param>
    /// <exception cref="AuditException">An image cannot be read.</exception>
    public IEnumerable<Batch> Batches(int size)
        => Ahead(
            [.. Enumerable.Range(0, Count).Chunk(size)],
            size,
            positions => Load(positions, versions: 1, (_, _, original, target) => transform.Apply(original, target)));

    /// <summary>What a model says of all images as they are, in order.</summary>
    /// <param name="model">The model, of these images' input.</param>
    /// <param name="progress">Told the images done.</param>
    /// <param name="cancellation">Stops between two batches.</param>
    /// <exception cref="AuditException">An image cannot be read, or the model cannot be run.</exception>
    public ClassScores Scores(IClassifier model, Action<long> progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(progress);
        float[] logits = new float[Count * model.Classes];
        int done = 0;
        foreach (Batch batch in Batches(model.PreferredBatch))
        {
            cancellation.ThrowIfCancellationRequested();
            model.Run(batch.Versions[0], batch.Count, logits.AsSpan(done * model.Classes, batch.Count * model.Classes), []);
            progress(done += batch.Count);
        }

        return new ClassScores(model.Classes, [.. Classes], logits);
    }

    /// <summary>The images of an epoch of training, in batches of one size; the rest is left out.</summary>
    /// <param name="order">Positions in this set.</param>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="recipe">The batch size, the augmentation and the seed.</param>
    /// <param name="method">Makes the versions of an image.</param>
    /// <exception cref="AuditException">An image cannot be read.</exception>
    public IEnumerable<Batch> Epoch(IReadOnlyList<int> order, int epoch, Recipe recipe, TrainingMethod method)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        ArgumentNullException.ThrowIfNull(method);
        var plainTransform = new InputTransform(transform.Input, grey: transform.Grey);
        (int First, int[] Positions)[] batches =
            [.. order.Chunk(recipe.Batch).Where(chunk => chunk.Length == recipe.Batch).Select((chunk, i) => (i * recipe.Batch, chunk))];
        return Ahead(batches, recipe.Batch * method.Versions, batch => Load(batch.Positions, method.Versions, (i, version, original, target) =>
        {
            bool isAugmented = recipe.Augmentation != Augmentation.None;
            Span<float> plain = isAugmented ? new float[transform.Input.Length] : target;
            if (version == 0)
            {
                transform.Apply(original, plain);
            }
            else
            {
                CounterRandom random = CounterRandom.For(recipe.Seed, $"training/version {version}/{epoch}", batch.First + i);
                (method.VersionsFitInput ? plainTransform : transform).Apply(method.Version(version, images[batch.Positions[i]], original, random), plain);
            }

            if (isAugmented)
            {
                recipe.Augmentation.Apply(plain, target, transform.Input, CounterRandom.For(recipe.Seed, $"training/augmentation/{epoch}", batch.First + i));
            }
        }));
    }

    private Batch Load(int[] positions, int versions, WriteVersion write)
    {
        var pixels = new Lazy<IReadOnlyList<float[]>>(() => LoadPixels(positions, versions, write));
        if (Kept is null || versions > 1)
        {
            _ = pixels.Value;
        }

        return new Batch(
            transform.Input,
            pixels,
            [.. positions.Select(position => (long)Classes[position])],
            [.. positions.Select(position => Groups[position])],
            [.. positions.Select(position => images[position])])
        {
            Embeddings = Kept?.Part(positions),
        };
    }

    private float[][] LoadPixels(int[] positions, int versions, WriteVersion write)
    {
        int length = transform.Input.Length;
        float[][] pixels = [.. Enumerable.Range(0, versions).Select(_ => new float[positions.Length * length])];
        for (int i = 0; i < positions.Length; i++)
        {
            Image original = data.Load(images[positions[i]]);
            for (int version = 0; version < versions; version++)
            {
                write(i, version, original, pixels[version].AsSpan(i * length, length));
            }
        }

        return pixels;
    }

    /// <summary>What is made of every item, which has so many images, in order; the next ones are made meanwhile, each by a thread.</summary>
    private IEnumerable<Batch> Ahead<T>(IReadOnlyList<T> items, int imagesOfItem, Func<T, Batch> make)
    {
        long most = Math.Clamp(MostAhead / ((long)imagesOfItem * Input.Length * sizeof(float)), 2, s_loadingThreads);
        var ahead = new Queue<Task<Batch>>();
        try
        {
            foreach (T item in items)
            {
                ahead.Enqueue(Task.Run(() => make(item)));
                if (ahead.Count > most)
                {
                    yield return ahead.Dequeue().GetAwaiter().GetResult();
                }
            }

            while (ahead.TryDequeue(out Task<Batch>? next))
            {
                yield return next.GetAwaiter().GetResult();
            }
        }
        finally
        {
            // A caller that stops early may close the data set next, so loads under way are waited for; their errors no longer matter.
            Task.WhenAll(ahead).ContinueWith(_ => { }, TaskScheduler.Default).GetAwaiter().GetResult();
        }
    }

    /// <summary>Writes one version of the i-th image of a batch, C×H×W.</summary>
    private delegate void WriteVersion(int i, int version, Image original, Span<float> target);
}
