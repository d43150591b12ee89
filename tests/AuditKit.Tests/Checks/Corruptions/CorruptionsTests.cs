using AuditKit.Checks;
using AuditKit.Checks.Corruptions;
using AuditKit.Data;
using AuditKit.Evidence;
using AuditKit.Imaging;
using AuditKit.Imaging.Corruptions;
using AuditKit.Models;
using AuditKit.Results;
using AuditKit.Statistics;
using AuditKit.Tests.Data;
using AuditKit.Yaml;

namespace AuditKit.Tests.Checks.Corruptions;

public sealed class CorruptionsTests
{
    private static readonly InputShape OnePixel = new(1, 1, 1);

    /// <summary>Class 1 from 128 on.</summary>
    private static SyntheticClassifier Bright() => new(OnePixel, 2, (pixels, logits) => logits[1] = ((255 * pixels[0]) - 127.5f) / 20);

    // Brightness adds 12.75, 25.5, 38.25, 51 and 76.5 to a grey pixel; contrast draws it to its own mean, itself.
    private static SyntheticData FourPixels() => SyntheticData.Pixels([0, 100, 120, 200], [0, 0, 0, 1], ["dark", "bright"]);

    [Fact]
    public void Figures_of_a_small_case_are_those_worked_out_by_hand()
    {
        using var bench = new Bench(FourPixels());
        using SyntheticClassifier model = Bright();
        Section section = Run(bench, model, "kinds: [brightness, contrast], max-mean-error: 0.9");

        // 120 crosses 128 at every severity, 100 from the third on: of five severities 1 + 1 + 2 + 2 + 2 of 4 images.
        Finding mean = section.Findings[0];
        Assert.Equal("corruptions/mean corruption error", mean.Id);
        Assert.Equal(((8 / 20.0) + 0) / 2, mean.Estimate!.Value, 1e-6);
        Assert.Equal(4, mean.Count);
        Assert.True(mean.IsProportion);
        Interval expected = Mean.Of([0, 0.3, 0.5, 0]).Interval(0.95)!.Value;
        Assert.Equal(expected.Lower, mean.Interval!.Value.Lower, 1e-6);
        Assert.Equal(expected.Upper, mean.Interval.Value.Upper, 1e-6);

        Assert.Equal(0, Find(section, "error", "unchanged").Estimate);
        Assert.Equal(0.4, Find(section, "error", "brightness").Estimate!.Value, 1e-6);
        Assert.Equal(0, Find(section, "error", "contrast").Estimate);
        Assert.Equal(0.4, Find(section, "mean corruption error", "weather").Estimate!.Value, 1e-6);
        Assert.Equal(0, Find(section, "mean corruption error", "digital").Estimate);

        Chart map = section.Charts[0];
        Assert.Equal(ChartKind.HeatMap, map.Kind);
        Assert.Equal(["brightness", "contrast"], map.Series.Select(series => series.Name));
        Assert.Equal(["1", "2", "3", "4", "5", "mean"], map.Series[0].Names);
        Assert.All(map.Series[0].Y.Zip([0.25, 0.25, 0.5, 0.5, 0.5, 0.4]), pair => Assert.Equal(pair.Second, pair.First, 1e-6));
        Assert.Equal([0, 0.125, 0.125, 0.25, 0.25, 0.25], section.Charts[1].Series[0].Y);

        // 120 + 76.5 is furthest beyond the threshold.
        Example worst = Assert.Single(section.Examples);
        Assert.StartsWith("#2, labelled dark: brightness/5 turns dark (", worst.Caption);
        Assert.Equal([120, 196], worst.Panels.Select(panel => panel.Image.Samples[0]));
        Assert.Contains("V of HSV raised by c", section.Tables[0].Rows[0][3]);
        Assert.Equal("0.05 or 0.1; 0.1 or 0.2; 0.15 or 0.3; 0.2 or 0.4; 0.3 or 0.5", section.Tables[0].Rows[0][2]);
    }

    [Fact]
    public void Extra_corruptions_are_shown_but_not_averaged()
    {
        using var bench = new Bench(FourPixels());
        using SyntheticClassifier model = Bright();
        Section section = Run(bench, model, "kinds: [contrast, saturate, speckle-noise], severities: [5]");
        Assert.Equal(0, section.Findings[0].Estimate);
        Assert.Equal(["contrast", "saturate", "speckle-noise"], section.Charts[0].Series.Select(series => series.Name));
        Assert.Equal(["unchanged", "digital", "contrast", "saturate", "speckle-noise"], section.Findings.Skip(1).Select(finding => finding.Subject));
    }

