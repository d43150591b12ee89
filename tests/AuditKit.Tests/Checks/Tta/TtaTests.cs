using AuditKit.Checks;
using AuditKit.Checks.Tta;
using AuditKit.Data;
using AuditKit.Evidence;
using AuditKit.Imaging;
using AuditKit.Models;
using AuditKit.Models.Onnx;
using AuditKit.Results;
using AuditKit.Tests.Data;
using AuditKit.Tests.Models;
using AuditKit.Yaml;

namespace AuditKit.Tests.Checks.Tta;

public sealed partial class TtaTests
{
    private static readonly InputShape TwoPixels = new(1, 1, 2);

    [Fact]
    public void Probabilities_are_averaged_and_not_logits()
    {
        // A model of one pixel, images of three by three: centre 1 and corners, whose probabilities are known.
        Image[] images = [new Image(3, 3, 1, [51, 0, 102, 0, 204, 0, 153, 0, 255]), new Image(3, 3, 1, [10, 0, 20, 0, 30, 0, 40, 0, 50])];
        using var bench = new Bench(new SyntheticData(images, [1, 0], ["zero", "one"]));
        using var model = new SyntheticClassifier(new(1, 1, 1), 2, (pixels, logits) => logits[1] = (20 * pixels[0]) - 10);
        CheckContext context = bench.Context(model) with { Transform = new InputTransform(model.Input, crop: true) };
        Section section = Run(context, "variants: five-crop, samples: [1, 3]");

        int[][] shown = [[204, 51, 102, 153, 255], [30, 10, 20, 40, 50]];
        foreach (int samples in new[] { 1, 3, 5 })
        {
            var rows = bench.Evidence.Logits(Named(bench, $"five-crop, {samples} {(samples == 1 ? "sample" : "samples")}")).ToArray();
            for (int i = 0; i < 2; i++)
            {
                double one = shown[i].Take(samples).Average(pixel => 1 / (1 + Math.Exp(10 - (20 * pixel / 255.0))));
                Assert.Equal(Math.Log(one), rows[i].Logits[1], 1e-5);
                Assert.Equal(Math.Log(1 - one), rows[i].Logits[0], 1e-5);
            }
        }

        Assert.Equal([1.0, 3, 5], section.Charts[0].Series.Single(series => series.Name == "five-crop").X);
    }

    [Fact]
    public void A_constant_classifier_gains_nothing()
    {
        using var bench = new Bench(SyntheticData.Random(40, 8, 8, 3, 2));
        using var model = SyntheticClassifier.Constant(new(3, 8, 8), 1, 0);
        Section section = Run(bench.Context(model), "variants: [five-crop, ten-crop, crop-flip, randaugment], samples: [1, 4]");
        Assert.All(section.Findings.Where(finding => finding.Metric == "accuracy gain over central"), finding => Assert.Equal(0, finding.Estimate));
        Assert.Single(section.Findings.Where(finding => finding.Metric == "accuracy").Select(finding => finding.Estimate).Distinct());
        Assert.Single(section.Charts[1].Series.SelectMany(series => series.Y).Select(y => Math.Round(y, 5)).Distinct());
    }

    [Fact]
    public void A_model_that_mirroring_confuses_fails_with_it_and_passes_without()
    {
        // The class is the side that is brighter; crops of the padded image are mirrored half of the time.
        Image[] images = [.. Enumerable.Range(0, 120).Select(i => new Image(2, 1, 1, i % 2 == 0 ? [200, 20] : [20, 200]))];
        using var bench = new Bench(new SyntheticData(images, [.. Enumerable.Range(0, 120).Select(i => i % 2)], ["left", "right"]));
        using var model = new SyntheticClassifier(TwoPixels, 2, (pixels, logits) => logits[1] = 10 * (pixels[1] - pixels[0]));
        Section section = Run(bench.Context(model), "variants: crop-flip, samples: [1], min-accuracy: 0.9, min-calibrated-log-likelihood: -0.2");

        Finding Of(string metric, string subject) => section.Findings.Single(finding => finding.Metric == metric && finding.Subject == subject);
        Assert.Equal((1, GateOutcome.Pass), (Of("accuracy", "central, 1").Estimate, Of("accuracy", "central, 1").Outcome));
        Assert.Equal(GateOutcome.Fail, Of("accuracy", "crop-flip, 1").Outcome);
        Assert.Equal(GateOutcome.Pass, Of("calibrated log-likelihood", "central, 1").Outcome);
        Assert.Equal(GateOutcome.Fail, Of("calibrated log-likelihood", "crop-flip, 1").Outcome);
        Assert.True(Of("accuracy gain over central", "crop-flip, 1").Interval!.Value.Upper < 0);
        Assert.Contains("No variant has a better one", section.Summary);
    }

