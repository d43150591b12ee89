using AuditKit.Yaml;

namespace AuditKit.Training.Loop;

/// <summary>The learning rate over a training run.</summary>
public abstract record LearningRate
{
    private static readonly NumbersKey s_at = new("at", "Epochs after which the rate falls", 0, 1e6) { IsRequired = true };
    private static readonly NumberKey s_factor = new("factor", "What the rate is multiplied by at each of them", 0.1, 0, 1);
    private static readonly NumberKey s_warmUp = new("warm-up", "Epochs over which the rate rises linearly from 0", 0, 0, 1e6);

    /// <summary>The optional <c>schedule:</c> block: constant, step, linear or cosine.</summary>
    public static NamedBlockKey<LearningRate> Key { get; } = new(
        "schedule",
        "The learning rate's course",
        new Dictionary<string, NamedBlock<LearningRate>>
        {
            ["constant"] = new([], _ => new Constant()),
            ["step"] = new([s_at, s_factor], map => new Step(s_at.Read(map), s_factor.Read(map))),
            ["linear"] = new([], _ => new Linear()),
            ["cosine"] = new([s_warmUp], map => new Cosine(s_warmUp.Read(map))),
        },
        "constant");

    /// <summary>The factor on the base rate.</summary>
    /// <param name="progress">The share of the run that is done, in epochs: epoch + fraction of the epoch.</param>
    /// <param name="epochs">The run's length in epochs.</param>
    public abstract double Factor(double progress, int epochs);

    /// <summary>What of the course lies beyond a run, by its key; null where all of it is within.</summary>
    /// <param name="epochs">The run's length in epochs.</param>
    internal virtual string? Beyond(int epochs) => null;

    /// <summary>The base rate throughout.</summary>
    public sealed record Constant : LearningRate
    {
        /// <inheritdoc/>
        public override double Factor(double progress, int epochs) => 1;
    }

    /// <summary>Multiplied at each of the epochs named.</summary>
    /// <param name="Epochs">Epochs after which the rate falls.</param>
    /// <param name="By">What it is multiplied by.</param>
    public sealed record Step(IReadOnlyList<double> Epochs, double By) : LearningRate
    {
        /// <inheritdoc/>
        public override double Factor(double progress, int epochs) => Math.Pow(By, Epochs.Count(at => progress >= at));

        /// <inheritdoc/>
        internal override string? Beyond(int epochs) => Epochs.Any(at => at >= epochs) ? s_at.Key : null;
    }

    /// <summary>From the base rate to 0 in a straight line.</summary>
    public sealed record Linear : LearningRate
    {
        /// <inheritdoc/>
        public override double Factor(double progress, int epochs) => Math.Max(0, 1 - (progress / epochs));
    }

    /// <summary>
    /// Half a cosine from the base rate to 0 (Loshchilov &amp; Hutter, SGDR, ICLR 2017, eq. 5 without restarts),
    /// after a linear warm-up.
    /// </summary>
    /// <param name="WarmUp">Epochs over which the rate rises linearly from 0.</param>
    public sealed record Cosine(double WarmUp) : LearningRate
    {
        /// <inheritdoc/>
        public override double Factor(double progress, int epochs)
            => progress < WarmUp
                ? progress / WarmUp
                : 0.5 * (1 + Math.Cos(Math.PI * Math.Min(1, (progress - WarmUp) / Math.Max(epochs - WarmUp, 1e-9))));

        /// <inheritdoc/>
        internal override string? Beyond(int epochs) => WarmUp > epochs ? s_warmUp.Key : null;
    }
}
