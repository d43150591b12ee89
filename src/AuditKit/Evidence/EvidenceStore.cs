namespace AuditKit.Evidence;

/// <summary>
/// Everything that a run observed, in one SQLite file. Outcomes are committed batch by batch, so a killed run
/// resumes where it was; every statistic of the report can be re-computed from this file alone.
/// </summary>
/// <remarks>
/// Called from one thread at a time; several enumerations may be under way at once. An outcome that is there
/// already is kept: writing it a second time does nothing. Images are those of one data set, the audited one unless
/// <see cref="Of"/> chose another. Every member throws <see cref="AuditException"/> when the
/// disk is full (nothing that was committed is lost) or the file is found damaged, and
/// <see cref="ArgumentException"/> for an image or a class that <see cref="DescribeData"/> did not name.
/// </remarks>
public sealed partial class EvidenceStore : IDisposable
{
    private readonly string _path;
    private readonly EvidenceDatabase _database;
    private readonly string _dataset;
    private readonly UsedEvidence _used;

    // The number of the data set in the file; -1 until its images are described.
    private long _datasetId;

    private EvidenceStore(string path, EvidenceDatabase database, string dataset, UsedEvidence used)
    {
        (_path, _database, _dataset, _used) = (path, database, dataset, used);
        Identity = database.Query("SELECT identity FROM run", row => row.GetString(0)).First();
        ReadDescription();
    }

    /// <summary>Creates the store, or opens an unfinished or finished one of the same run.</summary>
    /// <param name="path">The file, <c>evidence.sqlite</c> in the run's folder.</param>
    /// <param name="identity">What makes the run this run: a digest over spec, model, data, seed, version and JPEG codec.</param>
    /// <exception cref="AuditException">Another run's store, a corrupt file, a store in use by another process, or a full disk.</exception>
    public static EvidenceStore Open(string path, string identity)
    {
        EvidenceStore store = Over(path, EvidenceDatabase.OpenWrite(path, identity));
        if (store.Identity == identity)
        {
            return store;
        }

        store.Dispose();
        throw new AuditException(
            $"{path}: evidence of another run (its spec, model, data, seed, version of AuditKit or JPEG codec differ). Choose another folder "
                + "with --out, or move that file away.");
    }

    /// <summary>Whether an existing store is of a run.</summary>
    /// <exception cref="AuditException">As for <see cref="OpenRead"/>.</exception>
    internal static bool IsOf(string path, string identity)
    {
        using EvidenceStore store = OpenRead(path);
        return store.Identity == identity;
    }

    /// <summary>Opens an existing store for reading; nothing is written.</summary>
    /// <exception cref="AuditException">No such file, not an evidence store, a damaged one, or one that a run is writing to.</exception>
    public static EvidenceStore OpenRead(string path) => Over(path, EvidenceDatabase.OpenRead(path));

    /// <summary>
    /// The part of this store that is about another data set, whose images have indices of their own and whose classes
    /// are those of the audited one. It shares file and identity; disposing it does nothing.
    /// </summary>
    /// <param name="dataset">What tells the data set from all others: a digest.</param>
    public EvidenceStore Of(string dataset)
    {
        ArgumentException.ThrowIfNullOrEmpty(dataset);
        return new EvidenceStore(_path, _database, dataset, _used);
    }

    /// <summary>The data sets besides the audited one that something was recorded of, each to be had by <see cref="Of"/>.</summary>
    public IReadOnlyList<string> FurtherData
        => [.. _database.Query("SELECT name FROM dataset WHERE name <> $0 ORDER BY id", row => row.GetString(0), EvidenceSchema.AuditedData)];

    /// <summary>The file beneath, for tests that make it misbehave.</summary>
    internal EvidenceDatabase Database => _database;

    /// <summary>The identity that the store was created with.</summary>
    public string Identity { get; }

    /// <summary>Class names, in label order; set once by <see cref="DescribeData"/>.</summary>
    public IReadOnlyList<string> Classes { get; private set; } = [];

    /// <summary>Number of images described.</summary>
    public int ImageCount { get; private set; }

    /// <summary>
    /// Gives this store's data set another name, by which <see cref="Of"/> finds it. Where one of that name is there, it gets what it lacks of
    /// this one; the rest is left, unused.
    /// </summary>
    internal EvidenceStore Renamed(string dataset)
    {
        EvidenceStore renamed = Of(dataset);
        _database.Transaction(() =>
        {
            if (renamed.ImageCount == 0)
            {
                _database.Execute("UPDATE dataset SET name = $1 WHERE name = $0", _dataset, dataset);
                return;
            }

            foreach ((string table, string key) in new[] { ("condition", "digest"), ("attribute", "name") })
            {
                _database.Execute(
                    $"UPDATE {table} SET dataset = $1 WHERE dataset = $0 AND {key} NOT IN (SELECT {key} FROM {table} WHERE dataset = $1)",
                    _datasetId, renamed._datasetId);
            }
        });
        return Of(dataset);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_dataset == EvidenceSchema.AuditedData)
        {
            _database.Dispose();
        }
    }

    private static EvidenceStore Over(string path, EvidenceDatabase database)
    {
        try
        {
            return new EvidenceStore(path, database, EvidenceSchema.AuditedData, new UsedEvidence());
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    private void ReadDescription()
    {
        _datasetId = DatasetId();
        Classes = [.. _database.Query("SELECT name FROM class ORDER BY label", row => row.GetString(0))];
        ImageCount = _database.Query("SELECT images FROM dataset WHERE id = $0", row => row.GetInt32(0), _datasetId).FirstOrDefault();
    }

    private void RequireClasses(IReadOnlyList<string> classes)
    {
        ArgumentOutOfRangeException.ThrowIfZero(classes.Count);
        _used.Datasets.Add(_dataset);
        if (Classes.Count > 0 && !Classes.SequenceEqual(classes))
        {
            throw OtherImages();
        }
    }

    private AuditException OtherImages()
        => new($"{_path}: evidence about other images than the data has now. Choose another folder with --out.");

    // The classes, and a row for the data set, where they are not there yet.
    private void WriteDataset(IReadOnlyList<string> classes)
    {
        _database.Insert("INSERT INTO class VALUES ($0, $1) ON CONFLICT DO NOTHING", classes.Index(), (row, values) =>
        {
            values.Bind(0, row.Index);
            values.Bind(1, row.Item);
        });
        _database.Execute("INSERT INTO dataset (name, images) VALUES ($0, 0) ON CONFLICT DO NOTHING", _dataset);
    }

    // Numbers in the file, -1 for what it does not hold.
    private long DatasetId() => Number("SELECT id FROM dataset WHERE name = $0", _dataset);

    private long Number(string query, params object[] parameters)
        => _database.Query(query, row => row.GetInt64(0), parameters).Append(-1).First();

    private List<string> Names(string table)
        => [.. _database.Query($"SELECT name FROM {table} WHERE dataset = $0 ORDER BY id", row => row.GetString(0), _datasetId)];
}
