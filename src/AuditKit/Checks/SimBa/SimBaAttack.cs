using AuditKit.Evidence;
using AuditKit.Models;

namespace AuditKit.Checks.SimBa;

/// <summary>
/// SimBA in the pixel basis on one image: Guo et al., Simple Black-box Adversarial Attacks, ICML 2019, Algorithm 1.
/// The basis vectors are tried in a random order without replacement. For each, x − εq is sent to the model and,
/// if the true class's probability did not fall, x + εq; what lowers it is kept. It ends when the kept image is
/// misclassified, or the iterations or the basis vectors are spent. Pixels are clipped to [0, 1].
/// </summary>
/// <remarks>
/// The attack never calls a model. It writes the image that it wants to be judged into a slot, and whoever owns
/// the slot brings the logits; so one batch can hold images of many attacks, and each attack's outcome is the
/// same whatever it was batched with.
/// </remarks>
internal sealed class SimBaAttack
{
    private readonly int _image;
    private readonly int _label;
    private readonly float _epsilon;
    private readonly int _iterations;
    private readonly int[] _basis;
    private readonly bool _singlePrecision;

    private Candidate _candidate = Candidate.Original;
    private float _pixel;
    private int _tried;
    private int _queries;
    private double _probability;
    private int _predicted;
    private double _confidence;
    private double _squaredNorm;
    private float _largestChange;

    /// <summary>An attack that has not asked anything yet; its first query is the unchanged image.</summary>
    /// <param name="image">The image's index in its data set.</param>
    /// <param name="label">The true class.</param>
    /// <param name="options">The step ε and the most basis vectors that may be tried.</param>
    /// <param name="basis">The order of the basis vectors: a permutation of 0 .. C·H·W − 1.</param>
    public SimBaAttack(int image, int label, SimBaOptions options, int[] basis)
    {
        (_image, _label, _basis) = (image, label, basis);
        (_epsilon, _singlePrecision) = ((float)options.Epsilon, options.SinglePrecision);
        _iterations = Math.Min(options.Iterations, basis.Length);
    }

    private enum Candidate
    {
        Original,
        Minus,
        Plus,
    }

    /// <summary>
    /// Takes the model's answer to the image in the slot and turns the slot into the next image to be judged.
    /// </summary>
    /// <param name="x">The slot, C×H×W pixels: the image just judged; afterwards the next one, or at the end the image that the attack arrived at.</param>
    /// <param name="logits">The model's K logits for it.</param>
    /// <returns>False when the attack has ended.</returns>
    public bool Advance(Span<float> x, ReadOnlySpan<float> logits)
    {
        _queries++;
        double probability = Softmax.Probability(logits, _label);
        probability = _singlePrecision ? (float)probability : probability;
        if (_candidate == Candidate.Original || probability < _probability)
        {
            Keep(x, logits, probability);
            return _predicted == _label && TryNext(x);
        }

        if (_candidate == Candidate.Minus)
        {
            _candidate = Candidate.Plus;
            x[_basis[_tried - 1]] = Math.Min(_pixel + _epsilon, 1);
            return true;
        }

        x[_basis[_tried - 1]] = _pixel;
        return TryNext(x);
    }

    /// <summary>How the attack ended.</summary>
    public AttackOutcome Outcome => new(
        _image,
        Succeeded: _predicted != _label,
        Iterations: _tried,
        Queries: _queries,
        L2: (float)Math.Sqrt(_squaredNorm),
        LInf: _largestChange,
        _predicted,
        (float)_confidence);

    private void Keep(ReadOnlySpan<float> x, ReadOnlySpan<float> logits, double probability)
    {
        _probability = probability;
        _predicted = Softmax.Predict(logits);
        _confidence = Softmax.Probability(logits, _predicted);
        if (_candidate != Candidate.Original)
        {
            // Every basis vector is tried once, so the squared norm is the sum over the kept steps.
            float change = Math.Abs(x[_basis[_tried - 1]] - _pixel);
            _squaredNorm += (double)change * change;
            _largestChange = Math.Max(_largestChange, change);
        }
    }

    private bool TryNext(Span<float> x)
    {
        if (_tried == _iterations)
        {
            return false;
        }

        int q = _basis[_tried++];
        _candidate = Candidate.Minus;
        _pixel = x[q];
        x[q] = Math.Max(_pixel - _epsilon, 0);
        return true;
    }
}
