using System.Globalization;
using AuditKit.Checks;
using AuditKit.Checks.Subgroups;
using AuditKit.Comparisons;
using AuditKit.Evidence;
using AuditKit.Imaging;
using AuditKit.Results;
using AuditKit.Yaml;

namespace AuditKit.Tests.Checks.Subgroups;

public sealed class SubgroupsTests
{
    private static readonly InputShape TwoPixels = new(1, 1, 2);

    /// <summary>
    /// Two birds on land or water. The first pixel is the bird, the second the background; in 90 % of the images
    /// bird and background agree.
    /// </summary>
    private static SyntheticData Birds()
    {
        int[] labels = [.. Enumerable.Range(0, 200).Select(i => i % 2)];
        int[] places = [.. labels.Select((label, i) => i < 180 ? label : 1 - label)];
        return new(
            [.. labels.Zip(places, (label, place) => new Image(2, 1, 1, [(byte)(255 * label), (byte)(255 * place)]))],
            labels,
            ["landbird", "waterbird"])
        {
            Columns = { ["place"] = [.. places.Select(place => place == 0 ? "land" : "water")] },
        };
    }

    private static SyntheticClassifier Reads(int pixel)
        => new(TwoPixels, 2, (pixels, logits) => (logits[0], logits[1]) = (0.5f, pixels[pixel]));

    [Fact]
    public void A_model_that_reads_the_background_has_a_good_average_and_a_worst_group_of_zero()
    {
        Section section = Run(Birds(), Reads(pixel: 1), "by: [place, class x place], min-worst: 0.5, min-size: 10");

        Finding[] worst = [.. section.Findings.Where(finding => finding.Metric == "worst-group accuracy")];
        Assert.Equal(["place", "class x place"], worst.Select(finding => finding.Subject));
        Assert.Equal([0.9, 0], worst.Select(finding => finding.Estimate!.Value));
        Assert.Equal([GateOutcome.Pass, GateOutcome.Fail], worst.Select(finding => finding.Outcome));
        Assert.Equal(
            [
                ("place = land", 0.9, 100), ("place = water", 0.9, 100),
                ("class = landbird x place = land", 1, 90), ("class = landbird x place = water", 0, 10),
                ("class = waterbird x place = land", 0, 10), ("class = waterbird x place = water", 1, 90),
            ],
            section.Findings.Where(finding => finding.Metric == "accuracy").Select(finding => (finding.Subject, finding.Estimate!.Value, finding.Count)));
        Assert.Equal(0.9, section.Findings.Single(finding => finding.Metric == "plain average accuracy").Estimate);
        Assert.Equal(section.Findings.Count, section.Findings.Select(finding => finding.Id).Distinct().Count());
        Assert.Equal(2, section.Charts.Count);
        Assert.All(section.Charts, chart => Assert.Equal(0.5, chart.Reference));
    }

    [Fact]
    public void A_model_that_reads_the_object_passes_in_every_group()
    {
        Section section = Run(Birds(), Reads(pixel: 0), "by: class x place, min-worst: 0.5, min-size: 10");
        Assert.All(section.Findings.Where(finding => finding.Threshold is not null), finding => Assert.Equal(GateOutcome.Pass, finding.Outcome));
    }

    [Fact]
    public void A_group_below_the_smallest_size_is_inconclusive_and_shown()
    {
        Section section = Run(Birds(), Reads(pixel: 0), "by: class x place, min-worst: 0.5, min-size: 11");
        Assert.Equal(GateOutcome.Inconclusive, section.Findings[0].Outcome);
        Finding small = section.Findings.Single(finding => finding.Subject == "class = landbird x place = water");
        Assert.Equal((GateOutcome.Inconclusive, 1, 10), (small.Outcome, small.Estimate, small.Count));
    }

    [Fact]
    public void A_combination_without_images_is_a_group_that_cannot_be_judged()
    {
        SyntheticData data = SyntheticData.Pixels([0, 255], [0, 1]);
        data.Columns["place"] = ["land", "water"];
        using var model = SyntheticClassifier.Constant(new(1, 1, 1), 1, 0);
        Section section = Run(data, model, "by: class x place, min-worst: 0.5, min-size: 1");
        Finding empty = section.Findings.Single(finding => finding.Subject == "class = zero x place = water");
        Assert.Equal((GateOutcome.Inconclusive, null, 0), (empty.Outcome, empty.Estimate, empty.Count));
    }

