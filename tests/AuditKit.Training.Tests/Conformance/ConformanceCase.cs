using AuditKit.Models.Onnx;

namespace AuditKit.Training.Tests.Conformance;

/// <summary>One test: a model, and for each of its data sets inputs and expected outputs.</summary>
/// <param name="Name">The test's name.</param>
/// <param name="Folder">Where it lies.</param>
internal sealed record ConformanceCase(string Name, string Folder)
{
    /// <summary>The operators of the model, with their domain unless it is ONNX's own.</summary>
    public IEnumerable<string> Operators =>
        Read().Nodes.Select(node => node.Domain.Length == 0 ? node.Type : $"{node.Domain}.{node.Type}").Distinct();

    public Graph Read() => OnnxFile.Read(Path.Combine(Folder, "model.onnx"));

    /// <summary>Runs the model on every data set and compares.</summary>
    /// <param name="run">From the model and its inputs in order to its outputs in order.</param>
    /// <returns>What is wrong; null where all is as expected.</returns>
    public string? Check(Func<Graph, TensorValue[], TensorValue[]> run)
    {
        try
        {
            foreach (string data in Directory.EnumerateDirectories(Folder, "test_data_set_*"))
            {
                Graph graph = Read();
                TensorValue[] actual = run(graph, Tensors(data, "input"));
                TensorValue[] expected = Tensors(data, "output");
                for (int i = 0; i < expected.Length; i++)
                {
                    if (Difference(expected[i], actual[i]) is { } difference)
                    {
                        return $"output {i}: {difference}";
                    }
                }
            }

            return null;
        }
        catch (Exception e)
        {
            return $"{e.GetType().Name}: {e.Message.ReplaceLineEndings(" ")}";
        }
    }

    private static TensorValue[] Tensors(string folder, string prefix) =>
        [.. Enumerable.Range(0, Directory.GetFiles(folder, $"{prefix}_*.pb").Length)
            .Select(i => OnnxReader.Tensor(Path.Combine(folder, $"{prefix}_{i}.pb")))];

    private static string? Difference(TensorValue expected, TensorValue actual)
    {
        if (expected.Type != actual.Type || !expected.Dimensions.SequenceEqual(actual.Dimensions))
        {
            return $"expected {expected}, got {actual}";
        }

        double[] left = Engines.ToDoubles(expected);
        double[] right = Engines.ToDoubles(actual);
        for (int i = 0; i < left.Length; i++)
        {
            bool equal = left[i].Equals(right[i]) || Math.Abs(left[i] - right[i]) <= 1e-6 + (1e-4 * Math.Abs(left[i]));
            if (!equal)
            {
                return $"element {i} should be {left[i]}, is {right[i]}";
            }
        }

        return null;
    }
}
