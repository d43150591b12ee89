using AuditKit.Data;
using AuditKit.Imaging;
using AuditKit.Models;

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
    {
        ArgumentNullException.ThrowIfNull(data);
        NearDuplicatesOptions.PerturbationsKey.RequireFit(options.Perturbations, Key, data);
        if (data.Count < 2)
        {
            throw new AuditException("near-duplicates: the data has one image, and needs two to tell apart.");
        }
    }

    /// <inheritdoc/>
    public void Validate(AuditedModel audited, IModelSource models)
    {
        ArgumentNullException.ThrowIfNull(audited);
        if (audited.Classifier.EmbeddingLength == 0)
        {
            throw new AuditException("near-duplicates: the model gives no embedding. Name the value of the graph that is one under model.embedding.");
        }
    }

    /// <inheritdoc/>
    public CheckCost Cost(int images, long seed) => new(options.Perturbations.Count);

    /// <inheritdoc/>
    public void Run(CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        AuditSeed.Record(context);
        InferencePass.RunClean(context);
        foreach (IPerturbation perturbation in options.Perturbations)
        {
            InferencePass.RunPerturbed(context, perturbation);
        }

        DifferentImages.Run(context);
    }
}
