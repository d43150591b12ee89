using AuditKit.Checks;
using AuditKit.Data;
using AuditKit.Imaging;
using AuditKit.Models;

namespace AuditKit.Run;

/// <summary>What a model answers to the same images under several preprocessings of their pixels; each image is read and prepared once.</summary>
/// <param name="model">The model, opened as <see cref="ModelSpec.WithoutPreprocessing"/> has it.</param>
/// <param name="spec">How images are sized; the preprocessings of pixels take the place of its own.</param>
/// <param name="data">The images.</param>
/// <param name="threads">Threads that prepare images, at least 1.</param>
internal sealed class PreprocessingTrial(AuditedModel model, ModelSpec spec, IDataset data, int threads)
{
    private readonly Dictionary<UsualPreprocessing, AuditException> _failures = [];

    /// <summary>The preprocessings under which the model fails: pixels in a range that it was not made for may overflow in it.</summary>
    public IReadOnlyDictionary<UsualPreprocessing, AuditException> Failures => _failures;

    /// <summary>The answers, by batch and preprocessing; a preprocessing under which the model has failed gives no further ones.</summary>
    /// <param name="usual">The preprocessings.</param>
    /// <param name="images">The images, by index in the data.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <returns>The preprocessing, the batch's first place in <paramref name="images"/>, and n×K logits, which the next ones overwrite.</returns>
    /// <exception cref="AuditException">An image cannot be read.</exception>
    public IEnumerable<(UsualPreprocessing Under, int First, ReadOnlyMemory<float> Logits)> Answers(
        IReadOnlyList<UsualPreprocessing> usual, int[] images, CancellationToken cancellation)
    {
        IClassifier classifier = model.Classifier;
        int length = classifier.Input.Length;
        Normalisation[] normalisations = [.. usual.Select(each => each.Of(spec).Options(default, 1).Normalisation(classifier.Input))];
        float[] pixels = new float[classifier.PreferredBatch * length], normalised = new float[pixels.Length];
        float[] logits = new float[classifier.PreferredBatch * classifier.Classes];
        // Of one model and one set of images, the preprocessings differ in pixels alone.
        InputTransform transform = usual[0].Of(spec).Transform(classifier.Input);
        for (int first = 0; first < images.Length; first += classifier.PreferredBatch)
        {
            cancellation.ThrowIfCancellationRequested();
            int count = Math.Min(classifier.PreferredBatch, images.Length - first);
            ParallelLoop.Run(0, count, threads, i => InputImage.Load(data, transform, images[first + i], pixels.AsSpan(i * length, length)), cancellation);
            foreach ((UsualPreprocessing under, Normalisation normalisation) in usual.Zip(normalisations).Where(each => !_failures.ContainsKey(each.First)))
            {
                normalisation.Apply(pixels.AsSpan(0, count * length), normalised);
                try
                {
                    classifier.Run(normalised.AsSpan(0, count * length), count, logits.AsSpan(0, count * classifier.Classes), []);
                }
                catch (AuditException e)
                {
                    _failures.Add(under, e);
                    continue;
                }

                yield return (under, first, logits.AsMemory(0, count * classifier.Classes));
            }
        }
    }
}
