using System.Security.Cryptography;
using System.Text;
using AuditKit.Checks;
using AuditKit.Comparisons;
using AuditKit.Data;
using AuditKit.Evidence;
using AuditKit.Imaging;
using AuditKit.Models;
using AuditKit.Specs;

namespace AuditKit;

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
        using AuditedModel model = models.Open(spec.Model);
        using IDataset data = DatasetCatalog.Open(spec.Data);
        IReadOnlyList<PlannedCheck> checks = CheckCatalog.Plan(spec.Terms.Checks, new CheckScope(spec.Folder, data.Attributes));
        var transform = new InputTransform(model.Classifier.Input, spec.Model.Resize, spec.Model.Crop);
        RequireFit(model.Classifier, data, transform);
        foreach ((ICheck check, _) in checks)
        {
            check.Validate(data);
        }

        DatasetFingerprint fingerprint = DatasetFingerprint.Of(data, options.Threads);

        using EvidenceStore evidence = OpenEvidence(options, Identity(spec, model, fingerprint));
        evidence.DescribeData(data.Classes, Enumerable.Range(0, data.Count).Select(i => new ImageRecord(i, data.Label(i), data.Source(i))));
        using EvidenceStore? baseline = spec.Terms.Baseline?.Open(spec.Folder, evidence, fingerprint);
        var errors = new Dictionary<string, string>();
        foreach ((ICheck check, _) in checks)
        {
            var context = new CheckContext
            {
                Data = data,
                Transform = transform,
                Model = model.Classifier,
                ModelSpec = spec.Model,
                Models = models,
                Evidence = evidence,
                Seed = spec.Terms.Seed,
                Threads = options.Threads,
                Progress = step => progress($"{check.Name}: {step.Condition}", step.Done, step.Total),
                Cancellation = cancellation,
            };
            try
            {
                check.Run(context);
            }
            catch (AuditException e)
            {
                // A check that breaks must not take the others' results with it, and must not pass either.
                errors[check.Name] = e.Message;
            }
        }

        if (baseline is not null)
        {
            Baseline.Copy(baseline, evidence, data, transform, model.Classifier.Input);
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
            Data = DataFacts(data, fingerprint),
            Provenance = Provenance.Facts(spec),
            Errors = errors,
        };
        record.Write(evidence);
        return Judgement.Of(evidence, record, spec.Terms, checks);
    }

    internal static EvidenceStore OpenEvidence(AuditOptions options, string identity)
    {
        try
        {
            Directory.CreateDirectory(options.Folder);
            string store = Path.Combine(options.Folder, RunFolder.EvidenceFile);
            if (!options.Resume)
            {
                File.Delete(store);
            }

            return EvidenceStore.Open(store, identity);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AuditException($"the run's folder {options.Folder} cannot be written: {e.Message}", inner: e);
        }
    }

    // What the outcomes depend on. Thresholds and the provider's words are not part of it: they can be changed
    // without measuring again.
    internal static string Identity(AuditSpec spec, AuditedModel model, DatasetFingerprint fingerprint)
    {
        ModelSpec m = spec.Model;
        string text = string.Join(
            '\n', Provenance.Version, model.Sha256, string.Join(' ', m.Mean), string.Join(' ', m.Std), m.Embedding, m.Resize, m.Crop,
            fingerprint.Sha256, spec.Data.Limit, spec.Terms.Seed);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    internal static void RequireFit(IClassifier model, IDataset data, InputTransform transform)
    {
        if (model.Classes != data.Classes.Count)
        {
            throw new AuditException(
                $"the model has {model.Classes} outputs, but {data.Name} has {data.Classes.Count} classes. Check model.path and data.");
        }

        transform.Apply(data.Load(0), new float[model.Input.Length]);
    }

    private static IReadOnlyList<Fact> DataFacts(IDataset data, DatasetFingerprint fingerprint)
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
