using AuditKit.Imaging;

namespace AuditKit.Data;

/// <summary>
/// Another data set with everything but the object set to 0: the key <c>masks</c> of a data entry. A mask is a PNG under
/// the image's own relative path, of the image's size; 0 is background, any other value object.
/// </summary>
internal sealed class MaskedDataset : IDataset
{
    private readonly IDataset _whole;
    private readonly IFileTree _tree;
    private readonly string[] _masks;

    /// <summary>Finds every image's mask.</summary>
    /// <param name="whole">Images in files; disposed with this object.</param>
    /// <param name="tree">Where the masks are; disposed with this object.</param>
    /// <exception cref="AuditException">The images are not in files, an image has no mask, or the first mask does not fit.</exception>
    public MaskedDataset(IDataset whole, IFileTree tree)
    {
        (_whole, _tree) = (whole, tree);
        try
        {
            _masks = [.. Enumerable.Range(0, whole.Count).Select(whole.Source).Select(source => source.StartsWith('#')
                ? throw new AuditException($"{whole.Name}: data.masks needs images in files of their own, whose names masks can share.")
                : tree.Resolve(Path.ChangeExtension(source, ".png"), $"data.masks, image {source} of {whole.Name}"))];
            Load(0, ExitCode.Usage);
        }
        catch
        {
            tree.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public string Name => $"{_whole.Name}, backgrounds masked";

    /// <inheritdoc/>
    public string Format => _whole.Format;

    /// <inheritdoc/>
    public IReadOnlyList<string> Files => [.. _whole.Files, .. _tree.OnDisk(_masks.Distinct())];

    /// <inheritdoc/>
    public int Count => _whole.Count;

    /// <inheritdoc/>
    public IReadOnlyList<string> Classes => _whole.Classes;

    /// <inheritdoc/>
    public IReadOnlyList<string> Attributes => _whole.Attributes;

    /// <inheritdoc/>
    public IReadOnlyList<Fact> Facts => _whole.Facts;

    /// <inheritdoc/>
    public int Label(int index) => _whole.Label(index);

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
    public byte[] Mask(int index) => _tree.Read(_masks[index], ImageFile.MaxFileSize);

    /// <inheritdoc/>
    public Image Load(int index) => Load(index, ExitCode.Error);

    /// <inheritdoc/>
    public void Dispose()
    {
        _whole.Dispose();
        _tree.Dispose();
    }

    private Image Load(int index, ExitCode failure)
    {
        Image image = _whole.Load(index);
        Image mask = _tree.LoadImage(_masks[index]);
        if ((mask.Width, mask.Height) != (image.Width, image.Height))
        {
            throw new AuditException(
                $"{_tree.FullName(_masks[index])}: the mask has {mask.Width}×{mask.Height} pixels, but its image "
                    + $"{image.Width}×{image.Height}. Make both the same size.", failure);
        }

        var masked = new Image(image.Width, image.Height, image.Channels);
        for (int pixel = 0; pixel < image.Width * image.Height; pixel++)
        {
            if (mask.Samples.AsSpan(pixel * mask.Channels, mask.Channels).ContainsAnyExcept((byte)0))
            {
                image.Samples.AsSpan(pixel * image.Channels, image.Channels).CopyTo(masked.Samples.AsSpan(pixel * image.Channels));
            }
        }

        return masked;
    }
}
