using AuditKit.Data;

namespace AuditKit.Tests.Data;

public sealed class ManifestDatasetTests : IDisposable
{
    private readonly DataFolder _folder = new();

    public ManifestDatasetTests()
    {
        for (byte i = 1; i <= 4; i++)
        {
            _folder.WriteImage($"images/{i}.png", i);
        }
    }

    [Fact]
    public void Rows_of_the_split_come_in_the_files_order_with_their_attributes()
    {
        Manifest("""
            place,path,split,label,photographer
            water,images/3.png,test,waterbird,"Brown, A."
            land,images/1.png,train,landbird,
            land,images/2.png,test,landbird,"the ""old"" one"

            """);

        using ManifestDataset data = Open("test");

        Assert.Equal(["images/3.png", "images/2.png"], Rows(data, data.Source));
        Assert.Equal(["landbird", "waterbird"], data.Classes);
        Assert.Equal([1, 0], Rows(data, data.Label));
        Assert.Equal(["place", "photographer"], data.Attributes);
        Assert.Equal(["water", "land"], Rows(data, i => data.Attribute("place", i)));
        Assert.Equal(["Brown, A.", "the \"old\" one"], Rows(data, i => data.Attribute("photographer", i)));
        Assert.Equal([3, 2], Rows(data, i => (int)data.Load(i).Samples[0]));
        Assert.Equal([_folder.At("data.csv"), _folder.At("images/3.png"), _folder.At("images/2.png")], data.Files);
        Assert.Throws<ArgumentException>(() => data.Attribute("weather", 0));
    }

    [Fact]
    public void Labels_that_are_all_numbers_are_class_indices_over_every_split()
    {
        Manifest("path,label,split\nimages/1.png,0,test\nimages/2.png,3,train\n");
        using ManifestDataset data = Open("test");
        Assert.Equal(["0", "1", "2", "3"], data.Classes);
    }

    [Fact]
    public void Named_classes_are_found_by_name_or_number()
    {
        Manifest("path,label\nimages/1.png,dog\nimages/2.png,0\n");
        using var data = ManifestDataset.Open(_folder.At("data.csv"), null, "pets", ["cat", "dog"]);
        Assert.Equal([1, 0], Rows(data, data.Label));
    }

    [Theory]
    [InlineData("path,label\nimages/1.png,cat\nimages/2.png,2\n", ":3: label '2' is out of range: neither a class name nor a number from 0 to 1.")]
    [InlineData("path,label\nimages/1.png,cow\n", ":2: label 'cow' is out of range: neither a class name nor a number from 0 to 1. Did you mean 'cat'?")]
    [InlineData("path,label\nimages/1.png,bird\n", ":2: label 'bird' is out of range: neither a class name nor a number from 0 to 1.")]
    [InlineData("path,label\nimages/1.png,-1\n", ":2: label '-1' is out of range: neither a class name nor a number from 0 to 1.")]
    public void A_label_without_a_class_is_refused_with_its_line(string manifest, string message)
    {
        Manifest(manifest);
        Assert.Equal(_folder.At("data.csv") + message, DataFolder.Refused(() => ManifestDataset.Open(_folder.At("data.csv"), null, "pets", ["cat", "dog"])));
    }

