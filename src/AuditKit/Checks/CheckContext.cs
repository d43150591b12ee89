using AuditKit.Data;
using AuditKit.Evidence;
using AuditKit.Imaging;
using AuditKit.Models;

namespace AuditKit.Checks;

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

    /// <summary>What of the audit is measured here.</summary>
    public Share Share { get; init; } = Share.Whole;

    /// <summary>Told after every batch: images done and images to do in the named condition.</summary>
    public Action<CheckProgress> Progress { get; init; } = _ => { };

    /// <summary>Stops the check between batches; what was committed is kept.</summary>
    public CancellationToken Cancellation { get; init; }
}
