using AuditKit.Imaging;

namespace AuditKit.Data;

/// <summary>The first images of another data set: <c>data.limit</c> of a spec, for a quick look.</summary>
/// <param name="whole">The data set; disposed with this object.</param>
/// <param name="count">How many images, at least 1; more than there are means all.</param>
public sealed class FirstImages(IDataset whole, int count) : IDataset
{
    /// <inheritdoc/>
    public string Name => Count == whole.Count ? whole.Name : $"{whole.Name}, first {Count} of {whole.Count} images";

    /// <inheritdoc/>
    public string Format => whole.Format;

    /// <inheritdoc/>
    public IReadOnlyList<string> Files => whole.Files;

    /// <inheritdoc/>
    public int Count { get; } = Math.Min(count, whole.Count);

    /// <inheritdoc/>
    public IReadOnlyList<string> Classes => whole.Classes;

    /// <inheritdoc/>
    public IReadOnlyList<string> Attributes => whole.Attributes;

    /// <inheritdoc/>
    public IReadOnlyList<Fact> Facts => whole.Facts;

    /// <inheritdoc/>
    public int Label(int index) => whole.Label(Checked(index));

    /// <inheritdoc/>
    public string Attribute(string name, int index) => whole.Attribute(name, Checked(index));

    /// <inheritdoc/>
    public string Source(int index) => whole.Source(Checked(index));

    /// <inheritdoc/>
    public int Frames(int index) => whole.Frames(Checked(index));

    /// <inheritdoc/>
    public int Number(int index) => whole.Number(Checked(index));

    /// <inheritdoc/>
    public byte[] Content(int index) => whole.Content(Checked(index));

    /// <inheritdoc/>
    public byte[] Mask(int index) => whole.Mask(Checked(index));

    /// <inheritdoc/>
    public Image Load(int index) => whole.Load(Checked(index));

    /// <inheritdoc/>
    public void Dispose() => whole.Dispose();

    private int Checked(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
        return index;
    }
}
