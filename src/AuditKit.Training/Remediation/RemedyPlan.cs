using AuditKit.Checks;
using AuditKit.Checks.NearDuplicates;
using AuditKit.Checks.Subgroups;
using AuditKit.Results;

namespace AuditKit.Training.Remediation;

/// <summary>What is tried against what failed, and why.</summary>
/// <param name="Weakness">What is wrong with the model.</param>
/// <param name="Candidates">What is tried; one needs no trial, and none means that the model is only calibrated.</param>
/// <param name="Reason">Why these methods, in whole sentences.</param>
/// <param name="Attribute">The attribute that makes the groups; null for the classes alone.</param>
/// <param name="Addressed">The findings that block and that the methods are for: failed, or inconclusive beside one that failed.</param>
/// <param name="Left">The failed findings that they are not for.</param>
/// <param name="Excluded">Methods for this weakness that cannot be used here, and why, a phrase each.</param>
public sealed record RemedyPlan(
    Weakness Weakness,
    IReadOnlyList<RemedyCandidate> Candidates,
    string Reason,
    string? Attribute,
    IReadOnlyList<Finding> Addressed,
    IReadOnlyList<Finding> Left,
    IReadOnlyList<string> Excluded)
{
    /// <summary>Whether the model is only calibrated: nothing is trained.</summary>
    public bool IsTemperature => Candidates.Count == 0;

    /// <summary>The methods in the field's words, each once, in the order in which they are tried.</summary>
    public IReadOnlyList<string> Methods
        => IsTemperature ? ["temperature scaling (Guo et al. 2017)"] : [.. Candidates.Select(candidate => candidate.Method).Distinct()];

    /// <summary>
    /// The group that failed where it alone is to get better, and is one of the training data's; null where the worst one is, whichever that is.
    /// </summary>
    internal string? HardGroup { get; private init; }

    /// <summary>Chooses the methods that most of the failed findings ask for; of two weaknesses that as many show, the one named first.</summary>
    /// <param name="findings">The audit's findings.</param>
    /// <param name="checks">The audit's checks.</param>
    /// <param name="situation">The model and the training data, given the attributes that the audit failed by.</param>
    /// <param name="chosen">The method that the spec asks for; null to choose.</param>
    /// <returns>The plan; null where nothing failed.</returns>
    /// <exception cref="AuditException">None of the methods fits what failed, or none of those that do can be used.</exception>
    public static RemedyPlan? For(
        IReadOnlyList<Finding> findings, IReadOnlyList<PlannedCheck> checks, Func<IReadOnlyList<string>, RemedySituation> situation,
        RemedyCandidate? chosen = null)
    {
        ArgumentNullException.ThrowIfNull(findings);
        ArgumentNullException.ThrowIfNull(situation);
        Finding[] failed = [.. findings.Where(finding => finding.Outcome == GateOutcome.Fail)];
        if (failed.Length == 0)
        {
            return null;
        }

        var (weakness, worst) = failed.GroupBy(WeaknessOf).Where(group => group.Key is not (null or Weakness.Conditioning))
            .OrderByDescending(group => group.Count()).ThenBy(group => group.Key)
            .Select(group => (group.Key, group.ToArray())).FirstOrDefault();
        if (worst is null && chosen is null)
        {
            throw OutOfReach(failed);
        }

        worst ??= failed;
        weakness ??= Weakness.Conditioning;

        // Inconclusive findings of the same kind block, too, so the methods address them as well.
        Finding[] asking =
        [
            .. findings.Where(finding => worst.Contains(finding)
                || ((finding.Outcome is GateOutcome.Fail or GateOutcome.Inconclusive) && WeaknessOf(finding) == weakness)),
        ];
        Factor[] failing = FailingFactors(asking, [.. checks.SelectMany(check => check.ComparedBy)]);
        RemedySituation here = weakness == Weakness.WorstGroup
            ? situation([.. failing.Where(factor => factor.Slices is null).Select(factor => factor.Attribute)])
            : new RemedySituation(null, (0, ""), HasEmbedding: false, IsOnGpu: false, IsDataNamed: false);
        ILookup<bool, string> perturbations = asking.Where(finding => checks.SelectMany(check => check.Perturbations).Any(each => each.Name == finding.Subject))
            .ToLookup(IsOfEmbedding, finding => finding.Subject);
        (IReadOnlyList<RemedyCandidate> candidates, IReadOnlyList<string> excluded) = RemedyCandidates.For(
            weakness.Value, [.. perturbations[false].Distinct()], [.. perturbations[true].Distinct()], here);
        if (candidates.Count == 0 && chosen is null && weakness != Weakness.Calibration)
        {
            throw new AuditException($"No method can be tried against what failed ({Ids(failed)}){string.Concat(excluded.Select(why => $"; {why}"))}.");
        }

        string why = Why(weakness.Value, here, asking);
        if (chosen is not null)
        {
            (candidates, excluded, why) = (Chosen(chosen, candidates), [], "The spec asks for this method.");
        }
        else if (candidates.Any(candidate => candidate.IsLastLayer))
        {
            why += " Fitting the last layer anew is tried first: it is cheap, and often enough.";
        }

        if (weakness == Weakness.WorstGroup && here.Attribute is null && failing.Where(factor => factor.Slices is not null).ToArray() is [_, ..] sliced)
        {
            why += $" Slices of a number ({WordList.Of([.. sliced.Select(factor => factor.Name)])}) are no groups of training data, so its groups are the classes.";
        }

        string? hard = asking is [{ Metric: SubgroupsAnalysis.HardGroupMetric, Subject: var group }] ? group : null;
        bool isKnown = hard is not null && here.Groups.Contains(hard);
        if (hard is not null && !isKnown)
        {
            why += $" The group '{hard}' is none of those that the training data is cut into, so epochs are chosen by the worst of them.";
        }

        return new RemedyPlan(weakness.Value, candidates, why, here.Attribute, asking, [.. failed.Except(worst)], excluded)
        {
            HardGroup = isKnown ? hard : null,
        };
    }

    // By its name alone a method is tried with the settings that it is tried with among others.
    private static RemedyCandidate[] Chosen(RemedyCandidate chosen, IReadOnlyList<RemedyCandidate> candidates)
    {
        RemedyCandidate[] settings = chosen.Block.Keys.Count() > 1 ? []
            : [.. candidates.Where(candidate => candidate.Block.Text("name") == chosen.Block.Text("name"))];
        return settings.Length > 0 ? settings : [chosen];
    }

    private static AuditException OutOfReach(Finding[] failed)
    {
        string what = Ids(failed);
        return failed.Any(finding => WeaknessOf(finding) == Weakness.Conditioning)
            ? new AuditException($"What failed ({what}) is out of reach of further training: a penalty on trained weights lowers the largest gain of "
                + "a layer, and leaves the smallest near 0. Train a network anew by a recipe with model: { architecture: …, start: orthogonal } and "
                + "method: { name: frame, … }, without weight decay.")
            : new AuditException($"Nothing here fits what failed ({what}). Low accuracy by itself asks for more or better training data, or a larger "
                + $"model: see {ProgramName.Value} train.");
    }

    private static string Ids(Finding[] failed) => string.Join("; ", failed.Select(finding => finding.Id).Take(4));

    // Of a grouping whose worst group failed, and of the groups that failed by themselves: a hard group's name says what it is cut by.
    private static Factor[] FailingFactors(Finding[] asking, Grouping[] groupings) =>
    [
        .. groupings.SelectMany(grouping => grouping.Factors.Where(factor => asking.Any(
            finding => finding.Subject == grouping.Name
                || finding.Subject.Split(Grouping.Cross).Any(part => part.StartsWith($"{factor.Attribute} = ", StringComparison.Ordinal)))))
            .Where(factor => factor.Attribute != Factor.Class).Distinct(),
    ];

    private static string Why(Weakness weakness, RemedySituation here, IEnumerable<Finding> asking) => weakness switch
    {
        Weakness.WorstGroup => $"What falls short: {WordList.First([.. asking.Select(finding => finding.Subject).Distinct()])}. The smallest of the training "
            + $"data's {(here.Attribute is null ? "classes" : $"groups by class and {here.Attribute}")} has {here.SmallestGroup.Images} images.",
        Weakness.Perturbation when asking.All(IsOfEmbedding) => "Embeddings move so far under perturbations that an image's copy is not found, so the "
            + "embedding is trained to keep a perturbed copy nearer than images of other classes.",
        Weakness.Perturbation => "Predictions flip under perturbations that leave an image's meaning alone, so the model is trained to answer a perturbed "
            + "copy as it answers the image.",
        Weakness.Corruption => "Accuracy falls on corrupted images or on those from elsewhere, so the model is trained to answer mixtures of augmentations, or "
            + "noise, as it answers the image.",
        Weakness.Attack => "Small changes that somebody searches for change the answer, so the model is trained on such changes.",
        _ => "The probabilities do not say how often the model is right, while its decisions are not in question: one number that divides the logits mends the "
            + "former and leaves the latter alone.",
    };

    private static bool IsOfEmbedding(Finding finding) => finding.Check == NearDuplicatesOptions.Check.Key;

    private static Weakness? WeaknessOf(Finding finding) => CheckCatalog.Standard.Find(finding.Check)?.Weakness;
}
