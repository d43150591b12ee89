using AuditKit.Imaging;

namespace AuditKit.Data;

/// <summary>
/// Images in an .npy array of 8-bit samples: N×H×W, N×H×W×C, or N×C×H×W where that is the only reading, C being 1 or 3.
/// </summary>
internal sealed class NpyImages : IDisposable
{
    private readonly NpyFile _file;
    private readonly (int Height, int Width, int Channels) _shape;
    private readonly bool _channelsFirst;

    private NpyImages(NpyFile file)
    {
        _file = file;
        (_shape, _channelsFirst) = file.Shape switch
        {
            [_, var height, var width] => ((height, width, 1), false),
            [_, var height, var width, (1 or 3) and var channels] => ((height, width, channels), false),
            [_, (1 or 3) and var channels, var height, var width] => ((height, width, channels), true),
            _ => throw new AuditException($"{file.Path}: has shape {string.Join("×", file.Shape)}, where images N×H×W or N×H×W×C with 1 or 3 "
                + "channels are needed."),
        };
        if (file.Type != "u1")
        {
            throw new AuditException($"{file.Path}: has values of type {file.Type}, where 8-bit samples are needed: save images as uint8, 0 to 255.");
        }

        if ((long)_shape.Height * _shape.Width > ImageFile.MaxPixels)
        {
            throw new AuditException($"{file.Path}: images of {_shape.Width}×{_shape.Height} pixels are over the limit of "
                + $"{ImageFile.MaxPixels / 1_000_000} megapixels.");
        }
    }

    /// <summary>Number of images.</summary>
    public int Count => _file.Count;

    /// <summary>Opens an array of images.</summary>
    /// <exception cref="AuditException">It is no array of images, or truncated.</exception>
    public static NpyImages Open(IFileTree tree, string path)
    {
        NpyFile file = OpenArray(tree, path);
        try
        {
            return new NpyImages(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads an array of N labels.</summary>
    /// <exception cref="AuditException">It is no array of whole numbers from 0 to <paramref name="max"/>.</exception>
    public static int[] ReadLabels(IFileTree tree, string path, int max)
    {
        using NpyFile file = OpenArray(tree, path);
        return file.ReadLabels(max);
    }

    /// <summary>Reads an image.</summary>
    public Image Load(int index)
    {
        var image = new Image(_shape.Width, _shape.Height, _shape.Channels);
        if (!_channelsFirst)
        {
            _file.ReadRow(index, image.Samples);
            return image;
        }

        byte[] planes = new byte[image.Samples.Length];
        _file.ReadRow(index, planes);
        int plane = _shape.Height * _shape.Width;
        for (int i = 0; i < plane; i++)
        {
            for (int c = 0; c < _shape.Channels; c++)
            {
                image.Samples[(i * _shape.Channels) + c] = planes[(c * plane) + i];
            }
        }

        return image;
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static NpyFile OpenArray(IFileTree tree, string path)
    {
        FilePart part = tree.Open(path);
        return NpyFile.Open(part.Handle, part.Name, part.Offset, part.Length);
    }
}
