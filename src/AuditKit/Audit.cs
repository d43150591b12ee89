using System.Security.Cryptography;
using System.Text;
using AuditKit.Checks;
using AuditKit.Data;
using AuditKit.Evidence;
using AuditKit.Gates;
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
        IReadOnlyList<PlannedCheck> checks = CheckCatalog.Plan(spec.Checks, new CheckScope(spec.Folder, data.Attributes));
        var transform = new InputTransform(model.Classifier.Input, spec.Model.Resize, spec.Model.Crop);
        RequireFit(model.Classifier, data, transform);
        DatasetFingerprint fingerprint = DatasetFingerprint.Of(data, options.Threads);

        using EvidenceStore evidence = OpenEvidence(options, Identity(spec, model, fingerprint));
        evidence.DescribeData(data.Classes, Enumerable.Range(0, data.Count).Select(i => new ImageRecord(i, data.Label(i), data.Source(i))));
        var sections = new List<Section>();
        foreach ((ICheck check, IAnalysis analysis) in checks)
        {
            var context = new CheckContext
            {
                Data = data,
                Transform = transform,
                Model = model.Classifier,
                ModelSpec = spec.Model,
                Models = models,
                Evidence = evidence,
                Seed = spec.Seed,
                Threads = options.Threads,
                Progress = step => progress($"{check.Name}: {step.Condition}", step.Done, step.Total),
                Cancellation = cancellation,
            };
            sections.Add(Measure(check, analysis, context, spec.Confidence));
        }

        return new AuditResult
        {
            Name = spec.Name,
            Verdict = Verdict.Of(sections),
            Provider = spec.Provider,
            Model = model.Facts,
            Data = DataFacts(data, fingerprint),
            Protocol = Protocol(spec, sections),
            Sections = sections,
            Limits = Limits,
            Provenance = Provenance.Facts(spec),
            Spec = spec.Text,
        };
    }

    // A check that breaks must not take the others' results with it, and must not pass either.
    private static Section Measure(ICheck check, IAnalysis analysis, CheckContext context, double confidence)
    {
        try
        {
            check.Run(context);
            return analysis.Analyse(context.Evidence, confidence);
        }
        catch (AuditException e)
        {
            return new Section
            {
                Check = check.Name,
                Title = check.Name,
                Summary = "This check did not finish, so nothing can be said about what it measures.",
                Method = [],
                Findings = [],
                Error = e.Message,
            };
        }
    }

    private static EvidenceStore OpenEvidence(AuditOptions options, string identity)
    {
        try
        {
            Directory.CreateDirectory(options.Folder);
            string store = Path.Combine(options.Folder, "evidence.sqlite");
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
    private static string Identity(AuditSpec spec, AuditedModel model, DatasetFingerprint fingerprint)
    {
        ModelSpec m = spec.Model;
        string text = string.Join(
            '\n', Provenance.Version, model.Sha256, string.Join(' ', m.Mean), string.Join(' ', m.Std), m.Embedding, m.Resize, m.Crop,
            fingerprint.Sha256, spec.Data.Limit, spec.Seed);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    private static void RequireFit(IClassifier model, IDataset data, InputTransform transform)
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

    private static IReadOnlyList<Fact> Protocol(AuditSpec spec, IReadOnlyList<Section> sections) =>
    [
        new("Seed", $"{spec.Seed}; every draw is keyed by seed, check, image and condition (Philox4x32-10)"),
        new("Confidence level", $"{spec.Confidence:0.####}"),
        new("Displayed intervals", "Wilson's score interval for proportions, two-sided"),
        new("Gates", "one-sided Clopper–Pearson bounds: pass when the bound clears the threshold, fail when the opposite bound shows that it is missed, inconclusive in between; inconclusive blocks"),
        new("Unit of resampling", "the source image: perturbed copies of one image are never counted as independent"),
        .. sections.SelectMany(section => section.Findings)
            .Where(finding => finding.Threshold is not null)
            .Select(finding => finding.Threshold!)
            .DistinctBy(threshold => threshold.Key)
            .Select(threshold => new Fact($"Threshold {threshold.Key}", $"{(threshold.Kind == ThresholdKind.AtLeast ? "≥" : "≤")} {threshold.Value}")),
    ];

    private static IReadOnlyList<string> Limits { get; } =
    [
        "The findings hold for the data audited, as it was sampled. They say nothing of data that differs from it in ways the checks do not vary.",
        "A black-box attack that fails does not prove robustness: a stronger attack, or one with the model's gradients, may succeed.",
        "Not assessed: privacy, training-data poisoning, physical attacks, out-of-distribution detection, the system around the model.",
        "What the provider states is printed as given and was not verified.",
    ];
}
