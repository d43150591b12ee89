using AuditKit.Imaging;
using AuditKit.Models;

namespace AuditKit.Tests.Checks;

/// <summary>A model whose answers are known by construction: a function from pixels to logits (and an embedding).</summary>
internal sealed class SyntheticClassifier(InputShape input, int classes, SyntheticClassifier.Function logits) : IClassifier
{
    public delegate void Function(ReadOnlySpan<float> pixels, Span<float> result);

    public InputShape Input => input;

    public int Classes => classes;

    public int EmbeddingLength { get; init; }

    public Function Embedding { get; init; } = (_, _) => { };

    public int PreferredBatch { get; init; } = 4;

    public Device Device { get; init; }

    /// <summary>The sizes of the batches that were run.</summary>
    public List<int> Batches { get; } = [];

    /// <summary>Called before every batch; may throw.</summary>
    public Action BeforeRun { get; set; } = () => { };

    public void Run(ReadOnlySpan<float> pixels, int count, Span<float> results, Span<float> embeddings)
    {
        Assert.Equal(count * input.Length, pixels.Length);
        Assert.Equal(count * classes, results.Length);
        Assert.True(embeddings.Length == 0 || embeddings.Length == count * EmbeddingLength);
        BeforeRun();
        Batches.Add(count);
        results.Clear();
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<float> image = pixels.Slice(i * input.Length, input.Length);
            logits(image, results.Slice(i * classes, classes));
            if (embeddings.Length > 0)
            {
                Embedding(image, embeddings.Slice(i * EmbeddingLength, EmbeddingLength));
            }
        }
    }

    public void Dispose()
    {
    }

    /// <summary>Says the same of every image.</summary>
    public static SyntheticClassifier Constant(InputShape input, params float[] logits)
        => new(input, logits.Length, (_, result) => logits.CopyTo(result));

    /// <summary>A small network with fixed random weights: tanh over random directions, then a random linear layer.</summary>
    public static SyntheticClassifier Random(InputShape input, int classes, int preferredBatch, Device device = default)
    {
        const int hidden = 6;
        var random = CounterRandom.For(7, "weights", 0);
        double[] first = [.. Enumerable.Range(0, hidden * input.Length).Select(_ => random.NextNormal())];
        double[] second = [.. Enumerable.Range(0, classes * hidden).Select(_ => random.NextNormal())];
        return new(input, classes, Logits) { PreferredBatch = preferredBatch, Device = device };

        void Logits(ReadOnlySpan<float> pixels, Span<float> result)
        {
            Span<double> units = stackalloc double[hidden];
            for (int h = 0; h < hidden; h++)
            {
                double sum = 0;
                for (int i = 0; i < pixels.Length; i++)
                {
                    sum += first[(h * pixels.Length) + i] * (pixels[i] - 0.5);
                }

                units[h] = Math.Tanh(sum);
            }

            for (int k = 0; k < result.Length; k++)
            {
                double sum = 0;
                for (int h = 0; h < hidden; h++)
                {
                    sum += second[(k * hidden) + h] * units[h];
                }

                result[k] = (float)sum;
            }
        }
    }
}
