using AuditKit.Evidence;
using AuditKit.Gates;
using AuditKit.Results;
using AuditKit.Statistics;

namespace AuditKit.Checks.Tta;

/// <summary>
/// MeTTA (Ashukha et al., Mean Embeddings with Test-Time Data Augmentation, 2021): what a linear probe reads off the
/// embeddings of the central crop, of their mean over augmented samples, and of what lies between the two.
/// </summary>
internal static class MettaAnalysis
{
    /// <summary>Steps of the interpolation from the mean (t = 0) to the central embedding (t = 1).</summary>
    private const int Steps = 10;

    public static (IReadOnlyList<Finding> Findings, IReadOnlyList<Chart> Charts) Analyse(
        EvidenceStore evidence, TtaVariant metta, IReadOnlyList<int> images, long seed, double confidence)
    {
        int[] labels = [.. evidence.Images().Select(image => image.Label)];
        float[][] central = Embeddings(evidence, Condition.Clean, images);
        int[] order = [.. Enumerable.Range(0, images.Count)];
        CounterRandom.For(seed, "tta/metta", 0).Shuffle(order);
        int[][] halves = [order[..(order.Length / 2)], order[(order.Length / 2)..]];
        LinearProbe[] probes = [.. halves.Select(half => LinearProbe.Train(
            [.. half.Select(i => central[i])], [.. half.Select(i => labels[images[i]])], evidence.Classes.Count))];
        var curves = metta.Samples.Select(samples =>
        {
            float[][] mean = Embeddings(evidence, metta.Condition(samples), images);
            return (Samples: samples, Scores: Enumerable.Range(0, Steps + 1).Select(step => ScoresBetween(mean, (double)step / Steps)).ToArray());
        }).ToArray();

        return (
            [
                Accuracy("central embedding", curves[0].Scores[Steps]),
                .. curves.Select(curve => Accuracy($"mean embedding of {curve.Samples}", curve.Scores[0])),
            ],
            [
                Curve("accuracy", percent: true, scores => Correct(scores).Estimate!.Value),
                Curve("log-likelihood", percent: false, scores => Enumerable.Range(0, scores.Count).Average(scores.LogLikelihood)),
            ]);

        ClassScores ScoresBetween(float[][] mean, double t)
        {
            float[] logits = new float[images.Count * evidence.Classes.Count];
            for (int half = 0; half < 2; half++)
            {
                foreach (int i in halves[1 - half])
                {
                    float[] between = [.. mean[i].Zip(central[i], (m, c) => (float)(((1 - t) * m) + (t * c)))];
                    probes[half].Logits(between).CopyTo(logits, i * evidence.Classes.Count);
                }
            }

            return new ClassScores(evidence.Classes.Count, [.. images.Select(image => labels[image])], logits);
        }

        Finding Accuracy(string subject, ClassScores scores) => Gate.Judge("tta", "accuracy of a linear probe", subject, Correct(scores), null, confidence);

        Chart Curve(string metric, bool percent, Func<ClassScores, double> measure) => new()
        {
            Title = $"Mean embeddings: {metric} of a linear probe between the mean (t = 0) and the central embedding (t = 1)",
            Kind = ChartKind.Line,
            XLabel = "t",
            YLabel = metric,
            Percent = percent,
            Series = [.. curves.Select(curve => new ChartSeries
            {
                Name = $"{curve.Samples} samples",
                X = [.. Enumerable.Range(0, Steps + 1).Select(step => (double)step / Steps)],
                Y = [.. curve.Scores.Select(measure)],
            })],
        };
    }

    private static Proportion Correct(ClassScores scores) => Proportion.Of(Enumerable.Range(0, scores.Count).Select(scores.IsCorrect));

    private static float[][] Embeddings(EvidenceStore evidence, Condition condition, IReadOnlyList<int> images)
    {
        Dictionary<int, float[]> all = evidence.Embeddings(condition).ToDictionary(row => row.Image, row => row.Embedding);
        return images.All(all.ContainsKey)
            ? [.. images.Select(image => all[image])]
            : throw new AuditException($"The evidence lacks embeddings under '{condition}': run the audit to its end first.", ExitCode.Error);
    }
}
