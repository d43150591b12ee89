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

    private readonly int _length;
    private readonly int _classes;
    private readonly double[] _mean;
    private readonly double[] _scale;
    private readonly double[] _weights;

    private LinearProbe(int length, int classes, double[] mean, double[] scale, double[] weights)
        => (_length, _classes, _mean, _scale, _weights) = (length, classes, mean, scale, weights);

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

        var probe = new LinearProbe(length, classes, mean, scale, new double[classes * (length + 1)]);
        double[][] features = [.. embeddings.Select(embedding => probe.Standardise(embedding))];
        Minimise(probe._weights, (weights, gradient) => Loss(weights, gradient, features, labels, classes));
        return probe;
    }

    /// <summary>The K logits of an embedding.</summary>
    public float[] Logits(ReadOnlySpan<float> embedding)
    {
        double[] features = Standardise(embedding);
        float[] logits = new float[_classes];
        for (int k = 0; k < _classes; k++)
        {
            logits[k] = (float)Dot(_weights.AsSpan(k * (_length + 1), _length + 1), features);
        }

        return logits;
    }

    // The last feature is 1, whose weight is the bias.
    private double[] Standardise(ReadOnlySpan<float> embedding)
    {
        double[] features = new double[_length + 1];
        for (int d = 0; d < _length; d++)
        {
            features[d] = (embedding[d] - _mean[d]) * _scale[d];
        }

        features[_length] = 1;
        return features;
    }

    private static double Loss(double[] weights, double[] gradient, double[][] features, IReadOnlyList<int> labels, int classes)
    {
        int width = features[0].Length;
        Array.Clear(gradient);
        double loss = 0;
        double[] logits = new double[classes];
        for (int i = 0; i < features.Length; i++)
        {
            for (int k = 0; k < classes; k++)
            {
                logits[k] = Dot(weights.AsSpan(k * width, width), features[i]);
            }

            double largest = logits.Max();
            double normaliser = largest + Math.Log(logits.Sum(logit => Math.Exp(logit - largest)));
            loss += (normaliser - logits[labels[i]]) / features.Length;
            for (int k = 0; k < classes; k++)
            {
                double slope = (Math.Exp(logits[k] - normaliser) - (k == labels[i] ? 1 : 0)) / features.Length;
                AddScaled(gradient.AsSpan(k * width, width), slope, features[i]);
            }
        }

        for (int k = 0; k < classes; k++)
        {
            Span<double> row = weights.AsSpan(k * width, width - 1);
            loss += Penalty / 2 * Dot(row, row);
            AddScaled(gradient.AsSpan(k * width, width - 1), Penalty, row);
        }

        return loss;
    }

    private static void Minimise(double[] x, Func<double[], double[], double> loss)
    {
        double[] gradient = new double[x.Length];
        double value = loss(x, gradient);
        var steps = new List<(double[] Step, double[] Change, double Product)>();
        for (int iteration = 0; iteration < Iterations && gradient.Max(Math.Abs) > Tolerance; iteration++)
        {
            double[] direction = Direction(gradient, steps);
            double slope = Dot(direction, gradient);
            double size = steps.Count == 0 ? Math.Min(1, 1 / Math.Sqrt(Dot(gradient, gradient))) : 1;
            double[] next = new double[x.Length];
            double[] nextGradient = new double[x.Length];
            double nextValue;
            // Armijo's rule; the loss is convex, so halving ends.
            while (true)
            {
                x.CopyTo(next, 0);
                AddScaled(next, size, direction);
                nextValue = loss(next, nextGradient);
                if (nextValue <= value + (1e-4 * size * slope) || size < 1e-10)
                {
                    break;
                }

                size /= 2;
            }

            double[] step = [.. next.Zip(x, (a, b) => a - b)];
            double[] change = [.. nextGradient.Zip(gradient, (a, b) => a - b)];
            if (Dot(step, change) is > 0 and var product)
            {
                steps.Add((step, change, product));
                if (steps.Count > Memory)
                {
                    steps.RemoveAt(0);
                }
            }

            next.CopyTo(x, 0);
            (gradient, value) = (nextGradient, nextValue);
        }
    }

    // The two-loop recursion: −H·gradient.
    private static double[] Direction(double[] gradient, List<(double[] Step, double[] Change, double Product)> steps)
    {
        double[] direction = [.. gradient.Select(g => -g)];
        double[] factors = new double[steps.Count];
        for (int i = steps.Count - 1; i >= 0; i--)
        {
            factors[i] = Dot(steps[i].Step, direction) / steps[i].Product;
            AddScaled(direction, -factors[i], steps[i].Change);
        }

        if (steps.Count > 0)
        {
            (_, double[] change, double product) = steps[^1];
            double scale = product / Dot(change, change);
            for (int i = 0; i < direction.Length; i++)
            {
                direction[i] *= scale;
            }
        }

        for (int i = 0; i < steps.Count; i++)
        {
            double correction = Dot(steps[i].Change, direction) / steps[i].Product;
            AddScaled(direction, factors[i] - correction, steps[i].Step);
        }

        return direction;
    }

    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }

    private static void AddScaled(Span<double> to, double factor, ReadOnlySpan<double> vector)
    {
        for (int i = 0; i < to.Length; i++)
        {
            to[i] += factor * vector[i];
        }
    }
}