    [Theory]
    [InlineData(1, 1, "cpu")]
    [InlineData(7, 3, "cpu")]
    [InlineData(4, 2, "cuda")]
    [InlineData(7, 3, "cuda")]
    public void Evidence_depends_neither_on_batch_size_nor_on_threads_nor_on_what_is_prepared_ahead(int batch, int threads, string device)
    {
        Assert.Equal(Measure(batch, threads, Device.Parse(device)), Measure(4, 2, Device.Cpu));

        static float[] Measure(int batch, int threads, Device device)
        {
            using var bench = new Bench(SyntheticData.Random(15, 6, 6, 3, 3));
            using SyntheticClassifier model = SyntheticClassifier.Random(new(3, 6, 6), 3, batch, device);
            // The images of the next batch are there before the last sample of this one has been looked at.
            model.BeforeRun = () => { if (device.Gpu is not null) { Thread.Sleep(2); } };
            Run(bench.Context(model, threads), "variants: [crop-flip, randaugment], samples: [1, 3], under: [jpeg-50], randaugment: { magnitudes: [5, 20] }");
            return [.. bench.Evidence.Conditions.SelectMany(condition => bench.Evidence.Logits(condition)).SelectMany(row => row.Logits)];
        }
    }

    [Fact]
    public void An_image_is_read_once_for_all_variants_of_a_state_and_once_for_each_that_adapts_itself()
    {
        int[] loads = new int[15];
        using SyntheticData data = SyntheticData.Random(15, 6, 6, 3, 3);
        data.BeforeLoad = image => Interlocked.Increment(ref loads[image]);
        using var bench = new Bench(data) { Models = new Opens(SyntheticClassifier.Random(new(3, 6, 6), 3, 4)) };
        using SyntheticClassifier model = SyntheticClassifier.Random(new(3, 6, 6), 3, 4);
        Run(bench.Context(model), "variants: [crop-flip, five-crop, ten-crop], samples: [1, 4], members: other.onnx, under: [jpeg-50, thumb-16]");
        // As it is, and in each of two other states.
        Assert.All(loads, times => Assert.Equal(3, times));
        Assert.Equal([(30 * 4, 30 * 4), (30 * 4, 30 * 4), (30 * 4, 30 * 4)],
            bench.Progress.GroupBy(step => step.Condition).Select(steps => ((int)steps.Last().Done, (int)steps.Last().Total)));
    }

    [Fact]
    public void A_check_that_was_cut_off_ends_with_the_same_findings()
    {
        using SyntheticClassifier model = SyntheticClassifier.Random(new(1, 5, 5), 2, 4);
        using var probe = new ProbeFolder(5, [.. Enumerable.Range(0, 6).Select(i => new Image(5, 5, 1))], [0, 1, 0, 1, 0, 1]);
        string Options = $"variants: [ten-crop, crop-flip], samples: [1, 6], metta: [2], {probe.Key}";
        using var whole = new Bench(Numbered(SyntheticData.Random(22, 5, 5, 1, 2)));
        using SyntheticClassifier embedding = Embedded(model);
        Section expected = Run(whole.Context(embedding), Options);
        int calls = embedding.Batches.Count;

        using var broken = new Bench(Numbered(SyntheticData.Random(22, 5, 5, 1, 2)));
        int stop = 0;
        embedding.BeforeRun = () => { if (++stop % 40 == 0) { throw new AuditException("power cut", ExitCode.Error); } };
        Section? actual = null;
        for (int attempt = 0; actual is null && attempt < 30; attempt++)
        {
            try
            {
                actual = Run(broken.Context(embedding), Options);
            }
            catch (AuditException e)
            {
                Assert.EndsWith("power cut", e.Message);
            }
        }

        Assert.True(stop > 80);
        Assert.Equal(expected.Findings, actual!.Findings);
        embedding.BeforeRun = () => { };
        int before = embedding.Batches.Count;
        Run(broken.Context(embedding), Options);
        Assert.Equal((before, true), (embedding.Batches.Count, calls > 0));
    }

