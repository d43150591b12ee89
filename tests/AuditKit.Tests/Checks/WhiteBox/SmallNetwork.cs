using AuditKit.Imaging;
using AuditKit.Models;

namespace AuditKit.Tests.Checks.WhiteBox;

/// <summary>
/// z = V·f(W·(x − ½)) + b with f = tanh or the identity, whose gradient is worked out by hand: a classifier, and the
/// same one for gradients.
/// </summary>
internal sealed class SmallNetwork(InputShape input, double[][] first, double[][] second, double[] bias) : IClassifier, IGradientModel, IModelSource
{
    public InputShape Input => input;

    public int Classes => second.Length;

    public int EmbeddingLength => 0;

    public int PreferredBatch { get; init; } = 4;

    public bool IsLinear { get; init; }

    /// <summary>Whether gradients are hidden: they are then zero everywhere.</summary>
    public bool HidesGradients { get; init; }

    /// <summary>Images that went through <see cref="Backward"/>.</summary>
    public int Passes { get; private set; }

    /// <summary>Called before every backward pass; may throw.</summary>
    public Action BeforeBackward { get; set; } = () => { };

    public void Run(ReadOnlySpan<float> pixels, int count, Span<float> logits, Span<float> embeddings)
    {
        for (int i = 0; i < count; i++)
        {
            Forward(pixels.Slice(i * input.Length, input.Length), logits.Slice(i * Classes, Classes));
        }
    }

    public void Backward(ReadOnlySpan<float> pixels, int count, Span<float> logits, LossGradient loss, Span<float> gradient)
    {
        Assert.InRange(count, 1, PreferredBatch);
        BeforeBackward();
        Passes += count;
        Run(pixels, count, logits, []);
        float[] vector = new float[count * Classes];
        loss(logits[..vector.Length], vector);
        gradient[..(count * input.Length)].Clear();
        for (int i = 0; i < count && !HidesGradients; i++)
        {
            double[] units = Forward(pixels.Slice(i * input.Length, input.Length), new float[Classes]);
            for (int h = 0; h < first.Length; h++)
            {
                double back = Enumerable.Range(0, Classes).Sum(k => vector[(i * Classes) + k] * second[k][h]) * (IsLinear ? 1 : 1 - (units[h] * units[h]));
                for (int pixel = 0; pixel < input.Length; pixel++)
                {
                    gradient[(i * input.Length) + pixel] += (float)(back * first[h][pixel]);
                }
            }
        }
    }

    public AuditedModel Open(ModelSpec model) => throw new NotSupportedException();

    public IGradientModel OpenGradients(AuditedModel model) => this;

    public IAdaptedModel OpenAdapted(AuditedModel model, Adaptation adaptation) => throw new NotSupportedException();

    public string Digest(ModelSpec model) => throw new NotSupportedException();

    public void Dispose()
    {
    }

    /// <summary>Two classes told apart by a linear function of the pixels: z₁ − z₀ = w·(x − ½) + offset.</summary>
    public static SmallNetwork Linear(InputShape input, double[] w, double offset = 0, int preferredBatch = 4)
        => new(input, [w], [[0], [1]], [0, offset]) { IsLinear = true, PreferredBatch = preferredBatch };

    /// <summary>Fixed random weights.</summary>
    public static SmallNetwork Random(InputShape input, int classes, int preferredBatch = 4, bool hidesGradients = false)
    {
        const int Hidden = 8;
        var random = CounterRandom.For(5, "weights", 0);
        return new(input, Matrix(Hidden, input.Length), Matrix(classes, Hidden), new double[classes])
        {
            PreferredBatch = preferredBatch,
            HidesGradients = hidesGradients,
        };

        double[][] Matrix(int rows, int columns)
            => [.. Enumerable.Range(0, rows).Select(_ => Enumerable.Range(0, columns).Select(_ => random.NextNormal()).ToArray())];
    }

    private double[] Forward(ReadOnlySpan<float> x, Span<float> logits)
    {
        double[] units = new double[first.Length];
        for (int h = 0; h < units.Length; h++)
        {
            for (int i = 0; i < x.Length; i++)
            {
                units[h] += first[h][i] * (x[i] - 0.5);
            }

            units[h] = IsLinear ? units[h] : Math.Tanh(units[h]);
        }

        for (int k = 0; k < Classes; k++)
        {
            logits[k] = (float)(bias[k] + second[k].Zip(units, (v, u) => v * u).Sum());
        }

        return units;
    }
}
