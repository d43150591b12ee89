using AuditKit.Imaging;

namespace AuditKit.Data;

/// <summary>Another data set under the classes of a third: relabelled, without the images whose class has no counterpart.</summary>
public sealed class MappedDataset : IDataset
{
    private readonly IDataset _whole;
    private readonly int[] _labels;
    private readonly int[] _images;

    /// <summary>Relabels a data set.</summary>
    /// <param name="whole">The data set; disposed with this object.</param>
    /// <param name="map">Which class is which.</param>
    /// <param name="classes">The classes that images have afterwards.</param>
    /// <exception cref="AuditException">The map does not fit the classes, or leaves no image.</exception>
    public MappedDataset(IDataset whole, LabelMap map, IReadOnlyList<string> classes)
    {
        ArgumentNullException.ThrowIfNull(whole);
        ArgumentNullException.ThrowIfNull(map);
        _whole = whole;
        _labels = map.Apply(whole.Classes, classes, whole.Name);
        _images = [.. Enumerable.Range(0, whole.Count).Where(image => _labels[whole.Label(image)] >= 0)];
        Classes = classes;
        if (_images.Length == 0)
        {
            throw new AuditException($"{whole.Name}: no image has a class that is wanted ({string.Join(", ", classes)}).");
        }
    }

    /// <inheritdoc/>
    public string Name => _whole.Name;

    /// <inheritdoc/>
    public string Format => _whole.Format;

    /// <inheritdoc/>
    public IReadOnlyList<string> Files => _whole.Files;

    /// <inheritdoc/>
    public int Count => _images.Length;

    /// <inheritdoc/>
    public IReadOnlyList<string> Classes { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Attributes => _whole.Attributes;

    /// <inheritdoc/>
    public IReadOnlyList<Fact> Facts => _whole.Facts;

    /// <inheritdoc/>
    public int Label(int index) => _labels[_whole.Label(_images[index])];

    /// <inheritdoc/>
    public string Attribute(string name, int index) => _whole.Attribute(name, _images[index]);

    /// <inheritdoc/>
    public string Source(int index) => _whole.Source(_images[index]);

    /// <inheritdoc/>
    public int Frames(int index) => _whole.Frames(_images[index]);

    /// <inheritdoc/>
    public int Number(int index) => _whole.Number(_images[index]);

    /// <inheritdoc/>
    public byte[] Content(int index) => _whole.Content(_images[index]);

    /// <inheritdoc/>
    public byte[] Mask(int index) => _whole.Mask(_images[index]);

    /// <inheritdoc/>
    public Image Load(int index) => _whole.Load(_images[index]);

    /// <inheritdoc/>
    public void Dispose() => _whole.Dispose();
}
