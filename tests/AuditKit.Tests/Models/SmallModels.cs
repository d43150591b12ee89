using AuditKit.Models.Onnx;

namespace AuditKit.Tests.Models;

/// <summary>Models of a few numbers, whose logits a test can compute by hand.</summary>
internal static class SmallModels
{
    /// <summary>Pixels of the images that <see cref="Linear"/> takes: 3×2×2.</summary>
    public const int Length = 12;

    /// <summary>Classes that it tells apart.</summary>
    public const int Classes = 4;

    /// <summary>The weight of pixel <paramref name="pixel"/> in logit <paramref name="k"/>.</summary>
    public static float Weight(int k, int pixel) => (((k * 7) + (pixel * 3)) % 5) - 1.75f;

    /// <summary>Flatten (<c>flat</c>) and one fully connected layer (<c>logits</c>) over 3×2×2 images.</summary>
    public static Graph Linear(Dimension? batch = null)
    {
        var graph = new Graph("linear");
        graph.Input("input", batch ?? "batch", 3, 2, 2);
        float[] weights = [.. from k in Enumerable.Range(0, Classes) from pixel in Enumerable.Range(0, Length) select Weight(k, pixel)];
        graph.Initializer("weight", TensorValue.Of(weights, Classes, Length));
        graph.Initializer("bias", TensorValue.Of([0.5f, -0.5f, 1, 0], Classes));
        graph.Add("Flatten", ["input"], "flat");
        graph.Add("Gemm", ["flat", "weight", "bias"], "logits", ("transB", 1L));
        graph.Output("logits", batch ?? "batch", Classes);
        return graph;
    }

    /// <summary>The logits that <see cref="Linear"/> must give of one image, normalised already.</summary>
    public static float[] LinearLogits(ReadOnlySpan<float> image)
    {
        float[] logits = [0.5f, -0.5f, 1, 0];
        for (int k = 0; k < Classes; k++)
        {
            for (int pixel = 0; pixel < Length; pixel++)
            {
                logits[k] += Weight(k, pixel) * image[pixel];
            }
        }

        return logits;
    }

    /// <summary>Uniform random pixels.</summary>
    public static float[] Pixels(int count, long seed = 1)
    {
        var random = CounterRandom.For(seed, "test pixels", 0);
        return [.. Enumerable.Range(0, count).Select(_ => (float)random.NextDouble())];
    }
}
