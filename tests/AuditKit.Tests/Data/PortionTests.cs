using AuditKit.Data;
using AuditKit.Yaml;

namespace AuditKit.Tests.Data;

public sealed class PortionTests : IDisposable
{
    private readonly DataFolder _folder = new();

    public PortionTests()
    {
        for (int i = 0; i < 10; i++)
        {
            _folder.WriteImage($"pets/cat/{i}.png", (byte)i);
            _folder.WriteImage($"pets/dog/{i}.png", (byte)(100 + i));
        }

        _folder.WriteImage("pets/emu/0.png", 200);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Portions_that_touch_share_no_image_and_together_are_all()
    {
        string[] first = Sources("{ to: 0.4 }"), second = Sources("{ from: 0.4, to: 0.7 }"), third = Sources("{ from: 0.7 }");
        Assert.Equal([4, 4, 3], ((string[][])[first, second, third]).Select(part => part.Count(source => !source.StartsWith("dog", StringComparison.Ordinal))));
        Assert.Equal([4, 3, 3], ((string[][])[first, second, third]).Select(part => part.Count(source => source.StartsWith("dog", StringComparison.Ordinal))));
        Assert.Equal(21, first.Concat(second).Concat(third).Distinct().Count());
        Assert.Equal(first, Sources("{ to: 0.4 }"));
        Assert.NotEqual(first, Sources("{ to: 0.4, seed: 1 }"));
    }

    [Fact]
    public void Images_keep_their_labels_and_the_name_says_what_is_left()
    {
        using IDataset data = Open("{ from: 0.5 }");
        Assert.Equal("pets, 50\u00a0% to 100\u00a0% of each class", data.Name);
        Assert.All(Enumerable.Range(0, data.Count), i => Assert.StartsWith(data.Classes[data.Label(i)], data.Source(i), StringComparison.Ordinal));
        Assert.All(Enumerable.Range(0, data.Count), i => Assert.Equal(data.Label(i), data.Load(i).Samples[0] / 100));
        Assert.NotEqual(Parse("{ from: 0.5 }").Changes(), Parse("{ from: 0.4 }").Changes());
    }

    [Theory]
    [InlineData("{ from: 0.5, to: 0.5 }", "portion.to' must be above")]
    [InlineData("{ frm: 0.5 }", "Did you mean 'from'?")]
    [InlineData("{ to: 1.5 }", "must be between 0 and 1")]
    public void A_portion_of_nothing_is_refused(string portion, string message) => Assert.Contains(message, DataFolder.Refused(() => Parse(portion)));

    [Fact]
    public void So_is_one_that_leaves_no_image()
        => Assert.Contains("too few images for the portion from 0 to 0.01", DataFolder.Refused(() => Open("{ to: 0.01 }")));

    private string[] Sources(string portion)
    {
        using IDataset data = Open(portion);
        return [.. Enumerable.Range(0, data.Count).Select(data.Source)];
    }

    private IDataset Open(string portion) => DatasetCatalog.Open(Parse(portion));

    private DataSpec Parse(string portion)
        => DataSpec.Parse(SpecMap.Parse("spec.yaml", $"data: {{ path: pets, portion: {portion} }}").Map("data"), _folder.Root);
}
