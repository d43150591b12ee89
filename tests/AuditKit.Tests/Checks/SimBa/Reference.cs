using AuditKit.Evidence;
using AuditKit.Models;

namespace AuditKit.Tests.Checks.SimBa;

/// <summary>SimBA one image at a time, written from the formula alone: the oracle for the batched one.</summary>
internal static class Reference
{
    /// <summary>The attack in the pixel basis, without target, budgets or restarts.</summary>
    public static (AttackOutcome Outcome, float[] Pixels) Attack(
        IClassifier model, int image, float[] original, int label, float epsilon, int iterations, int[] basis)
        => Attack(model, image, original, label, epsilon, iterations, [basis.Select(q => Unit(original.Length, q))]);

    /// <summary>The attack with all that it can be asked for; each restart has its basis vectors, C×H×W floats each, in their order.</summary>
    public static (AttackOutcome Outcome, float[] Pixels) Attack(
        IClassifier model, int image, float[] original, int label, float epsilon, int iterations,
        IReadOnlyList<IEnumerable<float[]>> restarts, int? target = null, double maxL2 = double.PositiveInfinity, float maxLInf = 1)
    {
        int queries = 0;
        int iteration = 0;
        float[] x = original;
        double[] p = [];
        double[] first = Query(original);
        foreach (IEnumerable<float[]> vectors in restarts)
        {
            (x, p) = ([.. original], first);
            foreach (float[] q in vectors.Take(iterations))
            {
                if (Succeeded(p))
                {
                    break;
                }

                iteration++;
                foreach (int sign in new[] { -1, 1 })
                {
                    double length = Math.Min(epsilon, Room(x, q, sign));
                    if (length < 1e-6 * epsilon)
                    {
                        continue;
                    }

                    float[] candidate = [.. x.Select((value, i) => Math.Clamp(
                        Math.Clamp(value + (q[i] * sign * (float)length), 0f, 1f), original[i] - maxLInf, original[i] + maxLInf))];
                    double[] probabilities = Query(candidate);
                    if (target is { } t ? probabilities[t] > p[t] : probabilities[label] < p[label])
                    {
                        (x, p) = (candidate, probabilities);
                        break;
                    }
                }
            }

            if (Succeeded(p))
            {
                break;
            }
        }

        double[] change = [.. x.Zip(original, (a, b) => Math.Abs((double)(a - b)))];
        int predicted = ArgMax(p);
        return (new(image, Succeeded(p), iteration, queries, (float)Math.Sqrt(change.Sum(c => c * c)), (float)change.Max(),
            predicted, (float)p[predicted]), x);

        bool Succeeded(double[] probabilities) => target is { } t ? ArgMax(probabilities) == t : ArgMax(probabilities) != label;

        // The largest s with ‖x + sign·s·q − original‖ ≤ maxL2.
        double Room(float[] from, float[] q, int sign)
        {
            double[] delta = [.. from.Zip(original, (a, b) => (double)a - b)];
            double inner = sign * delta.Zip(q, (d, v) => d * v).Sum();
            return Math.Sqrt((inner * inner) + Math.Max(0, (maxL2 * maxL2) - delta.Sum(d => d * d))) - inner;
        }

        double[] Query(float[] pixels)
        {
            queries++;
            return Probabilities(model, pixels);
        }
    }

    public static int Predict(IClassifier model, float[] pixels) => ArgMax(Probabilities(model, pixels));

    public static int LeastLikely(IClassifier model, float[] pixels)
    {
        double[] p = Probabilities(model, pixels);
        return Array.IndexOf(p, p.Min());
    }

    private static float[] Unit(int length, int q)
    {
        float[] vector = new float[length];
        vector[q] = 1;
        return vector;
    }

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
