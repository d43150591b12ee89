using AuditKit.Models;
using AuditKit.Yaml;

namespace AuditKit.Tests.Models;

public sealed class ModelSpecTests
{
    private static readonly string[] s_lines =
    [
        "layout: nhwc", "channels: bgr", "range: bytes", "output: scores", "activation: sigmoids", "embedding: pool", "input: [3, 8, 8]",
        "resize: 20", "crop: true", "mean: 0.5\nstd: 0.5",
    ];

    [Fact]
    public void Every_key_but_the_path_is_part_of_what_the_models_answers_depend_on()
    {
        ModelSpec plain = Parse("");
        // Files go in by their digests, a named transform by what it sets.
        Assert.Equal(
            ModelSpec.Keys.Select(key => key.Key).Where(key => key is not ("path" or "preprocess" or "float")).Order(), plain.Preprocessing
                .Select(option => option.Key).Order());
        Assert.All(s_lines, line => Assert.NotEqual(plain.Preprocessing, Parse(line).Preprocessing));
    }

    [Fact]
    public void A_named_transform_is_what_it_sets()
    {
        Assert.Equal(Parse("mean: [0.485, 0.456, 0.406]\nstd: [0.229, 0.224, 0.225]\nrange: unit\nresize: 256\ncrop: true").Preprocessing,
            Parse("preprocess: imagenet-224").Preprocessing);
        Assert.Equal(Parse("mean: [103.939, 116.779, 123.68]\nstd: [1, 1, 1]\nrange: bytes\nchannels: bgr\nstretch: true").Preprocessing,
            Parse("preprocess: keras-caffe").Preprocessing);
        Assert.Equal(Parse("range: signed\nstretch: true").Preprocessing, Parse("preprocess: keras-tf").Preprocessing);
        Assert.Contains("imagenet-224", Assert.Throws<AuditException>(() => Parse("preprocess: imagenet-225")).Message);
    }

    [Fact]
    public void Keys_beside_a_named_transform_win()
    {
        ModelSpec spec = Parse("preprocess: caffe-224\nmean: 0.4\nstd: 0.2\nrange: unit\nchannels: rgb\nresize: 300\ncrop: false\nstretch: false");
        Assert.Equal(Parse("mean: 0.4\nstd: 0.2\nrange: unit\nchannels: rgb\nresize: 300").Preprocessing, spec.Preprocessing);
    }

    [Fact]
    public void All_of_it_reaches_the_engine()
    {
        ModelSpec spec = Parse(string.Join('\n', s_lines));
        ClassifierOptions options = spec.Options(Device.Cpu, threads: 3);
        Assert.Equal(
            (InputLayout.ChannelsLast, ChannelOrder.Bgr, PixelRange.Bytes, "scores", Activation.Sigmoids, "pool", 3),
            (options.Layout, options.Channels, options.Range, options.Output, options.Activation, options.Embedding, options.Threads));
        Assert.Equal([0.5f], options.Mean);
    }

    [Fact]
    public void A_mean_outside_the_range_says_which_line_to_write()
    {
        string message = Assert.Throws<AuditException>(() => Parse("mean: [103.9, 116.8, 123.7]\nstd: [1, 1, 1]")).Message;
        Assert.Contains("[0, 1]", message);
        Assert.Contains("range: bytes", message);
        Assert.Equal(3, Parse("mean: [103.9, 116.8, 123.7]\nstd: [1, 1, 1]\nrange: bytes").Mean.Count);
    }

    [Theory]
    [InlineData("[3, 224.9, 224]")]
    [InlineData("[1.5, 28, 28]")]
    [InlineData("[3, 224]")]
    public void An_input_that_is_not_three_whole_numbers_is_refused(string input)
        => Assert.Contains("'input' must be [channels, height, width], whole numbers", Assert.Throws<AuditException>(() => Parse($"input: {input}")).Message);

    private static ModelSpec Parse(string lines)
        => ModelSpec.Parse(SpecMap.Parse("audit.yaml", $"path: model.onnx\n{lines}"), "/", mustExist: false);
}
