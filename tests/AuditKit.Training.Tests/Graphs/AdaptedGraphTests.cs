using AuditKit.Models;
using AuditKit.Models.Onnx;
using AuditKit.Tests;
using AuditKit.Training.Graphs;

namespace AuditKit.Training.Tests.Graphs;

public sealed class AdaptedGraphTests
{
    private const int Images = 5, Channels = 3, Side = 4, Classes = 3;
    private const double Epsilon = 1e-3;

    private static readonly ClassifierOptions s_options = new() { Threads = 1 };

    [Theory]
    [InlineData(0)]
    [InlineData(3.5)]
    [InlineData(16)]
    public void Statistics_are_the_weighted_mean_of_trainings_and_the_batchs(double source)
    {
        float[] pixels = Pixels(Images);
        (double[] mean, double[] variance) = Mixed(pixels, source);
        Close(Logits(pixels, mean, variance, Scale, Shift), Run(new BatchNormAdaptation(source), pixels), 1e-4);
    }

    /// <summary>Where every position is a row, a batch still weighs as much as it has images.</summary>
    [Theory]
    [InlineData(3.5)]
    [InlineData(16)]
    public void Images_are_counted_and_not_the_rows_that_a_model_makes_of_them(double source)
    {
        float[] pixels = Pixels(Images);
        (double[] mean, double[] variance) = Mixed(pixels, source);
        Close(Logits(pixels, mean, variance, Scale, Shift), Run(new BatchNormAdaptation(source), pixels, Small(isOfRows: true)), 1e-4);
    }

    [Fact]
    public void Infinitely_many_source_images_leave_the_model_as_it_is_and_none_take_the_batch_alone()
    {
        float[] pixels = Pixels(Images);
        float[] unchanged = Logits(pixels, [.. Enumerable.Range(0, Channels).Select(Mean)], [.. Enumerable.Range(0, Channels).Select(Variance)], Scale, Shift);
        Close(unchanged, Run(new BatchNormAdaptation(1e9), pixels), 1e-4);

        // TENT's first batch is answered before any step: by the batch's own statistics.
        Close(Run(new BatchNormAdaptation(0), pixels), Run(new TentAdaptation(TentOptimiser.Adam, 0.1), pixels), 1e-5);
        Assert.Contains(unchanged.Zip(Run(new BatchNormAdaptation(0), pixels)), pair => Math.Abs(pair.First - pair.Second) > 0.1);
    }

    [Theory]
    [InlineData(TentOptimiser.Sgd)]
    [InlineData(TentOptimiser.Adam)]
    public void One_step_of_TENT_follows_the_slope_of_the_mean_entropy(TentOptimiser optimiser)
    {
        (float[] first, float[] second) = (Pixels(Images), [.. Pixels(2 * Images)[(Images * Channels * Side * Side)..]]);
        const double Step = 1e-5;
        double rate = optimiser == TentOptimiser.Adam ? 0.05 : 0.5;
        double[] parameters = [.. Enumerable.Range(0, Channels).Select(Scale), .. Enumerable.Range(0, Channels).Select(Shift)];
        double[] slopes = [.. parameters.Select((_, i) => (Entropy(Moved(i, Step)) - Entropy(Moved(i, -Step))) / (2 * Step))];
        Assert.All(slopes, slope => Assert.True(Math.Abs(slope) > 1e-4));
        // Adam's first step goes by the rate along the slope's sign; with a momentum, the first step is the gradient's.
        double[] stepped = [.. parameters.Zip(slopes, (value, slope) => value - (rate * (optimiser == TentOptimiser.Adam ? Math.Sign(slope) : slope)))];
        using var model = new AdaptedGraph(Small(), s_options, new TentAdaptation(optimiser, rate));
        model.Run(first, Images, new float[Images * Classes]);
        float[] actual = new float[Images * Classes];
        model.Run(second, Images, actual);
        Close(OfBatch(second, stepped), actual, 2e-3);
        Assert.Contains(actual.Zip(OfBatch(second, parameters)), pair => Math.Abs(pair.First - pair.Second) > 0.01);

        double[] Moved(int index, double by) => [.. parameters.Select((value, i) => i == index ? value + by : value)];

        double Entropy(double[] scalesAndShifts) => Exact(first, scalesAndShifts).Chunk(Classes).Average(row =>
        {
            double sum = row.Sum(Math.Exp);
            return -row.Sum(logit => Math.Exp(logit) / sum * (logit - Math.Log(sum)));
        });
    }

