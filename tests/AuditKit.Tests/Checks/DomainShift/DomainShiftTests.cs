using AuditKit.Checks;
using AuditKit.Imaging;
using AuditKit.Results;
using AuditKit.Statistics;
using AuditKit.Tests.Data;
using AuditKit.Yaml;

namespace AuditKit.Tests.Checks.DomainShift;

public sealed class DomainShiftTests : IDisposable
{
    private readonly DataFolder _folder = new();

    // The audited data: 40 dark and 60 bright images; the model that reads the pixel is right on 36 and on 54 of them.
    private static SyntheticData Audited => SyntheticData.Pixels(
        [.. Enumerable.Range(0, 100).Select(i => (byte)(i % 10 == 0 == i < 40 ? 200 : 50))],
        [.. Enumerable.Range(0, 100).Select(i => i < 40 ? 0 : 1)],
        ["dark", "bright"]);

    [Fact]
    public void Figures_of_a_small_case_are_those_worked_out_by_hand()
    {
        // Night: 20 dark images, all right; 30 bright ones, 15 right.
        WriteSet("night", "dark", 20, 20);
        WriteSet("night", "bright", 30, 15);
        using var bench = new Bench(Audited);

        Section section = Run(bench, "sets: [{ name: night, data: { path: night } }], min-accuracy: 0.5, max-drop: 0.1, by: [class], "
            + "min-worst: 0.2, min-size: 5");

        Finding accuracy = section.Findings.Single(finding => finding.Id == "domain-shift/accuracy/night");
        Assert.Equal((35 / 50.0, 50, GateOutcome.Pass), (accuracy.Estimate, accuracy.Count, accuracy.Outcome));
        Finding drop = section.Findings.Single(finding => finding.Id == "domain-shift/drop of accuracy/night");
        Assert.Equal(0.9 - 0.7, drop.Estimate!.Value, 1e-12);
        Assert.Equal(Newcombe.Interval(new(90, 100), new(35, 50), 0.95), drop.Interval);
        Assert.Equal((GateOutcome.Inconclusive, ThresholdKind.AtMost), (drop.Outcome, drop.Threshold!.Kind));
        Assert.Contains("(Newcombe)", drop.Reason);
        Finding worst = section.Findings.Single(finding => finding.Id == "domain-shift/worst-group accuracy/night: class");
        Assert.Equal((0.5, 30, GateOutcome.Pass), (worst.Estimate, worst.Count, worst.Outcome));
        Assert.Contains(section.Findings, finding => finding is { Subject: "night: class = dark", Estimate: 1, Count: 20 });
        Assert.Contains(section.Findings, finding => finding is { Subject: "audited data", Estimate: 0.9, Count: 100 });
        Table classes = section.Tables.Single(table => table.Title == "Drop by class: night");
        Assert.Equal(["dark", "40", "90.0\u00a0%", "20", "100.0\u00a0%", "−10.0\u00a0%"], classes.Rows[0].Take(6));
        Assert.Equal(["bright", "60", "90.0\u00a0%", "30", "50.0\u00a0%", "40.0\u00a0%"], classes.Rows[1].Take(6));
        Assert.Equal(64, section.Tables.Single(table => table.Title == "Shifted data").Rows[0][3].Length);
        ChartSeries drops = Assert.Single(section.Charts.Single(chart => chart.Title == "Drop of accuracy by class").Series);
        Assert.Equal([-0.1, 0.4], drops.Y.Select(value => Math.Round(value, 12)));
    }

    [Fact]
    public void A_constant_classifier_drops_by_nothing_but_the_shares_of_its_class()
    {
        WriteSet("night", "dark", 30, 30);
        WriteSet("night", "bright", 70, 0);
        using var bench = new Bench(Audited);
        using var model = SyntheticClassifier.Constant(new(1, 1, 1), 0, 1);

        Section section = Run(bench, "sets: [{ name: night, data: { path: night } }], max-drop: 0.05", model);

        Assert.Equal(0.6 - 0.7, Drop(section, "night").Estimate!.Value, 1e-12);
        Assert.Equal(["0.0\u00a0%", "0.0\u00a0%"], section.Tables.Single(table => table.Title == "Drop by class: night").Rows.Select(row => row[5]));
    }

