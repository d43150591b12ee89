using System.Security.Cryptography;
using System.Text;
using AuditKit.Checks;
using AuditKit.Data;
using AuditKit.Evidence;
using AuditKit.Imaging;
using AuditKit.Imaging.Files;
using AuditKit.Models;
using AuditKit.Specs;

namespace AuditKit.Run;

/// <summary>What a spec names, opened: a model and data that fit each other, and the evidence that goes with them.</summary>
internal sealed class OpenedSpec : IDisposable
{
    private readonly AuditPlan _spec;
    private readonly IModelSource _models;

    /// <summary>Opens model and data.</summary>
    /// <exception cref="AuditException">The data or the model cannot be used, or they do not fit each other.</exception>
    public OpenedSpec(AuditPlan spec, IModelSource models)
    {
        (_spec, _models) = (spec, models);
        Model = models.Open(spec.Model);
        try
        {
            FloatModel = spec.Model.Float is { } model ? Models.FloatModel.Open(models, model, Model) : null;
            Data = DatasetCatalog.Open(spec.Data);
            Transform = Model.Spec.Transform(Model.Classifier.Input);
            RequireFit();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Opens further models.</summary>
    public IModelSource ModelSource => _models;

    /// <summary>The model under audit.</summary>
    public AuditedModel Model { get; }

    /// <summary>The floating point model that it was quantised from; null where the spec names none.</summary>
    public AuditedModel? FloatModel { get; }

    /// <summary>The data under audit.</summary>
    public IDataset Data { get; }

    /// <summary>Every file that is read.</summary>
    public InputFiles Inputs { get; } = new();

    /// <summary>From the data's images to the model's input.</summary>
    public InputTransform Transform { get; }

    /// <summary>Opens the store of a run's folder, empty or with what an interrupted run has measured, and describes the data in it.</summary>
    /// <exception cref="AuditException">The folder cannot be written, or belongs to another run.</exception>
    public EvidenceStore OpenEvidence(AuditOptions options, DatasetFingerprint fingerprint)
        => OpenStore(options, Identity([.. Dependencies, new("data", fingerprint.Sha256)]), evidence => FurtherDataset.Describe(evidence, Data.Classes, Data));

    /// <summary>The same of one shard of the audit, which has read some of the data.</summary>
    /// <exception cref="AuditException">The folder cannot be written, or belongs to another run or shard.</exception>
    public EvidenceStore OpenEvidence(AuditOptions options, Shard shard, DataPart read)
        => OpenStore(
            options,
            Identity([.. ShardDependencies, new("shard", $"{shard}"), new("contents", read.Digest)]),
            evidence => evidence.CountData(Data.Classes, Data.Count));

    /// <summary>
    /// What all shards of an audit have in common. In place of the data's files, which no shard reads all of, it has the list of the images; and
    /// it has all of the spec, because a merge measures nothing again.
    /// </summary>
    public IReadOnlyList<Fact> ShardDependencies => field ??=
    [
        .. Dependencies,
        new("list of images", FurtherDataset.Digest(Data, "")),
        new("spec", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(_spec.Text)))),
    ];

    /// <summary>What to measure with, and where to.</summary>
    public CheckContext Context(EvidenceStore evidence, AuditOptions options, CancellationToken cancellation) => new()
    {
        Data = Data,
        Transform = Transform,
        Model = Model.Classifier,
        Audited = Model,
        FloatModel = FloatModel,
        Inputs = Inputs,
        Models = _models,
        Evidence = evidence,
        Seed = _spec.Seed,
        Threads = options.Threads,
        Cancellation = cancellation,
    };

    /// <inheritdoc/>
    public void Dispose()
    {
        Data?.Dispose();
        FloatModel?.Dispose();
        Model.Dispose();
    }

    private void RequireFit()
    {
        if (Model.Classifier.Classes != Data.Classes.Count)
        {
            throw ClassOrder.Mismatch(Data.Name, Data.Classes, Model.Classifier.Classes, Model.Notes.Naming(Model.Classifier.Classes)?.Classes ?? []);
        }

        Transform.RequireFit(Data.Load(0));
    }

    // What the outcomes depend on besides the data's files. Thresholds and the provider's words are not part of it: they can be changed
    // without measuring again. The JPEG codec is, whatever the data: masks, shifted sets and textures may be JPEG files.
    private IReadOnlyList<Fact> Dependencies =>
    [
        new("version of AuditKit", Provenance.Version),
        new("model", Model.Sha256),
        new("floating point model", FloatModel?.Sha256 ?? ""),
        new("preprocessing", string.Join('\n', _spec.Model.Preprocessing)),
        new("choice of images", $"{_spec.Data.Changes()}"),
        new("seed", InvariantText.Of(_spec.Seed)),
        new("JPEG codec", ImageCodecs.Here.JpegPixels),
    ];

    private static string Identity(IEnumerable<Fact> dependencies)
        => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', dependencies.Select(fact => $"{fact.Label}: {fact.Value}")))));

    private static EvidenceStore OpenStore(AuditOptions options, string identity, Action<EvidenceStore> describe)
    {
        EvidenceStore evidence = OpenStore(options, identity);
        try
        {
            describe(evidence);
            return evidence;
        }
        catch
        {
            evidence.Dispose();
            throw;
        }
    }

    private static EvidenceStore OpenStore(AuditOptions options, string identity)
    {
        try
        {
            Directory.CreateDirectory(options.Folder);
            string store = Path.Combine(options.Folder, RunFolder.EvidenceFile);
            if (!options.Resume || (options.ReplacesOther && File.Exists(store) && !EvidenceStore.IsOf(store, identity)))
            {
                File.Delete(store);
                File.Delete(Path.Combine(options.Folder, RunFolder.GatheringFile));
            }

            return EvidenceStore.Open(store, identity);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AuditException($"the run's folder {options.Folder} cannot be written: {e.Message}", inner: e);
        }
    }
}
