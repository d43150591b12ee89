using System.Runtime.InteropServices;
using AuditKit.Imaging;

namespace AuditKit.Evidence;

/// <summary>
/// Everything that a run observed, in one SQLite file. Outcomes are committed batch by batch, so a killed run
/// resumes where it was; every statistic of the report can be re-computed from this file alone.
/// </summary>
/// <remarks>
/// Called from one thread at a time; several enumerations may be under way at once. An outcome that is there
/// already is kept: writing it a second time does nothing. Every member throws <see cref="AuditException"/> when the
/// disk is full (nothing that was committed is lost) or the file is found damaged, and
/// <see cref="ArgumentException"/> for an image or a class that <see cref="DescribeData"/> did not name.
/// </remarks>
public sealed class EvidenceStore : IDisposable
{
    private readonly string _path;
    private readonly EvidenceDatabase _database;

    private EvidenceStore(string path, EvidenceDatabase database)
    {
        (_path, _database) = (path, database);
        try
        {
            Identity = database.Query("SELECT identity FROM run", row => row.GetString(0)).First();
            Classes = [.. database.Query("SELECT name FROM class ORDER BY label", row => row.GetString(0))];
            ImageCount = database.Query("SELECT count(*) FROM image", row => row.GetInt32(0)).First();
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    /// <summary>Creates the store, or opens an unfinished or finished one of the same run.</summary>
    /// <param name="path">The file, <c>evidence.sqlite</c> in the run's folder.</param>
    /// <param name="identity">What makes the run this run: a digest over spec, model, data, seed and version.</param>
    /// <exception cref="AuditException">Another run's store, a corrupt file, a store in use by another process, or a full disk.</exception>
    public static EvidenceStore Open(string path, string identity)
    {
        var store = new EvidenceStore(path, EvidenceDatabase.OpenWrite(path, identity));
        if (store.Identity == identity)
        {
            return store;
        }

        store.Dispose();
        throw new AuditException(
            $"{path}: evidence of another run (its spec, model, data, seed or version of AuditKit differ). Choose another folder with --out, or move that file away.");
    }

    /// <summary>Opens an existing store for reading; nothing is written.</summary>
    /// <exception cref="AuditException">No such file, not an evidence store, a damaged one, or one that a run is writing to.</exception>
    public static EvidenceStore OpenRead(string path) => new(path, EvidenceDatabase.OpenRead(path));

    /// <summary>The file beneath, for tests that make it misbehave.</summary>
    internal EvidenceDatabase Database => _database;

    /// <summary>The identity that the store was created with.</summary>
    public string Identity { get; }

    /// <summary>Class names, in label order; set once by <see cref="DescribeData"/>.</summary>
    public IReadOnlyList<string> Classes { get; private set; }

    /// <summary>Number of images described.</summary>
    public int ImageCount { get; private set; }

    /// <summary>Records which images the run is about, once (a second call with the same data does nothing).</summary>
    /// <param name="classes">Class names in label order, at least one.</param>
    /// <param name="images">The images, of indices 0, 1, 2 …</param>
    /// <exception cref="AuditException">The store describes other images.</exception>
    public void DescribeData(IReadOnlyList<string> classes, IEnumerable<ImageRecord> images)
    {
        ArgumentOutOfRangeException.ThrowIfZero(classes.Count);
        if (Classes.Count > 0)
        {
            if (!Classes.SequenceEqual(classes) || !Images().SequenceEqual(images))
            {
                throw new AuditException($"{_path}: evidence about other images than the data has now. Choose another folder with --out.");
            }

            return;
        }

        int count = 0;
        _database.Transaction(() =>
        {
            _database.Insert("INSERT INTO class VALUES ($0, $1)", classes.Index(), (row, values) =>
            {
                values.Bind(0, row.Index);
                values.Bind(1, row.Item);
            });
            _database.Insert("INSERT INTO image VALUES ($0, $1, $2)", images, (image, values) =>
            {
                if (image.Index != count++)
                {
                    throw new ArgumentException($"Image {image.Index} came where image {count - 1} was due.", nameof(images));
                }

                values.Bind(0, image.Index);
                values.Bind(1, image.Label);
                values.Bind(2, image.Source);
            });
        });
        (Classes, ImageCount) = ([.. classes], count);
    }

    /// <summary>The images in index order.</summary>
    public IEnumerable<ImageRecord> Images() => _database.Query(
        "SELECT id, label, source FROM image ORDER BY id",
        row => new ImageRecord(row.GetInt32(0), row.GetInt32(1), row.GetString(2)));

    /// <summary>Whether an attribute has been recorded for all images.</summary>
    public bool HasAttribute(string name)
        => _database.Query("SELECT 1 FROM attribute WHERE name = $0", _ => 1, name).Any();

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
            _database.Execute("INSERT INTO attribute (name) VALUES ($0)", name);
            long attribute = _database.Query("SELECT id FROM attribute WHERE name = $0", row => row.GetInt64(0), name).First();
            int count = 0;
            _database.Insert("INSERT INTO attribute_value VALUES ($0, $1, $2)", values, (row, statement) =>
            {
                statement.Bind(0, attribute);
                statement.Bind(1, row.Image);
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
                "SELECT value FROM attribute_value WHERE attribute = (SELECT id FROM attribute WHERE name = $0) ORDER BY image",
                row => row.GetString(0),
                name)]
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
            values.Bind(1, outcome.Image);
            values.Bind(2, outcome.Predicted);
            values.Bind(3, outcome.Confidence);
            values.Bind(4, outcome.Distance);
        });