    [Fact]
    public void A_model_that_reads_the_background_fails_where_the_background_changes()
    {
        // The pixel is the background: it goes with the class in the audited data and against it elsewhere.
        WriteSet("elsewhere", "dark", 100, 10);
        WriteSet("elsewhere", "bright", 100, 10);
        using var bench = new Bench(Audited);
        Section section = Run(bench, "sets: [{ name: elsewhere, data: { path: elsewhere } }], min-accuracy: 0.5, max-drop: 0.2, by: [class], min-worst: 0.3");
        Assert.Equal(
            [GateOutcome.Fail, GateOutcome.Fail, GateOutcome.Fail],
            section.Findings.Where(finding => finding.Metric != "accuracy" || finding.Subject == "elsewhere").Select(finding => finding.Outcome));
    }

    [Fact]
    public void A_set_is_compared_with_the_audited_images_of_the_classes_that_it_has()
    {
        WriteSet("owls", "night", 8, 8);
        WriteSet("owls", "owl", 5, 5);
        using var bench = new Bench(SyntheticData.Pixels([50, 50, 50, 200, 200], [0, 0, 0, 1, 0], ["dark", "bright"]));

        Section section = Run(bench, "sets: [{ name: owls, data: { path: owls, map: { night: dark }, unmapped: drop } }]");

        // Of the four dark images three are right; the bright one has no counterpart.
        Finding drop = Drop(section, "owls");
        Assert.Equal((0.75 - 1, 8), (drop.Estimate, drop.Count));
        Assert.Equal(["dark"], section.Tables.Single(table => table.Title.StartsWith("Drop by class", StringComparison.Ordinal)).Rows.Select(row => row[0]));
    }

    [Fact]
    public void A_class_that_was_not_audited_counts_for_accuracy_and_not_for_the_drop()
    {
        WriteSet("zoo", "dark", 10, 6);
        WriteSet("zoo", "bright", 10, 6);
        WriteSet("zoo", "lamp", 60, 0);
        using var bench = new Bench(SyntheticData.Pixels([50, 50, 200, 200], [0, 0, 1, 1], ["dark", "bright", "lamp"]));
        // Lamps are bright: the model is right about all of them, and about none of the brightest audited ones here.
        using var model = new SyntheticClassifier(new(1, 1, 1), 3, (pixels, logits) => logits[pixels[0] > 0.5 ? 1 : 0] = 1);

        Section section = Run(bench, "sets: [{ name: zoo, data: { path: zoo } }]", model);

        Finding drop = Drop(section, "zoo");
        Assert.Equal((1 - (12 / 20.0), 20), (Math.Round(drop.Estimate!.Value, 12), drop.Count));
        Assert.Equal(12 / 80.0, Accuracy(section, "zoo"));
        Assert.Contains("60.0\u00a0% of those whose classes were audited", section.Summary);
    }

    [Fact]
    public void Several_sets_with_attributes_and_a_set_that_changes_are_kept_apart()
    {
        WriteSet("a", "dark", 4, 4);
        WriteSet("a", "bright", 4, 4);
        _folder.Write("b.csv", "path,label,place\na/dark/0.png,dark,sea\na/bright/0.png,bright,land\n");
        using var bench = new Bench(Audited);
        const string spec = "sets: [{ name: a, data: { path: a } }, { name: b, data: { path: b.csv } }]";
        Run(bench, spec);
        Section first = Run(bench, spec);
        WriteSet("a", "dark", 4, 0);

        Section second = Run(bench, spec);

        Assert.Equal((1, 0.5), (Accuracy(first, "a"), Accuracy(second, "a")));
        Assert.Equal((1, 0.5), (Accuracy(first, "b"), Accuracy(second, "b")));
        Section grouped = Run(bench, "sets: [{ name: b, data: { path: b.csv } }], by: [place, class x place], min-size: 1");
        Assert.Contains(grouped.Findings, finding => finding is { Subject: "b: place = sea", Estimate: 0, Count: 1 });
        Assert.Contains(grouped.Findings, finding => finding is { Subject: "b: class = bright x place = sea", Estimate: null, Count: 0 });
    }

    [Fact]
    public void A_run_that_was_cut_off_goes_on_with_what_it_has()
    {
        WriteSet("a", "dark", 10, 7);
        using var bench = new Bench(Audited);
        using SyntheticClassifier model = PixelReader();
        model.BeforeRun = () => { if (model.Batches.Count == 26) { throw new AuditException("power cut", ExitCode.Error); } };
        const string spec = "sets: [{ name: a, data: { path: a } }]";
        Assert.Throws<AuditException>(() => Run(bench, spec, model));
        model.BeforeRun = () => { };

        Section section = Run(bench, spec, model);

        Assert.Equal(0.7, Accuracy(section, "a"));
        Assert.Equal(110, model.Batches.Sum());
    }

