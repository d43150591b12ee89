using AuditKit.Checks;
using AuditKit.Comparisons;
using AuditKit.Data;
using AuditKit.Evidence;
using AuditKit.Models;
using AuditKit.Results;
using AuditKit.Specs;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace AuditKit.Run;

/// <summary>The spine: a plan's checks measure into the evidence store, their analyses judge what it holds.</summary>
public static partial class Audit
{
    /// <summary>Runs an audit, or goes on with one that was interrupted.</summary>
    /// <param name="plan">What to measure and what to demand: read from a spec (<see cref="AuditSpec.Load(string, IReadOnlyList{string}, CheckCatalog)"/>), or built in code.</param>
    /// <param name="models">Opens the model that the plan names, and those that its checks need besides.</param>
    /// <param name="options">Where to run.</param>
    /// <param name="progress">Told what is being measured, units done and units in all; null for nobody.</param>
    /// <param name="cancellation">Stops between batches; everything measured until then is kept.</param>
    /// <returns>The result. A check that crashed has an error in its section, and the verdict is error.</returns>
    /// <exception cref="AuditException">The data or the model cannot be used, one of their files was replaced while the audit ran, or the
    /// folder belongs to another run.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static AuditResult Run(
        AuditPlan plan, IModelSource models, AuditOptions options, Action<string, long, long>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(models);
        ArgumentNullException.ThrowIfNull(options);
        using var opened = new OpenedSpec(plan, models);
        PlannedCheck[] checks = Validated(plan, opened);
        ValidateImages(checks, opened.Data, Share.Whole);
        DatasetFingerprint fingerprint = opened.Inputs.Fingerprint(opened.Data, options.Threads, cancellation);
        return Complete(
            plan, opened, checks, new KnownData(fingerprint, FrameCount.Of(opened.Data, options.Threads, cancellation)), Pieces.None, options,
            progress ?? ((_, _, _) => { }), cancellation);
    }

    /// <summary>The checks of a plan, none of which the opened model and data refuse.</summary>
    /// <exception cref="AuditException">A check cannot be measured with them.</exception>
    internal static PlannedCheck[] Validated(AuditPlan plan, OpenedSpec opened)
    {
        PlannedCheck[] checks = [.. plan.Bind(opened.Data.Attributes)];
        foreach (PlannedCheck check in checks)
        {
            check.Check.Validate(opened.Data, opened.Transform);
            check.Check.Validate(opened.Model, opened.ModelSource);
        }

        opened.Inputs.Add(opened.ModelSource, opened.Model);
        if (opened.FloatModel is { } floatModel)
        {
            opened.Inputs.Add(opened.ModelSource, floatModel);
        }

        return checks;
    }

    /// <summary>Lets the checks look at the images that are measured here.</summary>
    /// <exception cref="AuditException">A check may not be measured on one of them.</exception>
    internal static void ValidateImages(PlannedCheck[] checks, IDataset data, Share share)
    {
        int[] images = [.. share.Images(data.Count).Index().Where(image => image.Item).Select(image => image.Index)];
        Array.ForEach(checks, check => check.Check.ValidateImages(data, images));
    }

    /// <summary>Measures what is left of an audit, and judges it.</summary>
    /// <param name="plan">The audit.</param>
    /// <param name="opened">What it names.</param>
    /// <param name="checks">Its checks.</param>
    /// <param name="data">The data's files.</param>
    /// <param name="pieces">What was measured elsewhere.</param>
    /// <param name="options">Where to run.</param>
    /// <param name="progress">Told what is being measured.</param>
    /// <param name="cancellation">Stops.</param>
    internal static AuditResult Complete(
        AuditPlan plan, OpenedSpec opened, PlannedCheck[] checks, KnownData data, Pieces pieces, AuditOptions options,
        Action<string, long, long> progress, CancellationToken cancellation)
    {
        ILogger log = options.Log ?? NullLogger.Instance;
        using EvidenceStore evidence = opened.OpenEvidence(options, data.Fingerprint);
        using EvidenceStore? baseline = plan.Baseline?.Open(plan.Folder, evidence, data.Fingerprint);
        evidence.Unseal();
        Started(log, plan.Name, opened.Data.Count, checks.Length);
        pieces.Fill(evidence);
        CheckContext context = opened.Context(evidence, options, cancellation) with { Share = pieces.Share, Data = pieces.Data ?? opened.Data };
        Dictionary<string, string> errors = Measure(checks, pieces.Errors, context, progress, log);
        RequireUnchanged(opened.Inputs, evidence, cancellation);
        if (errors.Count == 0)
        {
            evidence.DeleteUnused();
        }

        if (baseline is not null)
        {
            Baseline.Copy(baseline, evidence, context.Data, opened.Transform, opened.Model.Classifier.Input);
        }

        RunRecord record = Record(plan, opened, data, errors, pieces);
        record.Write(evidence);
        NamedClasses.Of(opened.Model)?.Write(evidence);
        options.Mitigation?.Write(evidence);
        evidence.Seal();
        AuditResult result = Judgement.Of(evidence, record, plan, CheckCatalog.Standard.Checks);
        Finished(log, plan.Name, result.Verdict);
        return result;
    }

    /// <summary>Runs the checks that have not broken elsewhere.</summary>
    /// <returns>What broke, there or here, by the check's name.</returns>
    internal static Dictionary<string, string> Measure(
        PlannedCheck[] checks, IReadOnlyDictionary<string, string> broken, CheckContext context, Action<string, long, long> progress, ILogger log)
    {
        var errors = broken.ToDictionary();
        foreach ((ICheck check, _) in checks.Where(check => !broken.ContainsKey(check.Check.Name)))
        {
            Guard(check.Name, () =>
            {
                check.Run(context with { Progress = step => progress($"{check.Name}: {step.Condition}", step.Done, step.Total) });
                context.Evidence.DeleteUnused(check.Name);
            });
        }

        Guard(Doubt.Check, () => OtherPreprocessings.Measure(context));
        return errors;

        void Guard(string name, Action measure)
        {
            try
            {
                measure();
                Measured(log, name);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // A check that breaks must not take the others' results with it, and must not pass either.
                errors[name] = Judgement.Reason(e);
                Broke(log, name, e);
            }
        }
    }

    /// <summary>Refuses evidence of files that were replaced meanwhile.</summary>
    /// <exception cref="AuditException">One was; no run goes on with the evidence.</exception>
    internal static void RequireUnchanged(InputFiles inputs, EvidenceStore evidence, CancellationToken cancellation)
    {
        try
        {
            inputs.RequireUnchanged(cancellation);
        }
        catch (AuditException e)
        {
            // A store with outcomes of two versions must not be resumed, not even when the first version is put back.
            evidence.Spoil();
            throw new AuditException(e.Message, ExitCode.Error, e);
        }
    }

    private static RunRecord Record(
        AuditPlan plan, OpenedSpec opened, KnownData data, IReadOnlyDictionary<string, string> errors, Pieces pieces) => new()
        {
            Spec = plan.Text,
            SpecFile = plan.File,
            Overrides = plan.Overrides,
            ModelFile = Path.GetFileName(opened.Model.Spec.Path),
            ModelSha256 = opened.Model.Sha256,
            DataSha256 = data.Fingerprint.Sha256,
            Version = Provenance.Version,
            Attributes = opened.Data.Attributes,
            Model =
            [
                .. opened.Model.Facts,
                new("Outputs and classes", ClassMap(opened.Data.Classes)),
                .. NamedClasses.Facts(opened.Model, opened.Data),
                .. opened.FloatModel is { } floatModel ? [Models.FloatModel.Fact(floatModel)] : Array.Empty<Fact>(),
            ],
            Data = DataFacts.Of(opened.Data, data.Fingerprint, data.SeveralFrames),
            Provenance = [.. Provenance.Facts(plan), .. pieces.Provenance],
            Shards = pieces.Shards,
            Errors = errors,
        };

    // Which output stands for which class: the first ones, which show whether the order is the model's, and the last.
    private static string ClassMap(IReadOnlyList<string> classes)
    {
        const int Shown = 20;
        IEnumerable<string> pairs = classes.Select((name, output) => $"{output} {name}");
        return classes.Count <= Shown ? string.Join(", ", pairs) : $"{string.Join(", ", pairs.Take(Shown))}, … {pairs.Last()}";
    }

    [LoggerMessage(LogLevel.Information, "Audit '{Name}': {Images} images, {Checks} checks")]
    private static partial void Started(ILogger log, string name, int images, int checks);

    [LoggerMessage(LogLevel.Information, "Check '{Check}' measured")]
    private static partial void Measured(ILogger log, string check);

    [LoggerMessage(LogLevel.Error, "Check '{Check}' broke")]
    private static partial void Broke(ILogger log, string check, Exception cause);

    [LoggerMessage(LogLevel.Information, "Audit '{Name}': {Verdict}")]
    private static partial void Finished(ILogger log, string name, GateOutcome verdict);
}
