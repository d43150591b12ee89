using AuditKit.Evidence;
using AuditKit.Imaging;
using AuditKit.Statistics;

namespace AuditKit.Checks.Tta;

/// <summary>Which variants are measured on which images: the same for the check and for its analysis.</summary>
internal sealed class TtaPlan
{
    private const string MettaName = "metta";

    private readonly TtaOptions _options;
    private readonly string _members;
    private readonly IReadOnlyList<PolicyViews> _policies;
    private readonly Func<IPerturbation, string> _stored;
    private readonly long _seed;

    /// <param name="options">What the spec asks for.</param>
    /// <param name="members">The ensemble's further models, by digest; empty for none.</param>
    /// <param name="policies">The policies of the spec's files.</param>
    /// <param name="stored">Which images of a stored set a perturbation's are; empty where they are made.</param>
    /// <param name="seed">The audit's seed.</param>
    /// <param name="images">Number of images.</param>
    public TtaPlan(TtaOptions options, string members, IReadOnlyList<PolicyViews> policies, Func<IPerturbation, string> stored, long seed, int images)
    {
        (_options, _members, _policies, _stored, _seed) = (options, members, policies, stored, seed);
        int[] order = [.. Enumerable.Range(0, images)];
        CounterRandom.For(seed, "tta/search-part", 0).Shuffle(order);
        int search = options.RandAugment is { } grid ? (int)Math.Round(grid.Share * images) : 0;
        if (options.RandAugment is not null && (search < 2 || search == images))
        {
            throw new AuditException($"tta: {images} images cannot be divided into a part for the grid search of RandAugment and a part to judge.");
        }

        SearchPart = [.. order[..search].Order()];
        Judged = [.. order[search..].Order()];
        RequireSamples();
        RequireBatches();
    }

    /// <summary>The images that the magnitude of RandAugment is chosen on.</summary>
    public IReadOnlyList<int> SearchPart { get; }

    /// <summary>All other images, which every variant is judged on.</summary>
    public IReadOnlyList<int> Judged { get; }

    /// <summary>The policies of the spec's files.</summary>
    public IReadOnlyList<PolicyViews> Policies => _policies;

    /// <summary>The grid: RandAugment at each magnitude.</summary>
    public IReadOnlyList<TtaVariant> Grid => _options.RandAugment is not { } grid ? []
        : [.. grid.Magnitudes.Select(magnitude => Variant(new RandAugment(_seed, grid.Operators, magnitude), "", null) with { Kind = ConditionKind.Search })];

    /// <summary>MeTTA's samples, a single one among them to compare with, or null where none is asked for.</summary>
    public TtaVariant? Metta => _options.Metta.Count == 0 ? null
        : new(new MettaViews(), "", null, [.. _options.Metta.Append(1).Distinct().Order()]) { Kind = ConditionKind.Embedded, SearchShare = SearchShare };

    /// <summary>The calibrated log-likelihood of a grid's variant on the part that is not judged.</summary>
    /// <param name="evidence">The evidence.</param>
    /// <param name="variant">The variant.</param>
    /// <param name="labels">The labels of all images.</param>
    public double Score(EvidenceStore evidence, TtaVariant variant, IReadOnlyList<int> labels)
        => CalibratedLogLikelihood.Of(ScoredImages.Read(evidence, variant.Condition(variant.Samples[^1]), SearchPart, labels), _seed).Average();

    /// <summary>RandAugment at the magnitude that does best, once the grid has been measured; null where there is no grid.</summary>
    /// <param name="evidence">The evidence.</param>
    /// <param name="labels">The labels of all images.</param>
    public IViews? Best(EvidenceStore evidence, IReadOnlyList<int> labels)
        // The first of the best, so that a tie goes to the weaker augmentation.
        => Grid.MaxBy(variant => Score(evidence, variant, labels))?.Views;

    /// <summary>All variants to be judged.</summary>
    /// <param name="best">What the grid's search has found; null for nothing.</param>
    public IReadOnlyList<TtaVariant> Variants(IViews? best)
    {
        IViews[] views = [.. _options.Variants, .. best is null ? Array.Empty<IViews>() : [best], .. _policies];
        return
        [
            .. from under in _options.Under.Prepend(null)
               from members in _members.Length == 0 ? [""] : new[] { "", _members }
               from view in views.Prepend(new Central())
               select Variant(view, members, under),
            .. from under in _options.Under.Prepend(null)
               from adaptation in _options.Adapt?.Methods ?? []
               select Variant(new Central(), "", under) with { Adaptation = adaptation, Batch = _options.Adapt!.Batch },
        ];
    }

    private TtaVariant Variant(IViews views, string members, IPerturbation? under)
    {
        int models = members.Length == 0 ? 1 : 1 + _options.Members.Count;
        // Without augmentation all samples of one model are equal, so there is one a model of the ensemble.
        int? limit = views is Central ? models : views.Samples;
        int[] samples = limit is not { } most ? [.. _options.Samples.Where(count => count < models), .. AtLeast(models)]
            : views is Central ? [.. Enumerable.Range(1, most)]
            : [.. _options.Samples.Where(count => count < most), most];
        return new(views, members, under, samples) { Models = models, SearchShare = SearchShare, Stored = under is null ? "" : _stored(under) };

        // An ensemble is measured at one number at the least at which every model was asked.
        int[] AtLeast(int models) => [.. _options.Samples.Where(count => count >= models).DefaultIfEmpty(models)];
    }

    // A model whose turn never comes would be a member in name alone.
    private void RequireSamples()
    {
        int models = 1 + _options.Members.Count;
        if (_options.Variants.Concat(_policies).FirstOrDefault(views => views.Samples < models) is { } few)
        {
            throw new AuditException($"tta: {few.Name} has {NumberText.Count(few.Samples!.Value, "sample", "samples")}, too few for an ensemble of "
                + $"{models} models, each of which takes its own.");
        }
    }

    // The statistics of a single image are no statistics of a batch.
    private void RequireBatches()
    {
        if (_options.Adapt is { Batch: var size } && AdaptationPass.Batches(Judged, size, _seed).Min(batch => batch.Length) < 2)
        {
            throw new AuditException($"checks.tta.adapt: of {NumberText.Count(Judged.Count, "image", "images")} in batches of at most {size}, one would be "
                + $"alone in its batch. Give {(Judged.Count < 2 ? "more images" : "batch: 3 or more")}.");
        }
    }

    private double SearchShare => _options.RandAugment?.Share ?? 0;

    /// <summary>Crop and flip under a name of its own: these predictions come with mean embeddings.</summary>
    private sealed class MettaViews : IViews
    {
        private readonly CropFlip _cropFlip = new();

        public string Name => MettaName;

        public string Description => _cropFlip.Description;

        public int? Samples => null;

        public Image Make(Image image, InputShape input, int sample, CounterRandom random) => _cropFlip.Make(image, input, sample, random);
    }
}