    [Fact]
    public void A_constant_classifier_errs_as_often_as_its_class_is_wrong_whatever_is_done_and_fails()
    {
        int[] labels = [.. Enumerable.Range(0, 90).Select(i => i % 3)];
        using var bench = new Bench(new SyntheticData([.. labels.Select(label => new Image(4, 4, 1, [.. Enumerable.Repeat((byte)(label * 90), 16)]))],
            labels, ["a", "b", "c"]));
        using var model = SyntheticClassifier.Constant(new InputShape(1, 4, 4), 1, 0, 0);
        Section section = Run(bench, model, "kinds: all, max-mean-error: 0.3");
        Assert.Equal(2 / 3.0, section.Findings[0].Estimate!.Value, 1e-6);
        Assert.Equal(GateOutcome.Fail, section.Findings[0].Outcome);
        Assert.All(section.Findings, finding => Assert.Equal(2 / 3.0, finding.Estimate!.Value, 1e-6));
        Assert.Empty(section.Examples);
        Assert.Equal(19, section.Charts[0].Series.Count);
    }

    [Fact]
    public void A_classifier_that_reads_one_pixel_falls_to_salt_and_pepper_as_often_as_they_strike()
    {
        // The pixel is black or white with probability c = 0.07, and half of the time that is the other class.
        const int count = 4000;
        using var bench = new Bench(SyntheticData.Pixels([.. Enumerable.Range(0, count).Select(i => (byte)(i % 2 == 0 ? 60 : 190))],
            [.. Enumerable.Range(0, count).Select(i => i % 2)]));
        using SyntheticClassifier model = Bright();
        Section section = Run(bench, model, "kinds: [impulse-noise], severities: [5], max-mean-error: 0.01");
        double error = 5 * Math.Sqrt(0.035 * 0.965 / count);
        Assert.InRange(section.Findings[0].Estimate!.Value, 0.035 - error, 0.035 + error);
        Assert.Equal(GateOutcome.Fail, section.Findings[0].Outcome);
    }

    [Fact]
    public void The_mCE_divides_by_the_errors_of_the_reference()
    {
        using var bench = new Bench(FourPixels());
        using SyntheticClassifier model = Bright();
        Section section = Run(bench, model, "kinds: [brightness, contrast], max-mce: 5, reference: { name: baseline, errors: { brightness: "
            + "0.5, contrast: 0.1 } }");
        Finding mce = section.Findings[1];
        Assert.Equal(("corruptions/mCE/baseline", false), (mce.Id, mce.IsProportion));
        Assert.Equal(((0.4 / 0.5) + 0) / 2, mce.Estimate!.Value, 1e-6);
        Interval expected = Mean.Of([0, 0.6 / 0.5 / 2, 1 / 0.5 / 2, 0]).Interval(0.95)!.Value;
        Assert.Equal(expected.Upper, mce.Interval!.Value.Upper, 1e-6);
        Assert.Equal(["brightness", "40.0\u00a0%", "50.0\u00a0%", "0.8"], section.Tables[0].Rows[0]);
    }

    [Fact]
    public void A_reference_model_sees_the_same_images_and_its_own_errors_count_in_the_interval()
    {
        var reference = SyntheticClassifier.Constant(OnePixel, 0, 1);
        using var bench = new Bench(FourPixels()) { Models = new OneModel(reference) };
        using SyntheticClassifier model = Bright();
        Section section = Run(bench, model, "kinds: [brightness, contrast], reference: { name: always bright, model: { path: other.onnx } }");

        // The reference errs on the three dark images always. CE = 0.4 / 0.75 and 0.
        Finding mce = section.Findings[1];
        Assert.Equal(0.4 / 0.75 / 2, mce.Estimate!.Value, 1e-6);
        double ratio = 0.4 / 0.75;
        double[] contributions = [.. new[] { (0, 1), (0.6, 1), (1, 1), (0, 0) }.Select(image => (ratio + ((image.Item1 - (ratio * image.Item2)) / 0.75)) / 2)];
        Assert.Equal(Mean.Of(contributions).Interval(0.95)!.Value.Lower, mce.Interval!.Value.Lower, 1e-6);
        Assert.Equal(11 * 4, reference.Batches.Sum() + 4);
        Assert.Contains("both models saw the same images", string.Join(' ', section.Method));
    }

    [Fact]
    public void A_reference_that_never_errs_gives_no_mCE_and_blocks()
    {
        using var bench = new Bench(FourPixels()) { Models = new OneModel(Bright()) };
        using SyntheticClassifier model = Bright();
        Section section = Run(bench, model, "kinds: [contrast], max-mce: 1, reference: { name: itself, model: { path: other.onnx } }");
        Assert.Equal((null, GateOutcome.Inconclusive), (section.Findings[1].Estimate, section.Findings[1].Outcome));
    }

