namespace AuditKit.Checks.WhiteBox;

/// <summary>
/// Auto-PGD: Croce &amp; Hein, Reliable evaluation of adversarial robustness with an ensemble of diverse parameter-free
/// attacks, ICML 2020, Algorithm 1. The step starts at 2ε; at checkpoints it is halved, and the attack goes back to
/// its best point, where too few steps raised the loss (condition 1) or neither step nor best loss changed (condition 2).
/// </summary>
internal sealed class Apgd : GradientAttack
{
    // Section 3.2: α weighs the gradient's step against momentum, ρ is the share of steps that must succeed.
    private const float Alpha = 0.75f;
    private const double Rho = 0.75;

    private readonly float[] _original;
    private readonly NormBall _ball;
    private readonly int _steps;
    private readonly int[] _checkpoints;

    private readonly float[] _previous;
    private readonly float[] _best;
    private readonly float[] _bestGradient;
    private double _step;
    private double _previousLoss;
    private double _bestLoss;
    private int _taken;
    private int _nextCheckpoint;
    private int _improvements;
    private bool _halvedAtCheckpoint;
    private double _bestAtCheckpoint;

    /// <summary>An attack that has not been told anything yet.</summary>
    /// <param name="original">The image, C×H×W pixels.</param>
    /// <param name="ball">The perturbations to choose from.</param>
    /// <param name="steps">Number of steps N.</param>
    /// <param name="loss">What is maximised: cross-entropy (APGD-CE) or the difference of logits ratio (APGD-DLR).</param>
    public Apgd(float[] original, NormBall ball, int steps, AttackLoss loss)
        : base(loss)
    {
        (_original, _ball, _steps, _step) = (original, ball, steps, 2 * ball.Epsilon);
        _checkpoints = Checkpoints(steps);
        _previous = new float[original.Length];
        _best = new float[original.Length];
        _bestGradient = new float[original.Length];
    }

    /// <summary>The steps ⌈p_j·N⌉ at which the step size is judged, p_{j+1} = p_j + max(p_j − p_{j−1} − 0.03, 0.06).</summary>
    internal static int[] Checkpoints(int steps)
    {
        List<int> checkpoints = [];
        (double before, double p) = (0, 0.22);
        while (p <= 1)
        {
            // Sums of hundredths are a little off; 0.57 of 100 steps is 57 all the same.
            checkpoints.Add((int)Math.Ceiling((p * steps) - 1e-9));
            (before, p) = (p, p + Math.Max(p - before - 0.03, 0.06));
        }

        return [.. checkpoints.Distinct()];
    }

    /// <inheritdoc/>
    public override bool Advance(Span<float> x, double loss, ReadOnlySpan<float> gradient)
    {
        if (_taken == 0)
        {
            (_previousLoss, _bestLoss) = (loss, double.NegativeInfinity);
            x.CopyTo(_previous);
        }

        _improvements += loss > _previousLoss ? 1 : 0;
        if (loss > _bestLoss)
        {
            _bestLoss = loss;
            x.CopyTo(_best);
            gradient.CopyTo(_bestGradient);
        }

        if (_taken == _steps)
        {
            return false;
        }

        if (IsAtCheckpoint() && MustHalve())
        {
            // The step from the best point takes the gradient there, and the momentum from the last one to it.
            _best.CopyTo(x);
            gradient = _bestGradient;
            loss = _bestLoss;
        }

        _previousLoss = loss;
        Move(x, gradient);
        _taken++;
        return true;
    }

    private bool IsAtCheckpoint() => _nextCheckpoint < _checkpoints.Length && _taken == _checkpoints[_nextCheckpoint];

    private bool MustHalve()
    {
        int since = _taken - (_nextCheckpoint == 0 ? 0 : _checkpoints[_nextCheckpoint - 1]);
        bool halve = _improvements < Rho * since || (!_halvedAtCheckpoint && _nextCheckpoint > 0 && _bestLoss == _bestAtCheckpoint);
        _step = halve ? _step / 2 : _step;
        (_halvedAtCheckpoint, _bestAtCheckpoint, _improvements) = (halve, _bestLoss, 0);
        _nextCheckpoint++;
        return halve;
    }

    /// <summary>z = P(x + η·direction); x⁺ = P(x + α(z − x) + (1 − α)(x − x⁻)), the first step without momentum.</summary>
    private void Move(Span<float> x, ReadOnlySpan<float> gradient)
    {
        float[] z = x.ToArray();
        _ball.Step(gradient, _step, z);
        _ball.Project(_original, z);
        float alpha = _taken == 0 ? 1 : Alpha;
        for (int i = 0; i < x.Length; i++)
        {
            float here = x[i];
            x[i] = here + (alpha * (z[i] - here)) + ((1 - alpha) * (here - _previous[i]));
            _previous[i] = here;
        }

        _ball.Project(_original, x);
    }
}
