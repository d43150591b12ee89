using AuditKit.Imaging;

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

    // The number of the data set in the file; -1 until its images are described.
    private long _datasetId;

    private EvidenceStore(string path, EvidenceDatabase database, string dataset)
    {
        (_path, _database, _dataset) = (path, database, dataset);
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
            $"{path}: evidence of another run (its spec, model, data, seed, version of AuditKit or JPEG codec differ). Choose another folder with --out, or move that file away.");
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
        return new EvidenceStore(_path, _database, dataset);
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

    /// <summary>Records which images the run is about, once (a second call with the same data does nothing).</summary>
    /// <param name="classes">Class names in label order, at least one.</param>
    /// <param name="images">The images, of indices 0, 1, 2 …</param>
    /// <exception cref="AuditException">The store describes other images.</exception>
    public void DescribeData(IReadOnlyList<string> classes, IEnumerable<ImageRecord> images)
    {
        ArgumentOutOfRangeException.ThrowIfZero(classes.Count);
        if ((Classes.Count > 0 && !Classes.SequenceEqual(classes)) || (ImageCount > 0 && !Images().SequenceEqual(images)))
        {
            throw new AuditException($"{_path}: evidence about other images than the data has now. Choose another folder with --out.");
        }

        if (ImageCount > 0)
        {
            return;
        }

        _database.Transaction(() =>
        {
            _database.Insert("INSERT INTO class VALUES ($0, $1) ON CONFLICT DO NOTHING", classes.Index(), (row, values) =>
            {
                values.Bind(0, row.Index);
                values.Bind(1, row.Item);
            });
            _database.Execute("INSERT INTO dataset (name, images) VALUES ($0, 0) ON CONFLICT DO NOTHING", _dataset);
            long dataset = DatasetId();
            int count = 0;
            _database.Insert("INSERT INTO image VALUES ($0, $1, $2, $3)", images, (image, values) =>
            {
                if (image.Index != count++)
                {
                    throw new ArgumentException($"Image {image.Index} came where image {count - 1} was due.", nameof(images));
                }

                values.Bind(0, dataset);
                values.Bind(1, image.Index);
                values.Bind(2, image.Label);
                values.Bind(3, image.Source);
            });
            _database.Execute("UPDATE dataset SET images = $1 WHERE id = $0", dataset, count);
        });
        ReadDescription();
    }

    /// <summary>The images in index order.</summary>
    public IEnumerable<ImageRecord> Images() => _database.Query(
        "SELECT position, label, source FROM image WHERE dataset = $0 ORDER BY position",
        row => new ImageRecord(row.GetInt32(0), row.GetInt32(1), row.GetString(2)),
        _datasetId);

    /// <summary>Whether an attribute has been recorded for all images.</summary>
    public bool HasAttribute(string name) => AttributeId(name) >= 0;

    /// <summary>Records a named value of every image in one transaction: text for categories, a number (round-trip format) for measured ones.</summary>
    /// <param name="name">The attribute; writing it a second time does nothing.</param>
    /// <param name="values">One value an image, in any order.</param>
    /// <exception cref="ArgumentException">An image is missing.</exception>
    public void WriteAttribute(string name, IEnumerable<(int Image, string Value)> values)
    {
        if (HasAttribute(name))
        {
            return;
        }

        _database.Transaction(() =>
        {
            _database.Execute("INSERT INTO attribute (dataset, name) VALUES ($0, $1)", _datasetId, name);
            long attribute = AttributeId(name);
            int count = 0;
            _database.Insert("INSERT INTO attribute_value VALUES ($0, $1, $2)", values, (row, statement) =>
            {
                statement.Bind(0, attribute);
                statement.Bind(1, Described(row.Image));
                statement.Bind(2, row.Value);
                count++;
            });
            if (count != ImageCount)
            {
                throw new ArgumentException($"Attribute '{name}' has {count} values for {ImageCount} images.", nameof(values));
            }
        });
    }

    /// <summary>The values of an attribute by image index.</summary>
    /// <exception cref="AuditException">The attribute was never recorded.</exception>
    public string[] Attribute(string name)
        => HasAttribute(name)
            ? [.. _database.Query(
                "SELECT value FROM attribute_value WHERE attribute = $0 ORDER BY image", row => row.GetString(0), AttributeId(name))]
            : throw new AuditException($"{_path}: the run has not recorded the attribute '{name}'. Run the audit to its end first.");

    /// <summary>Which images already have a prediction under a condition (by index).</summary>
    public bool[] PredictedImages(string condition) => Measured("prediction", condition);

    /// <summary>Commits predictions under a condition in one transaction.</summary>
    public void Write(string condition, IReadOnlyList<Prediction> predictions) => WriteUnder(
        condition,
        "INSERT INTO prediction VALUES ($0, $1, $2, $3, $4) ON CONFLICT (condition, image) DO NOTHING",
        predictions,
        (outcome, values) =>
        {
            values.Bind(1, Described(outcome.Image));
            values.Bind(2, outcome.Predicted);
            values.Bind(3, outcome.Confidence);
            values.Bind(4, outcome.Distance);
        });

    /// <summary>Predictions under a condition, in image order.</summary>
    public IEnumerable<Prediction> Predictions(string condition) => _database.Query(
        """
        SELECT image, predicted, confidence, distance FROM prediction
        WHERE condition = $0 ORDER BY image
        """,
        row => new Prediction(
            row.GetInt32(0), row.GetInt32(1), row.GetFloat(2), row.IsDBNull(3) ? float.NaN : row.GetFloat(3)),
        ConditionId(condition));

    /// <summary>Which images already have an outcome of an attack (by index).</summary>
    public bool[] AttackedImages(string attack) => Measured("attack_outcome", attack);

    /// <summary>The attacks that have outcomes, by their headings.</summary>
    public IReadOnlyList<string> Attacks()
        => [.. _database.Query("SELECT name FROM condition WHERE id IN (SELECT condition FROM attack_outcome) ORDER BY name", row => row.GetString(0))];

    /// <summary>Commits outcomes of an attack in one transaction.</summary>
    public void Write(string attack, IReadOnlyList<AttackOutcome> outcomes) => WriteUnder(
        attack,
        "INSERT INTO attack_outcome VALUES ($0, $1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (condition, image) DO NOTHING",
        outcomes,
        (outcome, values) =>
        {
            values.Bind(1, Described(outcome.Image));
            values.Bind(2, outcome.Succeeded ? 1 : 0);
            values.Bind(3, outcome.Iterations);
            values.Bind(4, outcome.Queries);
            values.Bind(5, outcome.L2);
            values.Bind(6, outcome.LInf);
            values.Bind(7, outcome.Predicted);
            values.Bind(8, outcome.Confidence);
        });

    /// <summary>Outcomes of an attack, in image order.</summary>
    public IEnumerable<AttackOutcome> AttackOutcomes(string attack) => _database.Query(
        """
        SELECT image, succeeded, iterations, queries, l2, linf, predicted, confidence FROM attack_outcome
        WHERE condition = $0 ORDER BY image
        """,
        row => new AttackOutcome(
            row.GetInt32(0), row.GetBoolean(1), row.GetInt32(2), row.GetInt32(3),
            row.GetFloat(4), row.GetFloat(5), row.GetInt32(6), row.GetFloat(7)),
        ConditionId(attack));

    /// <summary>Keeps an image to be shown in the report, once for each condition, image index and label.</summary>
    public void WriteExample(string condition, int image, string label, Image pixels) => WriteUnder(
        condition,
        """
        INSERT INTO example (condition, image, label, width, height, channels, samples)
        VALUES ($0, $1, $2, $3, $4, $5, $6) ON CONFLICT (condition, image, label) DO NOTHING
        """,
        [pixels],
        (example, values) =>
        {
            values.Bind(1, Described(image));
            values.Bind(2, label);
            values.Bind(3, example.Width);
            values.Bind(4, example.Height);
            values.Bind(5, example.Channels);
            values.Bind(6, example.Samples);
        });

    /// <summary>The images kept under a condition: by image index, then in the order written.</summary>
    public IEnumerable<(int Image, string Label, Image Pixels)> Examples(string condition) => _database.Query(
        """
        SELECT image, label, width, height, channels, samples FROM example
        WHERE condition = $0 ORDER BY image, id
        """,
        row => (row.GetInt32(0), row.GetString(1),
            new Image(row.GetInt32(2), row.GetInt32(3), row.GetInt32(4), row.GetFieldValue<byte[]>(5))),
        ConditionId(condition));

    /// <summary>Keeps a record of how the run was made or judged under a key, replacing an earlier one; it is no part of the digest.</summary>
    public void WriteRecord(string key, string value) => _database.Execute(
        $"INSERT INTO {EvidenceSchema.RecordTable} VALUES ($0, $1) ON CONFLICT (key) DO UPDATE SET value = excluded.value", key, value);

    /// <summary>A record; null where it was never written.</summary>
    public string? Record(string key)
        => _database.Query($"SELECT value FROM {EvidenceSchema.RecordTable} WHERE key = $0", row => row.GetString(0), key).FirstOrDefault();

    /// <summary>Records a fact of the run under a key, replacing an earlier value.</summary>
    public void WriteFact(string key, string value) => _database.Execute(
        "INSERT INTO fact VALUES ($0, $1) ON CONFLICT (key) DO UPDATE SET value = excluded.value", key, value);

    /// <summary>A fact of the run; null where it was never written.</summary>
    public string? Fact(string key)
        => _database.Query("SELECT value FROM fact WHERE key = $0", row => row.GetString(0), key).FirstOrDefault();

    /// <summary>The keys of all facts, sorted.</summary>
    public IReadOnlyList<string> FactKeys => [.. _database.Query("SELECT key FROM fact ORDER BY key", row => row.GetString(0))];

    /// <summary>The conditions that something was recorded under, in the order in which they were first.</summary>
    public IReadOnlyList<string> Conditions => Names("condition");

    /// <summary>SHA-256 (lower-case hex) over everything observed, whatever the order it was written in; facts of judging are no part of it.</summary>
    public string Digest() => EvidenceDigest.Of(_database);

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
            return new EvidenceStore(path, database, EvidenceSchema.AuditedData);
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

    // Numbers in the file, -1 for what it does not hold.
    private long DatasetId() => Number("SELECT id FROM dataset WHERE name = $0", _dataset);

    private long ConditionId(string name) => Number("SELECT id FROM condition WHERE dataset = $0 AND name = $1", _datasetId, name);

    private long AttributeId(string name) => Number("SELECT id FROM attribute WHERE dataset = $0 AND name = $1", _datasetId, name);

    private long Number(string query, params object[] parameters)
        => _database.Query(query, row => row.GetInt64(0), parameters).Append(-1).First();

    private long Described(int image) => (uint)image < (uint)ImageCount
        ? image
        : throw new ArgumentException($"Image {image} is none of the {ImageCount} that the store was told of.");

    private List<string> Names(string table)
        => [.. _database.Query($"SELECT name FROM {table} WHERE dataset = $0 ORDER BY id", row => row.GetString(0), _datasetId)];

    private bool[] Measured(string table, string condition)
    {
        bool[] measured = new bool[ImageCount];
        foreach (int image in _database.Query(
            $"SELECT image FROM {table} WHERE condition = $0", row => row.GetInt32(0), ConditionId(condition)))
        {
            measured[image] = true;
        }

        return measured;
    }

    /// <summary>Inserts rows whose first value, <c>$0</c>, is the condition's id.</summary>
    private void WriteUnder<T>(string condition, string sql, IReadOnlyList<T> rows, Action<T, InsertStatement> bind)
        => _database.Transaction(() =>
        {
            _database.Execute("INSERT INTO condition (dataset, name) VALUES ($0, $1) ON CONFLICT DO NOTHING", _datasetId, condition);
            long id = ConditionId(condition);
            _database.Insert(sql, rows, (row, values) =>
            {
                values.Bind(0, id);
                bind(row, values);
            });
        });
}