    [Theory]
    [InlineData("path,label\nimages/1.png,-1\n", ":2: label -1 is out of range, 0 to 99999.")]
    [InlineData("path,label\nimages/1.png,0\nimages/2.png,2000000000\n", ":3: label 2000000000 is out of range, 0 to 99999.")]
    [InlineData("path,label\nimages/1.png,0\nimages/9.png,0\n", ":3: there is no file 'images/9.png' in {root}.")]
    [InlineData("path,label\nimages,0\n", ":2: there is no file 'images' in {root}.")]
    [InlineData("path,label\nimages/1.png,0\nimages/2.png,1\nimages/1.png,0\n", ":4: 'images/1.png' is listed before, on line 2; an image may be listed once.")]
    [InlineData("path,label\nimages/1.png,0\n./images/../images/1.png,1\n", ":3: './images/../images/1.png' is listed before, on line 2; an "
        + "image may be listed once.")]
    [InlineData("path,label\n../secret.png,0\n", ":2: '../secret.png' leads out of {root}; images must lie inside it.")]
    [InlineData("path,label\n/etc/passwd,0\n", ":2: '/etc/passwd' leads out of {root}; images must lie inside it.")]
    [InlineData("path,label\nimages/1.png,0\nout/secret.png,0\n", ":3: 'out/secret.png' is a link out of {root}; images must lie inside it. If you trust the "
        + "link, write in data: follow-links: true")]
    [InlineData("path,label\nimages/1.png\n", ":2: 1 fields, but the first line names 2 columns.")]
    [InlineData("path,label\n,0\n", ":2: path is empty.")]
    [InlineData("path,label\nimages/1.png,\n", ":2: label is empty.")]
    [InlineData("where,what\nimages/1.png,0\n", " has no column 'path'; it has where, what. Say which are the columns: columns: { path: …, label: … }")]
    [InlineData("filename;klass\nimages/1.png;0\n", " has no column 'label'; it has filename, klass. Say which are the columns: columns: { "
        + "path: filename, label: … }")]
    [InlineData("", " has no column 'path'; it has . Say which are the columns: columns: { path: …, label: … }")]
    [InlineData("path,label,place,place\nimages/1.png,0,a,b\n", ":1: the column name 'place' is empty or given twice.")]
    [InlineData("path,label\n", ": lists no image.")]
    [InlineData("path,label\nima\"ges/1.png,0\n", ":2: a quotation mark inside a field; double it and put the field in quotation marks.")]
    public void A_bad_manifest_is_refused_with_file_and_line(string manifest, string message)
    {
        using var elsewhere = new DataFolder();
        elsewhere.WriteImage("secret.png", 9);
        Directory.CreateSymbolicLink(_folder.At("out"), elsewhere.Root);
        Manifest(manifest);
        Assert.Equal(_folder.At("data.csv") + message.Replace("{root}", _folder.Root), DataFolder.Refused(() => Open(null)));
    }

    [Fact]
    public void A_quotation_mark_left_open_is_refused()
    {
        Manifest("path,label\n\"images/1.png,0\n" + new string('x', 40_000));
        Assert.Contains("a field of more than 32768 characters; is a quotation mark left open?", DataFolder.Refused(() => Open(null)));
    }

    [Fact]
    public void A_split_that_is_not_there_is_refused_with_those_that_are()
    {
        Manifest("path,label,split\nimages/1.png,0,test\nimages/2.png,3,train\n");
        Assert.EndsWith("has no image of split 'val'; it has test, train.", DataFolder.Refused(() => Open("val")));
        Manifest("path,label\nimages/1.png,0\n");
        Assert.EndsWith(":1: there is no column 'split', but the spec asks for split 'val'.", DataFolder.Refused(() => Open("val")));
    }

    [Fact]
    public void A_missing_manifest_is_refused()
        => Assert.StartsWith($"{_folder.At("data.csv")}: cannot be read", DataFolder.Refused(() => Open(null)));

    [Fact]
    public void A_circle_of_links_counts_as_a_missing_file()
    {
        File.CreateSymbolicLink(_folder.At("a.png"), "b.png");
        File.CreateSymbolicLink(_folder.At("b.png"), "a.png");
        Manifest("path,label\na.png,0\n");
        Assert.Contains(":2: there is no file 'a.png'", DataFolder.Refused(() => Open(null)));
    }

    public void Dispose() => _folder.Dispose();

    private static IEnumerable<T> Rows<T>(ManifestDataset data, Func<int, T> value) => Enumerable.Range(0, data.Count).Select(value);

    private void Manifest(string text) => _folder.Write("data.csv", text);

    private ManifestDataset Open(string? split) => ManifestDataset.Open(_folder.At("data.csv"), split, "birds", []);
}