    [Fact]
    public void A_stored_set_is_read_instead_under_a_condition_that_names_its_digest()
    {
        using var folder = new DataFolder();
        WriteStored(folder, labels: [0, 1]);
        using var bench = new Bench(TwoImages());
        using var model = new SyntheticClassifier(new InputShape(3, 32, 32), 2, (pixels, logits) => logits[1] = (255 * pixels[0]) - 127.5f);
        Section section = Run(bench, model, $"kinds: [fog], severities: [1, 3], stored: {folder.Root}");

        // Stored images of severity s are all 40·s and 40·s + 20: at 1 the second is wrong, at 3 (120 and 140) none.
        Assert.Equal([0.5, 0, 0.25], section.Charts[0].Series[0].Y);
        Condition condition = Assert.Single(bench.Evidence.Conditions, condition => condition.Name == "fog/3");
        Assert.Matches("^stored, SHA-256 [0-9a-f]{64}$", condition.Options["images"]);
        Assert.Equal([200, 60], section.Examples.Single().Panels.Select(panel => panel.Image.Samples[0]));
    }

    [Fact]
    public void A_stored_set_of_other_images_or_without_the_corruption_or_that_does_not_fit_the_model_is_refused_before_measuring()
    {
        using var folder = new DataFolder();
        WriteStored(folder, labels: [1, 1]);
        Assert.Contains("image 0 is fog/1#0 of class 1, but in the audited data it is #0 of class 0", Refused("fog", TwoImages()));
        Assert.Contains("snow", Refused("snow", TwoImages()));
        Assert.Contains("has 2 images of a corruption, but the audited data has image 2, counted", Refused("fog", SyntheticData.Random(3, 32, 32, 3, 2)));

        WriteStored(folder, labels: [0, 1]);
        Assert.Contains("checks.corruptions.stored, fog/1: The model takes 1×1×1 (channels×height×width), but an "
            + "image has 3×32×32.", Refused("fog", TwoImages()));

        string Refused(string kind, SyntheticData data)
        {
            PlannedCheck planned = Plan($"kinds: [{kind}], stored: {folder.Root}");
            return Assert.Throws<AuditException>(() => planned.Check.Validate(data, new InputTransform(OnePixel))).Message;
        }
    }

    [Fact]
    public void A_part_of_the_data_takes_its_own_images_of_a_stored_set()
    {
        // The second of two images, in every way that a spec can leave the first out; labels and backgrounds that change take no other images.
        using var folder = new DataFolder();
        WriteStored(folder, labels: [0, 1]);
        var portion = new Portion(0, 1, 0);
        IDataset Second() => new ChosenImages("second", TwoImages(), [1]);
        IDataset[] parts =
        [
            Second(), new FirstImages(Second(), 1), new PortionDataset(Second(), portion), new ChosenImages("again", Second(), [0]),
            new MappedDataset(Second(), LabelMap.Identity, ["a", "b"]), new ShuffledLabelsDataset(Second(), 1),
        ];
        foreach (IDataset part in parts)
        {
            using Cell cell = new CorruptedImages(new CorruptionsOptions { Stored = folder.Root }, "corruptions").Open(CorruptionCatalog.Find("fog"), 3, part);
            Assert.Equal((1, 140), (cell.Stored!.Count, cell.Stored.Load(0).Samples[0]));
            part.Dispose();
        }

        string[] wrappers = [.. typeof(IDataset).Assembly.GetTypes().Where(type => typeof(IDataset).IsAssignableFrom(type)
            && type.GetConstructors().Any(constructor => constructor.GetParameters().Any(parameter => parameter.ParameterType == typeof(IDataset))))
            .Where(type => type.GetMethod("Number") is null).Select(type => type.Name)];
        Assert.Empty(wrappers.Except([nameof(IDataset)]));
    }

    [Fact]
    public void A_folder_without_frost_is_refused_before_measuring()
    {
        PlannedCheck planned = Plan("kinds: [frost], frost: nowhere");
        Assert.Contains("nowhere", Assert.Throws<AuditException>(() => planned.Check.Validate(FourPixels(), new InputTransform(OnePixel))).Message);
    }

