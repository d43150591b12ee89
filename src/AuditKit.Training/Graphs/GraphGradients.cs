using System.Runtime.InteropServices;
using AuditKit.Imaging;
using AuditKit.Models;
using AuditKit.Models.Onnx;
using AuditKit.Training.Libtorch;
using TorchSharp;
using static TorchSharp.torch;

namespace AuditKit.Training.Graphs;

/// <summary>
/// An ONNX classifier whose logits are differentiated with respect to its input, in evaluation mode. It is only ever
/// run in a <see cref="FixedBatch"/>, so that neither logits nor gradients of an image depend on the batch that the
/// image is in.
/// </summary>
public sealed class GraphGradients : IGradientModel
{
    private readonly string _path;
    private readonly string _logits;
    private readonly FixedBatch _batch;
    private readonly GraphModule _module;

    /// <summary>Opens a model.</summary>
    /// <param name="path">An ONNX file.</param>
    /// <param name="options">What the file does not say.</param>
    /// <exception cref="AuditException">
    /// The file is no ONNX model or no classifier, an operator cannot be run or differentiated here, or the device is
    /// not there.
    /// </exception>
    public GraphGradients(string path, ClassifierOptions options)
        : this(OnnxFile.Read(path), options)
    {
    }

    /// <summary>Opens a model that was read before.</summary>
    /// <param name="model">The model, which is not changed.</param>
    /// <param name="options">What the file does not say.</param>
    /// <inheritdoc cref="GraphGradients(string, ClassifierOptions)" path="/exception"/>
    public GraphGradients(AuditKit.Models.Onnx.Graph model, ClassifierOptions options)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        FixedBatch.RequireDevice(options.Device);
        var graph = ClassifierGraph.Of(model, options);
        (_path, _logits, Input) = (model.Source, graph.Logits, graph.Input);
        _batch = new FixedBatch(Input, graph.PreferredBatch(options.Device), graph.Normalisation, options.Device);
        try
        {
            set_num_threads(options.Threads);
            _module = new GraphModule(SinglePrecision.Of(graph.Graph), torch.device(options.Device.ToString()));
            foreach (Tensor parameter in _module.Parameters.Values)
            {
                parameter.requires_grad = false;
            }

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
    public int PreferredBatch => _batch.Size;

    /// <inheritdoc/>
    public void Backward(ReadOnlySpan<float> pixels, int count, Span<float> logits, LossGradient loss, Span<float> gradient)
    {
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, PreferredBatch);
        int n = count * Input.Length;
        _batch.Fill(pixels[..n]);
        using DisposeScope scope = NewDisposeScope();
        (Tensor input, Tensor output) = Forward(ExitCode.Error);
        ModelOutput.CopyFinite(_path, Floats(Rows(output))[..(count * Classes)], Classes, logits);

        float[] lossGradient = new float[PreferredBatch * Classes];
        loss(logits[..(count * Classes)], lossGradient.AsSpan(0, count * Classes));
        Tensor result = Rows(Differentiate(input, output, lossGradient, ExitCode.Error));
        ModelOutput.CopyFinite(_path, Floats(result)[..n], Input.Length, gradient);
        _batch.Backward(gradient[..n]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _batch.Dispose();
        _module?.Dispose();
    }

    // One forward and one backward pass, so that a model that cannot be differentiated is refused before anything is measured.
    private int CountClasses()
    {
        _batch.FillWithNoise();
        using DisposeScope scope = NewDisposeScope();
        (Tensor input, Tensor output) = Forward(ExitCode.Usage);
        long classes = output.numel() / PreferredBatch;
        if (output.shape[0] != PreferredBatch || classes is < 2 or > int.MaxValue)
        {
            throw _batch.NoClassifier(_path, output.shape);
        }

        Differentiate(input, output, new float[output.numel()], ExitCode.Usage);
        return (int)classes;
    }

    private (Tensor Input, Tensor Output) Forward(ExitCode failure)
    {
        try
        {
            using IDisposable gradients = enable_grad();
            Tensor input = _batch.OnDevice().detach().requires_grad_();
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
            return Gradient.Of(output, input, vector);
        }
        catch (Exception e) when (e is ExternalException or InvalidOperationException)
        {
            throw new AuditException($"{_path}: the logits cannot be differentiated with respect to the image: {e.Text()}", failure, e);
        }
    }

    private static Tensor Rows(Tensor tensor) => tensor.detach().to(ScalarType.Float32).cpu().contiguous();

    private static Span<float> Floats(Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);
}
