using System.Text.Json.Nodes;
using AuditKit.Data;

namespace AuditKit.Tests.Data;

/// <summary>COCO's and MAITE's lists.</summary>
public sealed class JsonListTests : IDisposable
{
    private readonly DataFolder _folder = new();

    public JsonListTests()
    {
        for (byte i = 1; i <= 3; i++)
        {
            _folder.WriteImage($"images/{i}.png", i);
        }
    }

    [Fact]
    public void COCO_has_its_classes_in_the_order_of_their_ids_and_leaves_images_without_annotation_out()
    {
        _folder.Write("labels.json", Coco().ToJsonString());
        using IDataset data = Open();
        Assert.Equal(("coco", 2), (data.Format, data.Count));
        Assert.Equal(["zebra", "cow"], data.Classes);
        Assert.Equal([1, 0], [data.Label(0), data.Label(1)]);
        Assert.Equal(["images/1.png", "images/2.png"], [data.Source(0), data.Source(1)]);
        Assert.Equal(["camera"], data.Attributes);
        Assert.Equal(["north", ""], [data.Attribute("camera", 0), data.Attribute("camera", 1)]);
        Assert.Equal([new Fact("Images left out", "1 of 3, which have no annotation")], data.Facts);
        using IDataset file = DatasetCatalog.Open(DataSpec.At(_folder.At("labels.json")));
        Assert.Equal(2, file.Count);
    }

    [Fact]
    public void COCO_lists_of_a_folder_annotations_are_splits()
    {
        _folder.Write("annotations/val.json", Coco().ToJsonString());
        _folder.Write("annotations/train.json", Coco().ToJsonString());
        Assert.Equal(["train", "val"], DatasetCatalog.Describe(DataSpec.At(_folder.Root)).Splits);
        using IDataset data = DatasetCatalog.Open(DataSpec.At(_folder.Root, null, "val"));
        Assert.Equal((2, 2), (data.Count, data.Load(1).Samples[0]));
        Assert.Contains("Say which: split: train", DataFolder.Refused(Open));
    }

    [Fact]
    public void COCO_images_of_several_categories_are_refused()
    {
        JsonObject coco = Coco();
        coco["annotations"]!.AsArray().Add(new JsonObject { ["id"] = 9, ["image_id"] = 10, ["category_id"] = 3 });
        _folder.Write("labels.json", coco.ToJsonString());
        Assert.Contains("annotation 4: image 10 has annotations of several categories, 'cow' and 'zebra'; a classifier is audited on images of one class each. "
            + "Cut the objects out", DataFolder.Refused(Open));
    }

    [Theory]
    [InlineData("annotations", "category_id", "annotation 1: has no 'category_id'.")]
    [InlineData("annotations", "image_id", "annotation 1: has no 'image_id'.")]
    [InlineData("images", "file_name", "image 1: has no 'file_name'.")]
    [InlineData("categories", "name", "category 1: has no 'name'.")]
    public void COCO_without_a_value_names_its_place(string list, string key, string message)
    {
        JsonObject coco = Coco();
        coco[list]![0]!.AsObject().Remove(key);
        _folder.Write("labels.json", coco.ToJsonString());
        Assert.Contains($"labels.json: {message}", DataFolder.Refused(Open));
    }

    [Theory]
    [InlineData("1", "0")]
    [InlineData("\"dog\"", "\"cat\"")]
    [InlineData("[0, 1]", "[1, 0]")]
    [InlineData("[0.2, 0.8]", "[0.7, 0.3]")]
    public void MAITE_targets_are_an_index_a_name_or_scores(string first, string second)
    {
        foreach (string names in (string[])["\"index2label\": {\"1\": \"dog\", \"0\": \"cat\"}", "\"metadata\": {\"id\": \"pets\", "
            + "\"index2label\": [\"cat\", \"dog\"]}"])
        {
            _folder.Write("labels.json", $$"""
                { {{names}}, "data": [
                  { "file_name": "images/1.png", "target": {{first}}, "metadata": { "id": 1, "weather": "fog" } },
                  { "file_name": "images/2.png", "target": {{second}}, "metadata": { "id": 2 } } ] }
                """);
            using IDataset data = Open();
            Assert.Equal(("maite", 2), (data.Format, data.Count));
            Assert.Equal(["cat", "dog"], data.Classes);
            Assert.Equal([1, 0], [data.Label(0), data.Label(1)]);
            Assert.Equal(["fog", ""], [data.Attribute("weather", 0), data.Attribute("weather", 1)]);
        }
    }

    [Theory]
    [InlineData("[1, 1]", "image 1: its target is [1, 1]; expected an index, a name, or 2 scores of which one is the largest: an image has one class.")]
    [InlineData("[1, 0, 0]", "expected an index, a name, or 2 scores")]
    [InlineData("null", "image 1: has no 'target'.")]
    [InlineData("5", "image 1: label '5' is out of range")]
    [InlineData("\"cow\"", "image 1: label 'cow' is out of range")]
    public void MAITE_images_of_no_one_class_are_refused(string target, string message)
    {
        _folder.Write("labels.json", $$"""{ "index2label": {"0": "cat", "1": "dog"}, "data": [ { "file_name": "images/1.png", "target": {{target}} } ] }""");
        Assert.Contains(message, DataFolder.Refused(Open));
    }

    [Fact]
    public void Damaged_lists_are_an_error_of_ours_that_names_them()
    {
        string whole = Coco().ToJsonString();
        for (int trial = 0; trial < 200; trial++)
        {
            CounterRandom random = CounterRandom.For(3, "json", trial);
            byte[] bytes = System.Text.Encoding.UTF8.GetBytes(whole);
            for (int i = 0; i < 3; i++)
            {
                bytes[random.NextInt32(bytes.Length)] = (byte)random.NextInt32(256);
            }

            string path = _folder.Write("labels.json", trial % 4 == 0 ? bytes[..random.NextInt32(bytes.Length)] : bytes);
            try
            {
                using IDataset data = DatasetCatalog.Open(DataSpec.At(path, "coco"));
            }
            catch (AuditException e)
            {
                Assert.StartsWith(path, e.Message);
            }
        }
    }

    public void Dispose() => _folder.Dispose();

    private static JsonObject Coco() => new()
    {
        ["info"] = new JsonObject { ["year"] = 2020 },
        ["categories"] = new JsonArray(new JsonObject { ["id"] = 17, ["name"] = "cow" }, new JsonObject { ["id"] = 3, ["name"] = "zebra" }),
        ["images"] = new JsonArray(
            new JsonObject { ["id"] = 10, ["file_name"] = "1.png", ["width"] = 2, ["height"] = 1, ["camera"] = "north" },
            new JsonObject { ["id"] = 11, ["file_name"] = "2.png" },
            new JsonObject { ["id"] = 12, ["file_name"] = "3.png" }),
        ["annotations"] = new JsonArray(
            new JsonObject { ["id"] = 1, ["image_id"] = 10, ["category_id"] = 17, ["bbox"] = new JsonArray(0, 0, 1, 1) },
            new JsonObject { ["id"] = 2, ["image_id"] = 10, ["category_id"] = 17 },
            new JsonObject { ["id"] = 3, ["image_id"] = 11, ["category_id"] = 3 }),
    };

    private IDataset Open() => DatasetCatalog.Open(DataSpec.At(_folder.Root));
}
