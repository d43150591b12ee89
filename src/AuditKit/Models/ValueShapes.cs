using AuditKit.Imaging;
using AuditKit.Models.Onnx;
using Microsoft.ML.OnnxRuntime;

namespace AuditKit.Models;

/// <summary>How large the values in the middle of a model are for one image, found by running a black one: files rarely say.</summary>
internal static class ValueShapes
{
    /// <summary>The dimensions of values, the batch's left out.</summary>
    /// <param name="classifier">The model.</param>
    /// <param name="names">Names of values that nodes give.</param>
    /// <exception cref="AuditException">ONNX Runtime cannot run the model.</exception>
    public static IReadOnlyDictionary<string, long[]> Of(ClassifierGraph classifier, IReadOnlyCollection<string> names)
    {
        if (names.Count == 0)
        {
            return new Dictionary<string, long[]>();
        }

        Graph graph = classifier.Graph.WithOutputs(names);
        int count = classifier.FixedBatch ?? 1;
        try
        {
            using InferenceSession session = OnnxRuntimeSession.Open(graph);
            using var run = new RunOptions();
            InputShape input = classifier.Input;
            using OrtValue image = OrtValue.CreateTensorValueFromMemory(
                new float[count * input.Length], [count, input.Channels, input.Height, input.Width]);
            string[] wanted = [.. names.Distinct()];
            using IDisposableReadOnlyCollection<OrtValue> values = session.Run(run, [classifier.InputName], [image], wanted);
            return wanted.Zip(values).ToDictionary(pair => pair.First, pair => pair.Second.GetTensorTypeAndShape().Shape[1..]);
        }
        catch (OnnxRuntimeException e)
        {
            throw new AuditException($"{graph.Source}: ONNX Runtime cannot run this model: {e.Text()}", inner: e);
        }
    }
}
