namespace AuditKit.Evidence;

/// <content>The images: labels, sources, attributes.</content>
public sealed partial class EvidenceStore
{
    /// <summary>The labels of which the audited data has an image, in order, whichever data set this store is about.</summary>
    internal int[] AuditedLabels => [.. _database.Query(
        "SELECT DISTINCT label FROM image WHERE dataset = (SELECT id FROM dataset WHERE name = $0) ORDER BY label",
        row => row.GetInt32(0),
        EvidenceSchema.AuditedData)];

    /// <summary>Records which images the run is about, once (a second call with the same data does nothing).</summary>
    /// <param name="classes">Class names in label order, at least one.</param>
    /// <param name="images">The images, of indices 0, 1, 2 …</param>
    /// <exception cref="AuditException">The store describes other images.</exception>
    public void DescribeData(IReadOnlyList<string> classes, IEnumerable<ImageRecord> images)
    {
        RequireClasses(classes);
        if (Images().Any())
        {
            if (!Images().SequenceEqual(images))
            {
                throw OtherImages();
            }

            return;
        }

        _database.Transaction(() =>
        {
            WriteDataset(classes);
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
            if (ImageCount > 0 && ImageCount != count)
            {
                throw OtherImages();
            }

            _database.Execute("UPDATE dataset SET images = $1 WHERE id = $0", dataset, count);
        });
        ReadDescription();
    }

    /// <summary>Records of how many images the run is, without naming them: what a shard does, whose identity says which they are.</summary>
    /// <param name="classes">Class names in label order, at least one.</param>
    /// <param name="count">Number of images.</param>
    /// <exception cref="AuditException">The store describes other images.</exception>
    internal void CountData(IReadOnlyList<string> classes, int count)
    {
        RequireClasses(classes);
        if (ImageCount > 0 && ImageCount != count)
        {
            throw OtherImages();
        }

        _database.Transaction(() =>
        {
            WriteDataset(classes);
            _database.Execute("UPDATE dataset SET images = $1 WHERE id = $0", DatasetId(), count);
        });
        ReadDescription();
    }

    /// <summary>The images in index order.</summary>
    public IEnumerable<ImageRecord> Images() => _database.Query(
        "SELECT position, label, source FROM image WHERE dataset = $0 ORDER BY position",
        row => new ImageRecord(row.GetInt32(0), row.GetInt32(1), row.GetString(2)),
        _datasetId);

    /// <summary>One of the images.</summary>
    /// <param name="image">Its index.</param>
    /// <exception cref="AuditException">The store is a shard's, which names no image.</exception>
    public ImageRecord Image(int image) => _database.Query(
        "SELECT label, source FROM image WHERE dataset = $0 AND position = $1",
        row => (ImageRecord?)new ImageRecord(image, row.GetInt32(0), row.GetString(1)),
        _datasetId, Described(image)).FirstOrDefault() ?? throw NamesNoImage();

    /// <summary>The labels of all images, by index.</summary>
    /// <exception cref="AuditException">The store is a shard's, which names no image.</exception>
    public int[] Labels()
    {
        int[] labels = new int[ImageCount];
        int count = 0;
        foreach (int label in _database.Query("SELECT label FROM image WHERE dataset = $0 ORDER BY position", row => row.GetInt32(0), _datasetId))
        {
            labels[count++] = label;
        }

        return count == labels.Length
            ? labels
            : throw NamesNoImage();
    }

    private AuditException NamesNoImage() => new($"{_path}: a shard's evidence, which names no image. Bring the shards together first: {ProgramName.Value} merge.");

    /// <summary>The attributes that were recorded, in the order of recording.</summary>
    public IReadOnlyList<string> Attributes
        => [.. _database.Query("SELECT name FROM attribute WHERE dataset = $0 ORDER BY id", row => row.GetString(0), _datasetId)];

    /// <summary>Whether an attribute has been recorded for all images.</summary>
    public bool HasAttribute(string name) => ImageCount > 0 && CountOfAttribute(name) == ImageCount;

    /// <summary>For how many images an attribute has been recorded.</summary>
    internal long CountOfAttribute(string name) => Number("SELECT count(*) FROM attribute_value WHERE attribute = $0", AttributeId(name));

    /// <summary>Records a named value of images in one transaction: text for categories, a number (round-trip format) for measured ones.</summary>
    /// <param name="name">The attribute.</param>
    /// <param name="values">One value an image, in any order; an image that has one already keeps it.</param>
    public void WriteAttribute(string name, IEnumerable<(int Image, string Value)> values) => _database.Transaction(() =>
    {
        long attribute = WrittenAttribute(name);
        _database.Insert("INSERT INTO attribute_value VALUES ($0, $1, $2) ON CONFLICT (attribute, image) DO NOTHING", values, (row, statement) =>
        {
            statement.Bind(0, attribute);
            statement.Bind(1, Described(row.Image));
            statement.Bind(2, row.Value);
        });
    });

    /// <summary>The values of an attribute by image index.</summary>
    /// <exception cref="AuditException">The attribute was not recorded for all images.</exception>
    public string[] Attribute(string name)
        => HasAttribute(name)
            ? [.. _database.Query(
                "SELECT value FROM attribute_value WHERE attribute = $0 ORDER BY image", row => row.GetString(0), AttributeId(name))]
            : throw new AuditException($"{_path}: the run has not recorded the attribute '{name}'. Run the audit to its end first.");

    // The number of an attribute in the file, which gets a row where it has none.
    private long WrittenAttribute(string name)
    {
        _database.Execute("INSERT INTO attribute (dataset, name) VALUES ($0, $1) ON CONFLICT DO NOTHING", _datasetId, name);
        return AttributeId(name);
    }

    private long AttributeId(string name)
    {
        long id = Number("SELECT id FROM attribute WHERE dataset = $0 AND name = $1", _datasetId, name);
        _used.Attributes.Add(id);
        return id;
    }

    private long Described(int image) => (uint)image < (uint)ImageCount
        ? image
        : throw new ArgumentException($"Image {image} is none of the {ImageCount} that the store was told of.");
}
