using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using AuditKit.Data;

namespace AuditKit.Checks.Tta;

/// <summary>
/// Eight bytes for each image of a data set, from the digest of its files and its place in them: the same images are known again
/// wherever they lie, and whichever of them a spec takes.
/// </summary>
public sealed class ImageDigests
{
    private readonly SortedSet<ulong> _digests;

    private ImageDigests(IEnumerable<ulong> digests) => _digests = [.. digests];

    /// <summary>Number of images.</summary>
    public int Count => _digests.Count;

    /// <summary>The images of an opened data set.</summary>
    /// <param name="data">The data set.</param>
    /// <param name="sha256">SHA-256 over all its files (<see cref="DatasetFingerprint"/>).</param>
    public static ImageDigests Of(IDataset data, string sha256)
    {
        ArgumentNullException.ThrowIfNull(data);
        return new(Enumerable.Range(0, data.Count).Select(i =>
            BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{sha256} {data.Source(i)}")))));
    }

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    /// <exception cref="FormatException">The text is none of that.</exception>
    public static ImageDigests Parse(string text)
    {
        byte[] bytes = Convert.FromBase64String(text);
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

    /// <summary>Base64 of the digests in order, the least first, eight bytes each from the lowest.</summary>
    public override string ToString()
    {
        byte[] bytes = new byte[_digests.Count * sizeof(ulong)];
        foreach ((int i, ulong digest) in _digests.Index())
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(i * sizeof(ulong)), digest);
        }

        return Convert.ToBase64String(bytes);
    }
}
