using System.Globalization;
using AuditKit.Imaging;
using AuditKit.Models.Onnx;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace AuditKit.Models;

/// <summary>
/// A classifier run by ONNX Runtime. What it says of an image does not depend, to the last bit, on the batch that the
/// image is in. Convolutional networks are so by themselves, also for any number of threads; it is tried out when a
/// model is opened, and one that is not so (the mean over the tokens of a transformer is summed in another order for
/// small batches) is only ever run in batches of one size, the free places being filled with black images.
/// </summary>
public sealed class OnnxRuntimeClassifier : IClassifier
{
    private readonly string _path;
    private readonly string _inputName;
    private readonly string _logitsName;
    private readonly string? _embeddingName;
    private readonly InferenceSession _session;
    private readonly RunOptions _runOptions = new();
    private readonly Dictionary<int, Binding> _bindings = [];
    private readonly long[] _embeddingShape;
    private readonly float[] _pixels;
    private readonly float[] _logits;
    private readonly float[] _embeddings;
    private readonly bool _padded;

    /// <summary>Opens a model.</summary>
    /// <param name="path">An ONNX file.</param>
    /// <param name="options">What the file does not say.</param>
    /// <exception cref="AuditException">
    /// The file is no ONNX model, ONNX Runtime cannot run it, it is no image classifier, images of a batch influence
    /// each other, or the device is not there.
    /// </exception>
    public OnnxRuntimeClassifier(string path, ClassifierOptions options)
        : this(OnnxFile.Read(path), options)
    {
    }

