using AuditKit.Data;
using AuditKit.Yaml;

namespace AuditKit.Tests.Data;

public sealed class ListColumnsTests : IDisposable
{
    private readonly DataFolder _folder = new();

    public ListColumnsTests()
    {
        for (byte i = 1; i <= 3; i++)
        {
            _folder.WriteImage($"images/{i}.png", i);
        }
    }

    [Theory]
    [InlineData(",", "path", "label")]
    [InlineData(";", "Filename", "ClassId")]
    [InlineData("\t", "image_path", "category")]
    [InlineData(";", "file_name", "class")]
    public void Usual_columns_are_found_whatever_stands_between_them(string delimiter, string path, string label)
    {
        string text = $"{path},place,{label}\nimages/1.png,\"in, or out\",cat\nimages/2.png,out,dog\n".Replace(",", delimiter, StringComparison.Ordinal);
        _folder.Write("list.csv", [0xEF, 0xBB, 0xBF, .. System.Text.Encoding.UTF8.GetBytes(text)]);
        using IDataset data = Open("{ path: . }");
        Assert.Equal(("manifest", 2), (data.Format, data.Count));
        Assert.Equal(["cat", "dog"], data.Classes);
        Assert.Equal(["place"], data.Attributes);
        Assert.Equal("in, or out".Replace(",", delimiter, StringComparison.Ordinal), data.Attribute("place", 0));
        Assert.Equal(2, data.Load(1).Samples[0]);
    }

    [Fact]
    public void Columns_of_any_names_are_named_by_the_spec()
    {
        _folder.Write("list.csv", "where,what,label,when\nimages/1.png,cat,x,test\nimages/2.png,dog,y,train\n");
        using IDataset data = Open("{ path: list.csv, split: test, columns: { path: where, label: what, split: when } }");
        Assert.Equal(1, data.Count);
        Assert.Equal(["cat", "dog"], data.Classes);
        Assert.Equal(("x", "label"), (data.Attribute("label", 0), data.Attributes[0]));
    }

    [Theory]
    [InlineData("{ path: . }", "list.csv has no column 'path'; it has where, what. Say which are the columns: columns: { path: …, label: … }")]
    [InlineData("{ path: list.csv }", "list.csv has no column 'path'; it has where, what. Say which are the columns: columns: { path: …, label: … }")]
    [InlineData("{ path: ., columns: { path: where } }", "list.csv has no column 'label'; it has where, what. Say which are the columns: "
        + "columns: { path: where, label: … }")]
    [InlineData("{ path: ., columns: { path: wher, label: what } }", "list.csv has no column 'wher'; it has where, what. Say which are the "
        + "columns: columns: { path: …, label: what }")]
    [InlineData("{ path: ., columns: { path: where, label: what, split: when } }", "list.csv has no column 'when'; it has where, what.")]
    public void A_list_that_is_nearly_right_is_answered_by_what_is_wrong_with_it(string spec, string message)
    {
        _folder.Write("list.csv", "where,what\nimages/1.png,cat\n");
        string refused = DataFolder.Refused(() => Open(spec));
        Assert.Contains(message, refused);
        Assert.DoesNotContain("It may be", refused);
    }

    [Fact]
    public void Columns_are_part_of_what_the_data_is()
    {
        string[] changes = [.. new[] { "{ path: . }", "{ path: ., columns: { label: a } }", "{ path: ., columns: { label: b } }",
            "{ path: ., crop-to-region: true }" }
            .Select(yaml => Parse(yaml).Changes())];
        Assert.Equal(changes.Length, changes.Distinct().Count());
        Assert.Equal(changes[0], Parse("{ path: ., follow-links: true }").Changes());
    }

