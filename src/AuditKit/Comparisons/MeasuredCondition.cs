using AuditKit.Evidence;

namespace AuditKit.Comparisons;

/// <summary>What is known of a condition whose outcomes need not be there.</summary>
/// <param name="Kind">What was done to the images.</param>
/// <param name="Name">What reports call it.</param>
/// <param name="Variant">
/// What a margin asks for once: the name, or, of test-time augmentation, what it has in common with other numbers of samples, or, of a shifted
/// set, whose name is the spec's, the condition and the digest of the images.
/// </param>
internal sealed record MeasuredCondition(ConditionKind Kind, string Name, string Variant)
{
    /// <summary>A condition of the run's own images.</summary>
    public static MeasuredCondition Of(Condition condition) => new(
        condition.Kind,
        condition.Name,
        condition.Kind == ConditionKind.Augmented
            ? string.Join('\n', condition.Options.Where(option => option.Key != Condition.Samples).Select(option => $"{option.Key}={option.Value}"))
            : condition.Name);

    /// <summary>A condition of a shifted set's images.</summary>
    public static MeasuredCondition Of(Condition condition, string dataset, string name)
        => new(condition.Kind, $"{condition.Name} images of {name}", $"{condition.Name} images of {dataset}");
}
