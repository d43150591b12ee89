using AuditKit.Checks;
using AuditKit.Training.Remedies.LastLayer;

namespace AuditKit.Training.Remediation;

/// <summary>What is tried for each weakness, what needs least of the data first, with a grid of settings each.</summary>
internal static class RemedyCandidates
{
    /// <summary>Images that a group needs before its own loss says something (our choice).</summary>
    private const int EnoughForGroupLosses = 50;

    /// <summary>Images that a group needs before translations into it can be learnt (our choice).</summary>
    private const int EnoughForTranslation = 200;

    // Of α, 1 lets an image's loss and its distorted copy's count alike.
    private static readonly double[] s_stabilityWeights = [1, 0.3, 3];

    /// <summary>What is tried against a weakness, and what is not and why.</summary>
    /// <param name="weakness">What is wrong with the model.</param>
    /// <param name="flips">The perturbations under which decisions change too often.</param>
    /// <param name="moves">The perturbations under which embeddings do, so that an image's copy is not found.</param>
    /// <param name="situation">The model and the data.</param>
    public static (IReadOnlyList<RemedyCandidate> Candidates, IReadOnlyList<string> Excluded) For(
        Weakness weakness, IReadOnlyList<string> flips, IReadOnlyList<string> moves, RemedySituation situation) => weakness switch
        {
            Weakness.WorstGroup => ForGroups(situation),
            Weakness.Perturbation => (
            [
                .. s_stabilityWeights.Where(_ => flips.Count > 0).Select(weight => Stability(
                    FormattableString.Invariant($"{{ name: stability, weight: {weight} }}"), flips)),
                // Embeddings of the length 1, for which a margin of 0.1 is published.
                .. s_stabilityWeights.Where(_ => moves.Count > 0).Select(weight => Stability(
                    FormattableString.Invariant($"{{ name: stability, task: embedding, margin: 0.1, normalise: true, weight: {weight} }}"), moves)),
            ],
            []),
            Weakness.Corruption => (
            [
                AugMix("{ name: augmix, weight: 12, severity: 3 }"),
                AugMix("{ name: augmix, weight: 1, severity: 3 }"),
                AugMix("{ name: augmix, weight: 12, severity: 1 }"),
                Stability("{ name: stability, weight: 1, distortion: { gaussian: 0.1 } }", []),
            ],
            []),
            Weakness.Attack => (
                [.. new[] { "0.0078", "0.0157", "0.0314" }.Select(epsilon => new RemedyCandidate(
                    "adversarial training (Madry et al. 2018)", $"{{ name: adversarial, epsilon: {epsilon}, steps: 5 }}"))],
                []),
            _ => ([], []),
        };

    private static RemedyCandidate AugMix(string block) => new("AugMix (Hendrycks et al. 2020)", block);

    private static RemedyCandidate Stability(string block, IReadOnlyList<string> perturbations)
    {
        var candidate = new RemedyCandidate("stability training (Zheng et al. 2016)", block);
        if (perturbations.Count > 0)
        {
            candidate.Block.SetTexts("distortion", perturbations);
        }

        return candidate;
    }

    private static (IReadOnlyList<RemedyCandidate> Candidates, IReadOnlyList<string> Excluded) ForGroups(RemedySituation situation)
    {
        // Candidates learn from what is left when some images are kept back to compare them on.
        (int all, string name) = situation.SmallestGroup;
        int smallest = all - Math.Max(1, (int)Math.Round(all * RemedySpec.HeldOut));
        string few = all == 1 ? $"there is only 1 image of {name}" : $"there are only {all} images of {name}";
        const string Known = "it needs images that the model was not trained on: name such under remedy.data";
        List<RemedyCandidate> candidates = [];
        List<string> excluded = [];
        // What AFR chooses γ and λ by: as many images of the smallest group as DFR asks for, and at most half of it.
        double share = Math.Clamp((double)(Dfr.Fewest + 1) / Math.Max(smallest, 1), 0.2, 0.5);
        Add(!situation.HasEmbedding ? "the model has no fully connected last layer" : smallest < 2 * (Dfr.Fewest + 1) ? few : null,
            new RemedyCandidate("last layer on balanced images (DFR, Kirichenko et al. 2023)", "{ name: dfr }"));
        // What the model has learnt by heart it gets right, so that to AFR and JTT no image would weigh more than another.
        Add(!situation.HasEmbedding ? "the model has no fully connected last layer"
            : !situation.IsDataNamed ? Known
            : smallest < 2 * (Dfr.Fewest + 1) ? few : null,
            new RemedyCandidate("last layer, images it gets wrong weighted (AFR, Qiu et al. 2023)", "{ name: afr }") { Validation = share });
        Add(situation.IsDataNamed ? null : Known,
            new RemedyCandidate("errors of a first model counted more often (JTT, Liu et al. 2021)", "{ name: jtt, upweight: 20 }"),
            new RemedyCandidate("errors of a first model counted more often (JTT, Liu et al. 2021)", "{ name: jtt, upweight: 50 }"));
        string? empty = situation.EmptyGroup is { } group ? $"there is no image of {group}" : null;
        Add(empty ?? (smallest < EnoughForGroupLosses ? few : null),
            Gdro(0, 0.01), Gdro(1, 0.01), Gdro(1, 0.1), Gdro(3, 0.1));
        Add(!situation.HasAttribute ? "the training data has no attribute to hide"
            : !situation.HasEmbedding ? "the model has no fully connected last layer"
            : situation.TrainsEncoder ? null : "it changes the embedding, and the remedy trains the last layer alone (remedy.train)",
            Aairm(0.1, 0.1), Aairm(0.5, 0.1), Aairm(0.5, 1));
        Add(!situation.HasAttribute ? "the training data has no attribute to translate between"
            : empty is not null ? empty
            : smallest < EnoughForTranslation ? few
            : situation.IsOnGpu ? null : "networks that translate images ask for a GPU (--device cuda)",
            new RemedyCandidate("translation between groups and consistency (CLAMP, Goel et al. 2020)", "{ name: clamp }"));
        return (candidates, excluded);

        void Add(string? reason, params RemedyCandidate[] settings)
        {
            candidates.AddRange(reason is null ? settings : []);
            excluded.AddRange(reason is null ? [] : [$"{settings[0].Method}: {reason}"]);
        }
    }

    private static RemedyCandidate Gdro(int adjustment, double decay)
        => new("group DRO (Sagawa et al. 2020)", FormattableString.Invariant($"{{ name: gdro, step: 0.01, adjustment: {adjustment} }}"))
        {
            WeightDecay = decay,
        };

    // λ = 0.5 is published.
    private static RemedyCandidate Aairm(double lambda, double decay)
        => new("attribute-adversarial training (AAIRM)", FormattableString.Invariant($"{{ name: aairm, lambda: {lambda} }}"))
        {
            WeightDecay = decay,
        };
}
