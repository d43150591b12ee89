using static TorchSharp.torch;

namespace AuditKit.Training.Graphs;

/// <summary>How libtorch runs one ONNX operator.</summary>
/// <param name="Run">From the node to its outputs. An optional output that is not wanted may be left out at the end.</param>
internal sealed record Operator(Func<NodeContext, Tensor[]> Run)
{
    /// <summary>Inputs that say how to compute, such as the bounds of Clip: constants that are never trained.</summary>
    public int[] Settings { get; init; } = [];

    /// <summary>Inputs that training updates itself, such as running means: never trained by gradients.</summary>
    public int[] Buffers { get; init; } = [];

    /// <summary>Whether training gives another result than evaluation, so that it is not computed ahead.</summary>
    public bool HasModes { get; init; }

    /// <summary>Whether it multiplies matrices, which is where arithmetic in bfloat16 saves time and its rounding averages out.</summary>
    public bool Multiplies { get; init; }
}
