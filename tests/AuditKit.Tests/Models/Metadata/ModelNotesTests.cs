using AuditKit.Imaging;
using AuditKit.Models;
using AuditKit.Models.Metadata;
using AuditKit.Models.Onnx;

namespace AuditKit.Tests.Models.Metadata;

public sealed class ModelNotesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("auditkit-").FullName;
    private readonly Graph _graph = SmallModels.Linear();

    private string Model => Path.Combine(_folder, "model.onnx");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Nothing_said_is_nothing_noted()
    {
        ModelNotes notes = Read();
        Assert.Empty(notes.Notes);
        Assert.Empty(notes.Faults);
    }

    [Theory]
    [InlineData("""{0: 'cat', 1: "dog's", 2: 'a\'b', 3: 'caf\xe9'}""", "cat|dog's|a'b|café")]
    [InlineData("""{"0": "cat", "1": "dog", "2": "owl", "3": "snowman ☃"}""", "cat|dog|owl|snowman ☃")]
    [InlineData("['cat', 'dog', 'owl', 'fox']", "cat|dog|owl|fox")]
    [InlineData("{1: 'dog', 0: 'cat', 3: 'fox', 2: 'owl',}", "cat|dog|owl|fox")]
    public void Ultralytics_names_are_read_in_the_order_of_the_outputs(string text, string expected)
    {
        _graph.Metadata["names"] = text;
        Assert.Equal(expected.Split('|'), Read().Naming(4)!.Classes);
    }

    [Theory]
    [InlineData("{0: 'cat', 2: 'dog'}", "no name for class 1")]
    [InlineData("{0: 'cat', 0: 'dog'}", "once")]
    [InlineData("{0: 'cat'", "no list of names")]
    [InlineData("{0: 'cat\\", "no list of names")]
    [InlineData("{0: __import__('os')}", "no list of names")]
    [InlineData("{0: 'cat', 1: ' '}", "no name for class 1")]
    [InlineData("{-1: 'cat'}", "no list of names")]
    [InlineData("", "no list of names")]
    public void Names_that_make_no_sense_are_a_fault_and_not_fatal(string text, string fault)
    {
        _graph.Metadata["names"] = text;
        ModelNotes notes = Read();
        Assert.Empty(notes.Notes);
        Assert.Contains(fault, Assert.Single(notes.Faults));
        Assert.Contains("model.onnx", notes.Faults[0]);
    }

    [Fact]
    public void Ultralytics_classifiers_say_their_size_too()
    {
        (_graph.Metadata["names"], _graph.Metadata["task"], _graph.Metadata["imgsz"]) = ("{0: 'cat', 1: 'dog'}", "classify", "[224, 224]");
        ModelNote note = Assert.Single(Read().Notes);
        Assert.Equal(
            (PixelRange.Unit, 224, true, false, new InputShape(3, 224, 224)),
            (note.Range!.Value, note.Resize!.Value, note.Crop, note.Stretch, note.Input!.Value));
    }

    [Theory]
    [InlineData("Bgr8", "NominalRange_0_255", ChannelOrder.Bgr, PixelRange.Bytes)]
    [InlineData("rgb8", "Normalized_1_1", ChannelOrder.Rgb, PixelRange.Signed)]
    [InlineData("Gray8", "Normalized_0_1", ChannelOrder.Grey, PixelRange.Unit)]
    public void Notes_on_images_are_the_default_of_channels_and_range(string format, string values, ChannelOrder channels, PixelRange range)
    {
        (_graph.Metadata["Image.BitmapPixelFormat"], _graph.Metadata["Image.NominalPixelRange"]) = (format, values);
        (_graph.Metadata["Image.ColorSpaceGamma"], ModelSpec spec) = ("SRGB", new ModelSpec { Path = Model });
        OnnxFile.Write(_graph, Model);
        using AuditedModel opened = new OnnxModels(default, 1).Open(spec);
        Assert.Equal((channels, range), (opened.Spec.Channels, opened.Spec.Range));
        Assert.Equal((channels, range), opened.Notes.OwnDefaults);

        using AuditedModel asked = new OnnxModels(default, 1).Open(spec with { Channels = ChannelOrder.Rgb, Range = PixelRange.Unit });
        Assert.Equal((ChannelOrder.Rgb, PixelRange.Unit), (asked.Spec.Channels, asked.Spec.Range));
        // A mean is in the spec's own range.
        Assert.Null((spec with { Mean = [0.5], Std = [0.5] }).WithNotesOf(_graph).Range);
        Assert.Null((spec with { Mean = [0], Std = [0.5] }).WithNotesOf(_graph).Range);
        // Recipes write so that there is none.
        Assert.Equal(range, (spec with { Mean = [0], Std = [1] }).WithNotesOf(_graph).Range);
    }

    [Fact]
    public void The_default_reaches_the_engine()
    {
        OnnxFile.Write(_graph, Model);
        using AuditedModel plain = new OnnxModels(default, 1).Open(new ModelSpec { Path = Model, Channels = ChannelOrder.Bgr, Range = PixelRange.Bytes });
        float[] expected = new float[SmallModels.Classes], actual = new float[SmallModels.Classes];
        plain.Classifier.Run(SmallModels.Pixels(SmallModels.Length), 1, expected, []);
        (_graph.Metadata["Image.BitmapPixelFormat"], _graph.Metadata["Image.NominalPixelRange"]) = ("Bgr8", "NominalRange_0_255");
        OnnxFile.Write(_graph, Model);
        using AuditedModel noted = new OnnxModels(default, 1).Open(new ModelSpec { Path = Model });
        noted.Classifier.Run(SmallModels.Pixels(SmallModels.Length), 1, actual, []);
        Assert.Equal(expected, actual);
    }

    [Theory]
    [InlineData("Image.BitmapPixelFormat", "Purple")]
    [InlineData("Image.NominalPixelRange", "NominalRange_16_235")]
    [InlineData("Image.ColorSpaceGamma", "Linear")]
    public void What_is_not_followed_is_remarked(string key, string value)
    {
        _graph.Metadata[key] = value;
        ModelNotes notes = Read();
        string remark = Assert.Single(Assert.Single(notes.Notes).Remarks);
        Assert.Contains(key, remark);
        Assert.Contains(value, remark);
        Assert.Equal((null, null), notes.OwnDefaults);
    }

    [Fact]
    public void A_ZipMap_names_classes()
    {
        _graph.Nodes.Add(ZipMap(("classlabels_strings", new[] { "cat", "dog", "owl", "fox" })));
        Assert.Equal(["cat", "dog", "owl", "fox"], Read().Naming(4)!.Classes);
        _graph.Nodes[^1] = ZipMap(("classlabels_int64s", new long[] { 2, 3, 5, 7 }));
        Assert.Equal(["2", "3", "5", "7"], Read().Naming(4)!.Classes);
        // Numbers that only count name nothing.
        _graph.Nodes[^1] = ZipMap(("classlabels_int64s", new long[] { 0, 1, 2, 3 }));
        Assert.Empty(Read().Notes);
    }

    [Fact]
    public void Labels_txt_has_a_name_a_line()
    {
        Beside("labels.txt", "cat\r\nbig dog \r\n\r\n");
        Assert.Equal(["cat", "big dog"], Read().Naming(2)!.Classes);
        Beside("labels.txt", "cat\n\ndog\n");
        Assert.Contains("no name for class 1", Assert.Single(Read().Faults));
    }

    [Theory]
    [InlineData("""{"id2label": {"1": "dog", "0": "cat"}}""", "cat|dog")]
    [InlineData("""{"id2label": {"0": "LABEL_0", "1": "LABEL_1"}}""", "")]
    [InlineData("""{"architecture": "resnet18", "label_names": ["cat", "dog"], "pretrained_cfg": {"mean": [0.5], "std": [0.5]}}""", "cat|dog")]
    public void Config_json_names_classes(string json, string expected)
    {
        Beside("config.json", json);
        Assert.Equal(expected, string.Join('|', Read().Notes.SelectMany(note => note.Classes)));
    }

    [Fact]
    public void Timms_config_says_how_images_are_prepared()
    {
        Beside("config.json", """
            {"architecture": "resnet18", "pretrained_cfg": {"mean": [0.485, 0.456, 0.406], "std": [0.229, 0.224, 0.225], "input_size": [3, 224, 224],
             "crop_pct": 0.95, "crop_mode": "center", "interpolation": "bicubic"}}
            """);
        ModelNote note = Assert.Single(Read().Notes);
        Assert.Equal(
            (PixelRange.Unit, 235, true, false, new InputShape(3, 224, 224)),
            (note.Range!.Value, note.Resize!.Value, note.Crop, note.Stretch, note.Input!.Value));
        Assert.Equal([0.229, 0.224, 0.225], note.Std);
        Assert.Contains("bicubic", Assert.Single(note.Remarks));
    }

    // range, mean, resize, crop, stretch; as transformers' image processors do.
    [Theory]
    [InlineData("""{"size": {"height": 224, "width": 224}, "image_mean": [0.5], "image_std": [0.5], "rescale_factor": 0.00392156862745098}""",
        "Unit 0.5  False True")]
    [InlineData("""{"size": 224, "do_normalize": true, "image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5]}""", "Unit 0.5  False True")]
    [InlineData("""{"size": {"shortest_edge": 256}, "do_center_crop": true, "crop_size": {"height": 224, "width": 224}, "do_normalize": false}""",
        "Unit  256 True False")]
    [InlineData("""{"size": 224, "do_center_crop": true, "crop_size": 224, "do_normalize": false}""", "Unit  224 True False")]
    [InlineData("""{"size": {"shortest_edge": 224}, "crop_pct": 0.875, "do_normalize": false}""", "Unit  256 True False")]
    [InlineData("""{"size": {"shortest_edge": 384}, "crop_pct": 0.875, "do_normalize": false}""", "Unit   False True")]
    [InlineData("""{"do_resize": false, "do_rescale": false, "image_mean": [127.5], "image_std": [127.5]}""", "Bytes 127.5  False False")]
    [InlineData("""{"do_resize": false, "rescale_factor": 0.00784313725490196, "rescale_offset": true}""", "Signed   False False")]
    public void A_preprocessor_config_says_how_images_are_prepared(string json, string expected)
    {
        Beside("preprocessor_config.json", json);
        ModelNotes notes = Read();
        Assert.Empty(notes.Faults);
        ModelNote note = Assert.Single(notes.Notes);
        double? mean = note.Mean.Count > 0 ? note.Mean[0] : null;
        Assert.Equal(expected, FormattableString.Invariant($"{note.Range} {mean} {note.Resize} {note.Crop} {note.Stretch}"));
    }

    [Fact]
    public void A_preprocessor_that_takes_blue_first_or_scales_otherwise_says_so()
    {
        Beside("preprocessor_config.json", """{"size": {"height": 8, "width": 8}, "do_flip_channel_order": true, "resample": 3}""");
        ModelNote note = Assert.Single(Read().Notes);
        Assert.Equal(ChannelOrder.Bgr, note.Channels);
        Assert.Contains("bicubic", Assert.Single(note.Remarks));
    }

    [Theory]
    [InlineData("model.json")]
    [InlineData("model-metadata.json")]
    public void A_sidecar_of_JATIC_ONNX_v1_is_read(string file)
    {
        Beside(file, Sidecar("v1", "IMAGE_CLASSIFICATION", 2));
        ModelNote note = Assert.Single(Read().Notes);
        Assert.Equal(["cat", "dog"], note.Classes);
        Assert.Equal((ChannelOrder.Rgb, PixelRange.Unit, new InputShape(3, 4, 5), true), (note.Channels, note.Range, note.Input!.Value, note.Stretch));
    }

    [Theory]
    [InlineData("v2", "IMAGE_CLASSIFICATION", 2, "v2")]
    [InlineData("v1", "IMAGE_OBJECT_DETECTION", 2, "IMAGE_OBJECT_DETECTION")]
    [InlineData("v1", "IMAGE_CLASSIFICATION", 3, "nClasses")]
    public void A_sidecar_that_does_not_fit_is_a_fault(string version, string task, int classes, string word)
    {
        Beside("model-metadata.json", Sidecar(version, task, classes));
        Assert.Contains(word, Assert.Single(Read().Faults));
    }

    [Fact]
    public void A_json_file_of_another_kind_says_nothing()
    {
        Beside("model.json", """{"interface": "REST", "layers": [1, 2, 3]}""");
        Assert.Empty(Read().Notes);
        Assert.Empty(Read().Faults);
    }

    [Theory]
    [InlineData("preprocessor_config.json", "{\"size\": \"large\"}", "'size'")]
    [InlineData("preprocessor_config.json", "{\"image_mean\": [\"a\"]}", "'image_mean'")]
    [InlineData("preprocessor_config.json", "{\"image_mean\": [0.5], \"do_normalize\": true}", "'image_std'")]
    [InlineData("preprocessor_config.json", "{\"rescale_factor\": 0.1}", "'rescale_factor'")]
    [InlineData("preprocessor_config.json", "{\"size\": {\"height\": 1e9}}", "'size.height'")]
    [InlineData("preprocessor_config.json", "[]", "no JSON object")]
    [InlineData("config.json", "{\"id2label\": {\"cat\": 0}}", "'id2label'")]
    [InlineData("config.json", "{\"id2label\": {\"0\": {}}}", "'id2label'")]
    [InlineData("config.json", "{\"pretrained_cfg\": 3}", "'pretrained_cfg'")]
    [InlineData("config.json", "{", "no JSON")]
    [InlineData("model-metadata.json", "{\"interface\": {\"name\": \"JATIC_ONNX\", \"version\": \"v1\"}}", "'io'")]
    public void Nonsense_is_a_fault_that_names_file_and_field(string file, string json, string words)
    {
        Beside(file, json);
        ModelNotes notes = Read();
        Assert.Empty(notes.Notes);
        Assert.All(notes.Faults, fault => Assert.Contains(file, fault));
        Assert.Contains(notes.Faults, fault => fault.Contains(words, StringComparison.Ordinal));
    }

    [Fact]
    public void Files_too_deep_or_too_large_are_not_read()
    {
        Beside("model-metadata.json", $"{{\"a\": {new string('[', 5000)}{new string(']', 5000)}}}");
        Beside("labels.txt", string.Concat(Enumerable.Repeat("a class\n", 1_200_000)));
        IReadOnlyList<string> faults = Read().Faults;
        Assert.Equal(2, faults.Count);
        Assert.Contains("nested", faults[0]);
        Assert.Contains("larger than 8 MB", faults[1]);
    }

    [Fact]
    public void Sources_that_contradict_each_other_are_said_and_what_the_file_says_itself_wins()
    {
        _graph.Metadata["names"] = "{0: 'cat', 1: 'dog'}";
        Beside("labels.txt", "dog\ncat\n");
        ModelNotes notes = Read();
        Assert.Equal(["cat", "dog"], notes.Naming(2)!.Classes);
        Assert.Contains("differently", Assert.Single(notes.Faults));
    }

    [Fact]
    public void Names_that_cannot_tell_the_classes_apart_name_none()
    {
        Beside("labels.txt", "crane\ncat\ncrane\n");
        Assert.Null(Read().Naming(3));
        Assert.Contains("2 classes 'crane'", Assert.Single(Read().Misnaming(3)));
        Assert.Contains("names 3 classes, but the model has 4", Assert.Single(Read().Misnaming(4)));
    }

    private static string Sidecar(string version, string task, int classes) => $$$"""
        {"interface": {"name": "JATIC_ONNX", "version": "{{{version}}}"},
         "io": {"batchSize": -1, "interface": "{{{task}}}", "input": {"channels": "RGB", "height": 4, "width": 5}, "output": {"nClasses": {{{classes}}}}},
         "index2label": {"0": "cat", "1": "dog"}}
        """;

    private static Node ZipMap((string Name, AttributeValue Value) labels)
    {
        var node = new Node("ZipMap", ["logits"], ["map"]) { Domain = "ai.onnx.ml" };
        node.Attributes.Add(labels.Name, labels.Value);
        return node;
    }

    private void Beside(string file, string text) => File.WriteAllText(Path.Combine(_folder, file), text);

    private ModelNotes Read() => ModelNotes.Read(Model, With(_graph));

    // As read from the file: faults name it.
    private Graph With(Graph graph)
    {
        OnnxFile.Write(graph, Model);
        return graph.Nodes.Exists(node => node.Type == "ZipMap") ? graph : OnnxFile.Read(Model);
    }
}
