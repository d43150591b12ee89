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
        string files = string.Join('\n', data.Files);
        if (!_known.TryGetValue(files, out DatasetFingerprint? fingerprint))
        {
            _known.Add(files, fingerprint = DatasetFingerprint.Of(data, threads, cancellation));
            Add(data, fingerprint, threads);
        }

        return fingerprint;
    }

    /// <summary>Adds a model's files.</summary>
    /// <param name="models">Where it was opened.</param>
    /// <param name="model">The model.</param>
    public void Add(IModelSource models, AuditedModel model) => _changed.Add(_ => models.Digest(model.Spec) == model.Sha256 ? null : model.Spec.Path);

    /// <summary>Adds a data set's files.</summary>
    /// <param name="data">The data set, open until <see cref="RequireUnchanged"/> is called or its files are known by then.</param>
    /// <param name="fingerprint">Its digests.</param>
    /// <param name="threads">Files that are read at the same time.</param>
    public void Add(IDataset data, DatasetFingerprint fingerprint, int threads)
    {
        (string name, IReadOnlyList<string> files) = (data.Name, data.Files);
        _changed.Add(cancellation => DatasetFingerprint.Of(name, files, threads, cancellation).Files
            .Zip(fingerprint.Files).FirstOrDefault(pair => pair.First != pair.Second).First?.Name is { } file ? $"{name}, {file}" : null);
    }

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
