using AuditKit.Imaging.Files;

namespace AuditKit.Imaging;

/// <summary>
/// Image files of unknown origin: JPEG, PNG, WebP, TIFF, BMP, GIF, PBM, PGM and PPM, told apart by their first bytes and
/// never by their names, and TGA, which has no signature. Of several images in a file, the first is taken.
/// </summary>
public static class ImageFile
{
    /// <summary>The most pixels an image may have: 50 million. A header that claims more is refused before anything is allocated.</summary>
    public const int MaxPixels = 50_000_000;

    /// <summary>The most bytes an image file may have: 50 million pixels of the widest kind (RGBA, 16 bits) stored uncompressed.</summary>
    internal const long MaxFileSize = 8L * MaxPixels;

    /// <summary>The endings of image files' names, in words.</summary>
    internal static string Extensions { get; } = string.Join(", ", ImageFormat.All.SelectMany(format => format.Extensions));

    /// <summary>Whether a file's name says that it is an image of a kind that can be read.</summary>
    internal static bool HasImageName(string name)
        => ImageFormat.All.Any(format => format.Extensions.Contains(Path.GetExtension(name).ToLowerInvariant()));

    /// <summary>Reads an image file, upright, grey (C = 1) or RGB (C = 3).</summary>
    /// <param name="path">An image file.</param>
    /// <exception cref="AuditException">The file is missing, of another kind, truncated, corrupt, or over the limit.</exception>
    public static Image Read(string path)
    {
        byte[] file;
        try
        {
            long size = new FileInfo(path).Length;
            if (size > MaxFileSize)
            {
                throw new AuditException($"{path}: {size} bytes are more than an image may have ({MaxFileSize}).", ExitCode.Error);
            }

            file = RegularFile.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AuditException($"{path}: cannot be read: {e.Message}", ExitCode.Error, e);
        }

        return Decode(file, path);
    }

    /// <summary>Decodes an image file's bytes, upright, grey (C = 1) or RGB (C = 3).</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="name">What errors call it: its path.</param>
    /// <exception cref="AuditException">The file is of another kind, truncated, corrupt, or over the limit.</exception>
    public static Image Decode(ReadOnlySpan<byte> file, string name) => Decode(file, name, ImageCodecs.Here);

    /// <summary>The same, with the codecs given.</summary>
    internal static Image Decode(ReadOnlySpan<byte> file, string name, ImageCodecs codecs)
        => ImageFormat.Of(file, name) is { } format
            ? format.Read(file, name, codecs)
            : throw new AuditException(
                file.IsEmpty ? $"{name}: an empty file."
                    : $"{name}: no image file of a kind that is read ({string.Join(", ", ImageFormat.All.Select(known => known.Name))}).",
                ExitCode.Error);

    /// <summary>How many images a file has: the frames of an animation, the pages of a TIFF. 1 where it is no image file.</summary>
    internal static int Frames(ReadOnlySpan<byte> file, string name) => ImageFormat.Of(file, name)?.Frames(file) ?? 1;

    /// <summary>Refuses the size that a header claims if it is over <see cref="MaxPixels"/>.</summary>
    internal static void CheckSize(string name, long width, long height)
    {
        if (width > MaxPixels || height > MaxPixels || width * height > MaxPixels)
        {
            throw new AuditException(
                $"{name}: {width}×{height} pixels are over the limit of {MaxPixels / 1_000_000} megapixels; scale the image down or leave it out.",
                ExitCode.Error);
        }
    }

    /// <summary>The error for a file that its library cannot decode.</summary>
    internal static AuditException Unreadable(string name, string format, string reason)
        => new($"{name}: truncated or corrupt {format}: {reason.TrimEnd('.')}.", ExitCode.Error);
}
