using AuditKit.Data;
using AuditKit.Yaml;

namespace AuditKit.Tests.Data;

public sealed class ShuffledLabelsDatasetTests
{
    [Fact]
    public void Labels_are_dealt_out_again_by_the_seed_and_said_to_be_so()
    {
        using IDataset whole = Open(""), first = Open(", shuffle-labels: 1"), again = Open(", shuffle-labels: 1"), other = Open(", shuffle-labels: 2");
        int[] labels = Labels(whole), shuffled = Labels(first);

        Assert.Equal(labels.Order(), shuffled.Order());
        Assert.Equal(shuffled, Labels(again));
        Assert.NotEqual(shuffled, Labels(other));
        // Of ten classes of the same size a tenth stays by chance.
        Assert.InRange(labels.Zip(shuffled).Count(pair => pair.First == pair.Second), 800, 1200);
        Assert.Equal(whole.Load(3).Samples, first.Load(3).Samples);
        Assert.Contains("LABELS SHUFFLED", first.Name, StringComparison.Ordinal);
        Assert.Contains(first.Facts, fact => fact.Label == "Labels" && fact.Value.Contains("at random by seed 1", StringComparison.Ordinal));
    }

    [Fact]
    public void They_are_part_of_what_the_data_is()
        => Assert.Equal(3, new[] { "", ", shuffle-labels: 1", ", shuffle-labels: 2" }.Select(keys => Spec(keys).Changes()).Distinct().Count());

    private static int[] Labels(IDataset data) => [.. Enumerable.Range(0, data.Count).Select(data.Label)];

    private static IDataset Open(string keys) => DatasetCatalog.Open(Spec(keys));

    private static DataSpec Spec(string keys)
    {
        string path = Path.Combine(Repository.Root, "audits", "data", "fashion-mnist");
        return DataSpec.Parse(SpecMap.Parse("spec.yaml", $"data: {{ name: fashion-mnist, path: {path}, split: test{keys} }}").Map("data"), ".");
    }
}
