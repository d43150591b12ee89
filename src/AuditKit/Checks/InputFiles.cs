using AuditKit.Data;
using AuditKit.Models;

namespace AuditKit.Checks;

/// <summary>
/// The files that a run read, each with the digest of what was read. A report names these digests, so a file that is
/// replaced while the run goes on must not go unnoticed: some images or layers would be another file's.
/// </summary>
public sealed class InputFiles
{
    private readonly List<Func<CancellationToken, string?>> _changed = [];
    private readonly Dictionary<string, DatasetFingerprint> _known = [];

    /// <summary>The digests of a data set's files, which are read once and must not change from then on.</summary>
    /// <param name="data">The data set.</param>
    /// <param name="threads">Files that are read at the same time.</param>
    /// <param name="cancellation">Stops between files.</param>
    /// <exception cref="AuditException">A file cannot be read.</exception>
    internal DatasetFingerprint Fingerprint(IDataset data, int threads, CancellationToken cancellation)
    {
        (string name, IReadOnlyList<string> files) = (data.Name, data.Files);
        string key = string.Join('\n', files);
        if (_known.TryGetValue(key, out DatasetFingerprint? known))
        {
            return known;
        }

        DatasetFingerprint read = DatasetFingerprint.Of(data, threads, cancellation);
        _known.Add(key, read);
        _changed.Add(stop => DatasetFingerprint.Of(name, files, threads, stop).Files
            .Zip(read.Files).FirstOrDefault(pair => pair.First != pair.Second).First?.Name is { } file ? $"{name}, {file}" : null);
        return read;
    }

    /// <summary>Adds a model's files.</summary>
    /// <param name="models">Where it was opened.</param>
    /// <param name="model">The model.</param>
    public void Add(IModelSource models, AuditedModel model) => _changed.Add(_ => models.Digest(model.Spec) == model.Sha256 ? null : model.Spec.Path);

    /// <summary>Adds the images of an open data set that a shard has read.</summary>
    /// <param name="data">The data set, open until <see cref="RequireUnchanged"/> is called.</param>
    /// <param name="part">What was read of it.</param>
    /// <param name="threads">Images that are read at the same time.</param>
    internal void AddImages(IDataset data, DataPart part, int threads)
        => _changed.Add(cancellation => part.Changed(data, threads, cancellation) is { } image ? $"{data.Name}, {image}" : null);

    /// <summary>Adds the files of a data set that a shard has read.</summary>
    /// <param name="data">The data set.</param>
    /// <param name="part">What was read of it.</param>
    /// <param name="threads">Files that are read at the same time.</param>
    internal void Add(IDataset data, DataPart part, int threads)
    {
        (string name, IReadOnlyList<string> files) = (data.Name, data.Files);
        _changed.Add(cancellation => part.Changed(name, files, threads, cancellation));
    }

    /// <summary>Reads every file again.</summary>
    /// <exception cref="AuditException">One is not what it was, or not there any more.</exception>
    public void RequireUnchanged(CancellationToken cancellation)
    {
        foreach (Func<CancellationToken, string?> changed in _changed)
        {
            cancellation.ThrowIfCancellationRequested();
            if (changed(cancellation) is { } file)
            {
                throw Replaced(file);
            }
        }
    }

    /// <summary>What is said of a file, or of an image in one, that is not what it was.</summary>
    internal static AuditException Replaced(string file) => new(
        $"{file} was replaced while the audit was running, so its outcomes are of two versions. Audit again into another folder, and leave the file alone "
            + "meanwhile.",
        ExitCode.Error);
}
