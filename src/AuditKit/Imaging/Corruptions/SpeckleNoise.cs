namespace AuditKit.Imaging.Corruptions;

/// <summary>x + x·σ·n, n standard normal: noise that grows with brightness.</summary>
/// <param name="severity">1 to 5.</param>
public sealed class SpeckleNoise(int severity)
    : SampleNoise("speckle-noise", severity, [0.06, 0.1, 0.12, 0.16, 0.2], [0.15, 0.2, 0.35, 0.45, 0.6])
{
    /// <inheritdoc/>
    public override string Definition => "Every sample multiplied by 1 plus normal noise of standard deviation σ.";

    private protected override void Distribute(int level, double constant, double[] probabilities)
    {
        if (level == 0)
        {
            probabilities[0] = 1;
            return;
        }

        DistributeNormal(level, level * constant, probabilities);
    }
}
