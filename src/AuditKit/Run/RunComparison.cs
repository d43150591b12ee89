using AuditKit.Checks;
using AuditKit.Comparisons;
using AuditKit.Evidence;
using AuditKit.Imaging.Files;
using AuditKit.Results;
using AuditKit.Specs;

namespace AuditKit.Run;

/// <summary>Compares two finished runs, as a report of its own.</summary>
public static class RunComparison
{
    /// <summary>Judges a candidate against a baseline.</summary>
    /// <param name="baseline">The baseline's evidence.</param>
    /// <param name="candidate">The candidate's evidence.</param>
    /// <param name="margins">By how much the candidate may be worse.</param>
    /// <param name="catalog">The checks there are; null for <see cref="CheckCatalog.Standard"/>.</param>
    /// <exception cref="AuditException">A run has not finished, they are about other images, or measured nothing in common.</exception>
    public static AuditResult Of(EvidenceStore baseline, EvidenceStore candidate, Margins margins, CheckCatalog? catalog = null)
    {
        (RunRecord before, RunRecord after) = (RunRecord.Read(baseline), RunRecord.Read(candidate));
        SameImages.Require(baseline, before.DataSha256, candidate, after.DataSha256);
        CheckCatalog checks = catalog ?? CheckCatalog.Standard;
        AuditTerms old = Judgement.Terms(before, Environment.CurrentDirectory, checks);
        AuditTerms terms = Judgement.Terms(after, Environment.CurrentDirectory, checks);
        Unpaired[] notPaired = [.. terms.Checks.Select(options => options.Descriptor.NotPaired).OfType<Unpaired>()];
        Section section = new PairedRuns(candidate.Classes, new RunOutcomes(baseline, ""), new RunOutcomes(candidate, ""))
            .Compare(margins, ComparedGroups.Of(terms.Bind(after.Attributes), candidate), notPaired, terms.Confidence)
            .WithNote(ImageCodecs.Difference(ImageCodecs.Of(before.Provenance), ImageCodecs.Of(after.Provenance)));
        // What a check has left unmeasured would be missing among the images that are compared, without a word.
        Section[] sections = [section, .. Judgement.BrokenChecks(after, "of the candidate"), .. Judgement.BrokenChecks(before, "of the baseline")];
        return new AuditResult
        {
            Version = after.Version,
            Name = $"{terms.Name}, compared with {old.Name}",
            Verdict = Verdict.Of(sections),
            Provider = terms.Provider,
            Model = [.. Prefixed("Candidate", after.Model), .. Prefixed("Baseline", before.Model)],
            Data = after.Data,
            Protocol =
            [
                new("Seeds", $"{terms.Seed} (candidate), {old.Seed} (baseline)"),
                new("Confidence level", NumberText.ExactPercent(terms.Confidence)),
                .. section.Findings.Where(finding => finding.Threshold is not null).DistinctBy(finding => finding.Threshold!.Key)
                    .Select(finding => new Fact(
                        $"Threshold {finding.Threshold!.Key}", $"{finding.Threshold.Sign} {NumberText.Exact(finding.Threshold.Value, finding.IsProportion)}")),
            ],
            Sections = sections,
            Limits =
            [
                "The comparison holds for the images that both runs are about, under the conditions that both measured.",
                .. old.Seed == terms.Seed ? Array.Empty<string>() : ["The runs have different seeds: what is drawn at random (crops, "
                    + "attacks' directions) differs between them, and adds to the differences."],
            ],
            Provenance =
            [
                .. after.Provenance,
                new("SHA-256 of the candidate's evidence", candidate.Digest()),
                new("SHA-256 of the baseline's evidence", baseline.Digest()),
            ],
            Spec = after.Spec,
            SpecFile = after.SpecFile,
            // The margins come from the command line, so SARIF must not point at a line of the spec.
            Overrides = [.. after.Overrides, "compare"],
        };
    }

    private static IEnumerable<Fact> Prefixed(string run, IReadOnlyList<Fact> facts) => facts.Select(fact => new Fact($"{run}: {fact.Label}", fact.Value));
}
