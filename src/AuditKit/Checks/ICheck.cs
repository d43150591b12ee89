using AuditKit.Checks.Subgroups;
using AuditKit.Data;
using AuditKit.Evidence;
using AuditKit.Imaging;
using AuditKit.Models;
using AuditKit.Results;

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

    /// <summary>
    /// Measures what the evidence store does not hold yet, committing batch by batch: a run that was killed goes
    /// on where it stopped and ends with the same evidence.
    /// </summary>
    /// <exception cref="AuditException">An image cannot be read, the model fails, the disk is full.</exception>
    void Run(CheckContext context);
}

/// <summary>Turns a check's outcomes into a section of the report: estimates, intervals, gates, charts.</summary>
public interface IAnalysis
{
    /// <summary>Reads outcomes from the evidence store alone.</summary>
    /// <param name="evidence">The finished evidence.</param>
    /// <param name="confidence">Confidence level of intervals and gates, such as 0.95.</param>
    Section Analyse(EvidenceStore evidence, double confidence);
}

/// <summary>A check as it is asked for: how to measure, and how to judge.</summary>
/// <param name="Check">Measures.</param>
/// <param name="Analysis">Judges.</param>
public sealed record PlannedCheck(ICheck Check, IAnalysis Analysis)
{
    /// <summary>The groupings by which a comparison of two runs shows groups too.</summary>
    public IReadOnlyList<Grouping> ComparedBy { get; init; } = [];

    /// <summary>The perturbations that predictions must not flip under: what a remedy trains against.</summary>
    public IReadOnlyList<IPerturbation> Perturbations { get; init; } = [];
}

/// <summary>What a check measures with.</summary>
public sealed record CheckContext
{
    /// <summary>The data under audit.</summary>
    public required IDataset Data { get; init; }

    /// <summary>From the data's images to the model's input.</summary>
    public required InputTransform Transform { get; init; }

    /// <summary>The model under audit.</summary>
    public required IClassifier Model { get; init; }

    /// <summary>The model under audit as it was opened: its graph, and how the spec names it.</summary>
    public required AuditedModel Audited { get; init; }

    /// <summary>The floating point model that the audited one was quantised from, where the spec names it.</summary>
    public AuditedModel? FloatModel { get; init; }

    /// <summary>Opens further models, and the audited one for gradients.</summary>
    public required IModelSource Models { get; init; }

    /// <summary>Told of every file that is read, so that one which is replaced in mid-run is noticed.</summary>
    public required InputFiles Inputs { get; init; }

    /// <summary>Where outcomes go.</summary>
    public required EvidenceStore Evidence { get; init; }

    /// <summary>The audit's seed.</summary>
    public required long Seed { get; init; }

    /// <summary>Threads that may prepare images, at least 1.</summary>
    public required int Threads { get; init; }

    /// <summary>Told after every batch: images done and images to do in the named condition.</summary>
    public Action<CheckProgress> Progress { get; init; } = _ => { };

    /// <summary>Stops the check between batches; what was committed is kept.</summary>
    public CancellationToken Cancellation { get; init; }
}

/// <summary>How far a check is.</summary>
/// <param name="Condition">What is being measured: <c>jpeg-50</c>.</param>
/// <param name="Done">Units finished, those of an earlier, interrupted run included.</param>
/// <param name="Total">Units in all.</param>
public readonly record struct CheckProgress(string Condition, long Done, long Total);
