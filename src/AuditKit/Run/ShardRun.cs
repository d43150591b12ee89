using System.Runtime.Intrinsics;
using AuditKit.Checks;
using AuditKit.Data;
using AuditKit.Evidence;
using AuditKit.Models;
using AuditKit.Specs;
using Microsoft.Extensions.Logging.Abstractions;

namespace AuditKit.Run;

/// <summary>Measures one of several shards of an audit: nothing is judged before <see cref="ShardMerge"/> has brought all of them together.</summary>
public static class ShardRun
{
    /// <summary>Measures a shard, or goes on with one that was interrupted.</summary>
    /// <param name="plan">The audit.</param>
    /// <param name="models">Opens the model that the plan names, and those that its checks need besides.</param>
    /// <param name="shard">Which of the shards.</param>
    /// <param name="options">Where to run; the folder is the shard's own.</param>
    /// <param name="progress">Told what is being measured, units done and units in all; null for nobody.</param>
    /// <param name="cancellation">Stops between batches; everything measured until then is kept.</param>
    /// <returns>How many images fell to it, and what broke, by the check's name.</returns>
    /// <exception cref="AuditException">The data or the model cannot be used, one of their files was replaced meanwhile, or the folder belongs to
    /// another run.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static (int Images, IReadOnlyDictionary<string, string> Errors) Run(
        AuditPlan plan, IModelSource models, Shard shard, AuditOptions options, Action<string, long, long>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(models);
        ArgumentNullException.ThrowIfNull(options);
        using var opened = new OpenedSpec(plan, models);
        PlannedCheck[] checks = Audit.Validated(plan, opened);
        IDataset data = opened.Data;
        Deal deal = Dealt(checks, data.Count, plan.Seed, shard.Count);
        var share = new ShardShare(shard, deal, plan.Seed);
        Audit.ValidateImages(checks, data, share);
        var part = DataPart.Read(EvidenceSchema.AuditedData, data, shard, share.Dealt(data.Count), options.Threads, cancellation);
        opened.Inputs.Add(data, part, options.Threads);
        opened.Inputs.AddImages(data, part, options.Threads);
        using EvidenceStore evidence = opened.OpenEvidence(options, shard, part);
        ShardRecord? finished = ShardRecord.Read(evidence);
        ShardEngines engines = ShardEngines.Read(evidence).With(Engine(opened.Model.Classifier.Device));
        string? digest = evidence.Unseal();
        CheckContext context = opened.Context(evidence, options, cancellation) with { Share = share };
        CommonAnswers.Write(context);
        engines.Write(evidence);
        Dictionary<string, string> errors = Audit.Measure(
            checks, new Dictionary<string, string>(), context, progress ?? ((_, _, _) => { }), options.Log ?? NullLogger.Instance);
        Audit.RequireUnchanged(opened.Inputs, evidence, cancellation);
        if (errors.Count == 0)
        {
            evidence.DeleteUnused();
        }

        int images = share.Images(data.Count).Count(here => here);
        new ShardRecord
        {
            Number = shard.Number,
            Count = shard.Count,
            SpecFile = plan.File,
            Overrides = plan.Overrides,
            Audit = opened.ShardDependencies,
            // One that measured nothing has no part in the shard: the same command was given again.
            Engines = finished is not null && digest == evidence.Digest() ? finished.Engines : engines.Engines,
            Images = images,
            Data = [part, .. share.Parts],
            Errors = errors,
        }.Write(evidence);
        evidence.Seal();
        return (images, errors);
    }

    /// <summary>Who does what of an audit.</summary>
    /// <param name="checks">Its checks.</param>
    /// <param name="images">Number of audited images.</param>
    /// <param name="seed">Its seed.</param>
    /// <param name="shards">Number of shards.</param>
    internal static Deal Dealt(IEnumerable<PlannedCheck> checks, int images, long seed, int shards)
        => new([.. checks.Select(check => check.Check.Cost(images, seed))], images, shards);

    /// <summary>The machine, and what of it and of its software the last bits of an answer may depend on.</summary>
    /// <param name="device">Where the model runs.</param>
    internal static IReadOnlyList<Fact> Engine(Device device) =>
    [
        new(ShardOrigin.MachineLabel, Environment.MachineName),
        new(ShardOrigin.DeviceLabel, $"{device}"),
        .. Provenance.Engine,
        .. Hardware.Of(device),
        new("Vectors", Vector512.IsHardwareAccelerated ? "512 bits" : Vector256.IsHardwareAccelerated ? "256 bits" : "128 bits"),
    ];
}
