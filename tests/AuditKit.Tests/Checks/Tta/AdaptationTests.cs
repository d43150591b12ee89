using AuditKit.Checks;
using AuditKit.Checks.Tta;
using AuditKit.Evidence;
using AuditKit.Imaging;
using AuditKit.Models;
using AuditKit.Results;

namespace AuditKit.Tests.Checks.Tta;

public sealed class AdaptationTests
{
    [Theory]
    [InlineData(23, 8, new[] { 7, 8, 8 })]
    [InlineData(24, 8, new[] { 8, 8, 8 })]
    [InlineData(5, 200, new[] { 5 })]
    public void Images_are_divided_evenly_in_an_order_that_the_seed_draws(int images, int size, int[] expected)
    {
        int[] indices = [.. Enumerable.Range(100, images)];
        int[][] batches = [.. AdaptationPass.Batches(indices, size, 1)];
        Assert.Equal(expected, batches.Select(batch => batch.Length).Order());
        Assert.Equal(indices, batches.SelectMany(batch => batch).Order());
        Assert.NotEqual(indices, batches.SelectMany(batch => batch));
        Assert.NotEqual(batches[0], AdaptationPass.Batches(indices, size, 2).First());
    }

    [Fact]
    public void What_cannot_be_measured_is_refused_before_the_first_image()
    {
        using SyntheticClassifier model = SyntheticClassifier.Random(new(1, 6, 6), 2, 4);
        using SyntheticClassifier other = SyntheticClassifier.Random(new(1, 6, 6), 3, 4);
        var adapts = new Adapts { Member = other };
        using var bench = new Bench(SyntheticData.Random(24, 6, 6, 1, 2)) { Models = adapts };
        AuditedModel audited = bench.Context(model).Audited;
        Assert.Contains("no embedding for metta", Refused("metta: [2], probe: { path: x }"));
        Assert.Contains("they make no ensemble", Refused("members: other.onnx"));
        Assert.Contains("the same model, and a model with itself is no ensemble", Assert.Throws<AuditException>(
            () => Planned("members: copy.onnx").Check.Validate(audited, new Adapts { Member = model })).Message);
        adapts.Folded = true;
        Assert.Equal("has no batch norm", Refused("adapt: { methods: [tent] }"));

        var transform = new InputTransform(model.Input);
        Assert.Contains("cannot be divided", RefusedData(2, "variants: randaugment"));
        Assert.Contains("alone in its batch. Give batch: 3 or more", RefusedData(5, "adapt: { batch: 2 }"));
        Assert.Contains("alone in its batch. Give more images", RefusedData(1, "adapt: { batch: 200 }"));
        Assert.Empty(model.Batches);
        Assert.Empty(bench.Evidence.Conditions);

        string Refused(string options) => Assert.Throws<AuditException>(() => Planned(options).Check.Validate(audited, adapts)).Message;
        string RefusedData(int images, string options)
        {
            using SyntheticData data = SyntheticData.Random(images, 6, 6, 1, 2);
            return Assert.Throws<AuditException>(() => Planned(options).Check.Validate(data, transform)).Message;
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 3)]
    public void Answers_depend_on_the_batches_of_the_seed_and_on_nothing_else(int preferred, int threads)
    {
        Assert.Equal(Measure(preferred, threads), Measure(4, 2));

        static float[] Measure(int preferred, int threads)
        {
            using var bench = Made(out Adapts adapts);
            using SyntheticClassifier model = SyntheticClassifier.Random(new(1, 6, 6), 2, preferred);
            Run(bench.Context(model, threads));
            Assert.Equal(["batch-norm-16 8 8 8", "tent-adam-0.001 8 8 8"], adapts.Opened.Select(each => $"{each.Name} {string.Join(' ', each.Batches)}"));
            Assert.Equal(2, adapts.Disposed);
            return [.. Adapted(bench).SelectMany(condition => bench.Evidence.Logits(condition)).SelectMany(row => row.Logits)];
        }
    }

    [Fact]
    public void What_carries_over_sees_the_batches_before_an_interruption_again()
    {
        using SyntheticClassifier model = SyntheticClassifier.Random(new(1, 6, 6), 2, 4);
        using Bench whole = Made(out _);
        Section expected = Run(whole.Context(model));
        using Bench broken = Made(out Adapts adapts);
        Section? actual = null;
        int interruptions = 0;
        for (int runs = 1; actual is null; runs += 2)
        {
            Assert.InRange(runs, 1, 20);
            adapts.StopAfter = runs;
            try
            {
                actual = Run(broken.Context(model));
            }
            catch (AuditException e)
            {
                Assert.Equal("power cut", e.Message);
                interruptions++;
            }
        }

        // In the first method, and in the midst of the second.
        Assert.Equal(2, interruptions);
        Assert.Equal(expected.Findings, actual.Findings);
        Assert.Contains("tent-adam-0.001 8 8 8", adapts.Opened.Select(each => $"{each.Name} {string.Join(' ', each.Batches)}"));
        // A batch of batch norm stands by itself: it is shown once.
        Assert.Equal(3, adapts.Opened.Where(each => each.Name.StartsWith("batch-norm", StringComparison.Ordinal)).Sum(each => each.Batches.Count));
    }

