using AuditKit.Checks.Tta;
using AuditKit.Evidence;

namespace AuditKit.Comparisons;

/// <summary>What is known of a condition whose outcomes need not be there.</summary>
/// <param name="Kind">What was done to the images.</param>
/// <param name="Name">What reports call it.</param>
/// <param name="Variant">
/// What a margin asks for once: kind and name; of test-time augmentation what it has in common with other numbers of samples, and with other
/// magnitudes that are chosen on images; of a shifted set, whose name is the spec's, the condition and the digest of the images.
/// </param>
internal sealed record MeasuredCondition(ConditionKind Kind, string Name, string Variant)
{
    private const string Views = "views", Edition = "edition";

    /// <summary>The magnitude that this run's model chose, by which another model's name may differ under the same spec; null where it chose none.</summary>
    public string? Chosen { get; init; }

    /// <summary>A condition of the run's own images.</summary>
    public static MeasuredCondition Of(Condition condition)
    {
        if (condition.Kind != ConditionKind.Augmented)
        {
            return new(condition.Kind, condition.Name, $"{condition.Kind} {condition.Name}");
        }

        // Only RandAugment's views are "randaugment-OPERATORS-MAGNITUDE" in this edition; a policy may have any name.
        string views = condition.Options.GetValueOrDefault(Views, "");
        int magnitude = condition.Options.GetValueOrDefault(Edition) == RandAugment.OwnEdition ? views.LastIndexOf('-') + 1 : 0;
        return new(condition.Kind, condition.Name, string.Join('\n', condition.Options.Where(option => option.Key != Condition.Samples)
            .Select(option => $"{option.Key}={(option.Key == Views && magnitude > 0 ? views[..magnitude] : option.Value)}")))
        {
            Chosen = magnitude > 0 ? views[magnitude..] : null,
        };
    }

    /// <summary>A condition of a shifted set's images.</summary>
    public static MeasuredCondition Of(Condition condition, string dataset, string name)
        => new(condition.Kind, $"{condition.Name} images of {name}", $"{condition.Kind} {condition.Name} images of {dataset}");
}
