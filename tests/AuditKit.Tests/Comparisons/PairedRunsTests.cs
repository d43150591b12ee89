using AuditKit.Checks;
using AuditKit.Checks.DomainShift;
using AuditKit.Checks.Subgroups;
using AuditKit.Checks.Tta;
using AuditKit.Comparisons;
using AuditKit.Evidence;
using AuditKit.Results;
using AuditKit.Statistics;
using AuditKit.Tests.Checks;

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
        Assert.Contains(FormattableString.Invariant($"p = {McNemar.Test(5, 15):0.####}"), accuracy.Method);
        Assert.Equal(GateOutcome.NotGated, accuracy.Outcome);
        Assert.Equal(Enumerable.Range(10, 15).Select(image => $"#{image}"), section.Tables
            .Single(table => table.Title.StartsWith("Images that only the baseline", StringComparison.Ordinal)).Rows.Select(row => row[0]));
        Assert.Equal(Enumerable.Range(0, 5).Select(image => $"#{image}"), section.Tables
            .Single(table => table.Title.StartsWith("Images that only the candidate", StringComparison.Ordinal)).Rows.Select(row => row[0]));
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

    [Theory]
    [InlineData(null, GateOutcome.NotGated)]
    [InlineData(0.05, GateOutcome.Pass)]
    [InlineData(0.03, GateOutcome.Inconclusive)]
    [InlineData(0.001, GateOutcome.Fail)]
    public void Answers_that_differ_are_counted_whoever_is_right_and_judged_by_their_limit(double? limit, GateOutcome expected)
    {
        // 5 images won and 5 lost: accuracies are equal, and 10 of 400 answers differ.
        EvidenceStore before = Store(image => image >= 5), after = Store(image => image is < 5 or >= 10);
        Section section = new PairedRuns(after.Classes, new RunOutcomes(before, ""), new RunOutcomes(after, ""))
            .Compare(Margins.Of(null, null, null, limit, key => $"--{key}"), [GroupIndex.Of(after, Grouping.Parse("class", []))], [], 0.95);
        Assert.Equal(0, section.Findings.First(finding => finding.Metric == "difference of accuracy").Estimate);
        Finding differing = section.Findings.First(finding => finding.Metric == "answers that differ");
        Assert.Equal(("clean", 10.0 / Images, Images, expected), (differing.Subject, differing.Estimate, differing.Count, differing.Outcome));
        Assert.Equal(Wilson.Interval(new Proportion(10, Images), 0.95), differing.Interval);
        Assert.Equal(limit is null ? null : "--max-disagreement", differing.Threshold?.Key);
        // Images 0, 2, 4, 6, 8 are of class a, 1, 3, 5, 7, 9 of class b.
        Table groups = section.Tables.Single(table => table.Title.StartsWith("Answers that differ in each group", StringComparison.Ordinal));
        Assert.Equal(["class = a", "200", "5", "2.5\u00a0%"], groups.Rows[0].Take(4));
        Assert.Equal(["class = b", "200", "5", "2.5\u00a0%"], groups.Rows[1].Take(4));
    }

    [Fact]
    public void A_run_whose_attacks_were_transferred_says_so()
    {
        EvidenceStore before = Store(_ => true), after = Store(_ => true);
        foreach (EvidenceStore store in new[] { before, after })
        {
            store.Write(TestPlan.Named("white box", ConditionKind.Attacked), [.. Enumerable.Range(0, 10).Select(image => Attack(image, true))]);
        }

        Assert.DoesNotContain(Compare(before, after, null).Method, paragraph => paragraph.Contains("transferred", StringComparison.Ordinal));
        after.WriteFact("attacked model", "float.onnx, SHA-256 abc");
        Assert.Contains(Compare(before, after, null).Method,
            paragraph => paragraph.Contains("The candidate is quantised", StringComparison.Ordinal)
                && paragraph.Contains("float.onnx, SHA-256 abc", StringComparison.Ordinal));
    }

    [Fact]
    public void Attacks_are_paired_on_the_images_that_both_attacked()
    {
        EvidenceStore before = Store(_ => true);
        EvidenceStore after = Store(_ => true);
        before.Write(TestPlan.Named("simba", ConditionKind.Attacked), [.. Enumerable.Range(0, 100).Select(image => Attack(image, image < 50))]);
        after.Write(TestPlan.Named("simba", ConditionKind.Attacked), [.. Enumerable.Range(20, 100).Select(image => Attack(image, image < 80))]);
        Finding attack = Compare(before, after, null).Findings.Single(finding => finding.Metric == "difference of attack success");
        // Images 20 to 99: 30 succeed against both, 30 against the candidate only.
        Assert.Equal((80, 30 / 80.0), (attack.Count, attack.Estimate));
    }

    [Fact]
    public void Test_time_augmentation_is_paired_on_judged_images_at_the_most_samples_that_both_have()
    {
        // Judged are images 100 to 399: the baseline errs on 100 to 119, the candidate on 110 to 159.
        EvidenceStore before = Store(_ => true);
        EvidenceStore after = Store(_ => true);
        Augmented(before, "central", 1, 100, _ => true);
        Augmented(after, "central", 1, 100, _ => true);
        Augmented(before, "crop-flip", 2, 100, _ => false);
        Augmented(after, "crop-flip", 2, 100, _ => true);
        Augmented(before, "crop-flip", 10, 100, image => image >= 120);
        Augmented(after, "crop-flip", 10, 100, image => image is < 110 or >= 160);
        Augmented(after, "crop-flip", 100, 100, _ => true);
        Augmented(before, "metta", 10, 100, _ => true);
        Augmented(after, "metta", 10, 100, _ => true);
        Section section = Compare(before, after, margin: null);
        Finding[] findings = [.. section.Findings.Where(finding => finding.Metric == "difference of accuracy")];
        Assert.Equal(["clean", "central, 1", "crop-flip, 10"], findings.Select(finding => finding.Subject));
        // 40 lost, 10 won of 300.
        Assert.Equal((300, -0.1, Tango.Interval(10, 40, 300, 0.95)), (findings[2].Count, Math.Round(findings[2].Estimate!.Value, 12), findings[2].Interval));
        Assert.Contains("p < 0.0001", findings[2].Method);
        Assert.InRange(McNemar.Test(10, 40), 0, 0.0001);
        Assert.DoesNotContain(section.Findings, finding => finding.Metric == "difference of flip rate");
        Assert.Equal(["crop-flip, 100", "measured by the candidate alone"], Assert.Single(NotPaired(section)));
    }

    [Theory]
    [InlineData(ConditionKind.Perturbed, "difference of accuracy", "answers that differ", "difference of flip rate")]
    [InlineData(ConditionKind.Corrupted, "difference of accuracy", "answers that differ", "difference of flip rate")]
    [InlineData(ConditionKind.Augmented, "difference of accuracy", "answers that differ")]
    [InlineData(ConditionKind.Attacked, "difference of attack success")]
    public void Of_one_name_and_other_settings_nothing_is_known_and_a_margin_is_not_met(ConditionKind kind, params string[] metrics)
    {
        EvidenceStore before = Store(_ => true), after = Store(_ => true);
        foreach ((EvidenceStore store, string members) in new[] { (before, "one"), (after, "another") })
        {
            var condition = new Condition(kind, "tta", "ensemble, 2", ("members", members), (Condition.Samples, 2));
            WriteOutcomes(store, condition);
        }

        Section section = Judged(before, after);
        Assert.Equal(metrics.Select(metric => (metric, GateOutcome.Inconclusive)),
            section.Findings.Where(finding => finding.Subject == "ensemble, 2").Select(finding => (finding.Metric, finding.Outcome)));
        Assert.All(section.Findings.Where(finding => finding.Subject == "clean"), finding => Assert.Equal(GateOutcome.Pass, finding.Outcome));
        Assert.StartsWith("measured by both, but with other settings", Assert.Single(NotPaired(section))[1]);
        Assert.DoesNotContain(Compare(before, after, margin: null).Findings, finding => finding.Subject == "ensemble, 2");
    }

    // A candidate whose spec lost a check must not pass the margin that the check was for.
    [Theory]
    [InlineData(ConditionKind.Perturbed, "difference of accuracy", "answers that differ", "difference of flip rate")]
    [InlineData(ConditionKind.Corrupted, "difference of accuracy", "answers that differ", "difference of flip rate")]
    [InlineData(ConditionKind.Augmented, "difference of accuracy", "answers that differ")]
    [InlineData(ConditionKind.Attacked, "difference of attack success")]
    public void What_the_baseline_alone_measured_meets_no_margin(ConditionKind kind, params string[] metrics)
    {
        EvidenceStore before = Store(_ => true), after = Store(_ => true);
        foreach (int samples in new[] { 1, 2 })
        {
            var condition = new Condition(kind, "tta", $"lost, {samples}", (Condition.Samples, samples));
            WriteOutcomes(before, condition);
        }

        Section section = Judged(before, after);

        // Of test-time augmentation one number of samples stands for all.
        Assert.Equal(
            metrics.Order(), section.Findings.Where(finding => finding.Subject == "lost, 2").Select(finding => finding.Metric).Order());
        Assert.Equal(kind == ConditionKind.Augmented ? 0 : metrics.Length, section.Findings.Count(finding => finding.Subject == "lost, 1"));
        Assert.All(
            section.Findings.Where(finding => finding.Subject != "clean"), finding => Assert.Equal(GateOutcome.Inconclusive, finding.Outcome));
        Assert.Contains("measured by the baseline alone", Assert.Single(NotPaired(section))[1]);
        // What the candidate measures beyond the baseline is nothing that it could be worse at.
        Assert.All(Judged(after, before).Findings.Where(finding => finding.Subject.StartsWith("lost", StringComparison.Ordinal)), finding => Assert.Fail(finding.Id));
    }

    // Two models of one spec may choose two magnitudes: nobody can make their names the same.
    [Theory]
    [InlineData("randaugment-2-10", 2, "randaugment-2-15", 2, true)]
    [InlineData("randaugment-2-10", 2, "randaugment-2-10", 1, false)]
    [InlineData("randaugment-2-10", 2, "randaugment-3-15", 2, false)]
    [InlineData("randaugment-a-12", 2, "randaugment-a-34", 2, false)]
    [InlineData("crop-flip", 2, "gps", 2, false)]
    public void A_magnitude_that_each_model_chose_is_no_check_that_was_left_out(string first, int samples, string second, int others, bool isExcused)
    {
        EvidenceStore before = Store(_ => true), after = Store(_ => true);
        Augmented(before, first, samples, 100, _ => true, EditionOf(first));
        Augmented(after, second, others, 100, _ => true, EditionOf(second));
        Assert.Equal(isExcused ? 0 : 2, Judged(before, after).Findings.Count(finding => finding.Subject == $"{first}, {samples}"));

        // A policy in a file may have any name.
        static string EditionOf(string views) => views.StartsWith("randaugment-a", StringComparison.Ordinal) || !views.Contains("randaugment", StringComparison.Ordinal)
            ? "another" : new RandAugment(seed: 1, operators: 2, magnitude: 10).Edition;
    }

    // Images made by a corruption stand under the same name as those of a stored set.
    [Fact]
    public void A_condition_is_known_by_its_kind_too()
    {
        EvidenceStore before = Store(_ => true), after = Store(_ => true);
        WriteOutcomes(before, new Condition(ConditionKind.Perturbed, "", "fog/3"));
        WriteOutcomes(after, new Condition(ConditionKind.Perturbed, "", "fog/3"));
        WriteOutcomes(before, new Condition(ConditionKind.Corrupted, "corruptions", "fog/3"));
        Assert.Equal(
            ["difference of accuracy", "answers that differ", "difference of flip rate"],
            Judged(before, after).Findings.Where(finding => finding.Subject == "fog/3" && finding.Outcome == GateOutcome.Inconclusive)
                .Select(finding => finding.Metric));
    }

    [Fact]
    public void A_margin_that_nothing_was_held_against_is_not_met()
    {
        Section section = Judged(Store(_ => true), Store(_ => true));
        Assert.Equal(
            ["difference of attack success", "difference of flip rate"],
            section.Findings.Where(finding => finding.Outcome == GateOutcome.Inconclusive).Select(finding => finding.Metric));
        Assert.All(section.Findings.Where(finding => finding.Subject == "clean"), finding => Assert.Equal(GateOutcome.Pass, finding.Outcome));
    }

    [Fact]
    public void A_shifted_set_that_the_baseline_alone_measured_meets_no_margin()
    {
        EvidenceStore before = Store(_ => true), after = Store(_ => true);
        Shifted(before, "sketches", "digest", 50, _ => true);
        Assert.Equal(
            ["difference of accuracy", "answers that differ"],
            Judged(before, after).Findings.Where(finding => finding.Subject == "clean images of sketches" && finding.Outcome == GateOutcome.Inconclusive)
                .Select(finding => finding.Metric));
    }

    [Fact]
    public void Shifted_sets_are_paired_by_their_own_images()
    {
        EvidenceStore before = Store(_ => true);
        EvidenceStore after = Store(_ => true);
        Shifted(before, "other name", "digest", 50, image => image >= 5);
        Shifted(after, "sketches", "digest", 50, image => image < 40);
        Shifted(after, "photographs", "another", 20, _ => true);
        Section section = Compare(before, after, margin: null);
        Finding shifted = section.Findings.Single(finding => finding is { Subject: "clean images of sketches", Metric: "difference of accuracy" });
        Assert.Equal((50, -0.1, Tango.Interval(5, 10, 50, 0.95)), (shifted.Count, Math.Round(shifted.Estimate!.Value, 12), shifted.Interval));
        Assert.Contains("clean images of photographs", Assert.Single(NotPaired(section))[0]);
    }

    [Fact]
    public void Groups_are_compared_with_p_values_corrected_for_their_number()
    {
        // Images of class a are even, of class b odd: 20 of a are lost, none of b.
        EvidenceStore after = Store(image => image >= 40 || image % 2 == 1);
        Section section = Compare(Store(_ => true), after, null, [GroupIndex.Of(after, Grouping.Parse("class", []))], [new Unpaired("this", "that")]);
        Table groups = section.Tables.Single(table => table.Title.Contains("by group", StringComparison.Ordinal));
        Assert.Equal(["class = a", "200", "100.0\u00a0%", "90.0\u00a0%", "−10.0\u00a0%", "20", "0", "< 0.0001"], groups.Rows[0]);
        Assert.Equal(["class = b", "200", "100.0\u00a0%", "100.0\u00a0%", "0.0\u00a0%", "0", "0", "1"], groups.Rows[1]);
        Assert.Equal(["this", "that"], Assert.Single(NotPaired(section)));
    }

    [Fact]
    public void What_a_corruption_reference_said_is_no_answer_of_the_candidate()
    {
        EvidenceStore before = Store(_ => true);
        EvidenceStore after = Store(_ => true);
        foreach (EvidenceStore store in new[] { before, after })
        {
            store.Write(TestPlan.Named("fog/1 by a reference", ConditionKind.Reference),
                [.. Enumerable.Range(0, Images).Select(i => new Prediction(i, 0, 0.9f))]);
        }

        Assert.Equal(["clean"], Compare(before, after, null).Findings.Where(finding => finding.Metric == "difference of accuracy")
            .Select(finding => finding.Subject));
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

    // The first 100 images: every attack succeeds, every answer is the first class.
    private static void WriteOutcomes(EvidenceStore store, Condition condition)
    {
        if (condition.Kind == ConditionKind.Attacked)
        {
            store.Write(condition, [.. Enumerable.Range(0, 100).Select(image => Attack(image, true))]);
        }
        else
        {
            store.Write(condition, [.. Enumerable.Range(0, 100).Select(image => new Prediction(image, 0, 0.9f))]);
        }
    }

    private static AttackOutcome Attack(int image, bool succeeded) => new(image, succeeded, 1, 2, 0.1f, 0.1f, 0, 0.5f);

    private static IReadOnlyList<IReadOnlyList<string>> NotPaired(Section section) => section.Tables
        .Single(table => table.Title.StartsWith("What is not paired", StringComparison.Ordinal)).Rows;

    // Log-probabilities whose largest is the label's or the other class', as test-time augmentation keeps them.
    private static void Augmented(EvidenceStore store, string views, int samples, int first, Func<int, bool> correct, string edition = "")
    {
        int[] images = [.. Enumerable.Range(first, Images - first)];
        store.WriteLogits(
            new Condition(views == "metta" ? ConditionKind.Embedded
                : ConditionKind.Augmented, "tta", $"{views}, {samples}", ("views", views), ("edition", edition), (Condition.Samples, samples)), images,
                [.. images.SelectMany(image => correct(image) == (image % 2 == 0) ? new[] { -0.1f, -2.4f } : [-2.4f, -0.1f])]);
    }

    private static void Shifted(EvidenceStore store, string name, string dataset, int count, Func<int, bool> correct)
    {
        new ShiftedSetRecord { Dataset = dataset, Name = name, Format = "npy", Sha256 = dataset, Attributes = [] }.Write(store, name);
        EvidenceStore there = store.Of(dataset);
        there.DescribeData(["a", "b"], Enumerable.Range(0, count).Select(i => new ImageRecord(i, i % 2, $"#{i}")));
        there.Write(Condition.Clean, [.. Enumerable.Range(0, count).Select(i => new Prediction(i, correct(i) ? i % 2 : 1 - (i % 2), 0.9f))]);
    }

    private static Section Compare(EvidenceStore baseline, EvidenceStore candidate, double? margin, IReadOnlyList<GroupIndex>? groups = null,
        IReadOnlyList<Unpaired>? notPaired = null)
        => new PairedRuns(candidate.Classes, new RunOutcomes(baseline, ""), new RunOutcomes(candidate, ""))
            .Compare(Margins.Of(margin, null, null, null, key => key), groups ?? [], notPaired ?? [], 0.95);

    private static Section Judged(EvidenceStore baseline, EvidenceStore candidate)
        => new PairedRuns(candidate.Classes, new RunOutcomes(baseline, ""), new RunOutcomes(candidate, ""))
            .Compare(Margins.Of(0.1, 0.1, 0.1, 0.1, key => key), [], [], 0.95);

    private EvidenceStore Store(Func<int, bool>? correct, Func<int, bool>? perturbed = null)
    {
        EvidenceStore store = EvidenceStore.Open(Path.Combine(_folder, $"{_stores.Count}.sqlite"), "test");
        _stores.Add(store);
        store.DescribeData(["a", "b"], Enumerable.Range(0, Images).Select(i => new ImageRecord(i, i % 2, $"#{i}")));
        foreach ((string condition, Func<int, bool>? answers) in new[] { ("clean", correct), ("jpeg-50", perturbed) })
        {
            if (answers is not null)
            {
                store.Write(TestPlan.Named(condition), [.. Enumerable.Range(0, Images).Select(i => new Prediction(i, answers(i) ? i % 2 : 1 - (i % 2), 0.9f))]);
            }
        }

        return store;
    }
}
