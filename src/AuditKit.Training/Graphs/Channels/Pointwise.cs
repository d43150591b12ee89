using AuditKit.Models.Onnx;

namespace AuditKit.Training.Graphs.Channels;

/// <summary>Operators of one value that leave its channels apart, and what they make of a constant.</summary>
internal static class Pointwise
{
    // What is not listed by its formula is known to leave zero alone.
    private static readonly HashSet<string> s_zeroToZero =
        ["Abs", "Ceil", "Celu", "Elu", "Erf", "Floor", "Gelu", "HardSwish", "Mish", "Neg", "Round", "Selu", "Sin", "Softsign", "Sqrt"];

    private static readonly HashSet<string> s_pools = ["AveragePool", "GlobalAveragePool", "GlobalLpPool", "GlobalMaxPool", "MaxPool"];

    /// <summary>Whether a node is one of them.</summary>
    public static bool Is(Node node) => node.Domain.Length == 0 && node.Outputs.Skip(1).All(name => name.Length == 0)
        && (node.Type is "Relu" or "LeakyRelu" or "Sigmoid" or "Tanh" or "Identity" or "Dropout" or "Clip" or "HardSigmoid" or "Softplus"
            || s_zeroToZero.Contains(node.Type) || s_pools.Contains(node.Type));

    /// <summary>What a node makes of a constant; null where it is not known, or not the same everywhere.</summary>
    public static double? Of(Node node, double value) => node.Type switch
    {
        "Identity" or "Dropout" or "MaxPool" or "GlobalMaxPool" or "GlobalAveragePool" => value,
        "Relu" => Math.Max(0, value),
        "LeakyRelu" => value < 0 ? value * node.Attribute("alpha", 0.01f) : value,
        "Sigmoid" => 1 / (1 + Math.Exp(-value)),
        "Tanh" => Math.Tanh(value),
        "AveragePool" when !node.Attributes.ContainsKey("auto_pad") && !node.Attributes.ContainsKey("ceil_mode")
            && node.Attribute<long[]>("pads", []).All(pad => pad == 0) => value,
        "AveragePool" or "GlobalLpPool" => value == 0 ? 0 : null,
        var type => value == 0 && s_zeroToZero.Contains(type) ? 0 : null,
    };
}
