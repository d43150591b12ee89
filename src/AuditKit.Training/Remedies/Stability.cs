using AuditKit.Imaging;
using AuditKit.Training.Loop;
using AuditKit.Yaml;
using static TorchSharp.torch;

namespace AuditKit.Training.Remedies;

/// <summary>
/// Stability training of a classifier (Zheng et al., Improving the robustness of deep neural networks via stability training,
/// CVPR 2016): L = CE(P(·|x), y) + α·(−Σ_j P(y_j|x)·log P(y_j|x′)), x′ a distorted copy of x. The gradient flows through both.
/// </summary>
public sealed class Stability : TrainingMethod
{
    private static readonly NumberKey s_weight = new("weight", "α: how much stability weighs", null, 0, 1e6) { IsRequired = true };
    private static readonly ChoiceKey<bool> s_ofEmbedding = new(
        "task", "What is to be stable", new Dictionary<string, bool> { ["classification"] = false, ["embedding"] = true }, false);

    /// <summary>The keys of its block.</summary>
    internal static IReadOnlyList<SpecKey> Keys { get; } = [s_weight, Distortion.Key, s_ofEmbedding, .. EmbeddingStability.Keys];

    private readonly double _weight;
    private readonly Distortion _distortion;

    private Stability(double weight, Distortion distortion) => (_weight, _distortion) = (weight, distortion);

    /// <summary>
    /// Reads <c>method: { name: stability, task: classification, weight: α, distortion: { gaussian: 0.04 } }</c>; with
    /// <c>task: embedding</c> it is <see cref="EmbeddingStability"/>, which takes <c>margin</c>, <c>embedding</c> and <c>normalise</c>, too.
    /// </summary>
    /// <exception cref="AuditException">An unknown task or distortion, or a value missing or out of range.</exception>
    public static MethodFactory Parse(SpecMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        double weight = s_weight.Read(map);
        var distortion = Distortion.Key.Read(map);
        return s_ofEmbedding.Read(map) ? EmbeddingStability.Parse(map, weight, distortion) : _ => new Stability(weight, distortion);
    }

    /// <inheritdoc/>
    public override bool NeedsPixels => true;

    /// <inheritdoc/>
    public override int Versions => _distortion.Versions;

    /// <inheritdoc/>
    public override Image Version(int version, int index, Image original, CounterRandom random) => _distortion.Apply(original, random);

    /// <inheritdoc/>
    public override Tensor Loss(TrainingStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        // One pass for images and copies, so that batch normalisation uses the same statistics for both.
        Tensor[] logits = step.Logits(cat([step.Images(), _distortion.Images(step)])).split(step.Batch.Count);
        Tensor stability = -(logits[0].softmax(1) * logits[1].log_softmax(1)).sum(1).mean();
        return nn.functional.cross_entropy(logits[0], step.Labels) + (_weight * stability);
    }

    /// <inheritdoc/>
    public override string Report(string folder)
        => FormattableString.Invariant($"Stability training (classification), weight α = {_weight}, distortion: {_distortion.Description}.");
}
