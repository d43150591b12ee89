using System.Numerics;
using System.Runtime.InteropServices;
using AuditKit.Evidence;
using AuditKit.Statistics;

namespace AuditKit.Checks.SimBa;

/// <summary>
/// SimBA on one image: Guo et al., Simple Black-box Adversarial Attacks, ICML 2019, Algorithm 1. The vectors of a basis
/// are tried in a random order without replacement. For each, x − εq is sent to the model and, if the true class's
/// probability did not fall, x + εq; what lowers it is kept. A targeted attack raises its target's probability instead.
/// Pixels are clipped to [0, 1] and to the L∞ budget; a step that would leave the L2 budget is shortened to end on it.
/// The attack ends when it has succeeded, or the iterations or the basis vectors are spent, in every restart.
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
    private readonly SimBaOptions _options;
    private readonly Basis _basis;
    private readonly Func<int, int[]> _order;

    /// <summary>The image that is attacked, by its index.</summary>
    public int Image => _image;

    /// <summary>The target class; null for any but the true one.</summary>
    private int? _target;

    // The vector being tried, and what its support held before: what to go back to.
    private int[] _vectors = [];
    private Range _support;
    private float[] _vector = [];
    private float[] _kept = [];
    private float[] _original = [];

    private Candidate _candidate = Candidate.Original;
    private int _restart;
    private int _next;
    private int _tried;
    private int _queries;
    private Answer _originalAnswer;
    private Answer _answer;
    private double _squaredNorm;
    private float _largestChange;

    /// <summary>An attack that has not asked anything yet; its first query is the unchanged image.</summary>
    /// <param name="image">The image's index in its data set.</param>
    /// <param name="label">The true class.</param>
    /// <param name="target">The target class; null for none, or the one that is found least likely first.</param>
    /// <param name="options">The step ε, the most basis vectors that may be tried, the budgets.</param>
    /// <param name="basis">The vectors.</param>
    /// <param name="order">The order in which a restart (0, 1 …) tries them: a permutation of 0 .. Count − 1.</param>
    public SimBaAttack(int image, int label, int? target, SimBaOptions options, Basis basis, Func<int, int[]> order)
        => (_image, _label, _target, _options, _basis, _order) = (image, label, target, options, basis, order);

    private enum Candidate
    {
        Original,
        Minus,
        Plus,
    }

    /// <summary>How the attack ended.</summary>
    public AttackOutcome Outcome => new(
        _image,
        HasSucceeded,
        Iterations: _tried,
        Queries: _queries,
        L2: (float)Math.Sqrt(_squaredNorm),
        LInf: _largestChange,
        _answer.Predicted,
        (float)_answer.Confidence);

    private bool HasSucceeded => _target is { } target ? _answer.Predicted == target : _answer.Predicted != _label;

    /// <summary>
    /// Takes the model's answer to the image in the slot and turns the slot into the next image to be judged.
    /// </summary>
    /// <param name="x">The slot, C×H×W pixels: the image just judged; afterwards the next one, or at the end the image that the attack arrived at.</param>
    /// <param name="logits">The model's K logits for it.</param>
    /// <returns>False when the attack has ended.</returns>
    public bool Advance(Span<float> x, ReadOnlySpan<float> logits)
    {
        _queries++;
        bool goesOn = _candidate == Candidate.Original ? Begin(x, logits) : AcceptOrReject(x, logits);
        if (!goesOn)
        {
            for (int i = 0; i < x.Length; i++)
            {
                _largestChange = Math.Max(_largestChange, Math.Abs(x[i] - _original[i]));
            }
        }

        return goesOn;
    }

    private bool Begin(Span<float> x, ReadOnlySpan<float> logits)
    {
        _original = x.ToArray();
        _target = _options.Target == SimBaTarget.LeastLikely ? LeastLikely(logits) : _target;
        _answer = _originalAnswer = Answer.Of(logits, Cost(logits));
        _vectors = _order(0);
        return !HasSucceeded && TryNext(x);
    }

    private bool AcceptOrReject(Span<float> x, ReadOnlySpan<float> logits)
    {
        double cost = Cost(logits);
        if (cost < _answer.Cost)
        {
            _answer = Answer.Of(logits, cost);
            _squaredNorm += SquaredNorm(x[_support], _original.AsSpan(_support)) - SquaredNorm(Kept, _original.AsSpan(_support));
            return !HasSucceeded && TryNext(x);
        }

        if (_candidate == Candidate.Minus && TryStep(x, Candidate.Plus))
        {
            return true;
        }

        Kept.CopyTo(x[_support]);
        return TryNext(x);
    }

    /// <summary>What the attack lowers: the true class's probability, or minus the target's.</summary>
    private double Cost(ReadOnlySpan<float> logits)
    {
        double probability = Softmax.Probability(logits, _target ?? _label);
        probability = _options.SinglePrecision ? (float)probability : probability;
        return _target is null ? probability : -probability;
    }

    private bool TryNext(Span<float> x)
    {
        do
        {
            if (_next == Math.Min(_options.Iterations, _vectors.Length) && !Restart(x))
            {
                return false;
            }

            Take(_vectors[_next++], x);
            _tried++;
        }
        while (!TryStep(x, Candidate.Minus) && !TryStep(x, Candidate.Plus));
        return true;
    }

    private bool Restart(Span<float> x)
    {
        if (++_restart == _options.Restarts)
        {
            return false;
        }

        _original.CopyTo(x);
        (_answer, _squaredNorm, _next, _vectors) = (_originalAnswer, 0, 0, _order(_restart));
        return true;
    }

    private void Take(int vector, ReadOnlySpan<float> x)
    {
        _support = _basis.Support(vector);
        ReadOnlySpan<float> support = x[_support];
        if (_kept.Length < support.Length)
        {
            (_kept, _vector) = (new float[support.Length], new float[support.Length]);
        }

        support.CopyTo(_kept);
        _basis.Write(vector, _vector.AsSpan(0, support.Length));
    }

    /// <summary>Writes x ± εq, clipped; false where the L2 budget leaves no room for such a step.</summary>
    private bool TryStep(Span<float> x, Candidate candidate)
    {
        double length = _options.Epsilon;
        int sign = candidate == Candidate.Minus ? -1 : 1;
        if (_options.MaxL2 is { } budget)
        {
            // ‖δ ± sq‖² = ‖δ‖² ± 2s⟨δ, q⟩ + s² reaches the budget's square at the larger root s.
            double towards = sign * Inner(Kept, _original.AsSpan(_support), _vector);
            double room = Math.Max(0, (budget * budget) - _squaredNorm);
            length = Math.Min(length, Math.Sqrt((towards * towards) + room) - towards);
            if (length < 1e-6 * _options.Epsilon)
            {
                return false;
            }
        }

        _candidate = candidate;
        Step(x[_support], Kept, _vector, sign * (float)length);
        if (_options.MaxLInf is { } largest)
        {
            Span<float> pixels = x[_support];
            ReadOnlySpan<float> original = _original.AsSpan(_support);
            for (int i = 0; i < pixels.Length; i++)
            {
                pixels[i] = Math.Clamp(pixels[i], original[i] - (float)largest, original[i] + (float)largest);
            }
        }

        return true;
    }

    private Span<float> Kept => _kept.AsSpan(0, _support.End.Value - _support.Start.Value);

    /// <summary>to = clip(from + s·q), in one pass: TensorPrimitives needs two, and twice the time.</summary>
    private static void Step(Span<float> to, ReadOnlySpan<float> from, ReadOnlySpan<float> q, float s)
    {
        ReadOnlySpan<Vector<float>> froms = MemoryMarshal.Cast<float, Vector<float>>(from);
        ReadOnlySpan<Vector<float>> qs = MemoryMarshal.Cast<float, Vector<float>>(q);
        Span<Vector<float>> tos = MemoryMarshal.Cast<float, Vector<float>>(to);
        for (int i = 0; i < froms.Length; i++)
        {
            tos[i] = Vector.Min(Vector.Max(froms[i] + (qs[i] * s), Vector<float>.Zero), Vector<float>.One);
        }

        for (int i = froms.Length * Vector<float>.Count; i < from.Length; i++)
        {
            to[i] = Math.Clamp(from[i] + (q[i] * s), 0, 1);
        }
    }

    private static double SquaredNorm(ReadOnlySpan<float> x, ReadOnlySpan<float> original)
    {
        double sum = 0;
        for (int i = 0; i < x.Length; i++)
        {
            float change = x[i] - original[i];
            sum += (double)change * change;
        }

        return sum;
    }

    private static double Inner(ReadOnlySpan<float> x, ReadOnlySpan<float> original, ReadOnlySpan<float> q)
    {
        double sum = 0;
        for (int i = 0; i < x.Length; i++)
        {
            sum += ((double)x[i] - original[i]) * q[i];
        }

        return sum;
    }

    private static int LeastLikely(ReadOnlySpan<float> logits)
    {
        int least = 0;
        for (int k = 1; k < logits.Length; k++)
        {
            least = logits[k] < logits[least] ? k : least;
        }

        return least;
    }

    /// <summary>What the model said of an image.</summary>
    private readonly record struct Answer(double Cost, int Predicted, double Confidence)
    {
        public static Answer Of(ReadOnlySpan<float> logits, double cost)
        {
            int predicted = Softmax.Predict(logits);
            return new(cost, predicted, Softmax.Probability(logits, predicted));
        }
    }
}