    /// <summary>Predictions under a condition, in image order.</summary>
    public IEnumerable<Prediction> Predictions(string condition) => _database.Query(
        """
        SELECT image, predicted, confidence, distance FROM prediction
        WHERE condition = (SELECT id FROM condition WHERE name = $0) ORDER BY image
        """,
        row => new Prediction(
            row.GetInt32(0), row.GetInt32(1), row.GetFloat(2), row.IsDBNull(3) ? float.NaN : row.GetFloat(3)),
        condition);

    /// <summary>Commits logits under a condition in one transaction: K floats an image, or anything that softmax turns into its probabilities.</summary>
    /// <param name="condition">The condition.</param>
    /// <param name="images">n image indices.</param>
    /// <param name="logits">n×K floats.</param>
    public void WriteLogits(string condition, IReadOnlyList<int> images, ReadOnlySpan<float> logits)
        => WriteVectors("logits", condition, images, logits);

    /// <summary>Which images already have logits under a condition (by index).</summary>
    public bool[] ImagesWithLogits(string condition) => Measured("logits", condition);

    /// <summary>Logits under a condition, in image order: K floats each.</summary>
    public IEnumerable<(int Image, float[] Logits)> Logits(string condition) => Vectors("logits", condition);

    /// <summary>Commits embeddings under a condition in one transaction: D floats an image.</summary>
    /// <param name="condition">The condition.</param>
    /// <param name="images">n image indices.</param>
    /// <param name="embeddings">n×D floats.</param>
    public void WriteEmbeddings(string condition, IReadOnlyList<int> images, ReadOnlySpan<float> embeddings)
        => WriteVectors("embedding", condition, images, embeddings);

    /// <summary>Embeddings under a condition, in image order: D floats each.</summary>
    public IEnumerable<(int Image, float[] Embedding)> Embeddings(string condition) => Vectors("embedding", condition);