    [Theory]
    [InlineData("sets: [{ name: a, data: { path: nowhere } }]", "set 'a': ")]
    [InlineData("sets: [{ name: a, data: { path: owls } }]", "its class 'owl' is none of dark, bright")]
    [InlineData("sets: [{ name: a, data: { path: night } }], by: [place]", "'place' is no attribute of the data.")]
    [InlineData("sets: [{ name: a, data: { path: wide } }]", "checks.domain-shift, set 'a': The model takes 1×1×1 (channels×height×width), "
        + "but an image has 1×1×2.")]
    [InlineData("sets: [{ name: a, data: { path: torn } }]", "set 'a': ")]
    public void What_cannot_be_measured_is_refused_before_anything_is(string options, string message)
    {
        WriteSet("owls", "owl", 1, 1);
        WriteSet("night", "dark", 1, 1);
        _folder.Write("wide/dark/0.png", Png.Encode(new Image(2, 1, 1)));
        _folder.Write("torn/dark/0.png", Png.Encode(new Image(1, 1, 1)).AsSpan(0, 40));
        PlannedCheck planned = Plan(options);
        Assert.Contains(message, DataFolder.Refused(() => { planned.Check.Validate(Audited, new InputTransform(new(1, 1, 1))); return planned; }));
    }

    [Theory]
    [InlineData("max-drop: 0.1", "'checks.domain-shift.sets' is missing")]
    [InlineData("sets: []", "name at least one set")]
    [InlineData("sets: [a]", "must be a list of 'key: value' blocks")]
    [InlineData("sets: [{ name: a }]", "'checks.domain-shift.sets[0].data' is missing")]
    [InlineData("sets: [{ name: a, data: { path: x } }, { name: a, data: { path: y } }]", "'a' is named twice")]
    [InlineData("sets: [{ name: a, data: { path: x }, weight: 2 }]", "unknown key 'weight'")]
    [InlineData("sets: [{ name: a, data: { path: x } }], min-worst: 0.5", "needs 'by'")]
    [InlineData("sets: [{ name: a, data: { path: x } }], max-drop: 2", "between 0 and 1")]
    public void Options_that_make_no_sense_are_refused_with_their_place(string options, string message)
    {
        string refused = DataFolder.Refused(() => Plan(options));
        Assert.StartsWith("audit.yaml:1:", refused);
        Assert.Contains(message, refused);
    }

    public void Dispose() => _folder.Dispose();

    // So many images of a class, of which the model that reads the pixel gets so many right.
    private void WriteSet(string set, string name, int images, int correct)
    {
        (byte right, byte wrong) = name == "bright" ? ((byte)200, (byte)50) : ((byte)50, (byte)200);
        for (int i = 0; i < images; i++)
        {
            _folder.Write($"{set}/{name}/{i}.png", Png.Encode(new Image(1, 1, 1, [i < correct ? right : wrong])));
        }
    }

    private static SyntheticClassifier PixelReader() => new(new(1, 1, 1), 2, (pixels, logits) => logits[pixels[0] > 0.5 ? 1 : 0] = 1);

    private Section Run(Bench bench, string options, SyntheticClassifier? model = null)
    {
        using SyntheticClassifier reader = PixelReader();
        PlannedCheck planned = Plan(options);
        CheckContext context = bench.Context(model ?? reader);
        planned.Check.Validate(context.Data, context.Transform);
        planned.Check.Run(context);
        return planned.Analysis.Analyse(bench.Evidence, 0.95);
    }

    private PlannedCheck Plan(string options)
    {
        var checks = SpecMap.Parse("audit.yaml", $"checks: {{ domain-shift: {{ {options} }} }}").Map("checks");
        return Assert.Single(TestPlan.Of(checks, _folder.Root, []));
    }

    private static Finding Drop(Section section, string set) => section.Findings.Single(finding => finding.Id == $"domain-shift/drop of accuracy/{set}");

    private static double? Accuracy(Section section, string set) => section.Findings.Single(finding => finding.Id == $"domain-shift/accuracy/{set}").Estimate;
}
