using System.Globalization;
using AuditKit.Training.Graphs;

namespace AuditKit.Training.Remedies;

/// <summary>A setting that is one number for all layers, or one for each in the order in which they run.</summary>
internal static class LayerNumbers
{
    /// <summary>The number of each layer.</summary>
    /// <param name="key">The setting's key.</param>
    /// <param name="numbers">One number, or as many as there are layers.</param>
    /// <param name="layers">The layers.</param>
    /// <exception cref="AuditException">There are some, but not as many as layers.</exception>
    public static IReadOnlyList<double> Of(string key, IReadOnlyList<double> numbers, IReadOnlyList<LinearLayer> layers)
        => numbers.Count == layers.Count ? numbers
            : numbers.Count == 1 ? [.. Enumerable.Repeat(numbers[0], layers.Count)]
            : throw new AuditException($"'method.{key}' has {numbers.Count} numbers, but there are {layers.Count} layers that it is for: "
                + $"{string.Join(", ", layers.Select(layer => layer.Name))}. Give one number, or one for each.");

    /// <summary>The numbers for people.</summary>
    public static string Text(IReadOnlyList<double> numbers)
        => string.Join("–", numbers.Distinct().Count() == 1 ? [Text(numbers[0])] : numbers.Select(Text));

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);
}
