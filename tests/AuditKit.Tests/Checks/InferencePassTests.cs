using AuditKit.Checks;
using AuditKit.Evidence;
using AuditKit.Imaging;
using AuditKit.Models;

namespace AuditKit.Tests.Checks;

public sealed class InferencePassTests
{
    private static readonly InputShape OnePixel = new(1, 1, 1);

    [Fact]
    public void Predictions_are_those_of_the_model_one_image_at_a_time()
    {
        using var data = SyntheticData.Random(count: 23, width: 5, height: 4, channels: 3, classes: 3);
        using var bench = new Bench(data);
        using var model = SyntheticClassifier.Random(new(3, 4, 5), classes: 3, preferredBatch: 4);

        InferencePass.RunClean(bench.Context(model, threads: 3));

        Assert.Equal([4, 4, 4, 4, 4, 3], model.Batches);
        Prediction[] predictions = [.. bench.Evidence.Predictions(Condition.Clean)];
        Assert.Equal(23, predictions.Length);
        var transform = new InputTransform(model.Input);
        float[] pixels = new float[model.Input.Length];
        float[] logits = new float[3];
        for (int i = 0; i < 23; i++)
        {
            transform.Apply(data.Load(i), pixels);
            model.Run(pixels, 1, logits, []);
            int predicted = Array.IndexOf(logits, logits.Max());
            double sum = logits.Sum(logit => Math.Exp(logit));
            Assert.Equal(i, predictions[i].Image);
            Assert.Equal(predicted, predictions[i].Predicted);
            Assert.Equal(Math.Exp(logits[predicted]) / sum, predictions[i].Confidence, 1e-6);
            Assert.True(float.IsNaN(predictions[i].Distance));
        }
    }

