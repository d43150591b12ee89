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
    /// <param name="catalog">The checks there are; null for <see cref="CheckCatalog.Standard"/>.</param>
    /// <exception cref="AuditException">The run has not finished, its record is damaged, or its plan was built in code.</exception>
    public static AuditResult Of(EvidenceStore evidence, string folder, CheckCatalog? catalog = null)
    {
        var record = RunRecord.Read(evidence);
        CheckCatalog checks = catalog ?? CheckCatalog.Standard;
        return Of(evidence, record, Terms(record, folder, checks), checks.Checks);
    }

    /// <summary>What a finished run was judged by.</summary>
    /// <exception cref="AuditException">Its plan was built in code, so that no spec says it.</exception>
    internal static AuditTerms Terms(RunRecord record, string folder, CheckCatalog catalog) => record.Spec.Length > 0
        ? AuditTerms.Parse(SpecMap.Parse(record.SpecFile, record.Spec), folder, catalog)
        : throw new AuditException("The run's plan was built in code, not read from a spec: only that code can judge it again.");

    /// <summary>The same, with the record and the terms given, and all checks there are.</summary>
    internal static AuditResult Of(EvidenceStore evidence, RunRecord record, AuditTerms terms, IReadOnlyList<CheckDescriptor> known)
    {
        IReadOnlyList<PlannedCheck> checks = terms.Bind(record.Attributes);
        IEnumerable<CheckDescriptor> asked = terms.Checks.Select(options => options.Descriptor);
        IReadOnlyList<GroupIndex> groups = ComparedGroups.Of(checks, evidence);
        Section[] sections =
        [
            .. checks.Select(check => Guarded(record, check.Check.Name, () => check.Analysis.Analyse(evidence, terms.Confidence))),
            .. terms.Baseline is { } baseline
                ? [Guarded(record, PairedRuns.Check, () => baseline.Compare(
                    evidence, ImageCodecs.Of(record.Provenance), groups,
                        [.. asked.Select(check => check.NotPaired).OfType<Unpaired>()], terms.Confidence))]
                : Array.Empty<Section>(),
        ];
        sections =
        [
            .. record.Errors.TryGetValue(Doubt.Check, out string? error) ? [Broken(Doubt.Check, error)] : Doubts.Of(evidence, terms.Confidence),
            .. sections,
        ];
        if (Mitigation.Read(evidence) is { } mitigation)
        {
            sections = [mitigation.Describe(sections), .. sections];
        }

        return new AuditResult
        {
            Version = record.Version,
            Name = terms.Name,
            Verdict = Verdict.Of(sections),
            Provider = terms.Provider,
            Model = record.Model,
            Data = record.Data,
            Protocol = Protocol(terms, sections),
            Sections = [.. ExampleGroups.Named(groups, sections)],
            Compliance = ComplianceAnalysis.Of(sections, [.. terms.Provider, .. terms.Statements], [.. known.UnionBy(asked, check => check.Key)]),
            Limits = [.. NotAssessed(evidence), .. Limits],
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
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return Broken(check, Reason(e));
        }
    }

    /// <summary>Why a check broke, in a sentence for the report.</summary>
    internal static string Reason(Exception e) => e is AuditException
        ? e.Message
        : $"an unexpected error: {e.Message.ReplaceLineEndings(" ")} ({e.GetType().Name}). Please report it.";

    /// <summary>The checks of a run that broke, a section each.</summary>
    /// <param name="record">The run's record.</param>
    /// <param name="run">Which run it is, as the sections' titles say it.</param>
    internal static IEnumerable<Section> BrokenChecks(RunRecord record, string run) => record.Errors.OrderBy(error => error.Key, StringComparer.Ordinal)
        .Select(error => Broken($"{error.Key} {run}", error.Value));

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
        new("Gates", "one-sided bounds, Clopper–Pearson for proportions and as a section says for everything else: pass when the bound "
            + "clears the threshold, fail when the opposite bound shows that it is missed, inconclusive in between; inconclusive blocks"),
        new("Unit of resampling", "the source image: perturbed copies of one image are never counted as independent"),
        .. sections.SelectMany(section => section.Findings)
            .Where(finding => finding.Threshold is not null)
            .DistinctBy(finding => finding.Threshold!.Key)
            .Select(finding => new Fact(
                $"Threshold {finding.Threshold!.Key}", $"{finding.Threshold.Sign} {NumberText.Exact(finding.Threshold.Value, finding.IsProportion)}")),
    ];

    private static IEnumerable<string> NotAssessed(EvidenceStore evidence)
    {
        HashSet<int> present = [.. evidence.AuditedLabels];
        string[] missing = [.. evidence.Classes.Where((_, label) => !present.Contains(label))];
        return missing.Length == 0 ? [] : [$"Not assessed: {WordList.First(missing)}, of which the data has no image. No figure by class speaks of them."];
    }

    private static IReadOnlyList<string> Limits { get; } =
    [
        "The findings hold for the data audited, as it was sampled. They say nothing of data that differs from it in ways the checks do not vary.",
        "A black-box attack that fails does not prove robustness: a stronger attack, or one with the model's gradients, may succeed.",
        "Not assessed: privacy, training-data poisoning, physical attacks, out-of-distribution detection, the system around the model.",
        "What the provider states is printed as given and was not verified.",
    ];
}
