using AuditKit.Data;
using AuditKit.Imaging;
using AuditKit.Yaml;

namespace AuditKit.Tests.Data;

public sealed class SpuriousBackgroundDatasetTests : IDisposable
{
    // 100, 60 and 41 images of 2×2 pixels of three classes, in no order.
    private static readonly int[] _sizes = [100, 60, 41];

    private readonly DataFolder _folder = new();

    public SpuriousBackgroundDatasetTests()
    {
        byte[] labels = [.. _sizes.SelectMany((size, label) => Enumerable.Repeat((byte)label, size))];
        int[] order = [.. Enumerable.Range(0, labels.Length)];
        CounterRandom.For(1, "tests", 0).Shuffle(order);
        _folder.Write("set/t10k-images-idx3-ubyte", DataFolder.Idx([labels.Length, 2, 2], [.. order.SelectMany(i => new byte[] { 0, 1, 0, (byte)(i + 2) })]));
        _folder.Write("set/t10k-labels-idx1-ubyte", DataFolder.Idx([labels.Length], [.. order.Select(i => labels[i])]));
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0.95, new[] { 95, 57, 39 })]
    [InlineData(1, new[] { 100, 60, 41 })]
    [InlineData(0, new[] { 0, 0, 0 })]
    [InlineData(0.5, new[] { 50, 30, 20 })]
    public void The_correlation_is_exact_and_the_rest_is_spread_evenly(double correlation, int[] own)
    {
        using IDataset data = Open(FormattableString.Invariant($"correlation: {correlation}, seed: 3"));
        string[] colours = ["red", "green", "blue"];
        for (int label = 0; label < 3; label++)
        {
            int Having(int colour) => Enumerable.Range(0, data.Count).Count(i => data.Label(i) == label && data.Attribute("background", i) == colours[colour]);
            Assert.Equal(own[label], Having(label));
            int others = _sizes[label] - own[label];
            Assert.Equal([others / 2, others - (others / 2)], new[] { Having((label + 1) % 3), Having((label + 2) % 3) }.Order());
        }
    }

    [Fact]
    public void Black_pixels_take_the_colour_that_the_attribute_names_and_others_stay()
    {
        using IDataset plain = DatasetCatalog.Open(DataSpec.At(_folder.At("set")));
        using IDataset data = Open("correlation: 0.6, seed: 3");
        var seen = new Dictionary<string, (byte, byte, byte)>();
        for (int i = 0; i < data.Count; i++)
        {
            (Image before, Image after) = (plain.Load(i), data.Load(i));
            Assert.Equal(3, after.Channels);
            Assert.Equal($"#{i}, {data.Attribute("background", i)} background", data.Source(i));
            for (int pixel = 0; pixel < 4; pixel++)
            {
                (byte, byte, byte) colour = (after.Samples[3 * pixel], after.Samples[(3 * pixel) + 1], after.Samples[(3 * pixel) + 2]);
                byte value = before.Samples[pixel];
                (byte, byte, byte) expected = value > 0 ? (value, value, value)
                    : seen.TryGetValue(data.Attribute("background", i), out var known) ? known
                    : seen[data.Attribute("background", i)] = colour;
                Assert.Equal(expected, colour);
            }
        }

        Assert.Equal(["blue", "green", "red"], seen.Keys.Order());
        Assert.Equal(3, seen.Values.Distinct().Count());
        Assert.True(seen["red"].Item1 > 2 * seen["red"].Item2 && seen["green"].Item2 > 2 * seen["green"].Item1 && seen["blue"].Item3 > 2 * seen["blue"].Item1);
    }

    [Fact]
    public void The_seed_decides_and_the_images_stay_the_same()
    {
        string[] Backgrounds(int seed)
        {
            using IDataset data = Open($"correlation: 0.5, seed: {seed}");
            return [.. Enumerable.Range(0, data.Count).Select(i => data.Attribute("background", i))];
        }

        Assert.Equal(Backgrounds(3), Backgrounds(3));
        Assert.NotEqual(Backgrounds(3), Backgrounds(4));
    }

    [Fact]
    public void Masked_images_are_the_objects_alone_and_keep_the_attribute()
    {
        using IDataset plain = DatasetCatalog.Open(DataSpec.At(_folder.At("set")));
        using IDataset coloured = Open("correlation: 0.95, seed: 3");
        using IDataset masked = Open("correlation: 0.95, seed: 3, masked: true");
        for (int i = 0; i < masked.Count; i++)
        {
            Assert.Equal(plain.Load(i).Samples.SelectMany(value => new[] { value, value, value }), masked.Load(i).Samples);
            Assert.Equal(coloured.Attribute("background", i), masked.Attribute("background", i));
        }
    }

    [Fact]
    public void What_it_cannot_colour_is_refused()
    {
        Assert.Contains("'data.spurious-background.seed' is missing", DataFolder.Refused(() => Open("correlation: 0.5")));
        Assert.Contains("Did you mean 'correlation'?", DataFolder.Refused(() => Open("corelation: 0.5, correlation: 1, seed: 1")));
        _folder.Write("rgb/a/0.png", Png.Encode(new Image(2, 2, 3)));
        _folder.Write("rgb/b/0.png", Png.Encode(new Image(2, 2, 3)));
        Assert.Contains("needs grey images of objects on black", DataFolder.Refused(() => Open("correlation: 0.5, seed: 1", "rgb")));
        _folder.WriteImage("one/a/0.png", 1);
        Assert.Contains("not for 1", DataFolder.Refused(() => Open("correlation: 0.5, seed: 1", "one")));
    }

    private IDataset Open(string options, string path = "set")
        => DatasetCatalog.Open(DataSpec.Parse(SpecMap.Parse("spec.yaml", $"data: {{ path: {path}, spurious-background: {{ "
            + $"{options} }} }}").Map("data"), _folder.Root));
}