    [Fact]
    public void The_train_weighted_average_weighs_groups_by_the_training_images()
    {
        // However a grouping is written, its shares are found.
        Section section = Run(Birds(), Reads(pixel: 1), """
            by: [class, "class x  place"], train-shares: { "class x  place": {
              class = landbird x place = land: 70, class = waterbird x place = water: 20,
              class = landbird x place = water: 8, class = waterbird x place = land: 2 } }
            """);
        Finding weighted = section.Findings.Single(finding => finding.Metric == "train-weighted average accuracy");
        Assert.Equal("class x place", weighted.Subject);
        Assert.Equal(0.9, weighted.Estimate!.Value, 1e-12);
        Assert.Equal(["–", "90.0\u00a0%"], section.Tables[0].Rows.Select(row => row[^1]));
    }

    [Theory]
    [InlineData("class = waterbird x place = land", 0, GateOutcome.Fail)]
    [InlineData("place = land", 0.9, GateOutcome.Pass)]
    [InlineData("class = landbird x place = water", 0, GateOutcome.Fail)]
    public void A_hard_group_is_judged_by_itself_beside_the_worst_one(string hard, double accuracy, GateOutcome outcome)
    {
        Section section = Run(Birds(), Reads(pixel: 1), $"by: [place, class x place], min-size: 10, hard-group: {hard}, min-hard: 0.6");
        Finding finding = section.Findings.Single(each => each.Metric == "hard-group accuracy");
        Assert.Equal((hard, accuracy, outcome), (finding.Subject, finding.Estimate, finding.Outcome));
        Assert.Contains($"The hard group, {hard}: ", section.Summary);
        Assert.Equal(2, section.Findings.Count(each => each.Metric == "worst-group accuracy"));
        Assert.Contains(section.Method, paragraph => paragraph.StartsWith("Hard-group accuracy is ", StringComparison.Ordinal));
    }

    [Fact]
    public void A_hard_group_without_a_limit_is_reported_and_one_below_the_smallest_size_is_inconclusive()
    {
        const string Hard = "by: class x place, hard-group: class = waterbird x place = land";
        Finding Of(string more) => Run(Birds(), Reads(pixel: 1), Hard + more).Findings.Single(each => each.Metric == "hard-group accuracy");
        Assert.Equal(GateOutcome.NotGated, Of("").Outcome);
        Assert.Equal(GateOutcome.Inconclusive, Of(", min-hard: 0.6, min-size: 11").Outcome);
    }

    [Theory]
    [InlineData("by: class x place, hard-group: class = waterbird x place = lnad", "Did you mean 'class = waterbird x place = land'?")]
    [InlineData("by: class, hard-group: class = waterbird x place = land", "has no group 'class = waterbird x place = land'")]
    [InlineData("by: place, train-shares: { place: { place = air: 1 } }", "'place' has no group 'place = air'")]
    public void Groups_that_are_not_there_are_refused_before_the_model_runs(string options, string message)
    {
        SyntheticData birds = Birds();
        using var bench = new Bench(birds);
        var model = new SyntheticClassifier(TwoPixels, 2, (_, _) => throw new InvalidOperationException("the model ran"));
        var error = Assert.Throws<AuditException>(() => Plan(options, birds.Attributes).Check.Run(bench.Context(model)));
        Assert.Contains(message, error.Message);
    }

    [Theory]
    [InlineData("by: class x place\n    hard-group: class = waterbird x place = lnad", "audit.yaml:4:17: ", "Did you mean 'class = waterbird x place = land'?")]
    [InlineData("by: [class, brightness/2]\n    hard-group: class = watebird", "audit.yaml:4:17: ", "Did you mean 'class = waterbird'?")]
    [InlineData("by: place\n    train-shares: { place: { place = air: 1 } }", "audit.yaml:4:43: ", "'place' has no group 'place = air'")]
    [InlineData("by: [class, brightness/2]\n    hard-group: brightness 1/2 (low)", null, null)]
    [InlineData("by: class x brightness/2\n    train-shares: { class x brightness/2: { anything: 1 } }", null, null)]
    public void Groups_that_the_data_tells_are_refused_with_their_place_before_any_check_measures(string options, string? place, string? message)
    {
        SyntheticData birds = Birds();
        ICheck check = TestPlan.Of(SpecMap.Parse("audit.yaml", $"checks:\n  subgroups:\n    {options}\n").Map("checks"), ".", birds.Attributes)[0].Check;
        birds.BeforeLoad = _ => throw new InvalidOperationException("an image was read");

        Exception? refused = Record.Exception(() => check.Validate(birds, new InputTransform(TwoPixels)));

        Assert.Equal(message is null, refused is null);
        Assert.StartsWith(place ?? "", refused?.Message ?? "", StringComparison.Ordinal);
        Assert.Contains(message ?? "", refused?.Message ?? "", StringComparison.Ordinal);
        Assert.True(refused is null or AuditException { ExitCode: ExitCode.Usage });
    }