    [Fact]
    public void The_report_says_what_adapted_how_and_what_it_cost()
    {
        using SyntheticClassifier model = SyntheticClassifier.Random(new(1, 6, 6), 2, 4);
        using Bench bench = Made(out _);
        Section section = Run(bench.Context(model));
        Assert.Contains(section.Method, paragraph => paragraph.Contains("24 judged images") && paragraph.Contains("evenly into 3 of at most 9"));
        Assert.Contains(section.Method, paragraph => paragraph.StartsWith("batch-norm-16 (Schneider", StringComparison.Ordinal));
        Assert.Contains(section.Method, paragraph => paragraph.Contains("one step of Adam, rate 0.001"));
        Assert.Equal(["1", "1", "1 and a backward pass"], section.Tables[0].Rows.Select(row => row[1]));
        Assert.Contains(section.Findings, finding => finding is { Metric: "accuracy gain over central", Subject: "tent-adam-0.001, 1" });
        Assert.Contains(section.Findings, finding => finding.Subject == "tent over batch-norm, 1 model call");
    }

    [Fact]
    public void A_batch_of_large_images_that_no_array_holds_is_refused()
    {
        using SyntheticClassifier large = SyntheticClassifier.Random(new(3, 224, 224), 2, 4);
        using Bench bench = Made(out Adapts adapts);
        var error = Assert.Throws<AuditException>(() => Planned("adapt: { batch: 100000 }").Check.Validate(bench.Context(large).Audited, adapts));
        Assert.Equal(ExitCode.Usage, error.ExitCode);
        Assert.Contains("Give batch: 14,2", error.Message);
    }

    [Fact]
    public void The_largest_batch_takes_no_more_memory_than_the_images()
    {
        using SyntheticClassifier model = SyntheticClassifier.Random(new(1, 6, 6), 2, 4);
        using Bench bench = Made(out Adapts adapts);
        CheckContext context = bench.Context(model);
        PlannedCheck planned = Planned("variants: [], adapt: { batch: 100000, methods: [batch-norm] }");
        planned.Check.Validate(context.Audited, adapts);
        long before = GC.GetAllocatedBytesForCurrentThread();
        planned.Check.Run(context);
        // 100,000 images would be 14 MB.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000_000);
        Section section = planned.Analysis.Analyse(context.Evidence, 0.95);
        Assert.StartsWith("Each of 24 images was predicted as it is. ", section.Summary);
    }

    [Fact]
    public void A_best_variant_that_learns_is_said_to_cost_a_step_backwards()
    {
        // The model as it is knows nothing; what adapts looks at the first pixel.
        using SyntheticClassifier model = SyntheticClassifier.Constant(new(1, 6, 6), 0, 0);
        int[] labels = [.. Enumerable.Range(0, 24).Select(i => i % 2)];
        Image[] images = [.. labels.Select(label => new Image(6, 6, 1, [.. Enumerable.Repeat((byte)(label == 0 ? 255 : 0), 36)]))];
        using var bench = new Bench(new SyntheticData(images, labels, ["bright", "dark"])) { Models = new Adapts() };
        PlannedCheck planned = Planned("variants: [], adapt: { batch: 24, methods: [tent] }");
        planned.Check.Run(bench.Context(model));
        Assert.Contains("at 1 model call and a backward pass an image", planned.Analysis.Analyse(bench.Evidence, 0.95).Summary);
    }

    private static Section Run(CheckContext context)
    {
        PlannedCheck planned = Planned("variants: [], adapt: { batch: 9 }, pairs: [tent over batch-norm]");
        planned.Check.Run(context);
        return planned.Analysis.Analyse(context.Evidence, 0.95);
    }

    private static PlannedCheck Planned(string options) => TestPlan.Options<TtaOptions>(TtaOptions.Check, options).Bind([]);

    private static Bench Made(out Adapts adapts)
    {
        adapts = new Adapts();
        return new Bench(SyntheticData.Random(24, 6, 6, 1, 2)) { Models = adapts };
    }

    private static IEnumerable<Condition> Adapted(Bench bench) => bench.Evidence.Conditions.Where(condition => condition.Options.ContainsKey("adaptation"));

    /// <summary>Adds what a model saw before, and the mean of the batch, to what it says of an image.</summary>
    private sealed class Adapts : IModelSource
    {
        public List<(string Name, List<int> Batches)> Opened { get; } = [];

        public int Disposed { get; set; }

        public int StopAfter { get; set => (field, _runs) = (value, 0); } = int.MaxValue;

        public bool Folded { get; set; }

        public SyntheticClassifier? Member { get; init; }

        private int _runs;

        public AuditedModel Open(ModelSpec model) => TestPlan.Opened(Member!, model);

        public IGradientModel OpenGradients(AuditedModel model) => throw new NotSupportedException();

        public IAdaptedModel OpenAdapted(AuditedModel model, Adaptation adaptation)
        {
            if (Folded)
            {
                throw new AuditException("has no batch norm");
            }

            Opened.Add((adaptation.Name, []));
            return new Adapted(this, Opened[^1].Batches, adaptation.CarriesOver);
        }

        public string Digest(ModelSpec model) => throw new NotSupportedException();

        private sealed class Adapted(Adapts source, List<int> batches, bool carriesOver) : IAdaptedModel
        {
            private float _seen;

            public InputShape Input => new(1, 6, 6);

            public int Classes => 2;

            public void Run(ReadOnlySpan<float> pixels, int count, Span<float> logits)
            {
                if (source._runs++ == source.StopAfter)
                {
                    throw new AuditException("power cut", ExitCode.Error);
                }

                batches.Add(count);
                float sum = 0;
                foreach (float pixel in pixels)
                {
                    sum += pixel;
                }

                for (int i = 0; i < count; i++)
                {
                    (logits[2 * i], logits[(2 * i) + 1]) = (pixels[36 * i] + _seen, sum / count / 36);
                }

                _seen += carriesOver ? sum / 1000 : 0;
            }

            public void Dispose() => source.Disposed++;
        }
    }
}
