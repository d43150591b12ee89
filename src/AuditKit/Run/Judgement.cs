using AuditKit.Checks;
using AuditKit.Checks.Subgroups;
using AuditKit.Comparisons;
using AuditKit.Compliance;
using AuditKit.Evidence;
using AuditKit.Imaging.Files;
using AuditKit.Results;
using AuditKit.Specs;
using AuditKit.Yaml;

namespace AuditKit.Run;

/// <summary>Turns what a run observed into what its report says, from the evidence alone.</summary>
public static class Judgement
{
    /// <summary>Judges a finished run again: the same result as the run's own.</summary>
    /// <param name="evidence">The run's evidence.</param>
    /// <param name="folder">The folder that relative paths in the spec start from.</param>
    /// <exception cref="AuditException">The run has not finished, or its record is damaged.</exception>
    public static AuditResult Of(EvidenceStore evidence, string folder)
    {
        var record = RunRecord.Read(evidence);
        AuditTerms terms = AuditTerms.Parse(SpecMap.Parse(record.SpecFile, record.Spec));
        IReadOnlyList<PlannedCheck> checks = CheckCatalog.Plan(terms.Checks, new CheckScope(folder, record.Attributes));
        return Of(evidence, record, terms, checks);
    }

    /// <summary>The same, with the record, the terms and the checks given.</summary>
    internal static AuditResult Of(EvidenceStore evidence, RunRecord record, AuditTerms terms, IReadOnlyList<PlannedCheck> checks)
    {
        Section[] sections =
        [
            .. checks.Select(check => Guarded(record, check.Check.Name, () => check.Analysis.Analyse(evidence, terms.Confidence))),
            .. terms.Baseline is { } baseline
                ? [Guarded(record, PairedRuns.Check, () => baseline.Judge(evidence, ImageCodecs.Of(record.Provenance), ComparedChecks.Of(terms, evidence, record.Attributes), terms.Confidence))]
                : Array.Empty<Section>(),
        ];
        if (Mitigation.Read(evidence) is { } mitigation)
        {
            sections = [mitigation.Describe(sections), .. sections];
        }

        return new AuditResult
        {
            Name = terms.Name,
            Verdict = Verdict.Of(sections),
            Provider = terms.Provider,
            Model = record.Model,
            Data = record.Data,
            Protocol = Protocol(terms, sections),
            Sections = [.. ExampleGroups.Named(evidence, checks.Select(check => check.Analysis), sections)],
            Compliance = ComplianceAnalysis.Of(sections, [.. terms.Provider, .. terms.Statements]),
            Limits = Limits,
            Provenance = [.. record.Provenance, new Fact("SHA-256 of the evidence", evidence.Digest())],
            Spec = record.Spec,
            SpecFile = record.SpecFile,
            Overrides = record.Overrides,
        };
    }

    // An analysis that breaks must not take the others' results with it, and must not pass either.
    private static Section Guarded(RunRecord record, string check, Func<Section> analyse)
    {
        if (record.Errors.TryGetValue(check, out string? error))
        {
            return Broken(check, error);
        }

        try
        {
            return analyse();
        }
        catch (AuditException e)
        {
            return Broken(check, e.Message);
        }
    }

    private static Section Broken(string check, string error) => new()
    {
        Check = check,
        Title = check,
        Summary = "This check did not finish, so nothing can be said about what it measures.",
        Method = [],
        Findings = [],
        Error = error,
    };

    private static IReadOnlyList<Fact> Protocol(AuditTerms terms, IReadOnlyList<Section> sections) =>
    [
        new("Seed", $"{terms.Seed}; every draw is keyed by seed, check, image and condition (Philox4x32-10)"),
        new("Confidence level", NumberText.ExactPercent(terms.Confidence)),
        new("Displayed intervals", "Wilson's score interval for proportions, two-sided"),
        new("Gates", "one-sided bounds, Clopper–Pearson for proportions and as a section says for everything else: pass when the bound clears the threshold, fail when the opposite bound shows that it is missed, inconclusive in between; inconclusive blocks"),
        new("Unit of resampling", "the source image: perturbed copies of one image are never counted as independent"),
        .. sections.SelectMany(section => section.Findings)
            .Where(finding => finding.Threshold is not null)
            .DistinctBy(finding => finding.Threshold!.Key)
            .Select(finding => new Fact(
                $"Threshold {finding.Threshold!.Key}", $"{finding.Threshold.Sign} {NumberText.Exact(finding.Threshold.Value, finding.IsProportion)}")),
    ];

    private static IReadOnlyList<string> Limits { get; } =
    [
        "The findings hold for the data audited, as it was sampled. They say nothing of data that differs from it in ways the checks do not vary.",
        "A black-box attack that fails does not prove robustness: a stronger attack, or one with the model's gradients, may succeed.",
        "Not assessed: privacy, training-data poisoning, physical attacks, out-of-distribution detection, the system around the model.",
        "What the provider states is printed as given and was not verified.",
    ];
}
