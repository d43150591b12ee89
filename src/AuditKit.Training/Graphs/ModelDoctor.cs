using System.Diagnostics;
using AuditKit.Imaging;
using AuditKit.Models;
using AuditKit.Training.Libtorch;
using Microsoft.ML.OnnxRuntime;
using TorchSharp;

namespace AuditKit.Training.Graphs;

/// <summary>Examines an ONNX file: what is in it, which engines run it, whether they agree, how fast they are.</summary>
public static class ModelDoctor
{
    /// <summary>Logits of two engines agree where they differ by no more than this part of the largest logit.</summary>
    public const double Tolerance = 1e-4;

    /// <summary>The same for models of 16-bit floats, which ONNX Runtime rounds from layer to layer and libtorch here does not.</summary>
    public const double HalfTolerance = 1e-2;

    private const int Images = 32;
    private static readonly TimeSpan s_timed = TimeSpan.FromSeconds(0.5);

    /// <summary>Examines a file.</summary>
    /// <param name="path">An ONNX file.</param>
    /// <param name="options">What the file does not say.</param>
    /// <param name="images">
    /// Gives that many images of that shape, n×C×H×W pixels in [0, 1]. Null for random ones, always the same.
    /// </param>
    /// <returns>The diagnosis. An engine that cannot run the model is part of it, not an error.</returns>
    /// <exception cref="AuditException">The file is missing, damaged, or no ONNX model.</exception>
    public static ModelDiagnosis Examine(string path, ClassifierOptions options, Func<InputShape, int, float[]>? images = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        var description = ModelDescription.Read(path);
        ClassifierGraph? form = null;
        (EngineDiagnosis Engine, float[]? Logits, Exception? Cause) first = Try("ONNX Runtime", () =>
        {
            (string version, double rate, float[] logits, form) = RunOnnxRuntime(path, options, images ?? RandomImages);
            return (version, rate, logits);
        });
        // libtorch takes all the memory that a model asks for, until the system ends the process.
        (EngineDiagnosis Engine, float[]? Logits, Exception? Cause) second =
            OnnxRuntimeText.IsOutOfMemory(first.Cause) ? NotRun("libtorch", "not tried on a model that needs so much memory")
            : LibtorchFolder.IsThere ? Try("libtorch", () => RunLibtorch(path, options, images ?? RandomImages))
            : NotRun("libtorch", $"not fetched yet; '{ProgramName.Value} setup' fetches it (130 MB), and then the engines are compared");
        return new ModelDiagnosis
        {
            Description = description,
            Form = form,
            Engines = [first.Engine, second.Engine],
            OnlyOnnxRuntime = [.. description.Operators.Keys.Where(name => !OperatorTable.Names.Contains(name))],
            LargestDifference = first.Logits is { } one && second.Logits is { } other ? one.Zip(other, (a, b) => Math.Abs(a - b)).Max() : null,
            LargestLogit = (first.Logits ?? second.Logits)?.Max(Math.Abs),
        };
    }

    private static (EngineDiagnosis Engine, float[]? Logits, Exception? Cause) NotRun(string name, string why, Exception? cause = null)
        => (new EngineDiagnosis(name, null, null, why), null, cause);

    private static (EngineDiagnosis Engine, float[]? Logits, Exception? Cause) Try(string name, Func<(string Version, double Rate, float[] Logits)> run)
    {
        try
        {
            (string version, double rate, float[] logits) = run();
            return (new EngineDiagnosis(name, version, rate, null), logits, null);
        }
        catch (Exception e) when (e is AuditException or DllNotFoundException)
        {
            return NotRun(name, e.Message, e);
        }
    }

    private static (string Version, double Rate, float[] Logits, ClassifierGraph Form) RunOnnxRuntime(
        string path, ClassifierOptions options, Func<InputShape, int, float[]> images)
    {
        using var model = new OnnxRuntimeClassifier(path, options);
        int count = Count(model.Form);
        float[] pixels = images(model.Input, count);
        float[] logits = new float[count * model.Classes];
        double rate = Rate(count, () => model.Run(pixels, count, logits, []));
        return ($"{OrtEnv.Instance().GetVersionString()}, convolutions checked,", rate, logits, model.Form);
    }

    private static (string Version, double Rate, float[] Logits) RunLibtorch(
        string path, ClassifierOptions options, Func<InputShape, int, float[]> images)
    {
        var graph = ClassifierGraph.Read(path, options);
        FixedBatch.RequireDevice(options.Device);
        torch.set_num_threads(options.Threads);
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable mode = torch.no_grad();
        using var module = new GraphModule(SinglePrecision.Of(graph.Graph), torch.device(options.Device.ToString()));
        int count = Count(graph);
        float[] normalised = new float[count * graph.Input.Length];
        graph.Normalisation.Apply(images(graph.Input, count), normalised);
        torch.Tensor input = torch.tensor(normalised, [count, graph.Input.Channels, graph.Input.Height, graph.Input.Width]).to(module.Device);
        float[] logits = [];
        double rate = Rate(count, () =>
        {
            using DisposeScope run = torch.NewDisposeScope();
            logits = module.Run(input, graph.Logits)[0].ToFloats();
        });
        return ($"{LibtorchEngine.Description["libtorch ".Length..]},", rate, logits);
    }

    private static int Count(ClassifierGraph graph) => graph.FixedBatch ?? Images;

    // Images a second, once the first run has made its buffers.
    private static double Rate(int images, Action run)
    {
        run();
        long done = 0;
        var watch = Stopwatch.StartNew();
        do
        {
            run();
            done += images;
        }
        while (watch.Elapsed < s_timed);
        return done / watch.Elapsed.TotalSeconds;
    }

    private static float[] RandomImages(InputShape shape, int count)
    {
        var random = CounterRandom.For(0, "doctor", 0);
        float[] pixels = new float[count * shape.Length];
        foreach (ref float pixel in pixels.AsSpan())
        {
            pixel = (float)random.NextDouble();
        }

        return pixels;
    }
}
