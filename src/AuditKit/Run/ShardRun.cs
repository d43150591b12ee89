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
    /// <summary>Images that every shard answers, so that engines that differ are noticed.</summary>
    internal const int Probe = 64;

    // The name in the evidence under which their answers are compared, and which a merge takes away again.
    private const string CommonImages = "common images";

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
        var part = DataPart.Read("", data, shard, ShardShare.Places(plan.Seed, data.Count), options.Threads, cancellation);
        opened.Inputs.Add(data, part, options.Threads);
        opened.Inputs.AddImages(data, part, options.Threads);
        using EvidenceStore evidence = opened.OpenEvidence(options, shard, part);
        var share = new ShardShare(shard, plan.Seed, ShardRecord.Read(evidence)?.Data ?? []);
        evidence.Unseal();
        CheckContext context = opened.Context(evidence, options, cancellation) with { Share = share };
        Answer(context with { Progress = step => progress?.Invoke("common images", step.Done, step.Total) });
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
            Engine = Engine(),
            Images = images,
            Data = [part, .. share.Parts],
            Errors = errors,
        }.Write(evidence);
        evidence.Seal();
        return (images, errors);
    }

    /// <summary>The machine, and what of it and of its software the last bits of an answer may depend on.</summary>
    internal static IReadOnlyList<Fact> Engine() =>
    [
        new(ShardOrigin.MachineLabel, Environment.MachineName),
        .. Provenance.Engine,
        new("Vectors", Vector512.IsHardwareAccelerated ? "512 bits" : Vector256.IsHardwareAccelerated ? "256 bits" : "128 bits"),
    ];

    private static void Answer(CheckContext context)
    {
        // Beside the evidence of the audit, which may not ask for answers to images as they are.
        EvidenceStore evidence = context.Evidence.Of(CommonImages);
        evidence.CountData(context.Data.Classes, context.Data.Count);
        try
        {
            InferencePass.RunClean(context with { Evidence = evidence }, [.. AttackSample.Order(context.Seed, context.Data.Count).Take(Probe)]);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // The checks of the shard that these images fall to say it.
        }
    }
}