    /// <summary>Opens a model that was read before.</summary>
    /// <param name="model">The model, which is not changed.</param>
    /// <param name="options">What the file does not say.</param>
    /// <inheritdoc cref="OnnxRuntimeClassifier(string, ClassifierOptions)" path="/exception"/>
    public OnnxRuntimeClassifier(Graph model, ClassifierOptions options)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Threads, 1, nameof(options));
        string path = model.Source;
        var graph = ClassifierGraph.Of(model, options);
        (Form, Device) = (graph, options.Device);
        (_path, _inputName, _logitsName, _embeddingName) = (path, graph.InputName, graph.Logits, graph.FloatEmbedding);
        _padded = graph.FixedBatch is not null;
        PreferredBatch = graph.PreferredBatch(options.Device);
        _pixels = new float[PreferredBatch * Input.Length];
        _session = Open(path, graph, options);
        try
        {
            _embeddingShape = _embeddingName is null ? [0] : RowShape(_embeddingName);
            EmbeddingLength = Length(_embeddingShape);
            _logits = new float[PreferredBatch * Classes];
            _embeddings = _embeddingName == _logitsName ? _logits : new float[PreferredBatch * EmbeddingLength];
            _padded |= DependsOnBatch();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public InputShape Input => Form.Input;

    /// <inheritdoc/>
    public int Classes => Form.Classes;

    /// <inheritdoc/>
    public int EmbeddingLength { get; }

    /// <inheritdoc/>
    public int PreferredBatch { get; }

    /// <inheritdoc/>
    public Device Device { get; }

    /// <summary>The name of the graph's value that <see cref="Run"/> gives as the embedding; null where there is none.</summary>
    public string? EmbeddingName => Form.Embedding;

    /// <summary>How the model takes images and answers.</summary>
    public ClassifierGraph Form { get; }

    /// <inheritdoc/>
    public void Run(ReadOnlySpan<float> pixels, int count, Span<float> logits, Span<float> embeddings)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        List<int>? notFinite = null;
        for (int first = 0; first < count; first += PreferredBatch)
        {
            int n = Math.Min(PreferredBatch, count - first);
            RunBatch(pixels.Slice(first * Input.Length, n * Input.Length), n);
            ModelOutput.Copy(_logits.AsSpan(0, n * Classes), Classes, first, logits, ref notFinite);
            if (!embeddings.IsEmpty)
            {
                ModelOutput.Copy(_embeddings.AsSpan(0, n * EmbeddingLength), EmbeddingLength, first, embeddings, ref notFinite);
            }
        }

        ModelOutput.Require(_path, notFinite);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Binding binding in _bindings.Values)
        {
            binding.Dispose();
        }

        _runOptions.Dispose();
        _session.Dispose();
    }

    private static InferenceSession Open(string path, ClassifierGraph graph, ClassifierOptions options)
    {
        try
        {
            return OnnxRuntimeSession.Open(graph.Graph, options.Threads, options.Device);
        }
        catch (OnnxRuntimeException e)
        {
            throw new AuditException($"{path}: ONNX Runtime cannot load this model: {e.Text()}", inner: e);
        }
    }

    // Files often leave the outputs' shapes open, so they are taken from a run on black images.
    private long[] RowShape(string output)
    {
        int n = _padded ? PreferredBatch : 1;
        using OrtValue input = Tensor(_pixels, [n, Input.Channels, Input.Height, Input.Width]);
        try
        {
            using IDisposableReadOnlyCollection<OrtValue> outputs = _session.Run(_runOptions, [_inputName], [input], [output]);
            OrtTensorTypeAndShapeInfo info = outputs[0].GetTensorTypeAndShape();
            return info.ElementDataType == TensorElementType.Float && info.Shape.Length >= 2 && info.Shape[0] == n
                ? info.Shape[1..]
                : throw new AuditException(
                    $"{_path}: '{output}' must be 32-bit floats, one row an image, but for {n} images it is {info.ElementDataType} "
                        + $"{string.Join("×", info.Shape)}.");
        }
        catch (OnnxRuntimeException e)
        {
            throw new AuditException($"{_path}: the model does not run on images of {Input}: {e.Text()}", inner: e);
        }
    }

    private static int Length(long[] shape) => checked((int)shape.Aggregate(1L, (length, dimension) => length * dimension));

    // The same images in small batches and in a full one. Where ONNX Runtime sums in another order the last bits
    // differ, and padding makes them agree; where more differs, an image's result depends on the others.
    private bool DependsOnBatch()
    {
        if (_padded)
        {
            return false;
        }

        var random = CounterRandom.For(0, "batch independence", 0);
        float[] pixels = new float[PreferredBatch * Input.Length];
        foreach (ref float pixel in pixels.AsSpan())
        {
            pixel = (float)random.NextDouble();
        }

        (float[] Logits, float[] Embeddings) full = Outputs(PreferredBatch);
        float largest = Math.Max(full.Logits.Max(Math.Abs), full.Embeddings.Select(Math.Abs).DefaultIfEmpty().Max());
        if (!float.IsFinite(largest))
        {
            return false;
        }

        float difference = new[] { 1, Math.Min(3, PreferredBatch) }.Select(Outputs).Max(few =>
            Math.Max(Difference(few.Logits, full.Logits), Difference(few.Embeddings, full.Embeddings)));
        return difference <= 1e-3f * largest
            ? difference > 0
            : throw new AuditException(
                $"{_path}: what the model says of an image depends on the other images of the batch (values differ by "
                + $"{difference.ToString("g3", CultureInfo.InvariantCulture)}). Export it in evaluation mode.");

        static float Difference(float[] few, float[] many) =>
            few.Zip(many, (a, b) => Math.Abs(a - b)).DefaultIfEmpty().Max();

        (float[] Logits, float[] Embeddings) Outputs(int n)
        {
            try
            {
                RunBatch(pixels.AsSpan(0, n * Input.Length), n);
                return (_logits[..(n * Classes)], _embeddings[..(n * EmbeddingLength)]);
            }
            catch (AuditException e)
            {
                throw new AuditException($"{e.Message} Its batch size is declared variable; export it so that it is.", inner: e);
            }
        }
    }

    private void RunBatch(ReadOnlySpan<float> pixels, int n)
    {
        Form.Normalisation.Apply(pixels, _pixels);
        if (_padded)
        {
            _pixels.AsSpan(pixels.Length).Clear();
            n = PreferredBatch;
        }

        try
        {
            if (!_bindings.TryGetValue(n, out Binding? binding))
            {
                _bindings.Add(n, binding = new Binding(this, n));
            }

            _session.RunWithBinding(_runOptions, binding.Values);
        }
        catch (OnnxRuntimeException e)
        {
            throw new AuditException($"{_path}: ONNX Runtime failed on a batch of {n} images: {e.Text()}", ExitCode.Error, e);
        }
    }

    private static OrtValue Tensor(float[] values, long[] shape) =>
        OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, values.AsMemory(), shape);

    /// <summary>The classifier's buffers as tensors of n rows, made once for every n.</summary>
    private sealed class Binding : IDisposable
    {
        private readonly List<OrtValue> _tensors = [];

        public Binding(OnnxRuntimeClassifier owner, int n)
        {
            Values = owner._session.CreateIoBinding();
            Values.BindInput(owner._inputName, Add(owner._pixels, [n, owner.Input.Channels, owner.Input.Height, owner.Input.Width]));
            Values.BindOutput(owner._logitsName, Add(owner._logits, [n, owner.Classes]));
            if (owner._embeddingName is { } embedding && embedding != owner._logitsName)
            {
                Values.BindOutput(embedding, Add(owner._embeddings, [n, .. owner._embeddingShape]));
            }
        }

        public OrtIoBinding Values { get; }

        public void Dispose()
        {
            Values.Dispose();
            _tensors.ForEach(tensor => tensor.Dispose());
        }

        private OrtValue Add(float[] buffer, long[] shape)
        {
            OrtValue tensor = Tensor(buffer, shape);
            _tensors.Add(tensor);
            return tensor;
        }
    }
}
