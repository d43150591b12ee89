using MathNet.Numerics;

namespace AuditKit.Imaging.Corruptions;

/// <summary>Poisson(c·x) / c, pixels in [0, 1]: noise of counting photons, c of them for white.</summary>
/// <param name="severity">1 to 5.</param>
public sealed class ShotNoise(int severity)
    : SampleNoise("shot-noise", severity, [500, 250, 100, 75, 50], [60, 25, 12, 5, 3])
{
    /// <inheritdoc/>
    public override string Definition => "Every sample x in [0, 1] replaced by a Poisson number of mean c·x, divided by c.";

    private protected override void Distribute(int level, double constant, double[] probabilities)
    {
        if (level == 0)
        {
            probabilities[0] = 1;
            return;
        }

        // From c photons on, the sample is white.
        double mean = constant * level / 255;
        double rest = 1;
        for (int photons = 0; photons < constant; photons++)
        {
            double p = Math.Exp((photons * Math.Log(mean)) - mean - SpecialFunctions.GammaLn(photons + 1));
            probabilities[255 * photons / (int)constant] += p;
            rest -= p;
        }

        probabilities[255] += Math.Max(0, rest);
    }
}
