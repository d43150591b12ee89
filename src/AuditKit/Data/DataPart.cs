using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;

namespace AuditKit.Data;

/// <summary>
/// What one shard has read of a data set. Every file and every image is read by two shards: the files' digests are brought together to the
/// fingerprint of the whole, which no machine has read, and a copy of the data that differs on one machine is noticed.
/// </summary>
internal sealed record DataPart
{
    private const int FileBytes = sizeof(long) + SHA256.HashSizeInBytes;

    /// <summary>The data set's name in the evidence.</summary>
    public required string Dataset { get; init; }

    /// <summary>The files read, by index.</summary>
    public required IReadOnlyList<int> Files { get; init; }

    /// <summary>Size (8 bytes, little-endian) and SHA-256 of each of these files.</summary>
    public required byte[] FileContents { get; init; }

    /// <summary>The images read, by index.</summary>
    public required IReadOnlyList<int> Images { get; init; }

    /// <summary>
    /// The first eight bytes of SHA-256 over what each of these images is stored as (<see cref="IDataset.Content"/>), its mask and its attributes.
    /// </summary>
    public required byte[] ImageContents { get; init; }

    /// <summary>How many of the shard's own images are the first of several in their file.</summary>
    public required int SeveralFrames { get; init; }

    /// <summary>SHA-256 (lower-case hex) over all that was read: evidence of other contents is not gone on with.</summary>
    [JsonIgnore]
    public string Digest => Convert.ToHexStringLower(SHA256.HashData([.. FileContents, .. ImageContents]));

    /// <summary>Reads a shard's part of a data set, and of the next shard's, and what else it shows the model.</summary>
    /// <param name="dataset">The data set's name in the evidence.</param>
    /// <param name="data">The data set.</param>
    /// <param name="shard">The shard.</param>
    /// <param name="images">Which images are whose.</param>
    /// <param name="threads">Files and images read at the same time, at least 1.</param>
    /// <param name="cancellation">Stops between two of them.</param>
    /// <exception cref="AuditException">A file or an image cannot be read.</exception>
    public static DataPart Read(string dataset, IDataset data, Shard shard, DealtImages images, int threads, CancellationToken cancellation)
    {
        int[] files = [.. Enumerable.Range(0, data.Files.Count).Where(file => shard.Holds(file) || shard.Next.Holds(file))];
        int[] read =
        [
            .. Enumerable.Range(0, data.Count).Where(
                image => shard.Is(images.Owners[image]) || shard.Next.Is(images.Owners[image]) || images.Shown[image]),
        ];
        return new DataPart
        {
            Dataset = dataset,
            Files = files,
            FileContents = Pack(DatasetFingerprint.Read(data.Name, data.Files, files, threads, cancellation)),
            Images = read,
            ImageContents = Contents(data, read, threads, cancellation),
            SeveralFrames = FrameCount.Of(data, [.. read.Where(image => shard.Is(images.Owners[image]))], threads, cancellation),
        };
    }

    /// <summary>The first image that is another one now; null where all are as they were read.</summary>
    /// <param name="data">The data set.</param>
    /// <param name="threads">Images read at the same time, at least 1.</param>
    /// <param name="cancellation">Stops between images.</param>
    public string? Changed(IDataset data, int threads, CancellationToken cancellation)
    {
        byte[] now = Contents(data, [.. Images], threads, cancellation);
        int different = now.AsSpan().CommonPrefixLength(ImageContents);
        return different == now.Length ? null : data.Source(Images[different / sizeof(ulong)]);
    }

    /// <summary>The first file that is another one now; null where all are as they were read.</summary>
    /// <param name="data">What errors call the data.</param>
    /// <param name="files">All its files.</param>
    /// <param name="threads">Files read at the same time, at least 1.</param>
    /// <param name="cancellation">Stops between files.</param>
    public string? Changed(string data, IReadOnlyList<string> files, int threads, CancellationToken cancellation)
    {
        byte[] now = Pack(DatasetFingerprint.Read(data, files, [.. Files], threads, cancellation));
        int different = now.AsSpan().CommonPrefixLength(FileContents);
        return different == now.Length ? null : files[Files[different / FileBytes]];
    }

    /// <summary>What the files hold, by index.</summary>
    public IEnumerable<(int File, FileContent Content)> ReadFiles() => Files.Select((file, i) => (file, new FileContent(
        BinaryPrimitives.ReadInt64LittleEndian(FileContents.AsSpan(i * FileBytes)),
        FileContents.AsMemory((i * FileBytes) + sizeof(long), SHA256.HashSizeInBytes))));

    /// <summary>Digests of what the images are stored as, by index.</summary>
    public IEnumerable<(int Image, ulong Digest)> ReadImages()
        => Images.Select((image, i) => (image, BinaryPrimitives.ReadUInt64LittleEndian(ImageContents.AsSpan(i * sizeof(ulong)))));

    /// <summary>The digest of an image as it is now, as <see cref="ReadImages"/> has those that were read.</summary>
    /// <param name="data">The data set.</param>
    /// <param name="image">The image's index.</param>
    /// <exception cref="AuditException">It cannot be read.</exception>
    public static ulong ImageDigest(IDataset data, int image)
    {
        string attributes = string.Concat(data.Attributes.Select(name => $"\0{data.Attribute(name, image)}"));
        byte[] mask = data.Mask(image);
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        digest.AppendData(data.Content(image));
        digest.AppendData(mask);
        // What ends where, so that no byte of one part can pass for another's.
        digest.AppendData(BitConverter.GetBytes(mask.Length));
        digest.AppendData(Encoding.UTF8.GetBytes(attributes));
        return BinaryPrimitives.ReadUInt64LittleEndian(digest.GetHashAndReset());
    }

    private static byte[] Contents(IDataset data, int[] images, int threads, CancellationToken cancellation)
    {
        byte[] contents = new byte[images.Length * sizeof(ulong)];
        ParallelLoop.Run(0, images.Length, threads, i => BinaryPrimitives.WriteUInt64LittleEndian(
            contents.AsSpan(i * sizeof(ulong)), ImageDigest(data, images[i])), cancellation);
        return contents;
    }

    private static byte[] Pack(FileContent[] contents)
    {
        byte[] packed = new byte[contents.Length * FileBytes];
        foreach ((int i, FileContent content) in contents.Index())
        {
            BinaryPrimitives.WriteInt64LittleEndian(packed.AsSpan(i * FileBytes), content.Size);
            content.Sha256.Span.CopyTo(packed.AsSpan((i * FileBytes) + sizeof(long)));
        }

        return packed;
    }
}
