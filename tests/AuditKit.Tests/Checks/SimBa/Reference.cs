using AuditKit.Evidence;
using AuditKit.Models;

namespace AuditKit.Tests.Checks.SimBa;

/// <summary>SimBA one image at a time, written from the formula alone: the oracle for the batched one.</summary>
internal static class Reference
{
    public static (AttackOutcome Outcome, float[] Pixels) Attack(
        IClassifier model, int image, float[] original, int label, float epsilon, int iterations, int[] basis)
    {
        float[] x = [.. original];
        int queries = 0;
        double[] p = Query(x);
        int iteration = 0;
        while (ArgMax(p) == label && iteration < Math.Min(iterations, basis.Length))
        {
            int q = basis[iteration++];
            foreach (float step in new[] { -epsilon, epsilon })
            {
                float[] candidate = [.. x];
                candidate[q] = Math.Clamp(candidate[q] + step, 0f, 1f);
                double[] probabilities = Query(candidate);
                if (probabilities[label] < p[label])
                {
                    (x, p) = (candidate, probabilities);
                    break;
                }
            }
        }

        double[] change = [.. x.Zip(original, (a, b) => Math.Abs((double)(a - b)))];
        int predicted = ArgMax(p);
        return (new(image, predicted != label, iteration, queries, (float)Math.Sqrt(change.Sum(c => c * c)), (float)change.Max(),
            predicted, (float)p[predicted]), x);

        double[] Query(float[] pixels)
        {
            queries++;
            return Probabilities(model, pixels);
        }
    }

    public static int Predict(IClassifier model, float[] pixels) => ArgMax(Probabilities(model, pixels));

    private static double[] Probabilities(IClassifier model, float[] pixels)
    {
        float[] logits = new float[model.Classes];
        model.Run(pixels, 1, logits, []);
        double largest = logits.Max();
        double[] exponentials = [.. logits.Select(logit => Math.Exp(logit - largest))];
        double sum = exponentials.Sum();
        return [.. exponentials.Select(e => e / sum)];
    }

    private static int ArgMax(double[] p) => Array.IndexOf(p, p.Max());
}
