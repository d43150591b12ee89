namespace AuditKit.Training.Remediation;

/// <summary>What of the model and the training data decides which methods can be used.</summary>
/// <param name="Attribute">The attribute that makes the groups; null for the classes alone.</param>
/// <param name="SmallestGroup">Images of the smallest group that has any, and its name.</param>
/// <param name="HasEmbedding">Whether the model has a last linear layer whose input is known.</param>
/// <param name="IsOnGpu">Whether a GPU trains.</param>
/// <param name="IsDataNamed">Whether the spec names the training data: only that may be other data than the model was trained on.</param>
/// <param name="TrainsEncoder">Whether layers before the last one are trained, too.</param>
public sealed record RemedySituation(
    string? Attribute, (int Images, string Name) SmallestGroup, bool HasEmbedding, bool IsOnGpu, bool IsDataNamed, bool TrainsEncoder = true)
{
    /// <summary>The names of the training data's groups, as audits give them.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary>A group that has no image, by its name; null where all have some.</summary>
    public string? EmptyGroup { get; init; }

    /// <summary>Whether groups are made by an attribute.</summary>
    public bool HasAttribute => Attribute is not null;
}
