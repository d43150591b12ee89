using AuditKit.Checks;
using AuditKit.Checks.Subgroups;
using AuditKit.Results;
using AuditKit.Training.Loop;
using AuditKit.Yaml;

namespace AuditKit.Training.Remediation;

/// <summary>Which method fits what failed, and why.</summary>
/// <param name="Method">The method in the field's words.</param>
/// <param name="Block">The recipe's <c>method:</c> block; null where nothing is trained.</param>
/// <param name="Reason">Why this method, in whole sentences.</param>
/// <param name="Attribute">The attribute that makes the groups; null for the classes alone.</param>
/// <param name="Addressed">The findings that block and that the method is for: failed, or inconclusive beside one that failed.</param>
/// <param name="Left">The failed findings that it is not for.</param>
public sealed record RemedyPlan(
    string Method, SpecMap? Block, string Reason, string? Attribute, IReadOnlyList<Finding> Addressed, IReadOnlyList<Finding> Left)
{
    /// <summary>Images that the smallest group needs before each group's own loss says something (our choice).</summary>
    private const int EnoughForGroupLosses = 50;

    /// <summary>Images that the smallest group needs before translations into it can be learnt (our choice).</summary>
    private const int EnoughForTranslation = 200;

    /// <summary>α = 1: an image's loss and its distorted copy's count alike (our choice). The distortions are those that flipped predictions.</summary>
    private const string StabilityBlock = "{ name: stability, weight: 1 }";

    /// <summary>
    /// Between the bounds A and B a layer neither swallows nor blows up its input by much (our choice). γ is the largest
    /// weight that cost no accuracy in the tables of reference-models/README.md.
    /// </summary>
    private const string FrameBlock = "{ name: frame, weight: 0.0001, lower: 0.5, upper: 2 }";

    /// <summary>η = 0.01 and the smallest adjustment K above 0 of those that Sagawa et al. tried.</summary>
    private const string GroupDroBlock = "{ name: gdro, step: 0.01, adjustment: 1 }";

    /// <summary>λ = 0.1 instead of the published 0.5, which starts from ImageNet's weights: a finished model bears less (our choice).</summary>
    private const string AairmBlock = "{ name: aairm, lambda: 0.1 }";

    /// <summary>The method's own defaults.</summary>
    private const string ClampBlock = "{ name: clamp }";

    /// <summary>Whether the model is only calibrated: nothing is trained.</summary>
    public bool IsTemperature => Block is null;

    /// <summary>Chooses the method that most of the failed findings ask for; of two that as many ask for, the one named first here.</summary>
    /// <param name="findings">The audit's findings.</param>
    /// <param name="checks">The audit's checks.</param>
    /// <param name="attributes">The attributes that come with the training data.</param>
    /// <param name="groups">The groups of the training data by an attribute, and how many images each has.</param>
    /// <param name="onGpu">Whether a GPU trains, which networks that translate images ask for.</param>
    /// <returns>The plan; null where nothing failed.</returns>
    /// <exception cref="AuditException">None of the methods fits what failed.</exception>
    public static RemedyPlan? For(
        IReadOnlyList<Finding> findings,
        IReadOnlyList<PlannedCheck> checks,
        Func<IReadOnlyList<string>> attributes,
        Func<string?, (GroupTable Groups, IReadOnlyList<int> Counts)> groups,
        bool onGpu)
    {
        ArgumentNullException.ThrowIfNull(findings);
        ArgumentNullException.ThrowIfNull(attributes);
        ArgumentNullException.ThrowIfNull(groups);
        Finding[] failed = [.. findings.Where(finding => finding.Outcome == GateOutcome.Fail)];
        if (failed.Length == 0)
        {
            return null;
        }

        var (weakness, worst) = failed.GroupBy(WeaknessOf).Where(group => group.Key is not null)
            .OrderByDescending(group => group.Count()).ThenBy(group => group.Key)
            .Select(group => (group.Key, group.ToArray())).FirstOrDefault();
        if (worst is null)
        {
            throw new AuditException(
                $"Nothing here fits what failed ({string.Join("; ", failed.Select(finding => finding.Id).Take(4))}). Low accuracy "
                + "by itself asks for more or better training data, or a larger model: see ./auditkit train.");
        }

        Finding[] left = [.. failed.Except(worst)];
        // Inconclusive findings of the same kind block, too, so the method addresses them as well.
        Finding[] asking = [.. findings.Where(finding => (finding.Outcome is GateOutcome.Fail or GateOutcome.Inconclusive) && WeaknessOf(finding) == weakness)];
        return weakness switch
        {
            Weakness.WorstGroup => ForGroups(asking, left, [.. checks.SelectMany(check => check.ComparedBy)], attributes, groups, onGpu),
            Weakness.Perturbation => new RemedyPlan(
                "stability training (Zheng et al. 2016)",
                Stability(checks.SelectMany(check => check.Perturbations).Select(each => each.Name).Distinct()
                    .Where(name => asking.Any(finding => finding.Subject == name))),
                "Predictions flip under perturbations that leave an image's meaning alone, so the model is trained to answer a "
                + "perturbed copy as it answers the image.",
                null, asking, left),
            Weakness.Calibration => new RemedyPlan(
                "temperature scaling (Guo et al. 2017)", null,
                "The probabilities do not say how often the model is right, while its decisions are not in question: one number "
                + "that divides the logits mends the former and leaves the latter alone.",
                null, asking, left),
            _ => new RemedyPlan(
                "frame regularisation of the weights", Parsed(FrameBlock),
                "Small changes of the input change the answer: layers whose largest and smallest gain lie far apart amplify them. "
                + "Pushing the eigenvalues of every layer's WᵀW between two bounds limits that.",
                null, asking, left),
        };
    }

    private static RemedyPlan ForGroups(
        Finding[] asking,
        Finding[] left,
        Grouping[] groupings,
        Func<IReadOnlyList<string>> attributes,
        Func<string?, (GroupTable Groups, IReadOnlyList<int> Counts)> groups,
        bool onGpu)
    {
        string[] failing =
        [
            .. groupings.Where(grouping => asking.Any(finding => finding.Subject == grouping.Name))
                .SelectMany(grouping => grouping.Factors).Select(factor => factor.Attribute).Distinct(),
        ];
        string? attribute = failing.FirstOrDefault(attributes().Contains);
        (GroupTable table, IReadOnlyList<int> counts) = groups(attribute);
        int smallest = counts.Min();
        string what = attribute is null ? "classes" : $"groups by class and {attribute}";
        if (attribute is not null && onGpu && smallest >= EnoughForTranslation)
        {
            return new RemedyPlan(
                "translation between groups and consistency (CLAMP, Goel et al. 2020)", Parsed(ClampBlock),
                $"The worst of the {what} falls short, and the training data has at least {smallest} images of each: enough to "
                + "learn how an image of a class looks in its other groups, and to demand the same answer there.",
                attribute, asking, left);
        }

        if (attribute is null || smallest >= EnoughForGroupLosses)
        {
            return new RemedyPlan(
                "group DRO (Sagawa et al. 2020)", Parsed(GroupDroBlock),
                $"The worst of the {what} falls short, and the training data has at least {smallest} images of each: enough to "
                + "descend the worst group's loss itself.",
                attribute, asking, left);
        }

        return new RemedyPlan(
            "attribute-adversarial training (AAIRM)", Parsed(AairmBlock),
            $"The worst of the {what} falls short, and the training data has only {smallest} images of "
            + $"{table.Name(counts.ToList().IndexOf(smallest))}: too few for a loss of its own, so the attribute is hidden from the embedding instead.",
            attribute, asking, left);
    }

    private static SpecMap Stability(IEnumerable<string> distortions)
    {
        SpecMap block = Parsed(StabilityBlock);
        block.SetTexts("distortion", distortions);
        return block;
    }

    private static SpecMap Parsed(string block) => SpecMap.Parse("method", block);

    private static Weakness? WeaknessOf(Finding finding) => CheckCatalog.Standard.Find(finding.Check)?.Weakness;
}
