using System.Runtime.InteropServices;
using AuditKit.Imaging;
using AuditKit.Models.Onnx;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace AuditKit.Models.Forms;

/// <summary>A value of a graph as a trial run gave it.</summary>
/// <param name="Type">The type of its elements.</param>
/// <param name="Shape">Its dimensions for one batch.</param>
/// <param name="Rows">n×K numbers, as 32-bit floats.</param>
/// <param name="Images">Images n.</param>
internal sealed record TrialValue(ElementType Type, IReadOnlyList<long> Shape, float[] Rows, int Images)
{
    /// <summary>Numbers an image.</summary>
    public int Length => Rows.Length / Images;

    /// <summary>Whether it holds one row of numbers an image, however many dimensions of 1 there are.</summary>
    /// <param name="batch">Images in a batch.</param>
    public bool IsRows(int batch) => Length >= 1 && Shape.Aggregate(1L, (product, length) => product * length) == (long)batch * Length
        && Shape.SkipWhile((length, i) => i == 0 && length == batch).Count(length => length != 1) <= 1;
}

/// <summary>Runs a model once, on a black, a white and two random images: what its values are, files rarely say.</summary>
internal static class TrialRun
{
    /// <summary>Images that are run.</summary>
    public const int Images = 4;

    /// <summary>Runs a model.</summary>
    /// <param name="graph">A graph whose one required input takes N×C×H×W 32-bit floats.</param>
    /// <param name="form">The images that it takes.</param>
    /// <param name="options">What is done to pixels first, and the threads.</param>
    /// <returns>The outputs that are tensors of floating point numbers, by name.</returns>
    /// <exception cref="AuditException">ONNX Runtime cannot run it.</exception>
    public static Dictionary<string, TrialValue> Of(Graph graph, InputForm form, ClassifierOptions options)
    {
        InputShape image = form.Image;
        float[] pixels = Pixels(image), normalised = new float[pixels.Length];
        options.Normalisation(image, form.Range).Apply(pixels, normalised);
        int batch = form.Batch ?? Images;
        float[] input = new float[batch * image.Length];
        string name = graph.RequiredInputs.Single().Name;
        Dictionary<string, List<float>> rows = [];
        Dictionary<string, (ElementType Type, long[] Shape)> kinds = [];
        using InferenceSession session = Open(graph, options);
        try
        {
            using var run = new RunOptions();
            string[] wanted = [.. graph.Outputs.Select(output => output.Name)];
            for (int first = 0; first < Images; first += batch)
            {
                int count = Math.Min(batch, Images - first);
                Array.Clear(input);
                normalised.AsSpan(first * image.Length, count * image.Length).CopyTo(input);
                using OrtValue value = OrtValue.CreateTensorValueFromMemory(input, [batch, image.Channels, image.Height, image.Width]);
                using IDisposableReadOnlyCollection<OrtValue> results = session.Run(run, [name], [value], wanted);
                for (int i = 0; i < wanted.Length; i++)
                {
                    if (Floats(results[i]) is (var type, var shape, var floats) && floats.Length > 0 && floats.Length % batch == 0)
                    {
                        kinds[wanted[i]] = (type, shape);
                        rows.TryAdd(wanted[i], []);
                        rows[wanted[i]].AddRange(floats.Take(floats.Length / batch * count));
                    }
                }
            }
        }
        catch (OnnxRuntimeException e)
        {
            string declared = form.Batch is null && RunsOneByOne(graph, form, options) ? " Its batch size is declared variable; export it so that it is." : "";
            throw new AuditException($"{graph.Source}: the model does not run on images of {image}: {e.Text()}{declared}", inner: e);
        }

        return kinds.ToDictionary(kind => kind.Key, kind => new TrialValue(kind.Value.Type, kind.Value.Shape, [.. rows[kind.Key]], Images));
    }

    private static InferenceSession Open(Graph graph, ClassifierOptions options)
    {
        try
        {
            return OnnxRuntimeSession.Open(graph, options.Threads);
        }
        catch (OnnxRuntimeException e)
        {
            throw new AuditException($"{graph.Source}: ONNX Runtime cannot load this model: {e.Text()}", inner: e);
        }
    }

    private static bool RunsOneByOne(Graph graph, InputForm form, ClassifierOptions options)
    {
        try
        {
            Of(graph, form with { Batch = 1 }, options);
            return true;
        }
        catch (AuditException)
        {
            return false;
        }
    }

    private static float[] Pixels(InputShape image)
    {
        float[] pixels = new float[Images * image.Length];
        pixels.AsSpan(image.Length, image.Length).Fill(1);
        var random = CounterRandom.For(0, "trial run", 0);
        foreach (ref float pixel in pixels.AsSpan(2 * image.Length))
        {
            pixel = (float)random.NextDouble();
        }

        return pixels;
    }

    private static (ElementType, long[], float[])? Floats(OrtValue value)
    {
        if (!value.IsTensor)
        {
            return null;
        }

        OrtTensorTypeAndShapeInfo info = value.GetTensorTypeAndShape();
        return info.ElementCount == 0 ? null : info.ElementDataType switch
        {
            TensorElementType.Float => (ElementType.Float, info.Shape, value.GetTensorDataAsSpan<float>().ToArray()),
            TensorElementType.Double => (ElementType.Double, info.Shape, Array.ConvertAll(value.GetTensorDataAsSpan<double>().ToArray(), x => (float)x)),
            TensorElementType.Float16 => (ElementType.Float16, info.Shape,
                Array.ConvertAll(MemoryMarshal.Cast<byte, Half>(value.GetTensorMutableRawData()).ToArray(), x => (float)x)),
            TensorElementType.BFloat16 => (ElementType.BFloat16, info.Shape,
                Array.ConvertAll(MemoryMarshal.Cast<byte, ushort>(value.GetTensorMutableRawData()).ToArray(), x => BitConverter.Int32BitsToSingle(x << 16))),
            _ => null,
        };
    }
}
