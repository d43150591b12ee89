using System.Diagnostics;
using Microsoft.ML.OnnxRuntime;

namespace AuditKit.Benchmarks;

/// <summary>
/// ONNX Runtime alone: one forward after the other over batches in memory. What everything that runs a model is
/// compared with, in the same run. Its threads spin between operators by default, which is best on an idle machine
/// and worst on a busy one; both ways are tried, and the better one counts.
/// </summary>
internal sealed class BareForward : IDisposable
{
    /// <summary>The batch sizes among which the best rate is sought.</summary>
    public static readonly int[] Batches = [16, 32, 64, 128, 256];

    private static readonly TimeSpan Round = TimeSpan.FromSeconds(0.2);

    private readonly long[] _image;
    private readonly InferenceSession[] _sessions;
    private readonly int[] _bestBatch;

    /// <param name="model">The model's file.</param>
    /// <param name="image">The shape of one image, C×H×W.</param>
    /// <param name="threads">Threads that compute.</param>
    public BareForward(string model, long[] image, int threads)
    {
        _image = image;
        _sessions = [Open(model, threads, spinning: "1"), Open(model, threads, spinning: "0")];
        _bestBatch = [.. _sessions.Select(session => Batches.MaxBy(batch => Enumerable.Range(0, 3).Max(_ => Rate(session, batch))))];
    }

    /// <summary>Images per second at a batch size.</summary>
    public double Rate(int batch) => _sessions.Max(session => Rate(session, batch));

    /// <summary>Images per second at the batch size that was found to be best.</summary>
    public double BestRate() => _sessions.Zip(_bestBatch, Rate).Max();

    public void Dispose() => Array.ForEach(_sessions, session => session.Dispose());

    private static InferenceSession Open(string model, int threads, string spinning)
    {
        using var options = new SessionOptions { IntraOpNumThreads = threads };
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", spinning);
        return new InferenceSession(model, options);
    }

    private double Rate(InferenceSession session, int batch)
    {
        float[] pixels = new float[batch * _image.Aggregate(1L, (a, b) => a * b)];
        var random = new Random(1);
        foreach (ref float pixel in pixels.AsSpan())
        {
            pixel = random.NextSingle();
        }

        using OrtValue input = OrtValue.CreateTensorValueFromMemory(pixels, [batch, .. _image]);
        using var options = new RunOptions();
        Forward();
        long started = Stopwatch.GetTimestamp();
        int done = 0;
        for (; Stopwatch.GetElapsedTime(started) < Round; done += batch)
        {
            Forward();
        }

        return done / Stopwatch.GetElapsedTime(started).TotalSeconds;

        void Forward() => session.Run(options, session.InputNames, [input], session.OutputNames).Dispose();
    }
}
