using AuditKit.Checks;
using AuditKit.Checks.Subgroups;
using AuditKit.Data;
using AuditKit.Imaging;
using AuditKit.Models;
using AuditKit.Statistics;

namespace AuditKit.Proposals;

/// <summary>What a model did on the images that its preprocessing was found with: gates are proposed a margin below it.</summary>
/// <param name="Accuracy">Images classified correctly.</param>
/// <param name="Groupings">What the images can be cut by, with the least accuracy that a group surely has; null where it was not measured.</param>
/// <param name="Perturbations">The perturbations that were tried, by their names in specs.</param>
/// <param name="Flips">Images whose answer changed under the perturbation that changes most.</param>
public sealed record SampleFigures(
    Proportion Accuracy, IReadOnlyList<(string Grouping, double? WorstAtLeast)> Groupings, IReadOnlyList<string> Perturbations, Proportion Flips)
{
    private const double Confidence = 0.95;

    // A group of fewer images says too little, and a column of more values is no attribute but a name or a number.
    private const int LeastGroup = 10;
    private const int MostValues = 20;
    private const double Perturbed = 0.4;

    /// <summary>Measures.</summary>
    /// <param name="choice">The preprocessing that was found.</param>
    /// <param name="images">The images that it was found with.</param>
    /// <param name="model">The model, opened as it should be used.</param>
    /// <param name="data">The data set.</param>
    /// <param name="threads">Threads that prepare images, at least 1.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <exception cref="AuditException">An image cannot be read or used.</exception>
    public static SampleFigures Measure(
        PreprocessingChoice choice, IReadOnlyList<int> images, AuditedModel model, IDataset data, int threads, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(choice);
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(data);
        bool[] correct = [.. Enumerable.Range(0, images.Count).Select(choice.Best.Scores.IsCorrect)];
        string[] attributes = [.. data.Attributes
            .Where(name => images.Select(image => data.Attribute(name, image)).Distinct().Count() is > 1 and <= MostValues)];
        var groupings = new List<(string, double?)>();
        // An audit refuses more groups than this.
        if (data.Classes.Count <= GroupIndex.MostGroups)
        {
            groupings.Add(("class", Worst(image => data.Classes[data.Label(image)])));
        }

        foreach (string name in attributes)
        {
            groupings.Add((name, Worst(image => data.Attribute(name, image))));
            int values = Enumerable.Range(0, data.Count).Select(image => data.Attribute(name, image)).Distinct().Count();
            if (data.Classes.Count * values <= GroupIndex.MostGroups)
            {
                groupings.Add(($"class x {name}", Worst(image => $"{data.Label(image)} {data.Attribute(name, image)}")));
            }
        }

        if (attributes.Length == 0)
        {
            groupings.Add(("brightness/3", null));
        }

        int[] few = [.. images.Take((int)Math.Ceiling(Perturbed * images.Count))];
        IPerturbation[] perturbations = [.. Usual(few.Min(image => Shorter(data.Load(image))))];
        Proportion[] flips = [.. perturbations.Select(perturbation => Flipped(model, data, few, perturbation, threads, cancellation))];
        return new(Proportion.Of(correct), groupings, [.. perturbations.Select(each => each.Name)], flips.MaxBy(each => each.Estimate));

        double? Worst(Func<int, string> group) => images.Index().GroupBy(image => group(image.Item), image => correct[image.Index])
            .Select(Proportion.Of).Where(each => each.Count >= LeastGroup)
            .Min(each => (double?)ClopperPearson.Lower(each, Confidence));
    }

    private static int Shorter(Image image) => Math.Min(image.Width, image.Height);

    // A crop of a sixteenth of the smallest image's side, as large as 10 pixels: what re-encoding and a careless thumbnail do to a picture.
    private static IEnumerable<IPerturbation> Usual(int side)
        => [new JpegCompression(50), .. side > 2 ? [new MarginCrop(Math.Clamp(side / 16, 1, 10))] : Array.Empty<IPerturbation>()];

    private static Proportion Flipped(
        AuditedModel model, IDataset data, int[] images, IPerturbation perturbation, int threads, CancellationToken cancellation)
    {
        int[] clean = Predict(null);
        return Proportion.Of(clean.Zip(Predict(perturbation), (before, after) => before != after));

        int[] Predict(IPerturbation? perturb)
        {
            IClassifier classifier = model.Classifier;
            int length = classifier.Input.Length;
            InputTransform transform = model.Spec.Transform(classifier.Input);
            float[] pixels = new float[classifier.PreferredBatch * length], logits = new float[classifier.PreferredBatch * classifier.Classes];
            List<int> answers = [];
            foreach (int[] batch in images.Chunk(classifier.PreferredBatch))
            {
                ParallelLoop.Run(0, batch.Length, threads, i => InputImage.Load(data, transform, batch[i], pixels.AsSpan(i * length, length),
                    perturb is null ? null : image => perturb.Apply(image, CounterRandom.For(0, perturb.Name, batch[i]))), cancellation);
                classifier.Run(pixels.AsSpan(0, batch.Length * length), batch.Length, logits.AsSpan(0, batch.Length * classifier.Classes), []);
                answers.AddRange(logits.Take(batch.Length * classifier.Classes).Chunk(classifier.Classes).Select(row => Softmax.Predict(row)));
            }

            return [.. answers];
        }
    }
}
