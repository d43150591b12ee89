namespace AuditKit.Imaging.TransformCoding;

/// <summary>One component: its samples are the image's.</summary>
internal readonly ref struct GreyCoder
{
    private readonly Image _image;
    private readonly Plane _plane;

    /// <summary>Ready for an image, with <see cref="MemoryFor"/> as many bytes to work in.</summary>
    public GreyCoder(Image image, Span<byte> memory)
    {
        _image = image;
        _plane = new Plane(ref memory, image.Width, image.Height);
    }

    /// <summary>The bytes that an image takes.</summary>
    public static int MemoryFor(Image image) => Plane.MemoryFor(image.Width, image.Height);

    /// <summary>Writes what comes back from a quality to an image of the same size.</summary>
    public void RoundTrip(int quality, Image result)
    {
        int width = _image.Width;
        for (int y = 0; y < _image.Height; y++)
        {
            Span<byte> row = _plane.Row(y);
            _image.Samples.AsSpan(y * width, width).CopyTo(row);
            row[width..].Fill(row[width - 1]);
        }

        _plane.RepeatLastRow();
        var table = Quantisation.Luma(quality);
        for (int top = 0; top < _image.Height; top += BlockPair.Side)
        {
            _plane.Code(top, table);
        }

        for (int y = 0; y < _image.Height; y++)
        {
            _plane.Row(y)[..width].CopyTo(result.Samples.AsSpan(y * width));
        }
    }
}
