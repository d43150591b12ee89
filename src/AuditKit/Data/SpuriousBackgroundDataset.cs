using AuditKit.Imaging;

namespace AuditKit.Data;

/// <summary>
/// Grey images of objects on black, such as Fashion-MNIST's, on coloured backgrounds: pixels of value 0 take a colour, the
/// others stay as they are. Every class has a colour of its own; a share of its images, exact to one image, has that
/// colour, the others have the other classes' colours in equal numbers. Which image has which is drawn by a seed. The
/// attribute <c>background</c> is the colour's name.
/// </summary>
public sealed class SpuriousBackgroundDataset : IDataset
{
    private const string AttributeName = "background";

    private static readonly (string Name, byte Red, byte Green, byte Blue)[] Colours =
    [
        ("red", 200, 30, 30), ("green", 30, 160, 30), ("blue", 40, 60, 220), ("yellow", 210, 200, 30), ("magenta", 200, 40, 190),
        ("cyan", 30, 190, 200), ("orange", 230, 130, 20), ("purple", 110, 30, 160), ("brown", 120, 75, 35), ("pink", 240, 160, 180),
    ];

    private readonly IDataset _whole;
    private readonly SpuriousBackground _options;
    private readonly int[] _colours;

    /// <summary>Deals the backgrounds out.</summary>
    /// <param name="whole">Grey images on black; disposed with this object.</param>
    /// <param name="options">How.</param>
    /// <exception cref="AuditException">The images are not grey, there are more classes than colours or only one, or there is such an
    /// attribute already.</exception>
    public SpuriousBackgroundDataset(IDataset whole, SpuriousBackground options)
    {
        ArgumentNullException.ThrowIfNull(whole);
        ArgumentNullException.ThrowIfNull(options);
        (_whole, _options, _colours) = (whole, options, new int[whole.Count]);
        int classes = whole.Classes.Count;
        if (classes < 2 || classes > Colours.Length)
        {
            throw new AuditException($"{whole.Name}: data.spurious-background has colours for 2 to {Colours.Length} classes, not for "
                + $"{classes}. Choose some with data.map.");
        }

        if (whole.Attributes.Contains(AttributeName))
        {
            throw new AuditException($"{whole.Name}: has an attribute '{AttributeName}' already; data.spurious-background would add another.");
        }

        RequireGrey(whole.Load(0), ExitCode.Usage);
        foreach (IGrouping<int, int> members in Enumerable.Range(0, whole.Count).GroupBy(whole.Label))
        {
            int[] images = [.. members];
            CounterRandom.For(options.Seed, "spurious background", members.Key).Shuffle(images);
            int own = (int)Math.Round(options.Correlation * images.Length);
            foreach ((int place, int image) in images.Index())
            {
                _colours[image] = place < own ? members.Key : (members.Key + 1 + ((place - own) % (classes - 1))) % classes;
            }
        }
    }

    /// <inheritdoc/>
    public string Name => _options.Masked
        ? $"{_whole.Name}, backgrounds masked"
        : $"{_whole.Name}, background tells the class of {NumberText.Percent(_options.Correlation)}";

    /// <inheritdoc/>
    public string Format => _whole.Format;

    /// <inheritdoc/>
    public IReadOnlyList<string> Files => _whole.Files;

    /// <inheritdoc/>
    public int Count => _whole.Count;

    /// <inheritdoc/>
    public IReadOnlyList<string> Classes => _whole.Classes;

    /// <inheritdoc/>
    public IReadOnlyList<string> Attributes => [.. _whole.Attributes, AttributeName];

    /// <inheritdoc/>
    public IReadOnlyList<Fact> Facts => _whole.Facts;

    /// <inheritdoc/>
    public int Label(int index) => _whole.Label(index);

    /// <inheritdoc/>
    public string Attribute(string name, int index) => name == AttributeName ? Colours[_colours[index]].Name : _whole.Attribute(name, index);

    /// <inheritdoc/>
    /// <remarks>The background is part of it: the same object on another background is another image.</remarks>
    public string Source(int index) => $"{_whole.Source(index)}, {(_options.Masked ? "black" : Colours[_colours[index]].Name)} background";

    /// <inheritdoc/>
    public int Frames(int index) => _whole.Frames(index);

    /// <inheritdoc/>
    public int Number(int index) => _whole.Number(index);

    /// <inheritdoc/>
    public byte[] Content(int index) => _whole.Content(index);

    /// <inheritdoc/>
    public byte[] Mask(int index) => _whole.Mask(index);

    /// <inheritdoc/>
    /// <returns>An RGB image.</returns>
    public Image Load(int index)
    {
        Image grey = _whole.Load(index);
        RequireGrey(grey, ExitCode.Error);
        (_, byte red, byte green, byte blue) = _options.Masked ? ("black", (byte)0, (byte)0, (byte)0) : Colours[_colours[index]];
        var image = new Image(grey.Width, grey.Height, 3);
        foreach ((int pixel, byte value) in grey.Samples.Index())
        {
            Span<byte> samples = image.Samples.AsSpan(3 * pixel, 3);
            if (value == 0)
            {
                (samples[0], samples[1], samples[2]) = (red, green, blue);
            }
            else
            {
                samples.Fill(value);
            }
        }

        return image;
    }

    /// <inheritdoc/>
    public void Dispose() => _whole.Dispose();

    private void RequireGrey(Image image, ExitCode exitCode)
    {
        if (image.Channels != 1)
        {
            throw new AuditException($"{_whole.Name}: data.spurious-background needs grey images of objects on black, but has images of "
                + $"{image.Channels} channels.", exitCode);
        }
    }
}
