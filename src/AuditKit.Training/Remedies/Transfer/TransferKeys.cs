using AuditKit.Yaml;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AuditKit.Training.Remedies.Transfer;

/// <summary>What methods of transfer share. L2-SP and DELTA draw the classifier to zero; all norms are halved, as in their authors' code.</summary>
internal static class TransferKeys
{
    /// <summary>β.</summary>
    public static NumberKey Beta { get; } = new("beta", "β: how strongly the encoder is drawn to what it was at the start", 0.01, 0, 1e9);

    /// <summary>α.</summary>
    public static NumberKey Alpha { get; } = new("alpha", "α: how strongly the new classifier's weights are drawn to zero", 0.01, 0, 1e9);

    /// <summary>The border between encoder and classifier.</summary>
    public static TextKey Embedding { get; } = new("embedding", "The value that the classifier reads; absent, the one that an audit takes");

    /// <summary>α/2·‖w‖², added to a loss.</summary>
    /// <param name="loss">A scalar.</param>
    /// <param name="classifier">What of the classifier is drawn to zero.</param>
    /// <param name="alpha">α.</param>
    public static Tensor WithDecay(Tensor loss, IEnumerable<Parameter> classifier, double alpha)
        => classifier.Aggregate(loss, (sum, parameter) => sum + (0.5 * alpha * parameter.square().sum()));

    /// <summary>Kernels and matrices, without biases and what normalisations scale and shift by.</summary>
    public static IEnumerable<Parameter> Weights(IReadOnlyDictionary<string, Parameter> part) => part.Values.Where(parameter => parameter.ndim > 1);
}
