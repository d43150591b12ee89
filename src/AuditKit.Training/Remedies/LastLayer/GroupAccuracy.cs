using static TorchSharp.torch;

namespace AuditKit.Training.Remedies.LastLayer;

/// <summary>What a last layer scores on some images.</summary>
/// <param name="Worst">The lowest accuracy of a group, in [0, 1].</param>
/// <param name="Overall">The accuracy, in [0, 1].</param>
internal readonly record struct GroupAccuracy(double Worst, double Overall)
{
    /// <summary>Scores weights.</summary>
    /// <param name="weights">K×D.</param>
    /// <param name="features">n×D.</param>
    /// <param name="classes">n classes.</param>
    /// <param name="groups">n groups; those without an image do not count.</param>
    public static GroupAccuracy Of(Tensor weights, Tensor features, IReadOnlyList<int> classes, IReadOnlyList<int> groups)
    {
        long[] predicted = [.. features.mm(weights.t()).argmax(1).data<long>()];
        bool[] right = [.. predicted.Zip(classes, (answer, truth) => answer == truth)];
        return new GroupAccuracy(
            right.Zip(groups).GroupBy(image => image.Second).Min(group => group.Average(image => image.First ? 1.0 : 0)),
            right.Average(image => image ? 1.0 : 0));
    }
}