    [Fact]
    public void Members_of_an_ensemble_take_turns_each_on_its_own_sample()
    {
        using var audited = new SyntheticClassifier(TwoPixels, 2, (_, logits) => logits[1] = 1);
        using var second = new SyntheticClassifier(TwoPixels, 2, (_, logits) => logits[1] = -3);
        using var bench = new Bench(new SyntheticData([.. Enumerable.Range(0, 6).Select(_ => new Image(2, 1, 1))], new int[6],
            ["zero", "one"]))
        { Models = new Opens(second) };
        Section section = Run(bench.Context(audited), "variants: crop-flip, samples: [1, 2, 3], members: second.onnx");

        static double P(double z) => 1 / (1 + Math.Exp(-z));
        Assert.Equal(Math.Log((P(1) + P(-3)) / 2), bench.Evidence.Logits(Named(bench, "ensemble, central, 2 samples")).First().Logits[1], 1e-5);
        Assert.Equal(Math.Log(((2 * P(1)) + P(-3)) / 3), bench.Evidence.Logits(Named(bench, "ensemble, crop-flip, 3 samples")).First().Logits[1], 1e-5);
        Assert.Equal(Math.Log(P(1)), bench.Evidence.Logits(Named(bench, "crop-flip, 3 samples")).First().Logits[1], 1e-5);
        Assert.Contains(section.Findings, finding => finding.Subject == "ensemble, crop-flip, 3");
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Every_sample_is_a_view_of_its_own_whichever_model_sees_it(int models)
    {
        // Each tells the corner and the middle of five crops by their one pixel, and has a slope of its own.
        byte[] pixels = [51, 0, 102, 0, 204, 0, 153, 0, 255];
        int[] shown = [204, 51, 102, 153, 255];
        SyntheticClassifier[] all = [.. Enumerable.Range(0, models).Select(k
            => new SyntheticClassifier(new(1, 1, 1), 2, (pixel, logits) => logits[1] = (float)Logit(k, pixel[0])))];
        using var bench = new Bench(new SyntheticData([new Image(3, 3, 1, pixels)], [1], ["zero", "one"])) { Models = new Opens([.. all.Skip(1)]) };
        CheckContext context = bench.Context(all[0]) with { Transform = new InputTransform(all[0].Input, crop: true) };
        Run(context, $"variants: five-crop, samples: [1, 2, 3, 4], members: [{string.Join(", ", Enumerable.Range(1, models - 1).Select(k => $"{k}.onnx"))}]");
        for (int samples = models; samples <= 5; samples++)
        {
            double one = Enumerable.Range(0, samples).Average(s => 1 / (1 + Math.Exp(-Logit(s % models, shown[s] / 255.0))));
            Assert.Equal(Math.Log(one), bench.Evidence.Logits(Named(bench, $"ensemble, five-crop, {samples} samples")).Single().Logits[1], 1e-5);
        }

        foreach (SyntheticClassifier model in all)
        {
            model.Dispose();
        }

        static double Logit(int model, double pixel) => (model + 1) * ((4 * pixel) - 1.5);
    }

    [Theory]
    [InlineData("Bgr8", "NominalRange_0_255")]
    [InlineData("Rgb8", "Normalized_1_1")]
    public void An_ensemble_is_the_same_whichever_of_its_models_is_audited(string format, string range)
    {
        using var folder = new TemporaryFolder();
        (string noted, string bare) = (Path.Combine(folder.Path, "noted.onnx"), Path.Combine(folder.Path, "bare.onnx"));
        Graph graph = SmallModels.Linear();
        OnnxFile.Write(graph, bare);
        (graph.Metadata["Image.BitmapPixelFormat"], graph.Metadata["Image.NominalPixelRange"]) = (format, range);
        OnnxFile.Write(graph, noted);
        Assert.Equal(Ensemble(noted, bare), Ensemble(bare, noted));

        float[] Ensemble(string audited, string member)
        {
            using var bench = new Bench(SyntheticData.Random(6, 2, 2, 3, SmallModels.Classes)) { Models = new OnnxModels(default, 1) };
            using AuditedModel opened = bench.Models.Open(new ModelSpec { Path = audited });
            Run(bench.Context(opened.Classifier) with { Audited = opened }, $"variants: [], members: {member}");
            return [.. bench.Evidence.Logits(Named(bench, "ensemble, central, 2 samples")).SelectMany(row => row.Logits)];
        }
    }

    [Fact]
    public void A_member_has_an_embedding_of_its_own()
    {
        using SyntheticClassifier model = SyntheticClassifier.Random(TwoPixels, 2, 4);
        var opens = new Opens(model);
        using var bench = new Bench(SyntheticData.Random(4, 2, 1, 1, 2)) { Models = opens };
        var spec = new ModelSpec { Path = "a.onnx", Embedding = "a value of this graph", FloatPath = "float.onnx", Mean = [0.5], Std = [0.5] };
        Run(bench.Context(model) with { Audited = TestPlan.Opened(model, spec) }, "variants: [], members: b.onnx");
        ModelSpec member = Assert.Single(opens.Asked);
        Assert.Equal((null, null, "b.onnx"), (member.Embedding, member.FloatPath, Path.GetFileName(member.Path)));
        Assert.Equal([0.5], member.Mean);
    }

    [Fact]
    public void A_member_that_does_not_fit_is_refused()
    {
        using var audited = SyntheticClassifier.Constant(TwoPixels, 1, 0);
        using var other = SyntheticClassifier.Constant(TwoPixels, 1, 0, 0);
        using var bench = new Bench(new SyntheticData([new Image(2, 1, 1)], [0], ["zero", "one"])) { Models = new Opens(other) };
        var error = Assert.Throws<AuditException>(() => Run(bench.Context(audited), "members: other.onnx"));
        Assert.Contains("they make no ensemble", error.Message);
    }

    [Fact]
    public void The_magnitude_is_chosen_on_images_that_are_not_judged()
    {
        // Reads brightness exactly, so that every augmentation harms: M* = 0, not 45.
        Image[] images = [.. Enumerable.Range(0, 60).Select(i => new Image(8, 8, 1, [.. Enumerable.Repeat((byte)(i % 2 == 0 ? 90 : 110), 64)]))];
        using var bench = new Bench(new SyntheticData(images, [.. Enumerable.Range(0, 60).Select(i => i % 2)], ["dark", "bright"]));
        using var model = new SyntheticClassifier(new(1, 8, 8), 2, (pixels, logits) => logits[1] = 20 * (pixels.ToArray().Average() - (100 / 255f)));
        Section section = Run(bench.Context(model), "variants: randaugment, samples: [1, 4], randaugment: { magnitudes: [45, 0], share: 0.25 }");

        int[] searched = [.. bench.Evidence.Logits(Named(bench, "randaugment-3-45, 4 samples", ConditionKind.Search)).Select(row => row.Image)];
        Assert.Equal(15, searched.Length);
        Assert.All(section.Findings, finding => Assert.Equal(45, finding.Count));
        Assert.Equal((15, 45), (Count(ConditionKind.Search), Count(ConditionKind.Augmented)));
        Assert.DoesNotContain(bench.Evidence.Logits(Named(bench, "central, 1 sample")), row => searched.Contains(row.Image));
        Assert.Contains(section.Findings, finding => finding.Subject == "randaugment-3-0, 4");
        Assert.Equal(2, section.Tables[1].Rows.Count);

        int Count(ConditionKind kind) => bench.Evidence.Logits(Named(bench, "randaugment-3-0, 4 samples", kind)).Count();
    }

    [Fact]
    public void A_policy_of_identities_predicts_as_the_model_does()
    {
        using var folder = new TemporaryFolder();
        SubPolicy identity = SubPolicy.Pool(1, 1, 1, 1)[0];
        new TtaPolicy([identity, identity], "found nowhere").Write(Path.Combine(folder.Path, "policy.json"));
        using var bench = new Bench(SyntheticData.Random(12, 4, 4, 1, 2));
        using SyntheticClassifier model = SyntheticClassifier.Random(new(1, 4, 4), 2, 4);
        Section section = Run(bench.Context(model), "variants: [], policies: policy.json", folder.Path);
        Assert.Equal([.. section.Charts[1].Series[0].Y], section.Charts[1].Series[1].Y, (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.Contains(section.Method, paragraph => paragraph.Contains("found nowhere"));
        Assert.Contains("Which images policy was searched on is not known", section.Summary);
        Assert.Contains(section.Method, paragraph => paragraph.StartsWith("Which images policy was searched on is not known", StringComparison.Ordinal));
        Assert.DoesNotContain(section.Method, paragraph => paragraph.StartsWith("A policy is judged on", StringComparison.Ordinal));
        Assert.Equal(["original", "1. identity", "2. identity"], section.Examples.Single().Panels.Select(panel => panel.Label));
        Assert.Single(section.Examples[0].Panels.Select(panel => Convert.ToHexString(panel.Image.Samples)).Distinct());

        // The evidence holds the policy: its file may go.
        File.Delete(Path.Combine(folder.Path, "policy.json"));
        TtaOptions options = TestPlan.Options<TtaOptions>(TtaOptions.Check, "variants: [], policies: policy.json", folder.Path);
        Assert.Equal(section.Findings, options.Bind([]).Analysis.Analyse(bench.Evidence, 0.95).Findings);
        Assert.Throws<AuditException>(() => options.Bind([]).Check.Validate(bench.Data, new InputTransform(model.Input)));
    }

    [Fact]
    public void A_policy_that_says_what_it_was_searched_on_needs_no_remark()
    {
        using var folder = new TemporaryFolder();
        using var searched = SyntheticData.Pixels([1, 2, 3]);
        var policy = new TtaPolicy([SubPolicy.Pool(1, 1, 1, 1)[0]], "here") { SearchedOn = ImageDigests.Of(searched, threads: 1) };
        policy.Write(Path.Combine(folder.Path, "policy.json"));
        using var bench = new Bench(SyntheticData.Random(12, 4, 4, 1, 2));
        using SyntheticClassifier model = SyntheticClassifier.Random(new(1, 4, 4), 2, 4);
        Section section = Run(bench.Context(model), "variants: [], policies: policy.json", folder.Path);
        Assert.DoesNotContain("not known", section.Summary);
        Assert.DoesNotContain(section.Method, paragraph => paragraph.Contains("is not known", StringComparison.Ordinal));
        Assert.Contains(section.Method, paragraph => paragraph.StartsWith("A policy is judged on", StringComparison.Ordinal));
    }

    [Fact]
    public void Perturbed_images_are_augmented_after_the_perturbation()
    {
        using var bench = new Bench(SyntheticData.Random(10, 8, 8, 1, 2));
        using var model = new SyntheticClassifier(new(1, 8, 8), 2, (pixels, logits) => logits[1] = pixels[0]);
        Section section = Run(bench.Context(model), "variants: [], under: [jpeg-10]");
        (_, float[] logits) = bench.Evidence.Logits(Named(bench, "central under jpeg-10, 1 sample")).First();
        float[] perturbed = new float[64];
        InferencePass.LoadPerturbed(bench.Context(model), PerturbationCatalog.Parse("jpeg-10"), 0, perturbed);
        Assert.Equal(perturbed[0], logits[1] - logits[0], 1e-5);
        Assert.Equal(6, section.Charts.Count);
        Assert.Contains("under jpeg-10", section.Charts[3].Title);
    }

    [Fact]
    public void Corruptions_are_read_from_a_stored_set_and_not_made()
    {
        // As in CIFAR-10-C: two images five times, the third severity fifth and sixth; all pixels of an image are its number.
        using var folder = new DataFolder();
        folder.Write("fog.npy", DataFolder.Npy("|u1", [10, 32, 32, 3], [.. Enumerable.Range(0, 10).SelectMany(i => Enumerable.Repeat((byte)(i + 1), 3072))]));
        folder.Write("labels.npy", DataFolder.Npy("|u1", [10], [0, 1, 0, 1, 0, 1, 0, 1, 0, 1]));
        using var bench = new Bench(new SyntheticData([new Image(32, 32, 3), new Image(32, 32, 3)], [0, 1], ["zero", "one"]));
        using var model = new SyntheticClassifier(new(3, 32, 32), 2, (pixels, logits) => logits[1] = 255 * pixels[5]);
        Run(bench.Context(model), "variants: [], under: [fog/3], stored: .", folder.Root);
        float[][] logits = [.. bench.Evidence.Logits(Named(bench, "central under fog/3, 1 sample")).Select(row => row.Logits)];
        Assert.Equal([5, 6], logits.Select(row => Math.Round(row[1] - row[0], 3)));
        Assert.StartsWith("stored, SHA-256 ", Named(bench, "central under fog/3, 1 sample").Options["images"]);
    }

    [Fact]
    public void Pairs_are_compared_at_the_most_model_calls_of_both_and_over_all_corruptions()
    {
        using var bench = new Bench(SyntheticData.Random(60, 8, 8, 3, 2));
        using SyntheticClassifier model = SyntheticClassifier.Random(new(3, 8, 8), 2, 7);
        Section section = Run(bench.Context(model), "variants: [ten-crop, crop-flip], samples: [2, 4], under: [fog/3, contrast/2, jpeg-50], "
            + "pairs: [ten-crop over central, crop-flip over ten-crop]");
        double Of(string metric, string subject) => section.Findings.Single(finding => (finding.Metric, finding.Subject) == (metric, subject)).Estimate!.Value;

        // Neither ten crops nor the central one can be had in another number; four of the ten crops would be no ten-crop.
        Assert.Equal(
            Of("calibrated log-likelihood", "ten-crop, 10") - Of("calibrated log-likelihood", "central, 1"),
            Of("calibrated log-likelihood gain", "ten-crop over central, 10 and 1 model calls"), 1e-9);
        Assert.Equal(Of("accuracy gain over central", "ten-crop, 10"), Of("accuracy gain", "ten-crop over central, 10 and 1 model calls"), 1e-9);
        string[] under = ["fog/3", "contrast/2"];
        Assert.Equal(
            under.Average(name => Of("calibrated log-likelihood gain", $"crop-flip over ten-crop under {name}, 4 and 10 model calls")),
            Of("calibrated log-likelihood gain", "crop-flip over ten-crop over 2 corruptions, 4 and 10 model calls"), 1e-9);
        Assert.Equal(1 - under.Average(name => Of("accuracy", $"ten-crop under {name}, 10")), Of("mean corruption error", "ten-crop, 10"), 1e-9);
        Assert.Equal(3, section.Findings.Count(finding => finding.Metric == "mean corruption error"));
        Assert.All(
            section.Findings.Where(finding => finding.Metric == "calibrated log-likelihood gain"),
            finding => Assert.InRange(finding.Estimate!.Value, finding.Interval!.Value.Lower, finding.Interval.Value.Upper));
    }

    [Fact]
    public void No_pair_holds_a_model_against_itself()
    {
        // The second model is right where the audited one is wrong, and surer.
        using var audited = new SyntheticClassifier(TwoPixels, 2, (pixels, logits) => logits[1] = pixels[0] - 0.4f);
        using var second = new SyntheticClassifier(TwoPixels, 2, (pixels, logits) => logits[1] = 4 * (0.5f - pixels[0]));
        using var folder = new TemporaryFolder();
        new TtaPolicy([.. SubPolicy.Pool(1, 1, 1, 1).Take(3)], "here").Write(Path.Combine(folder.Path, "policy.json"));
        Image[] images = [.. Enumerable.Range(0, 40).Select(i => new Image(2, 1, 1, [(byte)(6 * i), (byte)(240 - (5 * i))]))];
        using var bench = new Bench(new SyntheticData(images, [.. Enumerable.Range(0, 40).Select(i => i % 2)], ["zero", "one"])) { Models = new Opens(second) };
        string[] pairs =
        [
            "crop-flip over central", "ensemble central over central", "ensemble crop-flip over crop-flip", "ten-crop over crop-flip", "policy over crop-flip",
            "crop-flip over policy", "ensemble crop-flip over ensemble central",
        ];
        Assert.Equal(["4 and 1", "2 and 1", "4", "10 and 4", "3 and 4", "4 and 3", "4 and 2"], Calls("[1, 4]"));
        Assert.Equal(["1", "2 and 1", "2 and 1", "10 and 1", "1", "1", "2"], Calls("[1]"));

        string[] Calls(string samples)
        {
            Section section = Run(
                bench.Context(audited),
                $"variants: [ten-crop, crop-flip], samples: {samples}, members: second.onnx, policies: policy.json, "
                    + $"pairs: [{string.Join(", ", pairs)}]", folder.Path);
            Finding[] gains = [.. section.Findings.Where(finding => finding.Metric == "calibrated log-likelihood gain")];
            Assert.All(gains, gain => Assert.NotEqual(0, gain.Estimate));
            return [.. gains.Select((gain, i) => gain.Subject[(pairs[i].Length + 2)..].Replace(" model calls", "").Replace(" model call", ""))];
        }
    }

    [Fact]
    public void An_ensemble_whose_last_model_would_never_be_asked_is_refused()
    {
        using var folder = new TemporaryFolder();
        new TtaPolicy([.. SubPolicy.Pool(1, 1, 1, 1).Take(1)], "here").Write(Path.Combine(folder.Path, "policy.json"));
        using var model = SyntheticClassifier.Constant(TwoPixels, 1, 0);
        using var bench = new Bench(new SyntheticData([new Image(2, 1, 1)], [0], ["zero", "one"])) { Models = new Opens(model) };
        var error = Assert.Throws<AuditException>(() => Run(bench.Context(model), "variants: [], policies: policy.json, members: other.onnx", folder.Path));
        Assert.Contains("has 1 sample, too few for an ensemble of 2 models", error.Message);
    }

    [Theory]
    [InlineData("variants: [crop-flop]", "Did you mean 'crop-flip'?")]
    [InlineData("variants: [crop-flip, crop-flip]", "named twice")]
    [InlineData("samples: [0]", "between 1 and 1000")]
    [InlineData("samples: [1.5]", "whole numbers")]
    [InlineData("randaugment: { operators: 2 }", "not among the variants")]
    [InlineData("under: [jpg-50]", "Did you mean 'jpeg-50'?")]
    [InlineData("policies: [a/p.json, b/p.json]", "same file name")]
    [InlineData("metta: [2]", "name the training images")]
    [InlineData("probe: { path: x }", "metta: [10, 32]")]
    [InlineData("pairs: [ten-crop over crop-flip]", "there is no variant 'ten-crop'. There are central, crop-flip")]
    [InlineData("pairs: [ensemble crop-flip over crop-flip]", "there is no variant 'ensemble crop-flip'")]
    [InlineData("pairs: [crop-flip]", "write two variants")]
    [InlineData("adapt: { methods: [tenth] }", "Did you mean 'tent'?")]
    [InlineData("adapt: { methods: [] }", "batch-norm or tent")]
    [InlineData("adapt: { batch: 1 }", "between 2 and 100000")]
    [InlineData("policies: [crop-flip.json]", "name of another variant")]
    [InlineData("stored: folder, under: [jpeg-50]", "no corruption is read")]
    [InlineData("min-acuracy: 0.5", "Did you mean 'min-accuracy'?")]
    public void Options_that_make_no_sense_are_refused_with_their_place(string options, string message)
    {
        var map = SpecMap.Parse("audit.yaml", $"checks: {{ tta: {{ {options} }} }}").Map("checks");
        var error = Assert.Throws<AuditException>(() => TestPlan.Of(map, ".", []));
        Assert.StartsWith("audit.yaml:1:", error.Message);
        Assert.Contains(message, error.Message);
    }

    private static Condition Named(Bench bench, string name, ConditionKind kind = ConditionKind.Augmented)
        => bench.Evidence.Conditions.Single(condition => condition.Name == name && (condition.Kind == kind || condition.Kind == ConditionKind.Embedded));

    // Under the names that the probe's files give classes.
    private static SyntheticData Numbered(SyntheticData data)
        => new([.. Enumerable.Range(0, data.Count).Select(data.Load)], [.. Enumerable.Range(0, data.Count).Select(data.Label)], ["0", "1"]);

    private static SyntheticClassifier Embedded(SyntheticClassifier model)
        => new(model.Input, model.Classes, (pixels, logits) => model.Run(pixels, 1, logits, []))
        {
            EmbeddingLength = 2,
            Embedding = (pixels, embedding) => (embedding[0], embedding[1]) = (pixels[0], pixels[1]),
        };

    private static Section Run(CheckContext context, string options, string folder = ".")
    {
        PlannedCheck planned = TestPlan.Options<TtaOptions>(TtaOptions.Check, options, folder).Bind([]);
        planned.Check.Run(context);
        return planned.Analysis.Analyse(context.Evidence, 0.95);
    }

    private sealed class Opens(params IClassifier[] models) : IModelSource
    {
        public List<ModelSpec> Asked { get; } = [];

        public AuditedModel Open(ModelSpec spec)
        {
            Asked.Add(spec);
            return TestPlan.Opened(models[(Asked.Count - 1) % models.Length], spec);
        }

        public IGradientModel OpenGradients(AuditedModel model) => throw new NotSupportedException();

        public IAdaptedModel OpenAdapted(AuditedModel model, Adaptation adaptation) => throw new NotSupportedException();

        public string Digest(ModelSpec spec) => throw new NotSupportedException();
    }

    /// <summary>Training images of a probe, in a folder.</summary>
    private sealed class TemporaryFolder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("auditkit-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