    [Fact]
    public void Training_shares_of_a_group_that_is_not_there_are_refused()
    {
        var error = Assert.Throws<AuditException>(
            () => Run(Birds(), Reads(1), "by: place, train-shares: { place: { place = air: 1 } }"));
        Assert.Contains("'place' has no group 'place = air'", error.Message);
    }

    [Fact]
    public void Brightness_is_measured_recorded_and_cut_into_equal_slices()
    {
        // Dark images are of class 0 and bright ones of class 1, and the model always says 0.
        SyntheticData data = SyntheticData.Pixels([.. Enumerable.Range(0, 90).Select(i => (byte)(2 * i))], [.. Enumerable.Range(0, 90).Select(i => i / 45)]);
        using var bench = new Bench(data);
        using var model = SyntheticClassifier.Constant(new(1, 1, 1), 1, 0);
        PlannedCheck planned = Plan("by: brightness/3", []);
        planned.Check.Run(bench.Context(model));

        Assert.Equal(20 / 255.0, double.Parse(bench.Evidence.Attribute("brightness")[10], CultureInfo.InvariantCulture), 1e-12);
        Section section = planned.Analysis.Analyse(bench.Evidence, 0.95);
        Finding[] groups = [.. section.Findings.Where(finding => finding.Metric == "accuracy")];
        Assert.Equal([30, 30, 30], groups.Select(group => group.Count));
        Assert.Equal([1, 0.5, 0], groups.Select(group => group.Estimate!.Value));
        Assert.All(groups, group => Assert.StartsWith("brightness ", group.Subject));
        Assert.Contains(section.Method, paragraph => paragraph.StartsWith("brightness: ", StringComparison.Ordinal));
    }

    [Fact]
    public void A_numeric_column_can_be_cut_and_a_value_that_is_no_number_is_named()
    {
        SyntheticData data = SyntheticData.Pixels(new byte[4]);
        data.Columns["age"] = ["1", "20", "3.5", "40"];
        using var model = SyntheticClassifier.Constant(new(1, 1, 1), 1, 0);
        Section section = Run(data, model, "by: age/2");
        Assert.Equal([2, 2], section.Findings.Where(finding => finding.Metric == "accuracy").Select(finding => finding.Count));

        data.Columns["age"][2] = "old";
        using var bench = new Bench(data);
        PlannedCheck planned = Plan("by: age/2", data.Attributes);
        var error = Assert.Throws<AuditException>(() => planned.Check.Run(bench.Context(model)));
        Assert.Contains("'age' of image #2 is 'old', not a number", error.Message);
        // The check's own section says so; what else is cut by it goes without.
        Assert.Empty(ComparedGroups.Of([planned], bench.Evidence));
    }

