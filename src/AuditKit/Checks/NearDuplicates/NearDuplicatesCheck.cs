using AuditKit.Data;
using AuditKit.Imaging;

namespace AuditKit.Checks.NearDuplicates;

/// <summary>
/// Measures how far each perturbation moves an image's embedding, and how far different images lie apart (Zheng et
/// al., Improving the Robustness of Deep Neural Networks via Stability Training, CVPR 2016).
/// </summary>
public sealed class NearDuplicatesCheck(NearDuplicatesOptions options) : ICheck
{
    /// <summary>The check's key in specs.</summary>
    internal const string Key = "near-duplicates";

    /// <inheritdoc/>
    public string Name => Key;

    /// <inheritdoc/>
    public void Validate(IDataset data, InputTransform transform)
        => NearDuplicatesOptions.PerturbationsKey.RequireFit(options.Perturbations, Key, data);

    /// <inheritdoc/>
    public CheckCost Cost(int images, long seed) => new(options.Perturbations.Count);

    /// <inheritdoc/>
    public void Run(CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.Model.EmbeddingLength == 0 || context.Data.Count < 2)
        {
            throw new AuditException(context.Data.Count < 2
                ? "near-duplicates: the data has one image, and needs two to tell apart."
                : "near-duplicates: the model gives no embedding. Name the value of the graph that is one under model.embedding.");
        }

        AuditSeed.Record(context);
        InferencePass.RunClean(context);
        foreach (IPerturbation perturbation in options.Perturbations)
        {
            InferencePass.RunPerturbed(context, perturbation);
        }

        DifferentImages.Run(context);
    }
}
