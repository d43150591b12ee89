using System.Globalization;
using AuditKit.Imaging;
using AuditKit.Training.Loop;
using AuditKit.Yaml;
using static TorchSharp.torch;

namespace AuditKit.Training.Remedies;

/// <summary>
/// AugMix (Hendrycks et al., ICLR 2020): two further versions of every image, each a mixture of chains of augmentations,
/// and L = CE(p(x), y) + λ·JS(p(x), p(x̃₁), p(x̃₂)).
/// </summary>
/// <param name="weight">λ, 12 in the paper.</param>
/// <param name="severity">How strong the operations are, from 1 to 10; 3 in the paper.</param>
public sealed class AugMix(double weight, int severity) : TrainingMethod
{
    private const int Chains = 3;
    private const int LongestChain = 3;

    private static readonly NumberKey s_weight = new("weight", "λ: how much the versions' agreement weighs", 12, 0, 1e6);
    private static readonly IntegerKey s_severity = new("severity", "How strong the operations are", 3, 1, 10);

    /// <summary>The keys of its block.</summary>
    internal static IReadOnlyList<SpecKey> Keys { get; } = [s_weight, s_severity];

    /// <summary>Reads <c>method: { name: augmix, weight: 12, severity: 3 }</c>.</summary>
    /// <exception cref="AuditException">A value is out of range.</exception>
    public static MethodFactory Parse(SpecMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        double weight = s_weight.Read(map);
        int severity = s_severity.Read(map);
        return _ => new AugMix(weight, severity);
    }

    /// <inheritdoc/>
    public override int Versions => 3;

    /// <inheritdoc/>
    public override Image Version(int version, int index, Image original, CounterRandom random)
        => Mix(original, random, (image, draws) => AugMixOperations.All[draws.NextInt32(AugMixOperations.All.Count)](image, Level(draws), draws));

    /// <inheritdoc/>
    public override Tensor Loss(TrainingStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        // One pass for all versions, so that batch normalisation uses the same statistics for them.
        Tensor[] logits = step.Logits(cat([step.Images(), step.Images(1), step.Images(2)])).split(step.Batch.Count);
        return nn.functional.cross_entropy(logits[0], step.Labels) + (weight * Divergence(logits));
    }

    /// <inheritdoc/>
    public override string Report(string folder) => string.Create(
        CultureInfo.InvariantCulture,
        $"AugMix: {Chains} chains of 1 to {LongestChain} operations of severity {severity}, Jensen–Shannon consistency over three "
        + $"versions, weight λ = {weight}.");

    /// <summary>
    /// m·x + (1 − m)·Σ_k w_k·chain_k(x): w ~ Dirichlet(1, …, 1) and m ~ Beta(1, 1), the paper's α = 1, which are exponential
    /// numbers made to sum to 1 and a uniform number. Rounded to whole levels.
    /// </summary>
    /// <param name="original">x.</param>
    /// <param name="random">Draws weights, lengths and operations.</param>
    /// <param name="operate">Applies a random operation.</param>
    internal static Image Mix(Image original, CounterRandom random, Func<Image, CounterRandom, Image> operate)
    {
        ArgumentNullException.ThrowIfNull(original);
        ArgumentNullException.ThrowIfNull(random);
        double[] weights = [.. Enumerable.Range(0, Chains).Select(_ => -Math.Log(1 - random.NextDouble()))];
        double sum = weights.Sum();
        double kept = random.NextDouble();
        double[] levels = [.. original.Samples.Select(sample => kept * sample)];
        foreach (double weight in weights)
        {
            Image chain = original;
            for (int i = random.NextInt32(LongestChain); i >= 0; i--)
            {
                chain = operate(chain, random);
            }

            for (int i = 0; i < levels.Length; i++)
            {
                levels[i] += (1 - kept) * weight / sum * chain.Samples[i];
            }
        }

        return new Image(original.Width, original.Height, original.Channels, [.. levels.Select(level => (byte)Math.Round(Math.Clamp(level, 0, 255)))]);
    }

    /// <summary>The mean over the batch of (1/V)·Σ_v KL(p_v ‖ M), M = (1/V)·Σ_v p_v.</summary>
    /// <param name="logits">n×K for each of V versions.</param>
    internal static Tensor Divergence(IReadOnlyList<Tensor> logits)
    {
        Tensor[] logs = [.. logits.Select(version => version.log_softmax(1))];
        Tensor mean = KullbackLeibler.LogMean(logs);
        return logs.Select(log => KullbackLeibler.Divergence(log, mean)).Aggregate((sum, divergence) => sum + divergence) / logs.Length;
    }

    // The paper draws a level from 0.1 to the severity, of 10.
    private double Level(CounterRandom random) => 0.1 + ((severity - 0.1) * random.NextDouble());
}
