using AuditKit.Evidence;
using AuditKit.Imaging;
using AuditKit.Models;
using AuditKit.Statistics;

namespace AuditKit.Checks;

/// <summary>
/// Runs the model over every image of its share under one condition and commits what it says, batch by batch. Images that the
/// evidence already has are left out, so a pass that was interrupted goes on where it stopped, and conditions that
/// several checks need are measured once.
/// </summary>
public sealed class InferencePass
{
    private readonly CheckContext _context;
    private readonly Condition _condition;
    private readonly IPerturbation? _perturbation;
    private readonly Kept _kept;
    private readonly int[] _images;
    private readonly int _batch;
    private readonly float[] _logits;
    private readonly float[] _embeddings;
    private readonly float[] _cleanEmbedding;
    private readonly List<string> _notFinite = [];

    // How many of the images asked for the evidence has already.
    private readonly int _known;

    private InferencePass(CheckContext context, Condition condition, IPerturbation? perturbation, Kept kept, IEnumerable<int>? images = null)
    {
        (_context, _condition, _perturbation, _kept) = (context, condition, perturbation, kept);
        context.Share.Announce(context.Evidence, condition);
        bool[] done = context.Evidence.PredictedImages(condition), here = context.Share.Images(context.Data.Count);
        int[] asked = [.. images ?? Enumerable.Range(0, context.Data.Count).Where(image => here[image])];
        _images = [.. asked.Where(image => !done[image])];
        _known = asked.Length - _images.Length;

        IClassifier model = context.Model;
        _batch = Math.Min(model.PreferredBatch, Math.Max(_images.Length, 1));
        _logits = new float[_batch * model.Classes];
        int embedding = kept == Kept.Answers ? 0 : model.EmbeddingLength;
        _embeddings = new float[_batch * embedding];
        _cleanEmbedding = new float[embedding];
    }

    /// <summary>Measures the images as they are: logits, and embeddings where the model gives any.</summary>
    /// <exception cref="AuditException">An image cannot be read or does not fit the model, the model fails, the disk is full.</exception>
    /// <exception cref="OperationCanceledException">Cancelled between two batches; what was committed is kept.</exception>
    public static void RunClean(CheckContext context) => new InferencePass(context, Condition.Clean, null, Kept.Vectors).Run();

    /// <summary>Measures some images as they are, whether they fall to the context's share or not.</summary>
    /// <inheritdoc cref="RunClean(CheckContext)" path="/exception"/>
    internal static void RunClean(CheckContext context, IReadOnlyList<int> images)
        => new InferencePass(context, Condition.Clean, null, Kept.Vectors, images).Run();

    /// <summary>The condition of perturbed images, which all checks share: the perturbation's name says all of it.</summary>
    public static Condition Under(IPerturbation perturbation)
        => new(ConditionKind.Perturbed, "", perturbation.Name, ("perturbation", perturbation.Name));

    /// <summary>
    /// Measures perturbed images under the perturbation; the embedding's distance is taken from the clean
    /// image's, so <see cref="RunClean(CheckContext)"/> comes first.
    /// </summary>
    /// <inheritdoc cref="RunClean(CheckContext)" path="/exception"/>
    public static void RunPerturbed(CheckContext context, IPerturbation perturbation)
        => new InferencePass(context, Under(perturbation), perturbation, Kept.Distances).Run();

    /// <summary>
    /// Measures predictions alone, under a condition of the caller's: of the context's images as they are, or perturbed
    /// as <see cref="LoadPerturbed"/> has them.
    /// </summary>
    /// <inheritdoc cref="RunClean(CheckContext)" path="/exception"/>
    public static void RunPredictions(CheckContext context, Condition condition, IPerturbation? perturbation)
        => new InferencePass(context, condition, perturbation, Kept.Answers).Run();

    /// <summary>The model's input for one perturbed image: the same whenever and wherever it is made.</summary>
    /// <inheritdoc cref="InputImage.Load" path="/exception"/>
    public static void LoadPerturbed(CheckContext context, IPerturbation perturbation, int image, Span<float> pixels)
    {
        var random = CounterRandom.For(context.Seed, $"perturbation/{perturbation.Name}", image);
        InputImage.Load(context.Data, context.Transform, image, pixels, original => perturbation.Apply(original, random));
    }

