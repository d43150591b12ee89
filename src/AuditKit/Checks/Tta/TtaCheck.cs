using AuditKit.Checks.Corruptions;
using AuditKit.Data;
using AuditKit.Evidence;
using AuditKit.Imaging;
using AuditKit.Imaging.Corruptions;
using AuditKit.Models;

namespace AuditKit.Checks.Tta;

/// <summary>
/// Predicts every image from several augmented samples of it, by the audited model and by an ensemble with others
/// (Ashukha et al., Pitfalls of In-Domain Uncertainty Estimation and Ensembling, ICLR 2020).
/// </summary>
public sealed class TtaCheck(TtaOptions options) : ICheck
{
    private const string MembersFact = "tta/members";

    // Between the digests of members.
    private const char And = '+';

    // What carries over learns: a step backwards costs about twice as much as the answer.
    private const long PerStep = 3;

    // What tells the grid's search from other work that is not divided.
    private const string GridWork = "tta/grid";

    /// <summary>The check's key in specs.</summary>
    internal const string Key = "tta";

    /// <inheritdoc/>
    public string Name => Key;

    /// <inheritdoc/>
    public void Validate(IDataset data, InputTransform transform)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(transform);
        if (options.Members.FirstOrDefault(path => !File.Exists(path)) is { } missing)
        {
            throw new AuditException($"checks.tta.members: there is no model file {missing}.");
        }

        foreach (string policy in options.Policies)
        {
            options.Place.RequirePath(TtaOptions.PoliciesKey, policy, $"Make it with '{ProgramName.Value} tta search'.");
        }

        options.Place.RequirePath(TtaOptions.StoredKey, options.Stored);
        // What it refuses depends on no model and no seed.
        _ = PlanOf("", 0, data.Count);
        TtaOptions.UnderKey.RequireFit(options.Under, Key, data);
        if (options.Stored is { } folder)
        {
            var stored = new StoredCorruptions(folder);
            foreach (Corruption corruption in options.Under.OfType<Corruption>())
            {
                using Cell cell = stored.Open(corruption, data);
                transform.RequireFit(cell.Stored!.Load(0));
            }
        }

