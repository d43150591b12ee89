using AuditKit.Yaml;

namespace AuditKit.Training.Loop;

/// <summary>The learning rate over a training run.</summary>
public abstract record LearningRate
{
    /// <summary>The factor on the base rate.</summary>
    /// <param name="progress">The share of the run that is done, in epochs: epoch + fraction of the epoch.</param>
    /// <param name="epochs">The run's length in epochs.</param>
    public abstract double Factor(double progress, int epochs);

    /// <summary>Reads the optional <c>schedule:</c> block: constant, step or cosine.</summary>
    /// <exception cref="AuditException">An unknown schedule or key, or a value out of range.</exception>
    public static LearningRate Parse(SpecMap? map)
    {
        if (map is null)
        {
            return new Constant();
        }

        var kinds = new Dictionary<string, Func<LearningRate>>
        {
            ["constant"] = () => new Constant(),
            ["step"] = () => new Step([.. map.Numbers("at", null, 0, 1e6)], map.Number("factor", 0.1, 0, 1)),
            ["cosine"] = () => new Cosine(map.Number("warm-up", 0, 0, 1e6)),
        };
        LearningRate rate = map.Choice("name", kinds, kinds["constant"])();
        map.Finish();
        return rate;
    }

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
    }
}
