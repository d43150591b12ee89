using AuditKit.Imaging;

namespace AuditKit.Data;

/// <summary>A data set of which shards on other machines have read every image: one that is loaded here has to be what they have read.</summary>
/// <param name="whole">The data set; disposed by its owner.</param>
/// <param name="read">What the shards have read of it.</param>
internal sealed class ComparedDataset(IDataset whole, DataParts read) : IDataset
{
    /// <inheritdoc/>
    public string Name => whole.Name;

    /// <inheritdoc/>
    public string Format => whole.Format;

    /// <inheritdoc/>
    public IReadOnlyList<string> Files => whole.Files;

    /// <inheritdoc/>
    public int Count => whole.Count;

    /// <inheritdoc/>
    public IReadOnlyList<string> Classes => whole.Classes;

    /// <inheritdoc/>
    public IReadOnlyList<string> Attributes => whole.Attributes;

    /// <inheritdoc/>
    public IReadOnlyList<Fact> Facts => whole.Facts;

    /// <inheritdoc/>
    public int Label(int index) => whole.Label(index);

    /// <inheritdoc/>
    public string Attribute(string name, int index) => whole.Attribute(name, index);

    /// <inheritdoc/>
    public string Source(int index) => whole.Source(index);

    /// <inheritdoc/>
    public int Frames(int index) => whole.Frames(index);

    /// <inheritdoc/>
    public int Number(int index) => whole.Number(index);

    /// <inheritdoc/>
    public byte[] Content(int index) => whole.Content(index);

    /// <inheritdoc/>
    public byte[] Mask(int index) => whole.Mask(index);

    /// <inheritdoc/>
    /// <exception cref="AuditException">It is not what a shard has read, or cannot be read.</exception>
    public Image Load(int index)
    {
        read.RequireSame(index);
        return whole.Load(index);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
