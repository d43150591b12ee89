using System.IO.Compression;
using System.Runtime.InteropServices;
using AuditKit.Imaging;
using AuditKit.Models;
using TorchSharp;
using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace AuditKit.Training.Libtorch;

/// <summary>
/// A TorchScript classifier run by libtorch. It is only ever run in a <see cref="FixedBatch"/>, so that what it says
/// of an image does not depend on the batch that the image is in.
/// </summary>
/// <remarks>TorchScript has no named values, so no embedding can be tapped.</remarks>
public sealed class TorchScriptClassifier : IClassifier
{
    // After two runs TorchScript has compiled what it will run from then on.
    private const int WarmUpRuns = 3;

    private readonly string _path;
    private readonly FixedBatch _batch;
    private readonly jit.ScriptModule _module;

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

        FixedBatch.RequireDevice(options.Device);
        RequireTorchScript(path);
        ModelTrial.Require(path, options, "libtorch");
        _batch = new FixedBatch(Input, PreferredBatch, options);
        try
        {
            set_num_threads(options.Threads);
            _module = Load(torch.device(options.Device.ToString()));
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
            _batch.Fill(pixels.Slice(first * Input.Length, n * Input.Length));
            using DisposeScope scope = NewDisposeScope();
            ReadOnlySpan<float> rows = MemoryMarshal.Cast<byte, float>(Forward(ExitCode.Error).bytes);
            ModelOutput.CopyFinite(_path, rows[..(n * Classes)], Classes, first, logits);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _batch.Dispose();
        _module?.Dispose();
    }

    // TorchScript is a ZIP archive with code in it; what torch.save writes is one without, and a pickle.
    private static void RequireTorchScript(string path)
    {
        try
        {
            using var archive = new ZipArchive(RegularFile.Open(path), ZipArchiveMode.Read);
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

    private jit.ScriptModule Load(torch.Device device)
    {
        try
        {
            jit.ScriptModule module = jit.load(_path, device);
            module.eval();
            return module;
        }
        catch (ExternalException e)
        {
            throw new AuditException($"{_path}: libtorch cannot load this TorchScript: {e.Text()}", inner: e);
        }
    }

    private int CountClasses()
    {
        _batch.FillWithNoise();
        using DisposeScope scope = NewDisposeScope();
        for (int i = 1; i < WarmUpRuns; i++)
        {
            Forward(ExitCode.Usage);
        }

        Tensor logits = Forward(ExitCode.Usage);
        if (logits.shape is not [var n, > 1 and < int.MaxValue, ..] || n != PreferredBatch || logits.numel() != n * logits.shape[1])
        {
            throw _batch.NoClassifier(_path, logits.shape);
        }

        return AreProbabilities(MemoryMarshal.Cast<byte, float>(logits.bytes), (int)logits.shape[1])
            ? throw new AuditException($"{_path}: the model gives probabilities. Export it without its softmax, so that it gives logits.")
            : (int)logits.shape[1];
    }

    private static bool AreProbabilities(ReadOnlySpan<float> rows, int classes)
    {
        for (int at = 0; at < rows.Length; at += classes)
        {
            ReadOnlySpan<float> row = rows.Slice(at, classes);
            if (!(TensorPrimitives.Min(row) >= 0) || Math.Abs(TensorPrimitives.Sum(row) - 1) > 1e-3)
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
            return _module.forward(_batch.OnDevice()) is Tensor logits
                ? logits.to(ScalarType.Float32).cpu().contiguous()
                : throw new AuditException($"{_path}: a classifier gives one tensor, but this model gives several. Export it with its logits alone.");
        }
        catch (ExternalException e)
        {
            throw new AuditException($"{_path}: libtorch failed on images of {Input}: {e.Text()}", failure, e);
        }
    }
}
