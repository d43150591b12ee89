namespace AuditKit.Data;

/// <summary>The parts of a data set that shards have read, brought together.</summary>
/// <param name="data">The data set, as it is listed here; its files are not read again.</param>
internal sealed class DataParts(IDataset data)
{
    private readonly IReadOnlyList<string> _paths = data.Files;
    private readonly FileContent?[] _files = new FileContent?[data.Files.Count];
    private readonly ulong[] _images = new ulong[data.Count];
    private readonly bool[] _isRead = new bool[data.Count];
    private int _severalFrames;

    /// <summary>How many images are the first of several in their file.</summary>
    public int SeveralFrames => _severalFrames;

    /// <summary>Adds a shard's part.</summary>
    /// <param name="part">The part.</param>
    /// <param name="shard">What errors call the shard.</param>
    /// <exception cref="AuditException">The part is damaged, or a file or an image was another one when another shard read it.</exception>
    public void Add(DataPart part, string shard)
    {
        _severalFrames += part.SeveralFrames;
        try
        {
            foreach ((int file, FileContent content) in part.ReadFiles())
            {
                if (_files[file] is { } known && !(known.Size == content.Size && known.Sha256.Span.SequenceEqual(content.Sha256.Span)))
                {
                    throw Differs(shard, _paths[file]);
                }

                _files[file] = content;
            }

            foreach ((int image, ulong digest) in part.ReadImages())
            {
                if (_isRead[image] && _images[image] != digest)
                {
                    throw Differs(shard, $"image {data.Source(image)}");
                }

                (_images[image], _isRead[image]) = (digest, true);
            }
        }
        catch (Exception e) when (e is ArgumentOutOfRangeException or IndexOutOfRangeException)
        {
            throw new AuditException($"{shard}: its record of the data {data.Name} is damaged. Run the shard again.", ExitCode.Error, e);
        }
    }

    /// <summary>Compares an image as it is here and now with what shards have read.</summary>
    /// <param name="image">Its index.</param>
    /// <exception cref="AuditException">It is another one, or cannot be read.</exception>
    public void RequireSame(int image)
    {
        if (!_isRead[image])
        {
            throw new AuditException($"No shard has read image {data.Source(image)} of {data.Name}: a shard is missing.", ExitCode.Error);
        }

        if (_images[image] != DataPart.ImageDigest(data, image))
        {
            throw new AuditException($"Image {data.Source(image)} of {data.Name} is another one here than the shards have read. Merge where the data are "
                + "what they measured.", ExitCode.Error);
        }
    }

    /// <summary>The fingerprint of all files.</summary>
    /// <exception cref="AuditException">No shard has read one of them.</exception>
    public DatasetFingerprint Fingerprint()
    {
        int missing = Array.FindIndex(_files, file => file is null);
        return missing < 0
            ? DatasetFingerprint.Of(_paths, [.. _files.Select(file => file!.Value)])
            : throw new AuditException($"No shard has read {_paths[missing]} of {data.Name}: a shard is missing.", ExitCode.Error);
    }

    private AuditException Differs(string shard, string what) => new(
        $"{shard}: {what} of {data.Name} is another one than another shard has read. All machines have to see the same data: bring their copies to the "
            + "same state, and run the shards that saw the wrong one again, with --resume false.", ExitCode.Error);
}
