using AuditKit.Data;
using AuditKit.Imaging;
using AuditKit.Models;

namespace AuditKit.Checks;

/// <summary>
/// Turns (model, data, seed) into outcomes: what happened to each image under each condition. It computes no
/// statistic and knows no threshold; those belong to the <see cref="IAnalysis"/> beside it.
/// </summary>
public interface ICheck
{
    /// <summary>The key in the spec and the heading in the evidence: <c>stability</c>.</summary>
    string Name { get; }

    /// <summary>Refuses what cannot be measured, such as further data that is not there, before any check measures anything.</summary>
    /// <param name="data">The data under audit.</param>
    /// <param name="transform">From images to the model's input.</param>
    /// <exception cref="AuditException">Something that the options name cannot be used.</exception>
    void Validate(IDataset data, InputTransform transform)
    {
    }

    /// <summary>Refuses audited images that a check may not be measured on, before any check measures anything.</summary>
    /// <param name="data">The data under audit.</param>
    /// <param name="images">Those of its images that are measured here, by index: in a shard its own.</param>
    /// <exception cref="AuditException">One of them is such an image.</exception>
    void ValidateImages(IDataset data, IReadOnlyList<int> images)
    {
    }

    /// <summary>Refuses what the opened model cannot give the check, before any check measures anything.</summary>
    /// <param name="audited">The model under audit.</param>
    /// <param name="models">Opens further models.</param>
    /// <exception cref="AuditException">The model, or one that the options name beside it, cannot be used so.</exception>
    void Validate(AuditedModel audited, IModelSource models)
    {
    }

    /// <summary>What the check costs, by which shards are made equal; the same wherever spec and data are the same, and the files that the spec names.</summary>
    /// <param name="images">Number of audited images.</param>
    /// <param name="seed">The audit's seed.</param>
    CheckCost Cost(int images, long seed) => new(0);

    /// <summary>
    /// Measures what the evidence store does not hold yet, committing batch by batch: a run that was killed goes
    /// on where it stopped and ends with the same evidence.
    /// </summary>
    /// <exception cref="AuditException">An image cannot be read, the model fails, the disk is full.</exception>
    void Run(CheckContext context);
}