    [Fact]
    public void A_check_that_was_cut_off_ends_with_the_same_evidence()
    {
        const string options = "kinds: [gaussian-noise, fog], severities: [2, 5]";
        using var whole = new Bench(FourPixels());
        using SyntheticClassifier model = Bright();
        Section expected = Run(whole, model, options);

        using var broken = new Bench(FourPixels());
        PlannedCheck planned = Plan(options);
        int start = model.Batches.Count;
        model.BeforeRun = () => { if (model.Batches.Count == start + 3) { throw new AuditException("power cut", ExitCode.Error); } };
        Assert.Throws<AuditException>(() => planned.Check.Run(broken.Context(model)));
        Assert.Contains("run the audit to its end first", Assert.Throws<AuditException>(() => planned.Analysis.Analyse(broken.Evidence, 0.95)).Message);
        model.BeforeRun = () => { };
        planned.Check.Run(broken.Context(model, threads: 1));
        Assert.Equal(expected.Findings, planned.Analysis.Analyse(broken.Evidence, 0.95).Findings);
        Assert.Equal(whole.Evidence.Predictions(TestPlan.Named("corruptions: fog/5")), broken.Evidence.Predictions(TestPlan.Named("corruptions: fog/5")));
    }

    [Theory]
    [InlineData("kinds: [fogg]", "Did you mean 'fog'?")]
    [InlineData("kinds: [fog, fog]", "named twice")]
    [InlineData("kinds: [saturate]", "at least one of the benchmark's 15")]
    [InlineData("kinds: []", "at least one of the benchmark's 15")]
    [InlineData("severities: [1, 6]", "between 1 and 5")]
    [InlineData("severities: [2, 2]", "one or more different whole numbers")]
    [InlineData("severities: [1.5]", "one or more different whole numbers")]
    [InlineData("max-mean-error: 1.1", "between 0 and 1")]
    [InlineData("max-mce: 1", "name one under 'reference'")]
    [InlineData("reference: alexnot", "no known reference")]
    [InlineData("reference: alexnet, severities: [1]", "averages over five severities")]
    [InlineData("reference: { name: x }", "needs 'errors' or a 'model'")]
    [InlineData("kinds: [fog, snow], reference: { name: x, errors: { fog: 0.5 } }", "'checks.corruptions.reference.errors.snow' is missing")]
    [InlineData("kinds: [fog], reference: { name: x, errors: { fog: 0.5, snow: 0.4 } }", "unknown key 'snow'")]
    [InlineData("kinds: [fog], reference: { name: x, errors: { fog: 0 } }", "between")]
    [InlineData("frost: a, stored: b", "leave out 'frost' or 'stored'")]
    [InlineData("kind: [fog]", "Did you mean 'kinds'?")]
    public void Options_that_make_no_sense_are_refused_with_their_place(string options, string message)
    {
        var error = Assert.Throws<AuditException>(() => Plan(options));
        Assert.StartsWith("audit.yaml:1:", error.Message);
        Assert.Contains(message, error.Message);
    }

    [Fact]
    public void The_papers_reference_needs_no_numbers()
        => Assert.Equal(15, TestPlan.Options<CorruptionsOptions>(CorruptionsOptions.Check, "reference: alexnet").Reference!.Errors!.Count);

    private static SyntheticData TwoImages()
        => new([Grey(10), Grey(200)], [0, 1], ["a", "b"]);

    private static Image Grey(byte level) => new(32, 32, 3, [.. Enumerable.Repeat(level, 3072)]);

    private static void WriteStored(DataFolder folder, byte[] labels)
    {
        byte[] images = [.. Enumerable.Range(1, 5)
            .SelectMany(severity => Enumerable.Range(0, 2).SelectMany(i => Grey((byte)((40 * severity) + (20 * i))).Samples))];
        folder.Write("fog.npy", NpyFileTests.Npy("|u1", "(10, 32, 32, 3)", images));
        folder.Write("labels.npy", NpyFileTests.Npy("|u1", "(10,)", [.. Enumerable.Repeat(labels, 5).SelectMany(each => each)]));
    }

    private static PlannedCheck Plan(string options)
        => TestPlan.Of(SpecMap.Parse("audit.yaml", $"checks: {{ corruptions: {{ {options} }} }}").Map("checks"), Path.GetTempPath(), []).Single();

    private static Section Run(Bench bench, SyntheticClassifier model, string options)
    {
        PlannedCheck planned = Plan(options);
        CheckContext context = bench.Context(model);
        planned.Check.Validate(context.Data, context.Transform);
        planned.Check.Run(context);
        return planned.Analysis.Analyse(bench.Evidence, 0.95);
    }

    private static Finding Find(Section section, string metric, string subject)
        => section.Findings.Single(finding => finding.Metric == metric && finding.Subject == subject);

    /// <summary>Gives one model, whatever is asked for.</summary>
    private sealed class OneModel(IClassifier model) : IModelSource
    {
        public AuditedModel Open(ModelSpec spec) => TestPlan.Opened(model, spec);

        public IGradientModel OpenGradients(AuditedModel model) => throw new NotSupportedException();

        public IAdaptedModel OpenAdapted(AuditedModel model, Adaptation adaptation) => throw new NotSupportedException();

        public string Digest(ModelSpec spec) => throw new NotSupportedException();
    }
}