    /// <summary>Reads the embedding of an image under a condition; false where there is none.</summary>
    /// <exception cref="AuditException">The store holds an embedding of another length.</exception>
    public bool TryReadEmbedding(string condition, int image, Span<float> embedding)
    {
        byte[]? vector = _database.Query(
            "SELECT vector FROM embedding WHERE condition = (SELECT id FROM condition WHERE name = $0) AND image = $1",
            row => row.GetFieldValue<byte[]>(0),
            condition,
            image).FirstOrDefault();
        if (vector is null)
        {
            return false;
        }

        if (vector.Length != embedding.Length * sizeof(float))
        {
            throw new AuditException(
                $"{_path}: the embedding of image {image} has {vector.Length / sizeof(float)} values, expected {embedding.Length}.", ExitCode.Error);
        }

        MemoryMarshal.Cast<byte, float>(vector).CopyTo(embedding);
        return true;
    }

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
            values.Bind(1, outcome.Image);
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
        WHERE condition = (SELECT id FROM condition WHERE name = $0) ORDER BY image
        """,
        row => new AttackOutcome(
            row.GetInt32(0), row.GetBoolean(1), row.GetInt32(2), row.GetInt32(3),
            row.GetFloat(4), row.GetFloat(5), row.GetInt32(6), row.GetFloat(7)),
        attack);

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
            values.Bind(1, image);
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
        WHERE condition = (SELECT id FROM condition WHERE name = $0) ORDER BY image, id
        """,
        row => (row.GetInt32(0), row.GetString(1),
            new Image(row.GetInt32(2), row.GetInt32(3), row.GetInt32(4), row.GetFieldValue<byte[]>(5))),
        condition);

    /// <summary>Records a fact of the run under a key, replacing an earlier value.</summary>
    public void WriteFact(string key, string value) => _database.Execute(
        "INSERT INTO fact VALUES ($0, $1) ON CONFLICT (key) DO UPDATE SET value = excluded.value", key, value);

    /// <summary>A fact of the run; null where it was never written.</summary>
    public string? Fact(string key)
        => _database.Query("SELECT value FROM fact WHERE key = $0", row => row.GetString(0), key).FirstOrDefault();

    /// <summary>The conditions that something was recorded under, in the order in which they were first.</summary>
    public IReadOnlyList<string> Conditions => Names("condition");

    /// <summary>SHA-256 (lower-case hex) over everything observed, whatever the order it was written in; facts of judging are no part of it.</summary>
    public string Digest() => EvidenceDigest.Of(_database);

    /// <summary>
    /// Copies the outcomes of another store of the same run identity (a shard) into this one. What is here already
    /// is kept, so an interrupted merge is simply done again.
    /// </summary>
    /// <exception cref="AuditException">Not a store of this run, or a damaged one.</exception>
    public void Merge(string path)
    {
        using EvidenceStore shard = OpenRead(path);
        if (shard.Identity != Identity)
        {
            throw new AuditException($"{path}: evidence of another run than {_path}; only shards of one run can be merged.");
        }

        if (shard.Classes.Count > 0)
        {
            DescribeData(shard.Classes, shard.Images());
        }

        foreach (string attribute in shard.Names("attribute"))
        {
            WriteAttribute(attribute, shard.Attribute(attribute).Index());
        }

        foreach (string condition in shard.Conditions)
        {
            foreach (Prediction[] batch in shard.Predictions(condition).Chunk(MergeBatch))
            {
                Write(condition, batch);
            }

            foreach (AttackOutcome[] batch in shard.AttackOutcomes(condition).Chunk(MergeBatch))
            {
                Write(condition, batch);
            }

            foreach (string table in new[] { "logits", "embedding" })
            {
                foreach ((int Image, float[] Vector)[] batch in shard.Vectors(table, condition).Chunk(MergeBatch))
                {
                    WriteVectors(table, condition, [.. batch.Select(row => row.Image)], batch.SelectMany(row => row.Vector).ToArray());
                }
            }

            foreach ((int image, string label, Image pixels) in shard.Examples(condition))
            {
                WriteExample(condition, image, label, pixels);
            }
        }

        foreach ((string key, string value) in shard._database.Query(
            "SELECT key, value FROM fact ORDER BY key", row => (row.GetString(0), row.GetString(1))))
        {
            if (Fact(key) is null)
            {
                WriteFact(key, value);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _database.Dispose();

    /// <summary>Outcomes copied in one transaction: large enough to be fast, small enough for any memory.</summary>
    private const int MergeBatch = 10_000;

    private List<string> Names(string table)
        => [.. _database.Query($"SELECT name FROM {table} ORDER BY id", row => row.GetString(0))];

    private void WriteVectors(string table, string condition, IReadOnlyList<int> images, ReadOnlySpan<float> values)
    {
        if (images.Count == 0 || values.Length % images.Count != 0)
        {
            throw new ArgumentException($"{values.Length} floats are no vectors of {images.Count} images.", nameof(values));
        }

        byte[] bytes = MemoryMarshal.AsBytes(values).ToArray();
        WriteUnder(
            condition,
            $"INSERT INTO {table} VALUES ($0, $1, $2) ON CONFLICT (condition, image) DO NOTHING",
            [.. images.Zip(bytes.Chunk(Math.Max(1, bytes.Length / images.Count)))],
            (row, statement) =>
            {
                statement.Bind(1, row.First);
                statement.Bind(2, row.Second);
            });
    }

    private IEnumerable<(int Image, float[] Vector)> Vectors(string table, string condition) => _database.Query(
        $"SELECT image, vector FROM {table} WHERE condition = (SELECT id FROM condition WHERE name = $0) ORDER BY image",
        row => (row.GetInt32(0), MemoryMarshal.Cast<byte, float>(row.GetFieldValue<byte[]>(1)).ToArray()),
        condition);

    private bool[] Measured(string table, string condition)
    {
        bool[] measured = new bool[ImageCount];
        foreach (int image in _database.Query(
            $"SELECT image FROM {table} WHERE condition = (SELECT id FROM condition WHERE name = $0)", row => row.GetInt32(0), condition))
        {
            measured[image] = true;
        }

        return measured;
    }

    /// <summary>Inserts rows whose first value, <c>$0</c>, is the condition's id.</summary>
    private void WriteUnder<T>(string condition, string sql, IReadOnlyList<T> rows, Action<T, InsertStatement> bind)
        => _database.Transaction(() =>
        {
            _database.Execute("INSERT INTO condition (name) VALUES ($0) ON CONFLICT DO NOTHING", condition);
            long id = _database.Query("SELECT id FROM condition WHERE name = $0", row => row.GetInt64(0), condition).First();
            _database.Insert(sql, rows, (row, values) =>
            {
                values.Bind(0, id);
                bind(row, values);
            });
        });
}
