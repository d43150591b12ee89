using System.Text.Json.Serialization;

namespace AuditKit.Training.Loop;

/// <summary>What a network scores on the validation images.</summary>
/// <param name="Accuracy">The accuracy, in [0, 1].</param>
/// <param name="WorstGroup">The lowest accuracy of a group, in [0, 1].</param>
/// <param name="HardGroup">The accuracy of the group that the recipe names as the hard one, in [0, 1]; null where it names none.</param>
public readonly record struct ValidationScore(
    double Accuracy, double WorstGroup, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? HardGroup = null)
{
    /// <summary>The accuracy of the group that is to get better: the hard one where the recipe names one, or else the worst.</summary>
    [JsonIgnore]
    public double WantedGroup => HardGroup ?? WorstGroup;

    /// <summary>What <see cref="WantedGroup"/> is called.</summary>
    [JsonIgnore]
    internal string WantedName => HardGroup is null ? "worst group" : "hard group";

    /// <summary>Scores answers.</summary>
    /// <param name="right">For each image whether its answer is right; at least one.</param>
    /// <param name="groups">For each image its group; groups without an image do not count.</param>
    /// <param name="hardGroup">The hard group, of which there is an image; null for none.</param>
    internal static ValidationScore Of(IReadOnlyList<bool> right, IReadOnlyList<int> groups, int? hardGroup)
    {
        Dictionary<int, double> accuracies = right.Zip(groups).GroupBy(image => image.Second)
            .ToDictionary(group => group.Key, group => group.Average(image => image.First ? 1.0 : 0));
        return new ValidationScore(
            right.Average(image => image ? 1.0 : 0), accuracies.Values.Min(), hardGroup is { } hard ? accuracies[hard] : null);
    }

    /// <summary>The mean of several, figure by figure.</summary>
    /// <param name="scores">At least one.</param>
    internal static ValidationScore Mean(IReadOnlyCollection<ValidationScore> scores) => new(
        scores.Average(one => one.Accuracy), scores.Average(one => one.WorstGroup), scores.Average(one => one.HardGroup));
}
