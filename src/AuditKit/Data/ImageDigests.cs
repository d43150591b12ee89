using System.Buffers.Binary;
using System.Security.Cryptography;

namespace AuditKit.Data;

/// <summary>
/// Eight bytes for each image of a data set, from what it is stored as (<see cref="IDataset.Content"/>): the same image is known again in
/// any list, folder or archive, whatever it is called and labelled there.
/// </summary>
public sealed class ImageDigests
{
    // What the digests are of. Those of older files were of whole data sets, and cannot be compared with these.
    private const string Kind = "content:";

    private readonly SortedSet<ulong> _digests;

    private ImageDigests(IEnumerable<ulong> digests) => _digests = [.. digests];

    /// <summary>Number of different images.</summary>
    public int Count => _digests.Count;

    /// <summary>The images of an opened data set, each of which is read.</summary>
    /// <param name="data">The data set.</param>
    /// <param name="threads">Images read at the same time, at least 1.</param>
    /// <param name="cancellation">Stops between images.</param>
    /// <exception cref="AuditException">An image cannot be read.</exception>
    public static ImageDigests Of(IDataset data, int threads, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        return Of(data, [.. Enumerable.Range(0, data.Count)], threads, cancellation);
    }

    /// <summary>Some images of an opened data set, each of which is read.</summary>
    internal static ImageDigests Of(IDataset data, IReadOnlyList<int> images, int threads, CancellationToken cancellation = default)
    {
        ulong[] digests = new ulong[images.Count];
        ParallelLoop.Run(
            0, digests.Length, threads, i => digests[i] = BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(data.Content(images[i]))), cancellation);
        return new(digests);
    }

    /// <summary>Reads what <see cref="ToString"/> wrote; null for what an older AuditKit wrote, which knows images no more.</summary>
    /// <exception cref="FormatException">The text is none of that.</exception>
    public static ImageDigests? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!text.StartsWith(Kind, StringComparison.Ordinal))
        {
            return null;
        }

        byte[] bytes = Convert.FromBase64String(text[Kind.Length..]);
        return bytes.Length % sizeof(ulong) == 0
            ? new(bytes.Chunk(sizeof(ulong)).Select(chunk => BinaryPrimitives.ReadUInt64LittleEndian(chunk)))
            : throw new FormatException("the images that it was searched on are not eight bytes each.");
    }

    /// <summary>How many images both have.</summary>
    public int Shared(ImageDigests other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return _digests.Count(other._digests.Contains);
    }

    /// <summary>What the digests are of, and Base64 of them in order, the least first, eight bytes each from the lowest.</summary>
    public override string ToString()
    {
        byte[] bytes = new byte[_digests.Count * sizeof(ulong)];
        foreach ((int i, ulong digest) in _digests.Index())
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(i * sizeof(ulong)), digest);
        }

        return Kind + Convert.ToBase64String(bytes);
    }
}
