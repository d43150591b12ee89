using TorchSharp.Modules;

namespace AuditKit.Training.Loop;

/// <summary>Parameters that an optimiser treats alike.</summary>
/// <param name="Parameters">What is trained.</param>
public sealed record ParameterGroup(IReadOnlyList<Parameter> Parameters)
{
    /// <summary>Their learning rate, which the schedule scales; null for the recipe's.</summary>
    public double? Rate { get; init; }

    /// <summary>Whether the recipe's weight decay reaches them.</summary>
    public bool Decays { get; init; } = true;
}
