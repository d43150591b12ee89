using System.Text.Json.Serialization;

namespace AuditKit.Training.Loop;

/// <summary>What an epoch ended with.</summary>
/// <param name="Loss">Mean training loss over the epoch's batches.</param>
/// <param name="Accuracy">Accuracy on the validation images, in [0, 1].</param>
/// <param name="WorstGroup">The lowest accuracy of a validation group, in [0, 1].</param>
/// <param name="HardGroup">The accuracy of the group that the recipe names as the hard one, in [0, 1]; null where it names none.</param>
public readonly record struct EpochRecord(
    double Loss,
    double Accuracy,
    double WorstGroup,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? HardGroup = null)
{
    /// <summary>An epoch's loss, and what its network scored.</summary>
    internal EpochRecord(double loss, ValidationScore score)
        : this(loss, score.Accuracy, score.WorstGroup, score.HardGroup)
    {
    }

    /// <summary>What its network scores on the validation images.</summary>
    [JsonIgnore]
    public ValidationScore Validation => new(Accuracy, WorstGroup, HardGroup);
}