    [Fact]
    public void The_model_that_was_opened_stays_as_it_is_and_a_new_copy_begins_anew()
    {
        Graph graph = Small();
        byte[] State() => [.. graph.Initializers["gamma"].Data.ToArray(), .. graph.Initializers["mean"].Data.ToArray()];
        byte[] before = State();
        float[] pixels = Pixels(Images);
        float[] Twice(Adaptation adaptation)
        {
            using var model = new AdaptedGraph(graph, s_options, adaptation);
            float[] logits = new float[2 * Images * Classes];
            model.Run(pixels, Images, logits);
            model.Run(pixels, Images, logits.AsSpan(Images * Classes));
            return logits;
        }

        float[] tent = Twice(new TentAdaptation(TentOptimiser.Adam, 0.01));
        Assert.NotEqual(tent[..(Images * Classes)], tent[(Images * Classes)..]);
        Assert.Equal(tent, Twice(new TentAdaptation(TentOptimiser.Adam, 0.01)));
        float[] batchNorm = Twice(new BatchNormAdaptation(16));
        Assert.Equal(batchNorm[..(Images * Classes)], batchNorm[(Images * Classes)..]);
        Assert.Equal(before, State());
    }

    /// <summary>Exports that keep equal tensors once name the others by Identity, one after the other even: it is they that are trained.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Scales_and_shifts_behind_other_names_are_trained_as_those_of_their_own(int names)
    {
        float[] plain = Twice(Small()), named = Twice(Small(names: names));
        Assert.Equal(plain, named);
        Assert.NotEqual(plain[..(Images * Classes)], plain[(Images * Classes)..]);

        static float[] Twice(Graph graph)
        {
            using var model = new AdaptedGraph(graph, s_options, new TentAdaptation(TentOptimiser.Adam, 0.05));
            float[] pixels = Pixels(Images), logits = new float[2 * Images * Classes];
            model.Run(pixels, Images, logits);
            model.Run(pixels, Images, logits.AsSpan(Images * Classes));
            return logits;
        }
    }

    [Fact]
    public void Dropout_drops_nothing()
    {
        float[] pixels = Pixels(Images);
        using var model = new AdaptedGraph(Small(dropout: true), s_options, new BatchNormAdaptation(16));
        float[] logits = new float[Images * Classes];
        model.Run(pixels, Images, logits);
        Assert.Equal(Run(new BatchNormAdaptation(16), pixels), logits);
    }

    [Fact]
    public void A_model_that_cannot_adapt_is_refused_with_the_reason()
    {
        var adaptation = new BatchNormAdaptation(16);
        string folded = Assert.Throws<AuditException>(() => new AdaptedGraph(Small(norm: false), s_options, adaptation)).Message;
        Assert.Contains("has no batch norm that could adapt itself; exports fold it into the convolutions", folded);
        string single = Assert.Throws<AuditException>(() => new AdaptedGraph(Small(batch: 1), s_options, adaptation)).Message;
        Assert.Contains("takes batches of 1 alone", single);
        var script = new AuditedModel { Spec = new ModelSpec { Path = "model.pt" }, Classifier = null!, Sha256 = "", Facts = [] };
        Assert.Contains("TorchScript", Assert.Throws<AuditException>(() => new ModelFiles(Device.Parse("cpu"), 1).OpenAdapted(script, adaptation)).Message);
    }

    [Fact]
    public void ResNet_20_adapts_to_the_same_answers_whatever_the_number_of_threads()
    {
        Graph graph = OnnxFile.Read(Repository.Shared("models/cifar10-resnet20.onnx"));
        var random = CounterRandom.For(1, "test pixels", 0);
        float[] pixels = [.. Enumerable.Range(0, 40 * 3 * 32 * 32).Select(_ => (float)random.NextDouble())];
        Assert.Equal(Twice(1), Twice(2));

        float[] Twice(int threads)
        {
            using var model = new AdaptedGraph(graph, new() { Threads = threads }, new TentAdaptation(TentOptimiser.Adam, 0.001));
            float[] logits = new float[400];
            model.Run(pixels, 40, logits);
            model.Run(pixels, 40, logits);
            return logits;
        }
    }

    // Images → batch norm → ReLU → mean of each channel → linear layer, one number after the other.
    private static float[] Logits(float[] pixels, double[] mean, double[] variance, Func<int, double> scale, Func<int, double> shift)
        => [.. Exact(pixels, mean, variance, scale, shift).Select(logit => (float)logit)];

    // Training's statistics, which count as so many images, and the batch's.
    private static (double[] Mean, double[] Variance) Mixed(float[] pixels, double source)
    {
        double weight = source / (source + Images);
        double[] mean = new double[Channels], variance = new double[Channels];
        for (int c = 0; c < Channels; c++)
        {
            double[] values = [.. Enumerable.Range(0, Images).SelectMany(i => Enumerable.Range(0, Side * Side).Select(p => Value(pixels, i, c, p)))];
            double batch = values.Average();
            mean[c] = (weight * Mean(c)) + ((1 - weight) * batch);
            variance[c] = (weight * Variance(c)) + ((1 - weight) * values.Average(value => (value - batch) * (value - batch)));
        }

        return (mean, variance);
    }

