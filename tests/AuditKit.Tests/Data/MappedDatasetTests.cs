using AuditKit.Data;
using AuditKit.Yaml;

namespace AuditKit.Tests.Data;

public sealed class MappedDatasetTests : IDisposable
{
    private readonly DataFolder _folder = new();

    public MappedDatasetTests()
    {
        foreach ((int i, string name) in new[] { "airplane", "car", "monkey" }.Index())
        {
            _folder.WriteImage($"stl/{name}/a.png", (byte)i);
        }
    }

    [Fact]
    public void Labels_become_those_of_the_other_set_and_dropped_classes_go()
    {
        using IDataset data = Open("map: { car: automobile }, unmapped: drop", ["automobile", "truck", "airplane"]);
        Assert.Equal(["automobile", "truck", "airplane"], data.Classes);
        Assert.Equal([2, 0], Enumerable.Range(0, data.Count).Select(data.Label));
        Assert.Equal(["airplane/a.png", "car/a.png"], Enumerable.Range(0, data.Count).Select(data.Source));
        Assert.Equal(1, data.Load(1).Samples[0]);
        Assert.Equal(3, data.Files.Count);
    }

    [Fact]
    public void Without_another_set_the_named_classes_are_the_targets()
    {
        using IDataset data = Open("map: { car: automobile, monkey: animal }, classes: [animal, automobile, airplane]", null);
        Assert.Equal([2, 1, 0], Enumerable.Range(0, data.Count).Select(data.Label));
        Assert.Equal(["animal", "automobile", "airplane"], data.Classes);
    }

    [Theory]
    [InlineData("map: { car: automobile }", "its class 'monkey' is none of automobile, airplane")]
    [InlineData("map: { cra: automobile }, unmapped: drop", "'map' names the class 'cra', which the data has not. Did you mean 'car'?")]
    [InlineData("map: { car: automobil }, unmapped: drop", "'map' leads to 'automobil', which is no class here. Did you mean 'automobile'?")]
    public void A_map_that_does_not_fit_is_refused(string options, string message)
        => Assert.Contains(message, DataFolder.Refused(() => Open(options, ["automobile", "airplane"])));

    [Fact]
    public void A_map_that_leaves_nothing_or_leads_nowhere_is_refused()
    {
        Assert.Contains("no image has a class that is wanted", DataFolder.Refused(() => Open("unmapped: drop", ["frog"])));
        Assert.Contains("data.map needs data.classes", DataFolder.Refused(() => Open("map: { car: automobile }", null)));
        Assert.Contains("'dropp' is not one of drop, refuse", DataFolder.Refused(() => Open("unmapped: dropp", null)));
    }

    public void Dispose() => _folder.Dispose();

    private IDataset Open(string options, string[]? onto)
        => DatasetCatalog.Open(DataSpec.Parse(SpecMap.Parse("spec.yaml", $"data: {{ path: stl, {options} }}").Map("data"), _folder.Root), onto);
}
