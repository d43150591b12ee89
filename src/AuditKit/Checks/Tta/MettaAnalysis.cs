using AuditKit.Evidence;
using AuditKit.Gates;
using AuditKit.Results;
using AuditKit.Statistics;

namespace AuditKit.Checks.Tta;

/// <summary>
/// MeTTA (Ashukha et al., Mean Embeddings with Test-Time Data Augmentation, 2021): what a linear probe reads off the
/// embeddings of the central crop, of their mean over augmented samples, and of what lies between the mean and others.
/// </summary>
internal static class MettaAnalysis
{
    /// <summary>Steps of an interpolation from the mean (t = 0) to another embedding (t = 1).</summary>
    private const int Steps = 10;

    /// <summary>Fits a probe for central embeddings, and one for each number of samples, and judges the audited images by it.</summary>
    /// <param name="evidence">The evidence.</param>
    /// <param name="metta">The samples that embeddings are averaged over, a single one among them.</param>
    /// <param name="counts">Numbers of samples that are judged.</param>
    /// <param name="images">The judged images.</param>
    /// <param name="confidence">The level of intervals.</param>
    public static (IReadOnlyList<Finding> Findings, IReadOnlyList<Chart> Charts) Analyse(
        EvidenceStore evidence, TtaVariant metta, IReadOnlyList<int> counts, IReadOnlyList<int> images, double confidence)
    {
        EvidenceStore training = evidence.Of(ProbeImages.Read(evidence).Dataset);
        int[] trained = [.. Enumerable.Range(0, training.ImageCount)];
        int[] trainedLabels = training.Labels();
        int[] all = evidence.Labels();
        int[] labels = [.. images.Select(image => all[image])];
        float[][] central = Embeddings(evidence, Condition.Clean, images);
        float[][] one = Embeddings(evidence, metta.Condition(1), images);
        var curves = counts.Select(samples =>
        {
            Condition condition = metta.Condition(samples);
            LinearProbe probe = Train(condition);
            float[][] mean = Embeddings(evidence, condition, images);
            return (Samples: samples, ToCentral: Between(probe, mean, central), ToOne: Between(probe, mean, one));
        }).ToArray();

        return (
            [
                Accuracy("central embedding", Scores(Train(Condition.Clean), central)),
                .. curves.Select(curve => Accuracy($"mean embedding of {curve.Samples}", curve.ToCentral[0])),
            ],
            [
                Curve("accuracy", percent: true, scores => Correct(scores).Estimate!.Value),
                Curve("log-likelihood", percent: false, scores => Enumerable.Range(0, scores.Count).Average(scores.LogLikelihood)),
            ]);

        LinearProbe Train(Condition condition) => LinearProbe.Train(Embeddings(training, condition, trained), trainedLabels, evidence.Classes.Count);

        ClassScores[] Between(LinearProbe probe, float[][] mean, float[][] other) => [.. Enumerable.Range(0, Steps + 1).Select(step =>
            Scores(probe, [.. mean.Zip(other, (from, to) => Interpolate(from, to, (double)step / Steps))]))];

        ClassScores Scores(LinearProbe probe, float[][] embeddings)
            => new(evidence.Classes.Count, labels, [.. embeddings.SelectMany(embedding => probe.Logits(embedding))]);

        Finding Accuracy(string subject, ClassScores scores) => Gate.Judge("tta", "accuracy of a linear probe", subject, Correct(scores), null, confidence);

        Chart Curve(string metric, bool percent, Func<ClassScores, double> measure) => new()
        {
            Title = $"Mean embeddings: {metric} of a linear probe between the mean (t = 0) and the central embedding or one augmentation's (t = 1)",
            Kind = ChartKind.Line,
            XLabel = "t",
            YLabel = metric,
            Percent = percent,
            Series = [.. curves.SelectMany(curve => new[]
            {
                Series($"{curve.Samples} samples to central", curve.ToCentral, measure),
                Series($"{curve.Samples} samples to one", curve.ToOne, measure),
            })],
        };

        ChartSeries Series(string name, ClassScores[] scores, Func<ClassScores, double> measure) => new()
        {
            Name = name,
            X = [.. Enumerable.Range(0, Steps + 1).Select(step => (double)step / Steps)],
            Y = [.. scores.Select(measure)],
        };
    }

    private static float[] Interpolate(float[] from, float[] to, double t) => [.. from.Zip(to, (a, b) => (float)(((1 - t) * a) + (t * b)))];

    private static Proportion Correct(ClassScores scores) => Proportion.Of(Enumerable.Range(0, scores.Count).Select(scores.IsCorrect));

    private static float[][] Embeddings(EvidenceStore evidence, Condition condition, IReadOnlyList<int> images)
    {
        Dictionary<int, float[]> all = evidence.Embeddings(condition).ToDictionary(row => row.Image, row => row.Embedding);
        return images.All(all.ContainsKey)
            ? [.. images.Select(image => all[image])]
            : throw new AuditException($"The evidence lacks embeddings under '{condition}': run the audit to its end first.", ExitCode.Error);
    }
}
