namespace AuditKit.Imaging.Corruptions;

/// <summary>Salt and pepper: bit errors.</summary>
/// <param name="severity">1 to 5.</param>
public sealed class ImpulseNoise(int severity)
    : SampleNoise("impulse-noise", severity, [0.01, 0.02, 0.03, 0.05, 0.07], [0.03, 0.06, 0.09, 0.17, 0.27])
{
    /// <inheritdoc/>
    public override string Definition => "Every sample replaced, with probability c, by black or white, either equally likely.";

    private protected override void Distribute(int level, double constant, double[] probabilities)
    {
        probabilities[level] = 1 - constant;
        probabilities[0] += constant / 2;
        probabilities[255] += constant / 2;
    }
}