    private static double[] Exact(float[] pixels, double[] scalesAndShifts)
    {
        double[] mean = new double[Channels], variance = new double[Channels];
        for (int c = 0; c < Channels; c++)
        {
            double[] values = [.. Enumerable.Range(0, Images).SelectMany(i => Enumerable.Range(0, Side * Side).Select(p => Value(pixels, i, c, p)))];
            mean[c] = values.Average();
            variance[c] = values.Average(value => (value - mean[c]) * (value - mean[c]));
        }

        return Exact(pixels, mean, variance, c => scalesAndShifts[c], c => scalesAndShifts[Channels + c]);
    }

    private static float[] OfBatch(float[] pixels, double[] scalesAndShifts) => [.. Exact(pixels, scalesAndShifts).Select(logit => (float)logit)];

    private static double[] Exact(float[] pixels, double[] mean, double[] variance, Func<int, double> scale, Func<int, double> shift)
    {
        double[] logits = new double[Images * Classes];
        for (int i = 0; i < Images; i++)
        {
            for (int c = 0; c < Channels; c++)
            {
                double pooled = Enumerable.Range(0, Side * Side).Average(p =>
                    Math.Max(0, (scale(c) * (Value(pixels, i, c, p) - mean[c]) / Math.Sqrt(variance[c] + Epsilon)) + shift(c)));
                for (int k = 0; k < Classes; k++)
                {
                    logits[(i * Classes) + k] += Weight(k, c) * pooled;
                }
            }
        }

        return logits;
    }

    private static double Value(float[] pixels, int image, int channel, int position) => pixels[(((image * Channels) + channel) * Side * Side) + position];

    private static double Mean(int channel) => 0.4 + (0.05 * channel);

    private static double Variance(int channel) => 0.02 + (0.03 * channel);

    private static double Scale(int channel) => 1.2 - (0.3 * channel);

    private static double Shift(int channel) => 0.1 * (channel + 1);

    private static double Weight(int k, int channel) => 3 * Math.Sin((k * Channels) + channel + 1);

    private static float[] Pixels(int images)
    {
        var random = CounterRandom.For(4, "adapted pixels", 0);
        return [.. Enumerable.Range(0, images * Channels * Side * Side).Select(i => (float)(random.NextDouble() * (1 + (i / 16 % 3)) / 3))];
    }

    private static float[] Run(Adaptation adaptation, float[] pixels, Graph? graph = null)
    {
        using var model = new AdaptedGraph(graph ?? Small(), s_options, adaptation);
        float[] logits = new float[Images * Classes];
        model.Run(pixels, Images, logits);
        return logits;
    }

    private static void Close(float[] expected, float[] actual, double tolerance)
        => Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, tolerance));

    private static Graph Small(bool norm = true, bool dropout = false, int? batch = null, int names = 0, bool isOfRows = false)
    {
        var graph = new Graph("small");
        Dimension images = batch is { } only ? (long)only : "n";
        graph.Input("x", images, Channels, Side, Side);
        Initializer("gamma", Channels, Scale);
        Initializer("beta", Channels, Shift);
        Initializer("mean", Channels, Mean);
        Initializer("var", Channels, Variance);
        float[] weights = [.. Enumerable.Range(0, Classes * Channels).Select(i => (float)Weight(i / Channels, i % Channels))];
        graph.Initializer("w", TensorValue.Of(weights, Classes, Channels));
        string x = isOfRows ? Rows("x") : "x";
        x = norm ? graph.Add("BatchNormalization", [x, Named("gamma"), Named("beta"), "mean", "var"], "norm", ("epsilon", (float)Epsilon)) : x;
        x = isOfRows ? Maps(x) : x;
        x = graph.Add("Relu", [x], "act");
        x = dropout ? graph.Add("Dropout", [x], "kept") : x;
        x = graph.Add("GlobalAveragePool", [x], "pool");
        x = graph.Add("Flatten", [x], "flat");
        x = graph.Add("Gemm", [x, "w"], "logits", ("transB", 1));
        graph.Output(x, images, Classes);
        return graph;

        string Named(string name)
            => Enumerable.Range(1, names).Aggregate(name, (known, other) => graph.Add("Identity", [known], $"{name}.{other}"));

        // N×C×H×W to (N·H·W)×C, and back.
        string Rows(string value)
        {
            graph.Initializer("shape of rows", TensorValue.Of([-1L, Channels], 2));
            return graph.Add("Reshape", [graph.Add("Transpose", [value], "pixels", ("perm", new long[] { 0, 2, 3, 1 })), "shape of rows"], "rows");
        }

        string Maps(string value)
        {
            graph.Initializer("shape of maps", TensorValue.Of([-1L, Side, Side, Channels], 4));
            return graph.Add("Transpose", [graph.Add("Reshape", [value, "shape of maps"], "maps")], "planes", ("perm", new long[] { 0, 3, 1, 2 }));
        }

        void Initializer(string name, int count, Func<int, double> value)
            => graph.Initializer(name, TensorValue.Of([.. Enumerable.Range(0, count).Select(i => (float)value(i))], count));
    }
}
