using AuditKit.Imaging;

namespace AuditKit.Data;

/// <summary>
/// Another data set whose labels are dealt out again among its images: the key <c>shuffle-labels</c> of a data entry. Every class keeps
/// its number of images, and no image tells its label (Zhang et al., Understanding deep learning requires rethinking generalization,
/// ICLR 2017): a control for methods that are to learn nothing where there is nothing to learn.
/// </summary>
internal sealed class ShuffledLabelsDataset : IDataset
{
    private readonly IDataset _whole;
    private readonly long _seed;
    private readonly int[] _labels;

    /// <summary>Deals the labels out.</summary>
    /// <param name="whole">The data set; disposed with this object.</param>
    /// <param name="seed">The seed that deals them out.</param>
    public ShuffledLabelsDataset(IDataset whole, long seed)
    {
        (_whole, _seed) = (whole, seed);
        _labels = [.. Enumerable.Range(0, whole.Count).Select(whole.Label)];
        CounterRandom.For(seed, "shuffled labels", 0).Shuffle(_labels);
    }

    /// <inheritdoc/>
    public string Name => $"{_whole.Name}, LABELS SHUFFLED";

    /// <inheritdoc/>
    public string Format => _whole.Format;

    /// <inheritdoc/>
    public IReadOnlyList<string> Files => _whole.Files;

    /// <inheritdoc/>
    public int Count => _whole.Count;

    /// <inheritdoc/>
    public IReadOnlyList<string> Classes => _whole.Classes;

    /// <inheritdoc/>
    public IReadOnlyList<string> Attributes => _whole.Attributes;

    /// <inheritdoc/>
    public IReadOnlyList<Fact> Facts =>
    [
        .. _whole.Facts,
        new("Labels", $"shuffled at random by seed {_seed}: they are not those of the images, and nothing measured by them says how good a model is"),
    ];

    /// <inheritdoc/>
    public int Label(int index) => _labels[index];

    /// <inheritdoc/>
    public string Attribute(string name, int index) => _whole.Attribute(name, index);

    /// <inheritdoc/>
    public string Source(int index) => _whole.Source(index);

    /// <inheritdoc/>
    public int Frames(int index) => _whole.Frames(index);

    /// <inheritdoc/>
    public int Number(int index) => _whole.Number(index);

    /// <inheritdoc/>
    public byte[] Content(int index) => _whole.Content(index);

    /// <inheritdoc/>
    public byte[] Mask(int index) => _whole.Mask(index);

    /// <inheritdoc/>
    public Image Load(int index) => _whole.Load(index);

    /// <inheritdoc/>
    public void Dispose() => _whole.Dispose();
}
