using AuditKit.Models.Onnx;

namespace AuditKit.Models;

/// <summary>What is in a model file, read without running it: the model's identity in reports.</summary>
public sealed record ModelDescription
{
    /// <summary>The file, as the user named it.</summary>
    public required string Path { get; init; }

    /// <summary>Its digest: <see cref="Graph.Sha256"/>.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Size in bytes, of all these files.</summary>
    public required long Bytes { get; init; }

    /// <summary>The graph's name.</summary>
    public required string Name { get; init; }

    /// <summary>The program that made the model, with its version; empty where the file does not say.</summary>
    public required string Producer { get; init; }

    /// <summary>The version of the file format (ONNX's IR version).</summary>
    public required int FormatVersion { get; init; }

    /// <summary>The version of every operator set used, by domain; ONNX's own is the empty one.</summary>
    public required IReadOnlyDictionary<string, int> Opsets { get; init; }

    /// <summary>What a caller feeds.</summary>
    public required IReadOnlyList<GraphValue> Inputs { get; init; }

    /// <summary>What a caller gets.</summary>
    public required IReadOnlyList<GraphValue> Outputs { get; init; }

    /// <summary>
    /// Number of trainable parameters, counted as papers do: the elements of floating point initialisers, without
    /// the running statistics of batch normalisation.
    /// </summary>
    public required long Parameters { get; init; }

    /// <summary>How often each operator stands in the graph, by name (<c>domain.Name</c> outside ONNX's own domain).</summary>
    public required IReadOnlyDictionary<string, int> Operators { get; init; }

    /// <summary>Notes that travel with the file, such as what the model was trained on.</summary>
    public required IReadOnlyDictionary<string, string> Metadata { get; init; }

    /// <summary>Describes a file.</summary>
    /// <param name="path">An ONNX file.</param>
    /// <exception cref="AuditException">The file is missing, damaged, or no ONNX model.</exception>
    public static ModelDescription Read(string path) => Of(OnnxFile.Read(path));

    /// <summary>Describes a model that was read from a file.</summary>
    public static ModelDescription Of(Graph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return new ModelDescription
        {
            Path = graph.Source,
            Sha256 = graph.Sha256,
            Bytes = graph.FileBytes,
            Name = graph.Name,
            Producer = $"{graph.Producer} {graph.ProducerVersion}".Trim(),
            FormatVersion = graph.FormatVersion,
            Opsets = graph.Opsets,
            Inputs = [.. graph.RequiredInputs],
            Outputs = graph.Outputs,
            Parameters = CountParameters(graph),
            Operators = new SortedDictionary<string, int>(
                graph.Nodes.CountBy(node => node.Domain.Length == 0 ? node.Type : $"{node.Domain}.{node.Type}").ToDictionary(),
                StringComparer.Ordinal),
            Metadata = graph.Metadata,
        };
    }

    /// <summary>Number of trainable parameters of a graph, as <see cref="Parameters"/> counts them.</summary>
    public static long CountParameters(Graph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        HashSet<string> statistics = [.. graph.Nodes.Where(node => node.Type == "BatchNormalization").SelectMany(node => node.Inputs.Skip(3))];
        return graph.Initializers
            .Where(entry => IsFloat(entry.Value.Type) && !statistics.Contains(entry.Key))
            .Sum(entry => (long)entry.Value.Count);
    }

    private static bool IsFloat(ElementType type) =>
        type is ElementType.Float or ElementType.Float16 or ElementType.BFloat16 or ElementType.Double;
}
