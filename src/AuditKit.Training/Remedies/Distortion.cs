using AuditKit.Imaging;
using AuditKit.Training.Loop;
using static TorchSharp.torch;

namespace AuditKit.Training.Remedies;

/// <summary>
/// The distorted copies x′ that stability training compares with: x + N(0, σ²) as in the paper, or one of the audit's
/// perturbations, drawn for every image anew.
/// </summary>
internal sealed class Distortion
{
    /// <summary>The key of a method's block.</summary>
    public static readonly DistortionKey Key = new();

    private readonly double _deviation;
    private readonly IReadOnlyList<IPerturbation> _perturbations;

    /// <summary>One of the perturbations, or where there is none noise.</summary>
    /// <param name="deviation">σ, pixels in [0, 1].</param>
    /// <param name="perturbations">The perturbations that one is drawn from.</param>
    public Distortion(double deviation, IReadOnlyList<IPerturbation> perturbations)
        => (_deviation, _perturbations) = (deviation, perturbations);

    /// <summary>Versions of an image in a batch: noise needs none beside the image itself.</summary>
    public int Versions => _perturbations.Count > 0 ? 2 : 1;

    /// <summary>What is done, for the card.</summary>
    public string Description => _perturbations.Count > 0
        ? string.Join(", ", _perturbations.Select(perturbation => perturbation.Name)) + (_perturbations.Count > 1 ? " (one drawn for every image)" : "")
        : FormattableString.Invariant($"Gaussian noise of standard deviation {_deviation} on pixels in [0, 1], not clipped");

    /// <summary>An image distorted by one of the perturbations.</summary>
    public Image Apply(Image original, CounterRandom random)
        => _perturbations[random.NextInt32(_perturbations.Count)].Apply(original, random);

    /// <summary>The distorted batch, n×C×H×W.</summary>
    public Tensor Images(TrainingStep step)
    {
        if (_perturbations.Count > 0)
        {
            return step.Images(1);
        }

        using Generator draws = step.Draws();
        return step.Images() + (empty_like(step.Images()).normal_(generator: draws) * _deviation);
    }
}
