using System.Numerics.Tensors;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.Optimization;

namespace AuditKit.Statistics;

/// <summary>
/// Multinomial logistic regression on embeddings: how much of the classes a linear layer can read off them. Features are
/// standardised by the training units; the loss is the mean cross-entropy plus λ/2·‖W‖², minimised by L-BFGS (Nocedal 1980).
/// </summary>
public sealed class LinearProbe
{
    private const double Penalty = 1e-3;
    private const int Iterations = 200;
    private const int Memory = 10;
    private const double Tolerance = 1e-5;

    private readonly int _classes;
    private readonly double[] _mean;
    private readonly double[] _scale;

    // (D + 1)×K: a feature's weights for all classes stand together; the last feature is 1, and its weights are the biases.
    private readonly double[] _weights;

    private LinearProbe(int classes, double[] mean, double[] scale, double[] weights)
        => (_classes, _mean, _scale, _weights) = (classes, mean, scale, weights);

    /// <summary>Trains a probe.</summary>
    /// <param name="embeddings">n embeddings of one length D.</param>
    /// <param name="labels">n labels in 0 .. K − 1.</param>
    /// <param name="classes">Number of classes K.</param>
    public static LinearProbe Train(IReadOnlyList<float[]> embeddings, IReadOnlyList<int> labels, int classes)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        ArgumentNullException.ThrowIfNull(labels);
        int length = embeddings[0].Length;
        double[] mean = new double[length];
        double[] scale = new double[length];
        for (int d = 0; d < length; d++)
        {
            var moments = Mean.Of(embeddings.Select(embedding => (double)embedding[d]));
            (mean[d], scale[d]) = (moments.Value, moments.Deviation > 0 ? 1 / moments.Deviation : 0);
        }

        double[][] features = [.. embeddings.Select(embedding => Standardise(embedding, mean, scale))];
        return new LinearProbe(classes, mean, scale, Minimise((length + 1) * classes, weights => Loss(weights, features, labels, classes)));
    }

    /// <summary>The K logits of an embedding.</summary>
    public float[] Logits(ReadOnlySpan<float> embedding)
    {
        double[] logits = new double[_classes];
        Logits(_weights, Standardise(embedding, _mean, _scale), logits);
        return [.. logits.Select(logit => (float)logit)];
    }

    private static double[] Standardise(ReadOnlySpan<float> embedding, double[] mean, double[] scale)
    {
        double[] features = new double[mean.Length + 1];
        for (int d = 0; d < mean.Length; d++)
        {
            features[d] = (embedding[d] - mean[d]) * scale[d];
        }

        features[^1] = 1;
        return features;
    }

    // Sums over features go one by one, whatever the width of the machine's vectors, so that every machine reads the same off the evidence.
    private static void Logits(double[] weights, double[] features, Span<double> logits)
    {
        logits.Clear();
        for (int d = 0; d < features.Length; d++)
        {
            TensorPrimitives.MultiplyAdd(weights.AsSpan(d * logits.Length, logits.Length), features[d], logits, logits);
        }
    }

    private static (double Loss, double[] Gradient) Loss(double[] weights, double[][] features, IReadOnlyList<int> labels, int classes)
    {
        // Biases are not penalised.
        Range penalised = ..(weights.Length - classes);
        double[] gradient = new double[weights.Length];
        TensorPrimitives.Multiply(weights.AsSpan(penalised), Penalty, gradient.AsSpan(penalised));
        double loss = Penalty / 2 * weights[penalised].Sum(weight => weight * weight);
        double[] logits = new double[classes];
        for (int i = 0; i < features.Length; i++)
        {
            Logits(weights, features[i], logits);
            double largest = TensorPrimitives.Max(logits);
            double normaliser = largest + Math.Log(logits.Sum(logit => Math.Exp(logit - largest)));
            loss += (normaliser - logits[labels[i]]) / features.Length;
            double[] slopes = [.. logits.Select((logit, k) => (Math.Exp(logit - normaliser) - (k == labels[i] ? 1 : 0)) / features.Length)];
            for (int d = 0; d < features[i].Length; d++)
            {
                Span<double> row = gradient.AsSpan(d * classes, classes);
                TensorPrimitives.MultiplyAdd(slopes, features[i][d], row, row);
            }
        }

        return (loss, gradient);
    }

    /// <summary>The best point that L-BFGS comes by from zeros, whatever ends it.</summary>
    internal static double[] Minimise(int length, Func<double[], (double Loss, double[] Gradient)> loss)
    {
        (double Loss, double[] Weights) best = (double.PositiveInfinity, new double[length]);
        var objective = ObjectiveFunction.Gradient(point =>
        {
            double[] weights = point.ToArray();
            (double value, double[] gradient) = loss(weights);
            best = value < best.Loss ? (value, weights) : best;
            return (value, Vector<double>.Build.Dense(gradient));
        });
        try
        {
            new LimitedMemoryBfgsMinimizer(Tolerance, parameterTolerance: 1e-10, functionProgressTolerance: 0, Memory, Iterations)
                .FindMinimum(objective, Vector<double>.Build.Dense(length));
        }
        catch (OptimizationException)
        {
            // Out of steps, or so near to the minimum that rounding hides every descent: the best point so far is the answer.
        }

        return best.Weights;
    }
}