    [Theory]
    [InlineData("by: [class, age/2]", "'age' of image #1 is 'old', not a number")]
    [InlineData("by: [class, class x file]", "2002 groups, more than 2000")]
    public void What_the_data_cannot_be_cut_by_is_refused_with_its_place_before_any_check_measures(string options, string message)
    {
        SyntheticData data = SyntheticData.Pixels(new byte[1001], [.. Enumerable.Range(0, 1001).Select(i => i % 2)]);
        data.Columns["age"] = [.. Enumerable.Range(0, 1001).Select(i => i == 1 ? "old" : $"{i}")];
        data.Columns["file"] = [.. Enumerable.Range(0, 1001).Select(i => $"{i}.png")];
        ICheck check = TestPlan.Of(SpecMap.Parse("audit.yaml", $"checks:\n  subgroups:\n    {options}\n").Map("checks"), ".", data.Attributes)[0].Check;

        var error = Assert.Throws<AuditException>(() => check.Validate(data, new InputTransform(new(1, 1, 1))));

        Assert.StartsWith("audit.yaml:3:9: checks.subgroups.by: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("site", "site = a|site = (missing)")]
    [InlineData("age/2", "age 1/2 (low: ≤ 2.00)|age 2/2 (high: > 2.00)|age = (missing)")]
    [InlineData("nothing/2", "nothing = (missing)")]
    public void Missing_values_are_a_group_of_their_own(string by, string groups)
    {
        SyntheticData data = SyntheticData.Pixels(new byte[6]);
        data.Columns["site"] = ["a", "", "a", "", "a", "a"];
        data.Columns["age"] = ["1", "", "2", "3", "", "4"];
        data.Columns["nothing"] = ["", "", "", "", "", ""];
        using var model = SyntheticClassifier.Constant(new(1, 1, 1), 1, 0);
        Finding[] found = [.. Run(data, model, $"by: {by}").Findings.Where(finding => finding.Metric == "accuracy")];
        Assert.Equal(groups.Split('|').Order(StringComparer.Ordinal), found.Select(finding => finding.Subject).Order(StringComparer.Ordinal));
        Assert.Equal(by == "nothing/2" ? 6 : 2, found.Single(finding => finding.Subject.EndsWith("(missing)", StringComparison.Ordinal)).Count);
    }

    [Fact]
    public void A_class_without_an_image_is_no_group_and_blocks_nothing()
    {
        using var model = SyntheticClassifier.Constant(new(1, 1, 1), 1, 1, 0);
        Section section = Run(SyntheticData.Pixels(new byte[20], [.. Enumerable.Repeat(0, 20)], ["cat", "cow", "dog"]), model,
            "by: class, min-worst: 0.5, min-size: 10");
        Assert.Equal((GateOutcome.Pass, 1.0), (section.Findings[0].Outcome, section.Findings[0].Estimate));
        Assert.Equal("class = cat", Assert.Single(section.Findings, finding => finding.Metric == "accuracy").Subject);
    }

    [Fact]
    public void A_class_that_only_further_data_lacks_stays_a_group_that_cannot_be_judged()
    {
        string[] classes = ["cat", "cow", "dog"];
        using var bench = new Bench(SyntheticData.Pixels(new byte[2], [0, 2], classes));
        EvidenceStore further = bench.Evidence.Of("further");
        further.DescribeData(classes, [new ImageRecord(0, 2, "a.png")]);
        var index = GroupIndex.Of(further, Grouping.Parse("class", []));
        Assert.Equal(["class = cat", "class = dog"], index.Names);
        Assert.Equal([1], index.Group);
    }

    [Fact]
    public void A_column_of_names_is_refused_before_the_model_runs()
    {
        SyntheticData data = SyntheticData.Pixels(new byte[2001]);
        data.Columns["file"] = [.. Enumerable.Range(0, 2001).Select(i => $"{i}.png")];
        using var model = SyntheticClassifier.Constant(new(1, 1, 1), 1, 0);
        var error = Assert.Throws<AuditException>(() => Run(data, model, "by: file"));
        Assert.Contains("2001 groups", error.Message);
        Assert.Empty(model.Batches);
    }

    [Theory]
    [InlineData("by: brighness/3", "'brighness' is no attribute of the data. Did you mean 'brightness'?")]
    [InlineData("by: brightness", "such as brightness/3")]
    [InlineData("by: brightness/1", "a number of slices between 2 and 100")]
    [InlineData("by: class/2", "'class' is no attribute")]
    [InlineData("by: dominant-colour/2", "write 'dominant-colour' alone")]
    [InlineData("by: class x class", "crosses something with itself")]
    [InlineData("by: [class, class]", "'class' is named twice")]
    [InlineData("by: []", "name at least one grouping")]
    [InlineData("by: class, min-worst: 1.2", "between 0 and 1")]
    [InlineData("by: class, min-sze: 3", "Did you mean 'min-size'?")]
    [InlineData("by: class, min-hard: 0.5", "needs 'hard-group'")]
    [InlineData("by: class, train-shares: { place: { a: 1 } }", "unknown key 'place'")]
    [InlineData("by: class, train-shares: { class: { a: 0 } }", "add up to nothing")]
    public void Options_that_make_no_sense_are_refused_with_their_place(string options, string message)
    {
        var error = Assert.Throws<AuditException>(() => Plan(options, ["place"]));
        Assert.StartsWith("audit.yaml:1:", error.Message);
        Assert.Contains(message, error.Message);
        Assert.Equal(ExitCode.Usage, error.ExitCode);
    }

    private static Section Run(SyntheticData data, SyntheticClassifier model, string options)
    {
        using var bench = new Bench(data);
        PlannedCheck planned = Plan(options, data.Attributes);
        planned.Check.Run(bench.Context(model));
        return planned.Analysis.Analyse(bench.Evidence, 0.95);
    }

    private static PlannedCheck Plan(string options, IReadOnlyList<string> attributes)
        => Assert.Single(TestPlan.Of(SpecMap.Parse("audit.yaml", $"checks: {{ subgroups: {{ {options} }} }}").Map("checks"), ".", attributes));
}