    [Theory]
    [InlineData("{ path: ., format: folder, columns: { label: a } }", "data of format folder has no list whose columns could be named; leave out 'columns'.")]
    [InlineData("{ path: ., format: folder, crop-to-region: true }", "data of format folder has no regions; leave out 'crop-to-region'.")]
    [InlineData("{ path: ., columns: { pth: a } }", "Did you mean 'path'?")]
    [InlineData("{ path: ., follow-links: maybe }", "'maybe' is not one of true, false.")]
    public void A_key_that_does_not_fit_is_refused_at_its_line(string yaml, string message)
    {
        string refused = DataFolder.Refused(() => Parse(yaml));
        Assert.StartsWith("spec.yaml:1:", refused);
        Assert.Contains(message, refused);
    }

    [Fact]
    public void Several_lists_are_splits_with_the_classes_of_all()
    {
        _folder.Write("Train.csv", "Path,ClassId\nimages/1.png,cow\nimages/2.png,dog\n");
        _folder.Write("Test.csv", "Path,ClassId\nimages/3.png,dog\n");
        Assert.Equal(("manifest", "Test Train"), (Describe().Format, string.Join(' ', Describe().Splits)));
        using IDataset test = Open("{ path: ., split: test }");
        Assert.Equal((1, 1), (test.Count, test.Label(0)));
        Assert.Equal(["cow", "dog"], test.Classes);
        Assert.Contains("has several lists of images, Test.csv and Train.csv. Say which: split: Test", DataFolder.Refused(() => Open("{ path: . }")));
    }

    [Fact]
    public void A_label_of_several_classes_is_refused()
    {
        _folder.Write("list.jsonl", "{\"file_name\": \"images/1.png\", \"label\": [\"cat\"]}\n{\"file_name\": \"images/2.png\", \"label\": "
            + "[\"cat\", \"dog\"]}\n");
        Assert.Equal(
            _folder.At("list.jsonl") + ":2: label is [\"cat\", \"dog\"]; expected one value: an image has one path and one class.",
            DataFolder.Refused(() => Open("{ path: list.jsonl }")));
    }

    [Fact]
    public void JSON_Lines_are_a_table_whose_missing_values_are_empty()
    {
        _folder.Write("list.jsonl", "{\"path\": \"images/1.png\", \"label\": 1, \"age\": 7}\n\n{\"path\": \"images/2.png\", \"label\": 0, "
            + "\"age\": null, \"ok\": true}\n");
        using IDataset data = Open("{ path: . }");
        Assert.Equal([1, 0], [data.Label(0), data.Label(1)]);
        Assert.Equal(["7", "", "", "true"], [data.Attribute("age", 0), data.Attribute("age", 1), data.Attribute("ok", 0), data.Attribute("ok", 1)]);
        _folder.Write("list.jsonl", "{\"path\": \"images/1.png\", \"label\": 1}\n{\"path\": \n");
        Assert.StartsWith(_folder.At("list.jsonl") + ":2: expected an object", DataFolder.Refused(() => Open("{ path: . }")));
    }

    [Theory]
    [InlineData("", "nothing says their classes. Put each into a folder of its class (cat/1.png), or beside them a list.csv with the columns path and label.")]
    [InlineData("cat/a.png", "has images (1.png) beside its folders (cat); move each into the folder of its class.")]
    public void Images_without_classes_are_answered_by_how_to_go_on(string further, string message)
    {
        _folder.WriteImage("loose/1.png", 1);
        if (further.Length > 0)
        {
            _folder.WriteImage($"loose/{further}", 1);
        }

        Assert.Contains(message, DataFolder.Refused(() => Open("{ path: loose }")));
    }

    public void Dispose() => _folder.Dispose();

    private (string Format, IReadOnlyList<string> Splits) Describe() => DatasetCatalog.Describe(DataSpec.At(_folder.Root));

    private DataSpec Parse(string yaml) => DataSpec.Parse(SpecMap.Parse("spec.yaml", $"data: {yaml}").Map("data"), _folder.Root);

    private IDataset Open(string yaml) => DatasetCatalog.Open(Parse(yaml));
}
