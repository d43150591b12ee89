using AuditKit.Checks;
using AuditKit.Comparisons;
using AuditKit.Data;
using AuditKit.Evidence;
using AuditKit.Models;
using AuditKit.Results;
using AuditKit.Specs;

namespace AuditKit.Run;

/// <summary>The spine: a spec's checks measure into the evidence store, their analyses judge what it holds.</summary>
public static class Audit
{
    /// <summary>Runs an audit, or goes on with one that was interrupted.</summary>
    /// <param name="spec">What to measure and what to demand.</param>
    /// <param name="models">Opens the model that the spec names, and those that its checks need besides.</param>
    /// <param name="options">Where to run.</param>
    /// <param name="progress">Told what is being measured, units done and units in all.</param>
    /// <param name="cancellation">Stops between batches; everything measured until then is kept.</param>
    /// <returns>The result. A check that crashed has an error in its section, and the verdict is error.</returns>
    /// <exception cref="AuditException">The data or the model cannot be used, or the folder belongs to another run.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static AuditResult Run(
        AuditSpec spec, IModelSource models, AuditOptions options, Action<string, long, long> progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(models);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(progress);
        using var opened = new OpenedSpec(spec, models);
        (IDataset data, AuditedModel model) = (opened.Data, opened.Model);
        IReadOnlyList<PlannedCheck> checks = CheckCatalog.Plan(spec.Terms.Checks, new CheckScope(spec.Folder, data.Attributes));
        foreach ((ICheck check, _) in checks)
        {
            check.Validate(data, opened.Transform);
        }

        DatasetFingerprint fingerprint = DatasetFingerprint.Of(data, options.Threads);
        using EvidenceStore evidence = opened.OpenEvidence(options, fingerprint);
        using EvidenceStore? baseline = spec.Terms.Baseline?.Open(spec.Folder, evidence, fingerprint);
        CheckContext context = opened.Context(evidence, options, cancellation);
        var errors = new Dictionary<string, string>();
        foreach ((ICheck check, _) in checks)
        {
            try
            {
                check.Run(context with { Progress = step => progress($"{check.Name}: {step.Condition}", step.Done, step.Total) });
            }
            catch (AuditException e)
            {
                // A check that breaks must not take the others' results with it, and must not pass either.
                errors[check.Name] = e.Message;
            }
        }

        if (baseline is not null)
        {
            Baseline.Copy(baseline, evidence, data, opened.Transform, model.Classifier.Input);
        }

        var record = new RunRecord
        {
            Spec = spec.Text,
            SpecFile = spec.File,
            Overrides = spec.Overrides,
            ModelSha256 = model.Sha256,
            DataSha256 = fingerprint.Sha256,
            Attributes = data.Attributes,
            Model = model.Facts,
            Data = DataFacts(data, fingerprint, FrameCount.Of(data, options.Threads, cancellation)),
            Provenance = Provenance.Facts(spec),
            Errors = errors,
        };
        record.Write(evidence);
        options.Mitigation?.Write(evidence);
        return Judgement.Of(evidence, record, spec.Terms, checks);
    }

    private static IReadOnlyList<Fact> DataFacts(IDataset data, DatasetFingerprint fingerprint, int severalFrames)
    {
        const int FilesNamed = 8;
        int[] counts = new int[data.Classes.Count];
        for (int i = 0; i < data.Count; i++)
        {
            counts[data.Label(i)]++;
        }

        return
        [
            new("Name", data.Name),
            new("Format", data.Format),
            new("Images", $"{data.Count}"),
            .. severalFrames == 0 ? Array.Empty<Fact>() : [new Fact(FrameCount.Label, FrameCount.Describe(severalFrames))],
            new("Classes", string.Join(", ", data.Classes.Zip(counts, (name, count) => $"{name} ({count})"))),
            new("Attributes", string.Join(", ", data.Attributes.DefaultIfEmpty("none"))),
            new("SHA-256 over all files", fingerprint.Sha256),
            .. fingerprint.Files.Take(FilesNamed).Select(file => new Fact($"SHA-256 of {file.Name}", file.Sha256)),
            .. fingerprint.Files.Count > FilesNamed
                ? [new Fact("Further files", $"{fingerprint.Files.Count - FilesNamed}, covered by the digest over all files")]
                : Array.Empty<Fact>(),
        ];
    }
}
