using System.Runtime.InteropServices;
using AuditKit.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace AuditKit.Training;

/// <summary>
/// An ONNX classifier whose logits are differentiated with respect to its input, in evaluation mode. It is only ever
/// run in batches of one size, the free places being filled with black images, so that neither logits nor gradients
/// of an image depend on the batch that the image is in.
/// </summary>
public sealed class GraphGradients : IGradientModel
{
    private readonly string _path;
    private readonly string _logits;
    private readonly Normalisation _normalisation;
    private readonly GraphModule _module;
    private readonly Tensor _images;

    /// <summary>Opens a model.</summary>
    /// <param name="path">An ONNX file.</param>
    /// <param name="options">What the file does not say.</param>
    /// <exception cref="AuditException">
    /// The file is no ONNX model or no classifier, an operator cannot be run or differentiated here, or the device is
    /// not there.
    /// </exception>
    public GraphGradients(string path, ClassifierOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Device.Gpu is { } gpu && gpu >= cuda.device_count())
        {
            throw new AuditException($"There is no device {options.Device}; libtorch sees {cuda.device_count()} CUDA GPUs. Give --device cpu to run without one.");
        }

        var graph = ClassifierGraph.Read(path, options.Input, options.Embedding);
        (_path, _logits, Input, PreferredBatch) = (path, graph.Logits, graph.Input, graph.PreferredBatch(options.Device));
        _normalisation = new Normalisation(Input, options.Mean, options.StandardDeviation);
        set_num_threads(options.Threads);
        _module = new GraphModule(graph.Graph, torch.device(options.Device.ToString()));
        foreach (Tensor parameter in _module.Parameters.Values)
        {
            parameter.requires_grad = false;
        }

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
    public int PreferredBatch { get; }

    /// <inheritdoc/>
    public void Backward(ReadOnlySpan<float> pixels, int count, Span<float> logits, LossGradient loss, Span<float> gradient)
    {
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, PreferredBatch);
        int n = count * Input.Length;
        _normalisation.Apply(pixels[..n], Floats(_images));
        Floats(_images)[n..].Clear();
        using DisposeScope scope = NewDisposeScope();
        (Tensor input, Tensor output) = Forward(ExitCode.Error);
        ModelOutput.CopyFinite(_path, Floats(Rows(output))[..(count * Classes)], Classes, 0, logits);

        float[] lossGradient = new float[PreferredBatch * Classes];
        loss(logits[..(count * Classes)], lossGradient.AsSpan(0, count * Classes));
        Tensor result = Rows(Differentiate(input, output, lossGradient, ExitCode.Error));
        ModelOutput.CopyFinite(_path, Floats(result)[..n], Input.Length, 0, gradient);
        _normalisation.Backward(gradient[..n]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _images.Dispose();
        _module.Dispose();
    }

    // One run there and back, so that what cannot be differentiated is found before anything is measured.
    private int CountClasses()
    {
        var random = CounterRandom.For(0, "probe", 0);
        foreach (ref float pixel in Floats(_images))
        {
            pixel = (float)random.NextDouble();
        }

        using DisposeScope scope = NewDisposeScope();
        (Tensor input, Tensor output) = Forward(ExitCode.Usage);
        long classes = output.numel() / PreferredBatch;
        if (output.shape[0] != PreferredBatch || classes is < 2 or > int.MaxValue)
        {
            throw new AuditException(
                $"{_path}: a classifier gives K ≥ 2 logits an image, but for {PreferredBatch} images of {Input} this model gives "
                + $"{string.Join("×", output.shape)}.");
        }

        Differentiate(input, output, new float[output.numel()], ExitCode.Usage);
        return (int)classes;
    }

    private (Tensor Input, Tensor Output) Forward(ExitCode failure)
    {
        try
        {
            using IDisposable gradients = enable_grad();
            Tensor input = _images.to(_module.Device).detach().requires_grad_();
            return (input, _module.Run(input, _logits)[0]);
        }
        catch (AuditException e)
        {
            throw new AuditException(e.Message, failure, e);
        }
    }

    private Tensor Differentiate(Tensor input, Tensor output, float[] lossGradient, ExitCode failure)
    {
        try
        {
            Tensor vector = tensor(lossGradient, output.shape).to(output.dtype, _module.Device);
            return autograd.grad([output], [input], [vector])[0];
        }
        catch (ExternalException e)
        {
            throw new AuditException($"{_path}: the logits cannot be differentiated with respect to the image: {e.Message}", failure, e);
        }
    }

    private static Tensor Rows(Tensor tensor) => tensor.detach().to(ScalarType.Float32).cpu().contiguous();

    private static Span<float> Floats(Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);
}
