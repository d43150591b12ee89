using AuditKit.Checks;
using AuditKit.Checks.Tta;
using AuditKit.Data;
using AuditKit.Evidence;
using AuditKit.Models;
using AuditKit.Specs;
using AuditKit.Statistics;

namespace AuditKit.Run;

/// <summary>GPS from a spec to a policy: a prediction set for each sub-policy of a pool, then the greedy choice.</summary>
public static class PolicySearch
{
    /// <summary>Searches a policy, or goes on with a search that was interrupted.</summary>
    /// <param name="spec">The model, and the validation data that no audit judges.</param>
    /// <param name="models">Opens the model.</param>
    /// <param name="options">Where prediction sets are kept, and the threads.</param>
    /// <param name="pool">The sub-policies to choose from.</param>
    /// <param name="length">Sub-policies of the policy.</param>
    /// <param name="criterion">What is made large.</param>
    /// <param name="progress">Told what is being done, units done and units in all.</param>
    /// <param name="cancellation">Stops between batches; everything measured until then is kept.</param>
    /// <exception cref="AuditException">The data or the model cannot be used, or the folder belongs to another search.</exception>
    public static FoundPolicy Run(
        AuditPlan spec,
        IModelSource models,
        AuditOptions options,
        IReadOnlyList<SubPolicy> pool,
        int length,
        PolicyCriterion criterion,
        Action<string, long, long> progress,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(models);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(pool);
        using var opened = new OpenedSpec(spec, models);
        (IDataset data, AuditedModel model) = (opened.Data, opened.Model);
        if (data.Count < 2)
        {
            throw new AuditException("A policy is searched on two images or more.");
        }

        DatasetFingerprint fingerprint = DatasetFingerprint.Of(data, options.Threads, cancellation);
        using EvidenceStore evidence = opened.OpenEvidence(options, fingerprint);
        CheckContext context = opened.Context(evidence, options, cancellation);
        RequireMemory(pool.Count, data);
        int[] images = [.. Enumerable.Range(0, data.Count)];
        var search = new GreedyPolicySearch(data.Classes.Count, [.. images.Select(data.Label)]);
        TtaVariant[] variants = [.. pool.Select((subPolicy, candidate) => Variant(candidate, subPolicy))];
        TtaPass.Run(
            context with { Progress = step => progress("predictions with every sub-policy", step.Done, step.Total) },
            [.. variants.Select(variant => (variant, (IReadOnlyList<IClassifier>)[model.Classifier]))], images);
        foreach (TtaVariant variant in variants)
        {
            search.Add(Probabilities(ScoredImages.Read(evidence, variant.Condition(1), images, cancellation)));
        }

        int done = 0;
        IReadOnlyList<PolicyChoice> choices = search.Run(
            length, criterion, options.Threads, _ => progress("sub-policies chosen", ++done, length), cancellation);
        string origin = $"found by greedy search for {Name(criterion)} among {pool.Count} sub-policies on {data.Count} images of {data.Name} "
            + $"(SHA-256 {fingerprint.Sha256[..12]}…), seed {spec.Seed}, model SHA-256 {model.Sha256[..12]}…";
        return new FoundPolicy(
            new TtaPolicy([.. choices.Select(choice => pool[choice.Candidate])], origin) { SearchedOn = ImageDigests.Of(data, options.Threads, cancellation) },
            [.. choices.Select(choice => choice.Score)],
            // The identity is the first of a pool: the model as it is.
            search.Score(0, criterion));
    }

    /// <summary>A criterion as commands and policies write it.</summary>
    public static string Name(PolicyCriterion criterion) => criterion == PolicyCriterion.Accuracy ? "accuracy" : "calibrated-log-likelihood";

    // The number is part of the name, because two equal sub-policies draw different random numbers.
    private static TtaVariant Variant(int candidate, SubPolicy subPolicy)
    {
        var policy = new TtaPolicy([subPolicy], "");
        return new(new PolicyViews($"pool-{candidate}", policy), "", null, [1]);
    }

    private static float[] Probabilities(ClassScores scores)
        => [.. Enumerable.Range(0, scores.Count).SelectMany(i => scores.Probabilities(i).ToArray())];

    // A search has the predictions of all candidates at hand, which would be found out hours after it began.
    private static void RequireMemory(int candidates, IDataset data)
    {
        const double Giga = 1e9;
        double needed = (double)candidates * data.Count * data.Classes.Count * sizeof(float), there = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (needed > there)
        {
            throw new AuditException($"The predictions of {NumberText.Count(candidates)} sub-policies for {NumberText.Count(data.Count)} images of "
                + $"{NumberText.Count(data.Classes.Count)} classes take {NumberText.Fixed(needed / Giga, 1)} GB of memory, and there are "
                + $"{NumberText.Fixed(there / Giga, 1)}. Search among fewer (--pool), or on fewer images (data.limit).");
        }
    }
}

/// <summary>What a search found.</summary>
/// <param name="Policy">The policy.</param>
/// <param name="Scores">The criterion after each choice, on the data of the search.</param>
/// <param name="Without">The criterion, on the same data, of the pool's first sub-policy alone, which leaves the image as it is.</param>
public sealed record FoundPolicy(TtaPolicy Policy, IReadOnlyList<double> Scores, double Without);
