using System.Globalization;
using System.Text.Json;
using AuditKit.Evidence;
using AuditKit.Models;
using AuditKit.Models.Metadata;
using AuditKit.Models.Onnx;

namespace AuditKit.Checks.Weights;

/// <summary>Measures how each linear layer treats its input, from the model's file alone: no image is looked at.</summary>
public sealed class WeightsCheck(WeightsOptions options) : ICheck
{
    /// <summary>The check's key in specs.</summary>
    internal const string Key = "weights";

    /// <summary>The figure that names the layers that could not be read, and says that all others have been measured.</summary>
    internal const string LeftOut = "left out";

    /// <summary>The name of one layer's figures.</summary>
    internal static string Layer(int index) => index.ToString(CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public string Name => Key;

    /// <inheritdoc/>
    public void Run(CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.Share.Announce(context.Evidence, options.Condition);
        if (context.Evidence.Figure(options.Condition, LeftOut) is not null)
        {
            return;
        }

        ModelSpec model = context.Audited.Spec;
        Graph graph = context.Audited.Graph ?? throw new AuditException(
            $"{model.Path}: weights are read from ONNX graphs alone, and this is TorchScript. Export the model with torch.onnx.export.");
        (IReadOnlyList<WeightLayer> layers, IReadOnlyList<string> leftOut) = LinearLayers.Find(ClassifierGraph.Of(graph,
            model.Options(Device.Cpu, context.Threads)));
        // Nothing that is computed from such numbers means anything, and larger ones overflow where they are squared.
        if (layers.FirstOrDefault(layer => layer.Kernels.Any(kernel => kernel.Any(weight => !(Math.Abs(weight) <= float.MaxValue)))) is { } broken)
        {
            throw new AuditException($"{model.Path}: the weights '{broken.Name}' hold NaN, or numbers that are not finite. The file is "
                + "damaged, or its training diverged.");
        }

        IReadOnlyDictionary<string, long> dense = DenseWeights.Read(graph);
        for (int i = 0; i < layers.Count; i++)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            if (context.Share.Holds(i) && context.Evidence.Figure(options.Condition, Layer(i)) is null)
            {
                FrameBounds bounds = options.IsPeriodic
                    ? layers[i].PeriodicBounds(context.Threads, context.Cancellation)
                    : layers[i].Bounds(context.Threads, context.Cancellation);
                var figures = LayerFigures.Of(layers[i], bounds, context.Threads, dense.GetValueOrDefault(layers[i].Name));
                context.Evidence.WriteFigure(options.Condition, Layer(i), figures.ToJson());
            }

            context.Progress(new CheckProgress("layers", i + 1, layers.Count));
        }

        if (context.Share.SeesAll)
        {
            RequireAll(context.Evidence, layers.Count);
            context.Evidence.WriteFigure(options.Condition, LeftOut, JsonSerializer.Serialize(leftOut));
        }
    }

    private void RequireAll(EvidenceStore evidence, int layers)
    {
        if (Enumerable.Range(0, layers).FirstOrDefault(i => evidence.Figure(options.Condition, Layer(i)) is null, -1) is >= 0 and var missing)
        {
            throw new AuditException($"weights: layer {missing + 1} of {layers} was not measured: a shard is missing.", ExitCode.Error);
        }
    }
}
