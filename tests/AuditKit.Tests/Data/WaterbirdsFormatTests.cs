using AuditKit.Data;

namespace AuditKit.Tests.Data;

public sealed class WaterbirdsFormatTests : IDisposable
{
    private const string Header = "img_id,img_filename,y,split,place,place_filename\n";
    private readonly DataFolder _folder = new();

    [Theory]
    [InlineData("folder")]
    [InlineData("tar")]
    [InlineData("zip")]
    public void Labels_places_and_splits_are_the_published_codes(string kind)
    {
        _folder.WriteImage("birds/001.Albatross/a.png", 1);
        _folder.WriteImage("birds/001.Albatross/b.png", 2);
        _folder.WriteImage("birds/002.Wren/c.png", 3);
        _folder.Write("birds/metadata.csv", $"""
            {Header}1,001.Albatross/a.png,1,2,0,/b/bamboo_forest/1.jpg
            2,001.Albatross/b.png,1,0,1,/o/ocean/2.jpg
            3,002.Wren/c.png,0,2,1,/o/ocean/3.jpg
            """);
        string path = kind == "folder" ? _folder.At("birds") : ArchiveFile.Pack(_folder, "birds", kind, "waterbird_complete95_forest2water2/");

        using IDataset data = DatasetCatalog.Open(DataSpec.At(path));

        Assert.Equal(("waterbirds", 2), (data.Format, data.Count));
        Assert.Equal(["landbird", "waterbird"], data.Classes);
        Assert.Equal([1, 0], Enumerable.Range(0, 2).Select(data.Label));
        Assert.Equal(["land", "water"], Enumerable.Range(0, 2).Select(i => data.Attribute("place", i)));
        Assert.Equal(["place"], data.Attributes);
        Assert.Equal(3, data.Load(1).Samples[0]);
        using IDataset train = DatasetCatalog.Open(DataSpec.At(path, "waterbirds", "train"));
        Assert.Equal("001.Albatross/b.png", train.Source(0));
    }

    [Theory]
    [InlineData("1,a.png,2,2,0,x\n", ":2: y is '2', outside 0 to 1.")]
    [InlineData("1,a.png,1,3,0,x\n", ":2: split is '3', outside 0 to 2.")]
    [InlineData("1,a.png,1,2,,x\n", ":2: place is '', outside 0 to 1.")]
    [InlineData("1,../a.png,1,2,0,x\n", ":2: '../a.png' leads out of")]
    [InlineData("1,b.png,1,2,0,x\n", ":2: there is no file 'b.png'")]
    [InlineData("1,a.png,1,0,0,x\n", ": lists no image of split 'test'.")]
    public void Codes_and_paths_that_cannot_be_are_refused_with_their_line(string rows, string message)
    {
        _folder.WriteImage("a.png", 1);
        _folder.Write("metadata.csv", Header + rows);
        Assert.StartsWith(_folder.At("metadata.csv") + message, DataFolder.Refused(() => DatasetCatalog.Open(DataSpec.At(_folder.Root, "waterbirds"))));
    }

    // Counts of the test split by (y, place): metadata.csv of the published set, counted with Python's csv module.
    [Fact]
    public void The_real_set_is_read_straight_from_its_tar()
    {
        using IDataset data = DatasetCatalog.Open(DataSpec.At(Repository.Shared("data/waterbirds.tar")));

        var counts = Enumerable.Range(0, data.Count).CountBy(i => (data.Label(i), data.Attribute("place", i))).ToDictionary();
        Assert.Equal(("waterbirds", 5794), (data.Format, data.Count));
        Assert.Equal(
            (2255, 2255, 642, 642),
            (counts[(0, "land")], counts[(0, "water")], counts[(1, "land")], counts[(1, "water")]));
        Parallel.For(0, 40, i => Assert.Equal((96, 96, 3), (data.Load(i * 100).Width, data.Load(i * 100).Height, data.Load(i * 100).Channels)));
    }

    public void Dispose() => _folder.Dispose();
}
