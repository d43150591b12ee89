using System.IO.Compression;
using System.Runtime.InteropServices;
using AuditKit.Imaging;
using AuditKit.Models;
using AuditKit.Models.Forms;
using TorchSharp;
using static TorchSharp.torch;

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
    private readonly Normalisation _normalisation;
    private readonly bool _isChannelsLast;
    private readonly int _length;

    /// <summary>Opens a model.</summary>
    /// <param name="path">A file that torch.jit.save wrote.</param>
    /// <param name="options">What the file does not say; the input's shape is never in it.</param>
    /// <exception cref="AuditException">
    /// The file is no TorchScript or does not run, it is no classifier of such images, what it gives is open, or the device is not
    /// there.
    /// </exception>
    public TorchScriptClassifier(string path, ClassifierOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_path, Device) = (path, options.Device);
        Input = options.Input ?? throw new AuditException(
            $"{path}: TorchScript does not say which images it takes. Say so: input: [channels, height, width].");
        if (options.Embedding is { } embedding)
        {
            throw new AuditException($"{path}: TorchScript has no value named '{embedding}' to tap. Export the model to ONNX for that.");
        }

        if (options.Output is { } output)
        {
            throw new AuditException($"{path}: TorchScript has no output named '{output}'. Export the model to ONNX, or so that it gives its scores alone.");
        }

        _normalisation = options.Normalisation(Input);
        _isChannelsLast = options.Layout == InputLayout.ChannelsLast;
        FixedBatch.RequireDevice(options.Device);
        RequireTorchScript(path);
        ModelTrial.Require(path, options, "libtorch");
        _batch = new FixedBatch(Input, PreferredBatch, _normalisation, options.Device);
        try
        {
            set_num_threads(options.Threads);
            _module = Load(torch.device(options.Device.ToString()));
            (_length, Activation, string why) = Judge(options);
            Classes = Math.Max(_length, 2);
            OutputText = $"{(_length == 1 ? "one number" : $"{_length} {ScoreRows.Name(Activation)}")}: {why}";
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
    public Models.Device Device { get; }

    /// <summary>What the model's output holds.</summary>
    public Activation Activation { get; }

    /// <summary>What the model's output was taken for, and why, for people.</summary>
    public string OutputText { get; }

    /// <summary>How the model holds images, for people.</summary>
    public string InputText => $"{(_isChannelsLast ? "N×H×W×C" : "N×C×H×W")}, 32-bit floats, pixels in {_normalisation.Range.Text()}";

    /// <inheritdoc/>
    public int EmbeddingLength => 0;

    /// <inheritdoc/>
    public int PreferredBatch => 32;

    /// <inheritdoc/>
    public void Run(ReadOnlySpan<float> pixels, int count, Span<float> logits, Span<float> embeddings)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        List<int>? notFinite = null;
        for (int first = 0; first < count; first += PreferredBatch)
        {
            int n = Math.Min(PreferredBatch, count - first);
            _batch.Fill(pixels.Slice(first * Input.Length, n * Input.Length));
            using DisposeScope scope = NewDisposeScope();
            ReadOnlySpan<float> rows = MemoryMarshal.Cast<byte, float>(Forward(ExitCode.Error).bytes);
            ModelOutput.Copy(ScoreRows.ToLogits(rows[..(n * _length)], Activation, _length), Classes, first, logits, ref notFinite);
        }

        ModelOutput.Require(_path, notFinite);
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

    private (int Length, Activation Kind, string Why) Judge(ClassifierOptions options)
    {
        _batch.FillWithNoise();
        using DisposeScope scope = NewDisposeScope();
        for (int i = 1; i < WarmUpRuns; i++)
        {
            Forward(ExitCode.Usage);
        }

        Tensor scores = Forward(ExitCode.Usage);
        long length = scores.numel() / PreferredBatch;
        if (scores.shape is not [var n, ..] || n != PreferredBatch || length is < 1 or > int.MaxValue || scores.shape.Skip(1).Count(side => side != 1) > 1)
        {
            throw _batch.NoClassifier(_path, scores.shape);
        }

        var rows = new ScoreRows(MemoryMarshal.Cast<byte, float>(scores.bytes).ToArray(), (int)length);
        (Activation kind, string why) = rows.Judge(_path, "the output", options.Activation, isUnbounded: false);
        return ((int)length, kind, why);
    }

    private Tensor Forward(ExitCode failure)
    {
        try
        {
            using IDisposable mode = inference_mode();
            return _module.forward(_isChannelsLast ? _batch.OnDevice().permute(0, 2, 3, 1) : _batch.OnDevice()) is Tensor logits
                ? logits.to(ScalarType.Float32).cpu().contiguous()
                : throw new AuditException($"{_path}: a classifier gives one tensor, but this model gives several. Export it with its logits alone.");
        }
        catch (ExternalException e)
        {
            throw new AuditException($"{_path}: libtorch failed on images of {Input}: {e.Text()}", failure, e);
        }
    }
}
