using AuditKit.Models;

namespace AuditKit.Training.Graphs;

/// <summary>What <see cref="ModelDoctor"/> found.</summary>
public sealed record ModelDiagnosis
{
    /// <summary>What is in the file.</summary>
    public required ModelDescription Description { get; init; }

    /// <summary>ONNX Runtime, which audits, and libtorch, which trains.</summary>
    public required IReadOnlyList<EngineDiagnosis> Engines { get; init; }

    /// <summary>The operators of the model that libtorch cannot run here: with them it can be audited, but not trained.</summary>
    public required IReadOnlyList<string> OnlyOnnxRuntime { get; init; }

    /// <summary>The largest difference between the engines in any logit of any image; null unless both ran.</summary>
    public required double? LargestDifference { get; init; }

    /// <summary>The largest logit in absolute value, which the difference is to be held against; null unless one ran.</summary>
    public required double? LargestLogit { get; init; }

    /// <summary>How the model takes images and answers; null where it is no classifier that ONNX Runtime runs.</summary>
    public required ClassifierGraph? Form { get; init; }

    /// <summary>Whether the engines agree within <see cref="ModelDoctor.Tolerance"/>; null unless both ran.</summary>
    public bool? Agree => LargestDifference is { } difference
        ? difference <= (Form is { } form && SinglePrecision.HasHalves(form.Graph) ? ModelDoctor.HalfTolerance : ModelDoctor.Tolerance) * LargestLogit
        : null;
}

/// <summary>Whether and how fast one engine runs a model.</summary>
/// <param name="Name">The engine.</param>
/// <param name="Version">Its version; null where it does not run the model.</param>
/// <param name="ImagesPerSecond">Images through the model a second, batch after batch; null where it does not run it.</param>
/// <param name="Failure">Why it does not run the model; null where it does.</param>
public sealed record EngineDiagnosis(string Name, string? Version, double? ImagesPerSecond, string? Failure);
