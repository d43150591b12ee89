using AuditKit.Models.Onnx;
using AuditKit.Tests;

namespace AuditKit.Training.Tests.Graphs;

/// <summary>Real images for real models: the first of the CIFAR-10 test batch.</summary>
internal static class Cifar
{
    /// <summary>Images in the batch.</summary>
    public const int TestImages = 10_000;

    private const int Plane = 32 * 32;
    private const int Record = 1 + (3 * Plane);

    private static readonly float[] _mean = [0.485f, 0.456f, 0.406f];
    private static readonly float[] _deviation = [0.229f, 0.224f, 0.225f];

    /// <summary>The first images, normalised as the shared models want them: count×3×32×32.</summary>
    public static TensorValue Images(int count)
    {
        byte[] records = Records();
        var pixels = new float[count * 3 * Plane];
        for (int i = 0; i < pixels.Length; i++)
        {
            int channel = i / Plane % 3;
            byte sample = records[(i / (3 * Plane) * Record) + 1 + (i % (3 * Plane))];
            pixels[i] = ((sample / 255f) - _mean[channel]) / _deviation[channel];
        }

        return TensorValue.Of(pixels, count, 3, 32, 32);
    }

    /// <summary>The classes of all images.</summary>
    public static int[] Labels() => [.. Records().Chunk(Record).Select(record => (int)record[0])];

    private static byte[] Records() => File.ReadAllBytes(Repository.Shared("data/cifar-10-batches-bin/test_batch.bin"));
}
