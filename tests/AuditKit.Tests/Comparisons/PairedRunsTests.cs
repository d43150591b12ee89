using AuditKit.Comparisons;
using AuditKit.Evidence;
using AuditKit.Gates;
using AuditKit.Statistics;

namespace AuditKit.Tests.Comparisons;

/// <summary>Comparisons of outcomes that are written by hand, so that every count is known.</summary>
public sealed class PairedRunsTests : IDisposable
{
    private const int Images = 400;

    private readonly string _folder = Directory.CreateTempSubdirectory("auditkit-compare-").FullName;
    private readonly List<EvidenceStore> _stores = [];

    [Fact]
    public void A_run_against_itself_differs_in_nothing_and_is_not_inferior()
    {
        Section section = Compare(Store(image => image % 10 != 0), Store(image => image % 10 != 0), margin: 0.02);
        Finding accuracy = section.Findings.Single(finding => finding.Metric == "difference of accuracy");
        Assert.Equal((0, GateOutcome.Pass), (accuracy.Estimate, accuracy.Outcome));
        Assert.All(section.Tables.Where(table => table.Title.StartsWith("Images", StringComparison.Ordinal)), table => Assert.Empty(table.Rows));
    }

    [Fact]
    public void Lost_and_won_images_are_counted_and_named()
    {
        // The baseline errs on images 0 to 9, the candidate on 5 to 24: 15 lost, 5 won.
        Section section = Compare(Store(image => image >= 10), Store(image => image is < 5 or >= 25), margin: null);
        Finding accuracy = section.Findings.Single(finding => finding.Metric == "difference of accuracy");
        Assert.Equal(-10.0 / Images, accuracy.Estimate!.Value, 12);
        Assert.Equal(Tango.Interval(5, 15, Images, 0.95), accuracy.Interval);
        Assert.Contains($"p = {McNemar.Test(5, 15):0.####}", accuracy.Method);
        Assert.Equal(GateOutcome.NotGated, accuracy.Outcome);
        Assert.Equal(Enumerable.Range(10, 15).Select(image => $"#{image}"), section.Tables.Single(table => table.Title.StartsWith("Images that only the baseline", StringComparison.Ordinal)).Rows.Select(row => row[0]));
        Assert.Equal(Enumerable.Range(0, 5).Select(image => $"#{image}"), section.Tables.Single(table => table.Title.StartsWith("Images that only the candidate", StringComparison.Ordinal)).Rows.Select(row => row[0]));
    }

    [Theory]
    [InlineData(0, 0.02, GateOutcome.Pass)]
    [InlineData(40, 0.02, GateOutcome.Fail)]
    [InlineData(8, 0.02, GateOutcome.Inconclusive)]
    public void A_margin_is_judged_by_Tangos_bounds(int lost, double margin, GateOutcome expected)
    {
        Section section = Compare(Store(_ => true), Store(image => image >= lost), margin);
        Assert.Equal(expected, section.Findings.Single(finding => finding.Metric == "difference of accuracy").Outcome);
    }

    [Fact]
    public void Flips_count_against_each_models_own_answers()
    {
        EvidenceStore before = Store(_ => true, perturbed: image => image % 4 != 0);
        EvidenceStore after = Store(_ => false, perturbed: _ => false);
        Finding flips = Compare(before, after, null).Findings.Single(finding => finding.Metric == "difference of flip rate");
        Assert.Equal(("jpeg-50", -0.25), (flips.Subject, flips.Estimate));
    }

    [Fact]
    public void Attacks_are_paired_on_the_images_that_both_attacked()
    {
        EvidenceStore before = Store(_ => true);
        EvidenceStore after = Store(_ => true);
        before.Write("simba", [.. Enumerable.Range(0, 100).Select(image => Attack(image, image < 50))]);
        after.Write("simba", [.. Enumerable.Range(20, 100).Select(image => Attack(image, image < 80))]);
        Finding attack = Compare(before, after, null).Findings.Single(finding => finding.Metric == "difference of attack success");
        // Images 20 to 99: 30 succeed against both, 30 against the candidate only.
        Assert.Equal((80, 30 / 80.0), (attack.Count, attack.Estimate));
    }

    [Fact]
    public void Runs_without_a_common_condition_are_refused()
    {
        AuditException e = Assert.Throws<AuditException>(() => Compare(Store(null), Store(_ => true), null));
        Assert.Contains("no condition in common", e.Message);
    }

    [Theory]
    [InlineData("count")]
    [InlineData("labels")]
    [InlineData("classes")]
    [InlineData("files")]
    public void Other_images_are_refused(string what)
    {
        EvidenceStore baseline = Store(_ => true);
        EvidenceStore candidate = EvidenceStore.Open(Path.Combine(_folder, "other.sqlite"), "other");
        _stores.Add(candidate);
        candidate.DescribeData(
            what == "classes" ? ["a", "c"] : ["a", "b"],
            Enumerable.Range(0, what == "count" ? 10 : Images).Select(i => new ImageRecord(i, what == "labels" ? 0 : i % 2, $"#{i}")));
        AuditException e = Assert.Throws<AuditException>(() => SameImages.Require(baseline, "digest", candidate, what == "files" ? "another" : "digest"));
        Assert.Equal(ExitCode.Usage, e.ExitCode);
    }

    public void Dispose()
    {
        _stores.ForEach(store => store.Dispose());
        Directory.Delete(_folder, recursive: true);
    }

    private static AttackOutcome Attack(int image, bool succeeded) => new(image, succeeded, 1, 2, 0.1f, 0.1f, 0, 0.5f);

    private static Section Compare(EvidenceStore baseline, EvidenceStore candidate, double? margin)
        => new PairedRuns(candidate.Images(), candidate.Classes, new RunOutcomes(baseline, ""), new RunOutcomes(candidate, ""))
            .Judge(Margins.Of(margin, null, null, key => key), 0.95);

    private EvidenceStore Store(Func<int, bool>? correct, Func<int, bool>? perturbed = null)
    {
        EvidenceStore store = EvidenceStore.Open(Path.Combine(_folder, $"{_stores.Count}.sqlite"), "test");
        _stores.Add(store);
        store.DescribeData(["a", "b"], Enumerable.Range(0, Images).Select(i => new ImageRecord(i, i % 2, $"#{i}")));
        foreach ((string condition, Func<int, bool>? answers) in new[] { ("clean", correct), ("jpeg-50", perturbed) })
        {
            if (answers is not null)
            {
                store.Write(condition, [.. Enumerable.Range(0, Images).Select(i => new Prediction(i, answers(i) ? i % 2 : 1 - (i % 2), 0.9f))]);
            }
        }

        return store;
    }
}
