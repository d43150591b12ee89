using System.Globalization;

namespace AuditKit.Models;

/// <summary>Where an engine computes: on the CPU, or on one CUDA GPU.</summary>
/// <param name="Gpu">The GPU's index, counted from 0; null for the CPU.</param>
public readonly record struct Device(int? Gpu)
{
    /// <summary>The CPU.</summary>
    public static Device Cpu => default;

    /// <summary>Reads <c>cpu</c>, <c>cuda</c> (the first GPU) or <c>cuda:n</c>.</summary>
    /// <exception cref="AuditException">It is none of these.</exception>
    public static Device Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text switch
        {
            "cpu" => Cpu,
            "cuda" => new Device(0),
            _ when text.StartsWith("cuda:", StringComparison.Ordinal)
                && int.TryParse(text.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out int index) => new Device(index),
            _ => throw new AuditException($"'{text}' is no device: give cpu, cuda or cuda:n."),
        };
    }

    /// <inheritdoc/>
    public override string ToString() => Gpu is { } index ? $"cuda:{index}" : "cpu";
}
