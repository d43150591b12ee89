using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Memory;

namespace AuditKit.Imaging.Files;

/// <summary>A format of image files: how it is told, and how it is read. One a file, listed here.</summary>
/// <param name="name">What errors call it.</param>
/// <param name="extensions">The endings of its files' names, lower case.</param>
internal abstract class ImageFormat(string name, params string[] extensions)
{
    /// <summary>All formats, in the order in which they are asked.</summary>
    public static IReadOnlyList<ImageFormat> All { get; } =
    [
        JpegFormat.Instance, PngFormat.Instance, new WebpFormat(), new TiffFormat(), new BmpFormat(), new GifFormat(), new NetpbmFormat(),
        // The last one: it alone has no signature, and goes by the name.
        new TgaFormat(),
    ];

    /// <summary>What errors call it.</summary>
    public string Name { get; } = name;

    /// <summary>The endings of its files' names, lower case.</summary>
    public IReadOnlyList<string> Extensions { get; } = extensions;

    /// <summary>The format of a file; null where it is none of these.</summary>
    public static ImageFormat? Of(ReadOnlySpan<byte> file, string name)
    {
        foreach (ImageFormat format in All)
        {
            if (format.Recognises(file, name))
            {
                return format;
            }
        }

        return null;
    }

    /// <summary>Whether a file is of this format, by its first bytes.</summary>
    public abstract bool Recognises(ReadOnlySpan<byte> file, string name);

    /// <summary>Decodes a file's first image, upright, grey or RGB.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="name">What errors call it.</param>
    /// <param name="codecs">What JPEG and PNG files are decoded with.</param>
    /// <exception cref="AuditException">The file is truncated, corrupt, over the limit, or of a kind that is not read.</exception>
    public Image Read(ReadOnlySpan<byte> file, string name, ImageCodecs codecs)
    {
        try
        {
            return Decode(file, name, codecs);
        }
        catch (NotSupportedException e)
        {
            throw new AuditException($"{name}: a {Name} file of a kind that is not read: {e.Message.TrimEnd('.')}.", ExitCode.Error, e);
        }
        catch (Exception e) when (e is not (AuditException or OperationCanceledException or TypeInitializationException))
        {
            // On a damaged file a decoder may throw any exception.
            bool explains = e is InvalidDataException or ImageFormatException or InvalidMemoryOperationException;
            throw ImageFile.Unreadable(name, Name, explains ? e.Message : "its parts do not fit together");
        }
    }

    /// <summary>How many images the file has; 1 where it is too damaged to tell.</summary>
    public int Frames(ReadOnlySpan<byte> file)
    {
        try
        {
            return Math.Max(1, CountFrames(file));
        }
        catch (Exception e) when (e is InvalidDataException or ArgumentException or IndexOutOfRangeException or NotSupportedException)
        {
            return 1;
        }
    }

    /// <summary>
    /// <see cref="Read"/>, and may throw anything: <see cref="InvalidDataException"/> for what is damaged,
    /// <see cref="NotSupportedException"/> for what is not read, both with the reason; the rest is taken as damage.
    /// </summary>
    protected abstract Image Decode(ReadOnlySpan<byte> file, string name, ImageCodecs codecs);

    /// <summary><see cref="Frames"/>, for formats that can have several.</summary>
    protected virtual int CountFrames(ReadOnlySpan<byte> file) => 1;

    /// <summary>Refuses a file that is shorter than its header says.</summary>
    protected static void RequireLength(ReadOnlySpan<byte> file, long needed)
    {
        if (file.Length < needed)
        {
            throw new InvalidDataException($"it has {file.Length} bytes where its header needs {needed}");
        }
    }
}
