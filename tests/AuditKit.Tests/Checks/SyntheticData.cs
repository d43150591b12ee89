using AuditKit.Data;
using AuditKit.Imaging;

namespace AuditKit.Tests.Checks;

/// <summary>A data set in memory: images, labels, attributes.</summary>
internal sealed class SyntheticData(Image[] images, int[] labels, string[] classes) : IDataset
{
    public Dictionary<string, string[]> Columns { get; } = [];

    /// <summary>Called before every image is loaded, with its index; may throw.</summary>
    public Action<int> BeforeLoad { get; set; } = _ => { };

    public string Name => "synthetic";

    public string Format => "synthetic";

    public IReadOnlyList<string> Files => [];

    public int Count => images.Length;

    public IReadOnlyList<string> Classes => classes;

    public IReadOnlyList<string> Attributes => [.. Columns.Keys];

    public int Label(int index) => labels[index];

    public string Attribute(string name, int index) => Columns[name][index];

    public string Source(int index) => $"#{index}";

    public Image Load(int index)
    {
        BeforeLoad(index);
        return images[index];
    }

    public void Dispose()
    {
    }

    /// <summary>Grey images of one pixel whose values are given; all of class 0 of two unless labelled.</summary>
    public static SyntheticData Pixels(byte[] values, int[]? labels = null, string[]? classes = null)
        => new([.. values.Select(value => new Image(1, 1, 1, [value]))], labels ?? new int[values.Length], classes ?? ["zero", "one"]);

    /// <summary>Random images with random labels.</summary>
    public static SyntheticData Random(int count, int width, int height, int channels, int classes)
    {
        Image[] images = [.. Enumerable.Range(0, count).Select(Make)];
        int[] labels = [.. Enumerable.Range(0, count).Select(i => CounterRandom.For(11, "label", i).NextInt32(classes))];
        return new(images, labels, [.. Enumerable.Range(0, classes).Select(k => $"class {k}")]);

        Image Make(int index)
        {
            var random = CounterRandom.For(11, "pixels", index);
            var image = new Image(width, height, channels);
            for (int i = 0; i < image.Samples.Length; i++)
            {
                image.Samples[i] = (byte)random.NextInt32(256);
            }

            return image;
        }
    }
}
