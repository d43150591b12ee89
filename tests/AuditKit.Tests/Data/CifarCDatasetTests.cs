using AuditKit.Data;
using AuditKit.Yaml;

namespace AuditKit.Tests.Data;

public sealed class CifarCDatasetTests : IDisposable
{
    private readonly DataFolder _folder = new();

    // Two images, five severities: image i at severity s is filled with 10·s + i.
    public CifarCDatasetTests()
    {
        foreach ((int corruption, string name) in new[] { "fog", "gaussian_noise" }.Index())
        {
            byte[] samples = [.. Enumerable.Range(1, 5)
                .SelectMany(s => Enumerable.Range(0, 2).SelectMany(i => Enumerable.Repeat((byte)((100 * corruption) + (10 * s) + i), 3072)))];
            _folder.Write($"{name}.npy", DataFolder.Npy("|u1", [10, 32, 32, 3], samples));
        }

        WriteLabels(3, 9);
    }

    [Fact]
    public void A_corruption_and_a_severity_are_a_split()
    {
        using IDataset data = Open("{ path: ., split: gaussian_noise/4, name: CIFAR-10-C }");
        Assert.Equal(("cifar-10-c", "CIFAR-10-C (gaussian_noise/4)", 2), (data.Format, data.Name, data.Count));
        Assert.Equal(("cat", "truck"), (data.Classes[data.Label(0)], data.Classes[data.Label(1)]));
        Assert.Equal([140, 141], Enumerable.Range(0, 2).Select(i => (int)data.Load(i).Samples[0]));
        Assert.Equal("gaussian_noise/4#1", data.Source(1));
        Assert.Equal([_folder.At("gaussian_noise.npy"), _folder.At("labels.npy")], data.Files);
        Assert.Throws<ArgumentOutOfRangeException>(() => data.Load(2));
    }

    [Fact]
    public void Labels_beyond_nine_are_those_of_CIFAR_100_C()
    {
        WriteLabels(3, 99);
        using IDataset data = Open("{ path: ., split: fog/1 }");
        Assert.Equal(("cifar-100-c", 100), (data.Format, data.Classes.Count));
        Assert.Equal("worm", data.Classes[data.Label(1)]);
        Assert.Equal("bear", data.Classes[data.Label(0)]);
    }

    [Theory]
    [InlineData("tar")]
    [InlineData("zip")]
    public void It_is_read_from_the_archive_that_it_comes_in(string kind)
    {
        using var other = new DataFolder();
        Directory.Move(_folder.Root, other.At("c"));
        Directory.CreateDirectory(_folder.Root);
        string archive = ArchiveFile.Pack(other, "c", kind, "CIFAR-10-C/");
        using IDataset data = Open($"{{ path: '{archive}', split: fog/5 }}");
        Assert.Equal(51, data.Load(1).Samples[0]);
    }

    [Theory]
    [InlineData("{ path: . }", "name a corruption and a severity from 1 to 5 as data.split, such as fog/3. Corruptions: fog, gaussian_noise.")]
    [InlineData("{ path: ., split: snow/3 }", "there is no 'snow/3'")]
    [InlineData("{ path: ., split: fog/6 }", "there is no 'fog/6'")]
    [InlineData("{ path: ., split: fog }", "there is no 'fog'")]
    [InlineData("{ path: ., split: ../fog/1 }", "there is no '../fog/1'")]
    [InlineData("{ path: ., split: labels/1 }", "there is no 'labels/1'")]
    [InlineData("{ path: ., split: fog/1, classes: [a] }", "cifar-10-c's classes are fixed.")]
    public void Splits_that_are_not_there_are_refused_with_those_that_are(string yaml, string message)
        => Assert.Contains(message, DataFolder.Refused(() => Open(yaml)));

    [Fact]
    public void A_number_of_images_that_is_not_that_of_the_labels_is_refused()
    {
        _folder.Write("fog.npy", DataFolder.Npy("|u1", [5, 32, 32, 3], new byte[5 * 3072]));
        Assert.Contains("has 5 images and labels.npy 10 labels", DataFolder.Refused(() => Open("{ path: ., split: fog/1 }")));
    }

    public void Dispose() => _folder.Dispose();

    private void WriteLabels(byte first, byte second)
        => _folder.Write("labels.npy", DataFolder.Npy("|u1", [10], [.. Enumerable.Range(0, 5).SelectMany(_ => new[] { first, second })]));

    private IDataset Open(string yaml) => DatasetCatalog.Open(DataSpec.Parse(SpecMap.Parse("spec.yaml", $"data: {yaml}").Map("data"), _folder.Root));
}