    [Fact]
    public void The_lowest_class_wins_a_tie()
    {
        using var bench = new Bench(SyntheticData.Pixels([1, 2]));
        using var model = SyntheticClassifier.Constant(OnePixel, 3, 3);
        InferencePass.RunClean(bench.Context(model));
        Assert.All(bench.Evidence.Predictions(Condition.Clean), prediction => Assert.Equal((0, 0.5f), (prediction.Predicted, prediction.Confidence)));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 1)]
    [InlineData(7, 3)]
    [InlineData(64, 2)]
    public void Evidence_depends_neither_on_batch_size_nor_on_threads(int batch, int threads)
    {
        var shift = new RandomShift();
        Prediction[] expected = Measure(batch: 5, threads: 1);
        Assert.Equal(expected, Measure(batch, threads));
        Assert.Contains(expected, prediction => prediction.Distance > 0);

        Prediction[] Measure(int batch, int threads)
        {
            using var bench = new Bench(SyntheticData.Random(40, 3, 3, 1, 2));
            using var model = WithEmbedding(SyntheticClassifier.Random(new(1, 3, 3), 2, batch));
            InferencePass.RunClean(bench.Context(model, threads));
            InferencePass.RunPerturbed(bench.Context(model, threads), shift);
            return [.. bench.Evidence.Predictions(Condition.Clean), .. bench.Evidence.Predictions(InferencePass.Under(shift))];
        }
    }

    [Theory]
    [InlineData("cpu")]
    [InlineData("cuda")]
    public void A_pass_that_was_cancelled_goes_on_where_it_stopped(string device)
    {
        using var bench = new Bench(SyntheticData.Pixels([.. Enumerable.Range(0, 10).Select(i => (byte)i)]));
        using var model = new SyntheticClassifier(OnePixel, 2, (pixels, logits) => logits[1] = pixels[0]) { Device = Device.Parse(device) };
        using var cancellation = new CancellationTokenSource();
        model.BeforeRun = () => { if (model.Batches.Count == 1) { cancellation.Cancel(); } };

        Assert.Throws<OperationCanceledException>(() => InferencePass.RunClean(bench.Context(model, cancellation: cancellation.Token)));
        Assert.Equal([4, 4], model.Batches);
        Assert.Equal(8, bench.Evidence.Predictions(Condition.Clean).Count());

        InferencePass.RunClean(bench.Context(model));
        Assert.Equal([4, 4, 2], model.Batches);
        Assert.Equal(10, bench.Evidence.Predictions(Condition.Clean).Count());
        Assert.Equal([new("clean", 4, 10), new("clean", 8, 10), new("clean", 10, 10)], bench.Progress);

        InferencePass.RunClean(bench.Context(model));
        Assert.Equal(3, model.Batches.Count);
    }

    [Theory]
    [InlineData("cpu")]
    [InlineData("cuda")]
    public void An_image_that_cannot_be_read_is_named_and_what_came_before_is_kept(string device)
    {
        var data = SyntheticData.Pixels(new byte[12]);
        data.BeforeLoad = index => { if (index == 9) { throw new AuditException("truncated"); } };
        using var bench = new Bench(data);
        using var model = new SyntheticClassifier(OnePixel, 2, (_, _) => { }) { Device = Device.Parse(device) };

        var error = Assert.Throws<AuditException>(() => InferencePass.RunClean(bench.Context(model)));

        Assert.Equal("image #9: truncated", error.Message);
        Assert.Equal(8, bench.Evidence.Predictions(Condition.Clean).Count());
    }

    [Fact]
    public void A_model_that_fails_is_an_error_that_names_the_batch()
    {
        using var bench = new Bench(SyntheticData.Pixels(new byte[6]));
        using var model = SyntheticClassifier.Constant(OnePixel, 1, 0);
        model.BeforeRun = () => { if (model.Batches.Count == 1) { throw new AuditException("NaN", ExitCode.Error); } };

        var error = Assert.Throws<AuditException>(() => InferencePass.RunClean(bench.Context(model)));

        Assert.Equal("images #4 to #5, clean: NaN", error.Message);
        Assert.Equal(ExitCode.Error, error.ExitCode);
    }

    [Fact]
    public void Images_that_are_given_no_finite_number_are_named_and_counted_and_all_others_kept()
    {
        using var bench = new Bench(SyntheticData.Pixels([.. Enumerable.Range(0, 30).Select(i => (byte)i)]));
        using var model = new SyntheticClassifier(OnePixel, 2, (pixels, logits) => logits[1] = pixels[0]);
        using var broken = new BrokenOn(model, image => (int)MathF.Round(image[0] * 255) % 4 == 1);
        CheckContext context = bench.Context(model) with { Model = broken };
        for (int run = 0; run < 2; run++)
        {
            var error = Assert.Throws<AuditException>(() => InferencePass.RunClean(context));
            Assert.StartsWith("clean: the model gave NaN or infinity for 8 of 30 images: #1, #5, #9, #13, #17 …", error.Message);
            Assert.Equal(ExitCode.Error, error.ExitCode);
        }

        Prediction[] kept = [.. bench.Evidence.Predictions(Condition.Clean)];
        Assert.Equal(Enumerable.Range(0, 30).Where(i => i % 4 != 1), kept.Select(prediction => prediction.Image));
        Assert.All(kept, prediction => Assert.Equal(
            1 / (1 + Math.Exp(-prediction.Image / 255.0)), prediction.Image == 0 ? 0.5 : prediction.Confidence, 1e-6));
    }

    /// <summary>A model that says NaN of some images.</summary>
    private sealed class BrokenOn(SyntheticClassifier model, Func<float[], bool> isBroken) : IClassifier
    {
        public InputShape Input => model.Input;

        public int Classes => model.Classes;

        public int EmbeddingLength => model.EmbeddingLength;

        public int PreferredBatch => model.PreferredBatch;

        public void Run(ReadOnlySpan<float> pixels, int count, Span<float> logits, Span<float> embeddings)
        {
            model.Run(pixels, count, logits, embeddings);
            List<int>? notFinite = null;
            for (int i = 0; i < count; i++)
            {
                if (isBroken(pixels.Slice(i * Input.Length, Input.Length).ToArray()))
                {
                    logits.Slice(i * Classes, Classes).Fill(float.NaN);
                }
            }

            ModelOutput.Copy(logits[..(count * Classes)], Classes, 0, logits, ref notFinite);
            ModelOutput.Require("model.onnx", notFinite);
        }

        public void Dispose()
        {
        }
    }

    [Fact]
    public void Of_several_images_that_cannot_be_read_the_first_is_named()
    {
        var data = SyntheticData.Pixels(new byte[4]);
        data.BeforeLoad = index => { if (index > 0) { throw new AuditException("truncated"); } };
        using var bench = new Bench(data);
        using var model = SyntheticClassifier.Constant(OnePixel, 1, 0);
        var error = Assert.Throws<AuditException>(() => InferencePass.RunClean(bench.Context(model, threads: 4)));
        Assert.Equal("image #1: truncated", error.Message);
    }

    [Fact]
    public void No_more_than_one_batch_is_in_memory_whatever_the_threads()
    {
        (int ahead, int loaded) = (0, 0);
        var data = SyntheticData.Pixels(new byte[100]);
        data.BeforeLoad = _ => Interlocked.Increment(ref loaded);
        using var bench = new Bench(data);
        using var model = SyntheticClassifier.Constant(OnePixel, 1, 0);
        model.BeforeRun = () => ahead = Math.Max(ahead, Volatile.Read(ref loaded) - (4 * model.Batches.Count));
        InferencePass.RunClean(bench.Context(model, threads: 3));
        Assert.Equal(4, ahead);
    }

    [Fact]
    public void While_a_GPU_runs_a_batch_the_next_one_is_prepared_and_no_further_one()
    {
        const int Batch = 4, Images = 41;
        byte[] values = [.. Enumerable.Range(0, Images).Select(i => (byte)(5 * i))];
        (int ahead, int loaded) = (0, 0);
        var data = SyntheticData.Pixels(values);
        data.BeforeLoad = _ => Interlocked.Increment(ref loaded);
        using var bench = new Bench(data);
        using var model = new SyntheticClassifier(OnePixel, 2, (pixels, logits) => logits[1] = pixels[0]) { Device = new(0) };
        model.BeforeRun = () =>
        {
            int next = Math.Min(Images, (model.Batches.Count + 2) * Batch);
            Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref loaded) >= next, TimeSpan.FromMinutes(1)), $"image {next - 1} was not prepared");
            ahead = Math.Max(ahead, Volatile.Read(ref loaded) - (Batch * model.Batches.Count));
        };
        InferencePass.RunClean(bench.Context(model, threads: 2));
        Assert.Equal(2 * Batch, ahead);
        Assert.Equal(Images, loaded);

        using var other = new Bench(SyntheticData.Pixels(values));
        using var processor = new SyntheticClassifier(OnePixel, 2, (pixels, logits) => logits[1] = pixels[0]);
        InferencePass.RunClean(other.Context(processor));
        Assert.Equal(other.Evidence.Predictions(Condition.Clean), bench.Evidence.Predictions(Condition.Clean));
    }

    [Fact]
    public void Nothing_is_being_prepared_any_more_when_a_GPU_has_failed()
    {
        var data = SyntheticData.Pixels(new byte[12]);
        using var begun = new ManualResetEventSlim();
        (int loading, bool failed) = (0, false);
        data.BeforeLoad = index =>
        {
            if (index >= 4)
            {
                Interlocked.Increment(ref loading);
                begun.Set();
                SpinWait.SpinUntil(() => Volatile.Read(ref failed), TimeSpan.FromMinutes(1));
                Thread.Sleep(20);
                Interlocked.Decrement(ref loading);
            }
        };
        using var bench = new Bench(data);
        using var model = new SyntheticClassifier(OnePixel, 2, (_, _) => { })
        {
            Device = new(0),
            BeforeRun = () =>
            {
                Assert.True(begun.Wait(TimeSpan.FromMinutes(1)));
                Volatile.Write(ref failed, true);
                throw new AuditException("out of memory", ExitCode.Error);
            },
        };
        var error = Assert.Throws<AuditException>(() => InferencePass.RunClean(bench.Context(model)));
        Assert.Equal("images #0 to #3, clean: out of memory", error.Message);
        Assert.Equal(0, Volatile.Read(ref loading));
    }

    [Fact]
    public void Distances_are_those_between_the_embeddings_of_an_image_and_its_perturbed_copy()
    {
        using var bench = new Bench(SyntheticData.Pixels([10, 200]));
        using var model = WithEmbedding(SyntheticClassifier.Constant(OnePixel, 1, 0));
        var shift = new RandomShift();

        InferencePass.RunClean(bench.Context(model));
        InferencePass.RunPerturbed(bench.Context(model), shift);

        foreach (Prediction prediction in bench.Evidence.Predictions(InferencePass.Under(shift)))
        {
            byte original = bench.Data.Load(prediction.Image).Samples[0];
            float[] pixels = new float[1];
            InferencePass.LoadPerturbed(bench.Context(model), shift, prediction.Image, pixels);
            // The embedding is (3x, 4x): distances are five times those of the pixels.
            Assert.Equal(5 * Math.Abs(pixels[0] - (original / 255.0)), prediction.Distance, 1e-5);
        }
    }

    private static SyntheticClassifier WithEmbedding(SyntheticClassifier model)
        => new(model.Input, model.Classes, (pixels, logits) => model.Run(pixels, 1, logits, []))
        {
            PreferredBatch = model.PreferredBatch,
            EmbeddingLength = 2,
            Embedding = (pixels, embedding) => (embedding[0], embedding[1]) = (3 * pixels[0], 4 * pixels[0]),
        };

    /// <summary>Adds a random number to every sample.</summary>
    private sealed class RandomShift : IPerturbation
    {
        public string Name => "shift";

        public string Description => "A random number added to every sample.";

        public Image Apply(Image image, CounterRandom random)
            => new(image.Width, image.Height, image.Channels, [.. image.Samples.Select(s => (byte)(s + random.NextInt32(256)))]);
    }
}
