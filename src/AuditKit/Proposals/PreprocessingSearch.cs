using AuditKit.Data;
using AuditKit.Imaging;
using AuditKit.Models;
using AuditKit.Run;
using AuditKit.Statistics;

namespace AuditKit.Proposals;

/// <summary>
/// Finds the preprocessing of a model from labelled images: every usual one is tried on a hundred of them, the best ones on all,
/// and the best of these with every usual sizing; what notes on the model say is tried like these. Images, and so answers, do not depend on batches or threads.
/// </summary>
/// <param name="model">The model, opened as <see cref="ModelSpec.WithoutPreprocessing"/> has it.</param>
/// <param name="data">Labelled images; no more than <see cref="MostImages"/> are looked at, drawn by a fixed seed; of large ones half as many.</param>
/// <param name="threads">Threads that prepare images, at least 1.</param>
public sealed class PreprocessingSearch(AuditedModel model, IDataset data, int threads)
{
    /// <summary>The most images that are looked at.</summary>
    public const int MostImages = 500;

    private const int Screened = 100;

    // From 183 × 183 pixels of three channels on, an image costs a hundred times as much as one of 32 × 32.
    private const int LargeInput = 100_000;
    private const int KeptByLikelihood = 4;
    private const int KeptByOrder = 2;

    private readonly int _screened = Screened / Share(model);
    private readonly int[] _images = Draw(data.Count, MostImages / Share(model));

    /// <summary>The images that are looked at, by index.</summary>
    public IReadOnlyList<int> Images => _images;

    /// <summary>Searches.</summary>
    /// <param name="progress">Told of images done and images in all.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <exception cref="AuditException">An image cannot be read, or the model fails under every preprocessing.</exception>
    public PreprocessingChoice Run(Action<string, long, long> progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(progress);
        InputShape input = model.Classifier.Input;
        (IReadOnlyList<Image> some, UsualSizing[] sizings) = Sizings(cancellation);
        UsualPreprocessing[] usual = NotedPreprocessing.Pixels(UsualPreprocessing.For(input.Channels, some.Any(image => image.Channels == 3)), model.Notes,
            input.Channels);
        usual = [.. usual.Where(usual => usual.Fits(model))];
        TriedPreprocessing[] screened = Try("usual preprocessings", usual, sizings[0], _images[..Math.Min(_screened, _images.Length)]);
        UsualPreprocessing[] kept = [.. Promising(screened).Select(tried => tried.Pixels)];
        TriedPreprocessing[] tried = _images.Length > _screened ? Try("best preprocessings", kept, sizings[0], _images)
            : [.. screened.Where(each => kept.Contains(each.Pixels))];
        PreprocessingChoice choice = Choose(tried);
        foreach (UsualSizing sizing in sizings.Skip(1))
        {
            tried = [.. tried, .. Try(sizing.Name, [choice.Best.Pixels], sizing, _images)];
        }

        return Choose(tried);

        TriedPreprocessing[] Try(string what, UsualPreprocessing[] pixels, UsualSizing sizing, int[] images)
            => Answers(pixels, sizing, images, done => progress(what, done, images.Length), cancellation);
    }

    // A few images tell which sizings can be used; without scaling, one of another size is enough that one cannot.
    private (IReadOnlyList<Image> Some, UsualSizing[] Sizings) Sizings(CancellationToken cancellation)
    {
        InputShape input = model.Classifier.Input;
        List<Image> some = [.. _images.Take(20).Select(data.Load)];
        UsualSizing[] sizings = Fitting();
        foreach (int image in _images.Skip(20).TakeWhile(_ => sizings.Any(NotedPreprocessing.IsUnscaled)))
        {
            cancellation.ThrowIfCancellationRequested();
            Image next = data.Load(image);
            if (!sizings.Where(NotedPreprocessing.IsUnscaled).All(sizing => NotedPreprocessing.Fits(sizing, input, [next])))
            {
                some.Add(next);
                sizings = Fitting();
            }
        }

        return (some, sizings);

        UsualSizing[] Fitting() => NotedPreprocessing.Sizings(UsualSizing.For(input, some), model.Notes, input, some);
    }

    private static int Share(AuditedModel model) => model.Classifier.Input.Length > LargeInput ? 2 : 1;

    private static int[] Draw(int count, int most)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        CounterRandom.For(0, "preprocessing", 0).Shuffle(order);
        return order[..Math.Min(most, count)];
    }

    // Where the outputs stand in another order the likelihood says nothing, but the best order's hits do.
    private static IEnumerable<TriedPreprocessing> Promising(TriedPreprocessing[] screened) => screened
        .OrderByDescending(tried => tried.MeanLogLikelihood).Take(KeptByLikelihood)
        .Concat(screened.OrderByDescending(tried => tried.Order.Correct.Count(correct => correct)).Take(KeptByOrder)).Distinct();

    private static PreprocessingChoice Choose(TriedPreprocessing[] tried)
    {
        TriedPreprocessing straight = tried.MaxBy(each => each.MeanLogLikelihood)!;
        TriedPreprocessing permuted = tried.MaxBy(each => each.Order.Correct.Count(correct => correct))!;
        bool[] before = [.. Enumerable.Range(0, straight.Scores.Count).Select(straight.Scores.IsCorrect)];
        ClassPermutation? order = permuted.Order.IsClearlyBetterThan(before) ? permuted.Order : null;
        return new([.. tried.Select(each => order is null ? each : each.Under(order)).OrderByDescending(each => each.MeanLogLikelihood)], order);
    }

    private TriedPreprocessing[] Answers(
        UsualPreprocessing[] usual, UsualSizing sizing, int[] images, Action<long> progress, CancellationToken cancellation)
    {
        int classes = model.Classifier.Classes;
        var trial = new PreprocessingTrial(model, sizing.Of(model.Spec), data, threads);
        Dictionary<UsualPreprocessing, float[]> logits = usual.ToDictionary(each => each, _ => new float[images.Length * classes]);
        foreach ((UsualPreprocessing under, int first, ReadOnlyMemory<float> answers) in trial.Answers(usual, images, cancellation))
        {
            answers.CopyTo(logits[under].AsMemory(first * classes));
            progress(first + (answers.Length / classes));
        }

        int[] labels = [.. images.Select(data.Label)];
        return trial.Failures.Count == usual.Length ? throw trial.Failures[usual[0]] :
        [
            .. usual.Where(each => !trial.Failures.ContainsKey(each))
                .Select(each => new TriedPreprocessing(each, sizing, new ClassScores(classes, labels, logits[each]))),
        ];
    }
}
