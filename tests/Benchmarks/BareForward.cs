using System.Diagnostics;
using Microsoft.ML.OnnxRuntime;

namespace AuditKit.Benchmarks;

/// <summary>
/// ONNX Runtime alone: one forward after the other over batches in memory, its default settings but for the threads.
/// What everything that runs a model is compared with, in the same run.
/// </summary>
internal sealed class BareForward(string model, long[] image, int threads) : IDisposable
{
    /// <summary>The batch sizes among which the best rate is sought.</summary>
    public static readonly int[] Batches = [16, 32, 64, 128, 256];

    private static readonly TimeSpan Round = TimeSpan.FromSeconds(0.5);

    private readonly InferenceSession _session = new(model, new SessionOptions { IntraOpNumThreads = threads });

    /// <summary>Images per second at a batch size.</summary>
    public double Rate(int batch)
    {
        var random = CounterRandom.For(1, "bare forward", batch);
        float[] pixels = new float[batch * image.Aggregate(1L, (a, b) => a * b)];
        foreach (ref float pixel in pixels.AsSpan())
        {
            pixel = (float)random.NextNormal();
        }

        using OrtValue input = OrtValue.CreateTensorValueFromMemory(pixels, [batch, .. image]);
        using var options = new RunOptions();
        Forward();
        long started = Stopwatch.GetTimestamp();
        int done = 0;
        for (; Stopwatch.GetElapsedTime(started) < Round; done += batch)
        {
            Forward();
        }

        return done / Stopwatch.GetElapsedTime(started).TotalSeconds;

        void Forward() => _session.Run(options, _session.InputNames, [input], _session.OutputNames).Dispose();
    }

    /// <summary>The best rate over <see cref="Batches"/>, and the batch size that has it.</summary>
    public (double Rate, int Batch) Best() => Batches.Select(batch => (Rate(batch), batch)).Max();

    public void Dispose() => _session.Dispose();
}
