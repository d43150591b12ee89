using System.Text.Json;
using AuditKit.Models;

namespace AuditKit.Checks.Weights;

/// <summary>Measures how each linear layer treats its input, from the model's file alone: no image is looked at.</summary>
public sealed class WeightsCheck(WeightsOptions options) : ICheck
{
    /// <summary>The fact that names the layers that could not be read, and says that all others have been measured.</summary>
    internal const string LeftOut = "weights/left out";

    /// <summary>The fact that holds the figures of one layer.</summary>
    internal static string Layer(int index) => $"weights/{index}";

    /// <inheritdoc/>
    public string Name => "weights";

    /// <inheritdoc/>
    public void Run(CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.Evidence.Fact(LeftOut) is not null)
        {
            return;
        }

        ModelSpec model = context.ModelSpec;
        if (model.IsTorchScript)
        {
            throw new AuditException(
                $"{model.Path}: weights are read from ONNX graphs alone, and this is TorchScript. Export the model with torch.onnx.export.");
        }

        (IReadOnlyList<WeightLayer> layers, IReadOnlyList<string> leftOut) = WeightLayer.Find(ClassifierGraph.Read(model.Path, model.Input));
        for (int i = 0; i < layers.Count; i++)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            if (context.Evidence.Fact(Layer(i)) is null)
            {
                FrameBounds bounds = options.IsPeriodic
                    ? layers[i].PeriodicBounds(context.Threads, context.Cancellation)
                    : layers[i].Bounds(context.Threads, context.Cancellation);
                context.Evidence.WriteFact(Layer(i), LayerFigures.Of(layers[i], bounds, context.Threads).ToJson());
            }

            context.Progress(new CheckProgress("layers", i + 1, layers.Count));
        }

        context.Evidence.WriteFact(LeftOut, JsonSerializer.Serialize(leftOut));
    }
}