    private void Run()
    {
        int total = _known + _images.Length;
        int left = _images.Length;
        int[][] batches = [.. _images.Chunk(_batch)];
        foreach ((int batch, float[] pixels) in PreparedBatches.Of(
            batches.Length, _batch * _context.Model.Input.Length, _context.Model.Device, (batch, pixels) => Prepare(batches[batch], pixels)))
        {
            _context.Cancellation.ThrowIfCancellationRequested();
            Predict(batches[batch], pixels);
            left -= batches[batch].Length;
            _context.Progress(new CheckProgress(_condition.Name, total - left, total));
        }

        if (_notFinite.Count > 0)
        {
            throw NotFiniteException.Of(_notFinite, total, _condition.ToString());
        }
    }

    private void Prepare(int[] images, float[] pixels)
    {
        ParallelLoop.Run(0, images.Length, _context.Threads, i =>
        {
            int length = _context.Model.Input.Length;
            Span<float> slot = pixels.AsSpan(i * length, length);
            if (_perturbation is null)
            {
                InputImage.Load(_context.Data, _context.Transform, images[i], slot);
            }
            else
            {
                LoadPerturbed(_context, _perturbation, images[i], slot);
            }
        }, _context.Cancellation);
    }

    private void Predict(int[] images, float[] pixels)
    {
        IClassifier model = _context.Model;
        int count = images.Length;
        Span<float> embeddings = _embeddings.AsSpan(0, count * _cleanEmbedding.Length);
        try
        {
            model.Run(pixels.AsSpan(0, count * model.Input.Length), count, _logits.AsSpan(0, count * model.Classes), embeddings);
        }
        catch (NotFiniteException e)
        {
            // The others are kept, so that all images of this kind are counted, and nothing is ever made of what was no number.
            _notFinite.AddRange(e.Images.Select(i => _context.Data.Source(images[i])));
            images = KeepOthers(images, e.Images);
            count = images.Length;
            embeddings = embeddings[..(count * _cleanEmbedding.Length)];
            if (count == 0)
            {
                return;
            }
        }
        catch (AuditException e)
        {
            string which = $"images {_context.Data.Source(images[0])} to {_context.Data.Source(images[^1])}";
            throw new AuditException($"{which}, {_condition}: {e.Message}", e.ExitCode, e);
        }

        if (_kept == Kept.Vectors)
        {
            _context.Evidence.WriteLogits(Condition.Clean, images, _logits.AsSpan(0, count * model.Classes));
            if (model.EmbeddingLength > 0)
            {
                _context.Evidence.WriteEmbeddings(Condition.Clean, images, embeddings);
            }
        }

        // An image counts as done once its prediction is there, so its vectors had to be written before.
        _context.Evidence.Write(_condition, [.. images.Select(Prediction)]);
    }

    // Moves the rows of all other images to the front.
    private int[] KeepOthers(int[] images, IReadOnlyList<int> left)
    {
        int[] kept = [.. Enumerable.Range(0, images.Length).Except(left)];
        for (int to = 0; to < kept.Length; to++)
        {
            Move(_logits, _context.Model.Classes, kept[to], to);
            Move(_embeddings, _cleanEmbedding.Length, kept[to], to);
        }

        return [.. kept.Select(i => images[i])];

        static void Move(float[] rows, int length, int from, int to) => Array.Copy(rows, from * length, rows, to * length, length);
    }

    private Prediction Prediction(int image, int i)
    {
        ReadOnlySpan<float> logits = _logits.AsSpan(i * _context.Model.Classes, _context.Model.Classes);
        int predicted = Softmax.Predict(logits);
        return new(image, predicted, (float)Softmax.Probability(logits, predicted), Distance(image, i));
    }

    private float Distance(int image, int i)
    {
        int length = _cleanEmbedding.Length;
        return _kept == Kept.Distances && length > 0 && _context.Evidence.TryReadEmbedding(Condition.Clean, image, _cleanEmbedding)
            ? Embedding.Distance(_cleanEmbedding, _embeddings.AsSpan(i * length, length))
            : float.NaN;
    }

    /// <summary>What is kept of the model's answers.</summary>
    private enum Kept
    {
        /// <summary>Predictions alone.</summary>
        Answers,

        /// <summary>Also logits, and embeddings where there are any.</summary>
        Vectors,

        /// <summary>Also the distance of the embedding from the clean image's.</summary>
        Distances,
    }
}
