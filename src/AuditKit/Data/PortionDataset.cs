using AuditKit.Imaging;

namespace AuditKit.Data;

/// <summary>A <see cref="Portion"/> of another data set.</summary>
/// <param name="whole">The data set; disposed with this object.</param>
/// <param name="portion">Which part of it.</param>
/// <exception cref="AuditException">The data has too few images for the portion.</exception>
public sealed class PortionDataset(IDataset whole, Portion portion) : IDataset
{
    private readonly int[] _images = portion.Of(whole);

    /// <inheritdoc/>
    public string Name => $"{whole.Name}, {NumberText.ExactPercent(portion.From)} to {NumberText.ExactPercent(portion.To)} of each class";

    /// <inheritdoc/>
    public string Format => whole.Format;

    /// <inheritdoc/>
    public IReadOnlyList<string> Files => whole.Files;

    /// <inheritdoc/>
    public int Count => _images.Length;

    /// <inheritdoc/>
    public IReadOnlyList<string> Classes => whole.Classes;

    /// <inheritdoc/>
    public IReadOnlyList<string> Attributes => whole.Attributes;

    /// <inheritdoc/>
    public IReadOnlyList<Fact> Facts => whole.Facts;

    /// <inheritdoc/>
    public int Label(int index) => whole.Label(_images[index]);

    /// <inheritdoc/>
    public string Attribute(string name, int index) => whole.Attribute(name, _images[index]);

    /// <inheritdoc/>
    public string Source(int index) => whole.Source(_images[index]);

    /// <inheritdoc/>
    public int Frames(int index) => whole.Frames(_images[index]);

    /// <inheritdoc/>
    public int Number(int index) => whole.Number(_images[index]);

    /// <inheritdoc/>
    public byte[] Content(int index) => whole.Content(_images[index]);

    /// <inheritdoc/>
    public byte[] Mask(int index) => whole.Mask(_images[index]);

    /// <inheritdoc/>
    public Image Load(int index) => whole.Load(_images[index]);

    /// <inheritdoc/>
    public void Dispose() => whole.Dispose();
}
