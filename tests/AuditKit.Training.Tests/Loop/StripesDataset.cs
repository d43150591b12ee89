using AuditKit.Data;
using AuditKit.Imaging;

namespace AuditKit.Training.Tests.Loop;

/// <summary>A task that a small network learns in seconds: noisy horizontal (class 0) or vertical (class 1) stripes on 8×8 grey pixels.</summary>
internal sealed class StripesDataset(int count, int seed) : IDataset
{
    public string Name => "stripes";

    public string Format => "synthetic";

    public IReadOnlyList<string> Files => [];

    public int Count => count;

    public IReadOnlyList<string> Classes => ["horizontal", "vertical"];

    public IReadOnlyList<string> Attributes => ["side"];

    public int Label(int index) => index % 2;

    public string Attribute(string name, int index) => index % 3 == 0 ? "rare" : "common";

    public string Source(int index) => $"#{index}";

    public Image Load(int index)
    {
        CounterRandom random = CounterRandom.For(seed, "stripes", index);
        var image = new Image(8, 8, 1);
        int phase = random.NextInt32(2);
        for (int i = 0; i < 64; i++)
        {
            int along = Label(index) == 0 ? i / 8 : i % 8;
            image.Samples[i] = (byte)((((along + phase) % 2) * 120) + random.NextInt32(100));
        }

        return image;
    }

    public void Dispose()
    {
    }
}