        if (options.Probe is { } probe)
        {
            ProbeImages.Validate(probe, data, transform);
        }
    }

    /// <inheritdoc/>
    public void ValidateImages(IDataset data, IReadOnlyList<int> images)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(images);
        TtaPolicy[] policies = [.. options.Policies.Select(TtaPolicy.Read)];
        // A policy that is judged on images that it was searched on would look better than it is.
        ImageDigests? audited = Array.Exists(policies, policy => policy.SearchedOn is not null)
            ? ImageDigests.Of(data, images, Environment.ProcessorCount) : null;
        foreach ((int i, TtaPolicy policy) in policies.Index())
        {
            if (policy.SearchedOn?.Shared(audited!) is > 0 and var shared)
            {
                throw new AuditException(
                    $"{options.Policies[i]} was searched on {NumberText.Count(shared)} of the {NumberText.Count(audited!.Count)} audited images"
                    + $"{(images.Count < data.Count ? " of this shard" : "")}, so that it "
                    + "would look better than it is. Search it on others: data.skip and data.limit divide a set.");
            }
        }
    }

    /// <inheritdoc/>
    public void Validate(AuditedModel audited, IModelSource models)
    {
        ArgumentNullException.ThrowIfNull(audited);
        ArgumentNullException.ThrowIfNull(models);
        if (options.Metta.Count > 0 && audited.Classifier.EmbeddingLength == 0)
        {
            throw new AuditException("tta: the model gives no embedding for metta. Name the value of the graph that is one under model.embedding.");
        }

        RequireMembers(audited, models);
        if (options.Adapt is { Batch: var batch } && (long)batch * audited.Classifier.Input.Length > Array.MaxLength)
        {
            throw new AuditException($"checks.tta.adapt: {NumberText.Count(batch)} images of {audited.Classifier.Input} are more than a batch can hold. "
                + $"Give batch: {NumberText.Count(Array.MaxLength / audited.Classifier.Input.Length)} or fewer.");
        }

        foreach (Adaptation adaptation in options.Adapt?.Methods ?? [])
        {
            models.OpenAdapted(audited, adaptation).Dispose();
        }
    }

    /// <inheritdoc/>
    public CheckCost Cost(int images, long seed)
    {
        // Whatever the further models are called, they take turns.
        TtaPlan plan = PlanOf(string.Join(And, options.Members), seed, images);
        IViews? best = plan.Grid.Count == 0 ? null : plan.Grid[0].Views;
        ILookup<bool, TtaVariant> ofTheGrid = plan.Variants(best).Where(variant => variant.Adaptation is null).ToLookup(
            variant => best is not null && variant.Views == best);
        long grid = (Samples(plan.Grid) * plan.SearchPart.Count) + (Samples(ofTheGrid[true]) * plan.Judged.Count);
        return new CheckCost(Samples(ofTheGrid[false]) + (plan.Metta?.Samples[^1] ?? 0))
        {
            Undivided =
            [
                .. best is null ? Array.Empty<KeyValuePair<string, long>>() : [new(GridWork, grid)],
                .. plan.Variants(null).Where(variant => variant.Adaptation is not null).Select(
                    variant => new KeyValuePair<string, long>(variant.Work, (variant.Adaptation!.CarriesOver ? PerStep : 1) * plan.Judged.Count)),
            ],
        };

        static long Samples(IEnumerable<TtaVariant> variants) => variants.Sum(variant => (long)variant.Samples[^1]);
    }

    /// <inheritdoc/>
    public void Run(CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        AuditSeed.Record(context);
        foreach (string path in options.Policies)
        {
            context.Evidence.WriteFact(PolicyFact(path), TtaPolicy.Read(path).ToJson());
        }

        var cells = new List<Cell>();
        var opened = new List<AuditedModel>();
        try
        {
            var images = new Dictionary<string, CellImages>();
            if (options.Stored is { } folder)
            {
                var stored = new StoredCorruptions(folder);
                foreach (Corruption corruption in options.Under.OfType<Corruption>())
                {
                    cells.Add(stored.Open(corruption, context.Data));
                    images[corruption.Name] = stored.Record(context, corruption, cells[^1]);
                }
            }

            foreach (string path in options.Members)
            {
                opened.Add(OpenMember(path, context.Audited, context.Models));
                context.Inputs.Add(context.Models, opened[^1]);
            }

            string members = string.Join(And, opened.Select(member => member.Sha256));
            context.Evidence.WriteFact(MembersFact, members);
            TtaPlan plan = Plan(context.Evidence, options, under => images.TryGetValue(under.Name, out CellImages of) ? of.Option : "");
            Measure(context, plan, [context.Model, .. opened.Select(member => member.Classifier)], images);
            foreach (CellImages measured in images.Values)
            {
                measured.RequireUnchanged();
            }
        }
        finally
        {
            cells.ForEach(cell => cell.Dispose());
            opened.ForEach(member => member.Dispose());
        }
    }

    /// <summary>SHA-256 of the ensemble's further models, in the spec's order, as a finished run's evidence has them.</summary>
    internal static IReadOnlyList<string> Members(EvidenceStore evidence) => (evidence.Fact(MembersFact) ?? "").Split(And, StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The plan of a run whose evidence says which models, policies and seed it has.</summary>
    internal static TtaPlan Plan(EvidenceStore evidence, TtaOptions options)
        => Plan(evidence, options, under => options.Stored is null ? "" : StoredCorruptions.Read(evidence, under));

    private static TtaPlan Plan(EvidenceStore evidence, TtaOptions options, Func<IPerturbation, string> stored) => new(
        options,
        evidence.Fact(MembersFact) ?? "",
        [.. options.Policies.Select(path => Policy(evidence, path))],
        stored,
        AuditSeed.Read(evidence),
        evidence.ImageCount);

    // A policy is part of the evidence, so that the report can be made again where its file is not.
    private static PolicyViews Policy(EvidenceStore evidence, string path)
    {
        string json = evidence.Fact(PolicyFact(path))
            ?? throw new AuditException($"The evidence does not hold the policy {Path.GetFileName(path)}: run the audit to its end first.", ExitCode.Error);
        TtaPolicy policy = TtaPolicy.Parse(Path.GetFileName(path), json);
        return new PolicyViews(PolicyKey(path), policy);
    }

    /// <summary>How specs call a policy.</summary>
    internal static string PolicyKey(string path) => Path.GetFileNameWithoutExtension(path);

    private TtaPlan PlanOf(string members, long seed, int images)
        => new(options, members, [.. options.Policies.Select(path => new PolicyViews(PolicyKey(path), TtaPolicy.Read(path)))], _ => "", seed, images);

    private static string PolicyFact(string path) => $"tta/policy/{Path.GetFileName(path)}";

    private void Measure(CheckContext context, TtaPlan plan, IClassifier[] models, Dictionary<string, CellImages> stored)
    {
        // The magnitude is chosen by all images of the search's part, so one share measures them, and what was chosen.
        CheckContext searching = context with { Share = plan.Grid.Count > 0 && context.Share.Owns(GridWork) ? Share.Whole : context.Share };
        if (plan.Grid.Count > 0)
        {
            TtaPass.Run(searching, [.. plan.Grid.Select(Shown)], searching.Share.SeesAll ? plan.SearchPart : []);
        }

        IViews? best = searching.Share.SeesAll ? plan.Best(context.Evidence, [.. Enumerable.Range(0, context.Data.Count).Select(context.Data.Label)]) : null;
        ILookup<bool, TtaVariant> variants = plan.Variants(best).ToLookup(variant => variant.Adaptation is null);
        // Of a shard what was chosen is apart: one shard measures it on all images.
        foreach (TtaVariant[] state in variants[true].GroupBy(variant => (variant.Under?.Name, !context.Share.SeesAll && variant.Views == best))
            .Select(state => state.ToArray()))
        {
            TtaPass.Run(On(state[0], state[0].Views == best ? searching : context), [.. state.Select(Shown)], plan.Judged);
        }

        foreach (TtaVariant adaptation in variants[false])
        {
            AdaptationPass.Run(On(adaptation, context), adaptation, plan.Judged);
        }

        foreach (PolicyViews policy in context.Share.SeesAll ? plan.Policies : [])
        {
            PolicyPictures.Keep(context, policy, plan.Judged[0]);
        }

        if (plan.Metta is { } metta)
        {
            InferencePass.RunClean(context);
            TtaPass.Run(context, [Shown(metta)], plan.Judged, keepEmbeddings: true);
            ProbeImages.Measure(context, options.Probe!, metta);
        }

        (TtaVariant, IReadOnlyList<IClassifier>) Shown(TtaVariant variant) => (variant, variant.Members.Length == 0 ? [context.Model] : models);

        CheckContext On(TtaVariant variant, CheckContext measuring)
            => variant.Under is { } under && stored.TryGetValue(under.Name, out CellImages of) ? measuring with { Data = of.Stored! } : measuring;
    }

    // A model beside itself would look like an ensemble, and be none.
    private void RequireMembers(AuditedModel audited, IModelSource models)
    {
        var known = new Dictionary<string, string> { [audited.Sha256] = audited.Spec.Path };
        foreach (string path in options.Members)
        {
            using AuditedModel member = OpenMember(path, audited, models);
            if (!known.TryAdd(member.Sha256, path))
            {
                throw new AuditException($"checks.tta.members: {path} and {known[member.Sha256]} are the same model, and a model with itself is no ensemble. "
                    + "Leave it out, or name another.");
            }
        }
    }

    private static AuditedModel OpenMember(string path, AuditedModel audited, IModelSource models)
    {
        AuditedModel member = models.Open(audited.Asked.Another(path));
        (IClassifier first, IClassifier other) = (audited.Classifier, member.Classifier);
        if (other.Input == first.Input && other.Classes == first.Classes)
        {
            return member;
        }

        member.Dispose();
        throw new AuditException(
            $"{path}: takes {other.Input} and knows {other.Classes} classes, but the audited model takes {first.Input} and knows "
                + $"{first.Classes}: they make no ensemble.");
    }
}
