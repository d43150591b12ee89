using AuditKit.Imaging;

namespace AuditKit.Data;

/// <summary>Some images of another data set, under their own labels.</summary>
/// <param name="name">What reports call it.</param>
/// <param name="whole">The data set; disposed with this object.</param>
/// <param name="images">Which of its images, by index; at least one.</param>
internal sealed class ChosenImages(string name, IDataset whole, IReadOnlyList<int> images) : IDataset
{
    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public string Format => whole.Format;

    /// <inheritdoc/>
    public IReadOnlyList<string> Files => whole.Files;

    /// <inheritdoc/>
    public int Count => images.Count;

    /// <inheritdoc/>
    public IReadOnlyList<string> Classes => whole.Classes;

    /// <inheritdoc/>
    public IReadOnlyList<string> Attributes => whole.Attributes;

    /// <inheritdoc/>
    public IReadOnlyList<Fact> Facts => whole.Facts;

    /// <inheritdoc/>
    public int Label(int index) => whole.Label(images[index]);

    /// <inheritdoc/>
    public string Attribute(string name, int index) => whole.Attribute(name, images[index]);

    /// <inheritdoc/>
    public string Source(int index) => whole.Source(images[index]);

    /// <inheritdoc/>
    public int Frames(int index) => whole.Frames(images[index]);

    /// <inheritdoc/>
    public int Number(int index) => whole.Number(images[index]);

    /// <inheritdoc/>
    public byte[] Content(int index) => whole.Content(images[index]);

    /// <inheritdoc/>
    public byte[] Mask(int index) => whole.Mask(images[index]);

    /// <inheritdoc/>
    public Image Load(int index) => whole.Load(images[index]);

    /// <inheritdoc/>
    public void Dispose() => whole.Dispose();
}
