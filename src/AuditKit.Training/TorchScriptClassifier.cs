using System.IO.Compression;
using System.Runtime.InteropServices;
using AuditKit.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace AuditKit.Training;

/// <summary>
/// A TorchScript classifier run by libtorch. It is only ever run in batches of one size, the free places being filled
/// with black images, so that what it says of an image does not depend on the batch that the image is in.
/// </summary>
/// <remarks>TorchScript has no named values, so no embedding can be tapped.</remarks>
public sealed class TorchScriptClassifier : IClassifier
{
    // After two runs TorchScript has compiled what it will run from then on.
    private const int WarmUpRuns = 3;

    private readonly string _path;
    private readonly Normalisation _normalisation;
    private readonly torch.Device _device;
    private readonly jit.ScriptModule _module;
    private readonly Tensor _images;

    /// <summary>Opens a model.</summary>
    /// <param name="path">A file that torch.jit.save wrote.</param>
    /// <param name="options">What the file does not say; the input's shape is never in it.</param>
    /// <exception cref="AuditException">
    /// The file is no TorchScript or does not run, it is no classifier of such images or gives probabilities, or the
    /// device is not there.
    /// </exception>
    public TorchScriptClassifier(string path, ClassifierOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _path = path;
        Input = options.Input ?? throw new AuditException(
            $"{path}: TorchScript does not say which images it takes. Say so: input: [channels, height, width].");
        if (options.Embedding is { } embedding)
        {
            throw new AuditException($"{path}: TorchScript has no value named '{embedding}' to tap. Export the model to ONNX for that.");
        }

        if (options.Device.Gpu is { } gpu && gpu >= cuda.device_count())
        {
            throw new AuditException($"There is no device {options.Device}; libtorch sees {cuda.device_count()} CUDA GPUs. Give --device cpu to run without one.");
        }

        RequireTorchScript(path);
        _normalisation = new Normalisation(Input, options.Mean, options.StandardDeviation);
        _device = torch.device(options.Device.ToString());
        set_num_threads(options.Threads);
        _module = Load();
        _images = zeros(PreferredBatch, Input.Channels, Input.Height, Input.Width).DetachFromDisposeScope();
        try
        {
            Classes = CountClasses();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public InputShape Input { get; }

    /// <inheritdoc/>
    public int Classes { get; }

    /// <inheritdoc/>
    public int EmbeddingLength => 0;

    /// <inheritdoc/>
    public int PreferredBatch => 32;

    /// <inheritdoc/>
    public void Run(ReadOnlySpan<float> pixels, int count, Span<float> logits, Span<float> embeddings)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        for (int first = 0; first < count; first += PreferredBatch)
        {
            int n = Math.Min(PreferredBatch, count - first);
            Span<float> images = MemoryMarshal.Cast<byte, float>(_images.bytes);
            _normalisation.Apply(pixels.Slice(first * Input.Length, n * Input.Length), images);
            images[(n * Input.Length)..].Clear();
            using DisposeScope scope = NewDisposeScope();
            ReadOnlySpan<float> rows = MemoryMarshal.Cast<byte, float>(Forward(ExitCode.Error).bytes);
            ModelOutput.CopyFinite(_path, rows[..(n * Classes)], Classes, first, logits);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _images.Dispose();
        _module.Dispose();
    }

    // TorchScript is a ZIP archive with code in it; what torch.save writes is one without, and a pickle.
    private static void RequireTorchScript(string path)
    {
        try
        {
            using ZipArchive archive = ZipFile.OpenRead(path);
            if (archive.Entries.Any(entry => entry.FullName.Contains("/code/", StringComparison.Ordinal)))
            {
                return;
            }
        }
        catch (InvalidDataException)
        {
            // Not even an archive.
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AuditException($"{path}: the model cannot be read: {e.Message}", inner: e);
        }

        throw new AuditException(
            $"{path}: not a TorchScript file, or a damaged one. Pickles, as torch.save writes them, run code when loaded and are "
            + "refused: export the model with torch.onnx.export or torch.jit.save.");
    }

    private jit.ScriptModule Load()
    {
        try
        {
            jit.ScriptModule module = jit.load(_path, _device);
            module.eval();
            return module;
        }
        catch (ExternalException e)
        {
            throw new AuditException($"{_path}: libtorch cannot load this TorchScript: {e.Message}", inner: e);
        }
    }

    private int CountClasses()
    {
        var random = CounterRandom.For(0, "probe", 0);
        foreach (ref float pixel in MemoryMarshal.Cast<byte, float>(_images.bytes))
        {
            pixel = (float)random.NextDouble();
        }

        using DisposeScope scope = NewDisposeScope();
        for (int i = 1; i < WarmUpRuns; i++)
        {
            Forward(ExitCode.Usage);
        }

        Tensor logits = Forward(ExitCode.Usage);
        if (logits.shape is not [var n, > 1 and < int.MaxValue, ..] || n != PreferredBatch || logits.numel() != n * logits.shape[1])
        {
            throw new AuditException(
                $"{_path}: a classifier gives K ≥ 2 logits an image, but for {PreferredBatch} images of {Input} this model gives "
                + $"{string.Join("×", logits.shape)}.");
        }

        return AreProbabilities(MemoryMarshal.Cast<byte, float>(logits.bytes), (int)logits.shape[1])
            ? throw new AuditException($"{_path}: the model gives probabilities. Export it without its softmax, so that it gives logits.")
            : (int)logits.shape[1];
    }

    private static bool AreProbabilities(ReadOnlySpan<float> rows, int classes)
    {
        for (int at = 0; at < rows.Length; at += classes)
        {
            double sum = 0;
            foreach (float value in rows.Slice(at, classes))
            {
                if (!(value >= 0))
                {
                    return false;
                }

                sum += value;
            }

            if (Math.Abs(sum - 1) > 1e-3)
            {
                return false;
            }
        }

        return true;
    }

    private Tensor Forward(ExitCode failure)
    {
        try
        {
            using IDisposable mode = inference_mode();
            return _module.forward(_images.to(_device)) is Tensor logits
                ? logits.to(ScalarType.Float32).cpu().contiguous()
                : throw new AuditException($"{_path}: a classifier gives one tensor, but this model gives several. Export it with its logits alone.");
        }
        catch (ExternalException e)
        {
            throw new AuditException($"{_path}: libtorch failed on images of {Input}: {e.Message}", failure, e);
        }
    }
}
