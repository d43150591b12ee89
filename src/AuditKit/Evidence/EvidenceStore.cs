using AuditKit.Imaging;

namespace AuditKit.Evidence;

/// <summary>
/// Everything that a run observed, in one SQLite file. Outcomes are committed batch by batch, so a killed run
/// resumes where it was; every statistic of the report can be re-computed from this file alone.
/// </summary>
public sealed class EvidenceStore : IDisposable
{
    /// <summary>Creates the store, or opens an unfinished or finished one of the same run.</summary>
    /// <param name="path">The file, <c>evidence.sqlite</c> in the run's folder.</param>
    /// <param name="identity">What makes the run this run: a digest over spec, model, data, seed and version.</param>
    /// <exception cref="AuditException">Another run's store, a corrupt file, a store in use by another process, or a full disk.</exception>
    public static EvidenceStore Open(string path, string identity) => throw new NotImplementedException();

    /// <summary>Opens an existing store for reading; nothing is written.</summary>
    public static EvidenceStore OpenRead(string path) => throw new NotImplementedException();

    /// <summary>The identity that the store was created with.</summary>
    public string Identity => throw new NotImplementedException();

    /// <summary>Class names, in label order; set once by <see cref="DescribeData"/>.</summary>
    public IReadOnlyList<string> Classes => throw new NotImplementedException();

    /// <summary>Number of images described.</summary>
    public int ImageCount => throw new NotImplementedException();

    /// <summary>Records which images the run is about, once (a second call with the same data does nothing).</summary>
    public void DescribeData(IReadOnlyList<string> classes, IEnumerable<ImageRecord> images) => throw new NotImplementedException();

    /// <summary>The images in index order.</summary>
    public IEnumerable<ImageRecord> Images() => throw new NotImplementedException();

    /// <summary>Whether an attribute has been recorded for all images.</summary>
    public bool HasAttribute(string name) => throw new NotImplementedException();

    /// <summary>Records a named value of every image in one transaction: text for categories, a number (round-trip format) for measured ones.</summary>
    public void WriteAttribute(string name, IEnumerable<(int Image, string Value)> values) => throw new NotImplementedException();

    /// <summary>The values of an attribute by image index.</summary>
    public string[] Attribute(string name) => throw new NotImplementedException();

    /// <summary>Which images already have a prediction under a condition (by index).</summary>
    public bool[] PredictedImages(string condition) => throw new NotImplementedException();

    /// <summary>Commits predictions under a condition in one transaction.</summary>
    public void Write(string condition, IReadOnlyList<Prediction> predictions) => throw new NotImplementedException();

    /// <summary>Predictions under a condition, in image order.</summary>
    public IEnumerable<Prediction> Predictions(string condition) => throw new NotImplementedException();

    /// <summary>Commits embeddings of clean images in one transaction: D floats each.</summary>
    public void WriteEmbeddings(IReadOnlyList<int> images, ReadOnlySpan<float> embeddings) => throw new NotImplementedException();

    /// <summary>Reads the embedding of an image; false where there is none.</summary>
    public bool TryReadEmbedding(int image, Span<float> embedding) => throw new NotImplementedException();

    /// <summary>Which images already have an outcome of an attack (by index).</summary>
    public bool[] AttackedImages(string attack) => throw new NotImplementedException();

    /// <summary>Commits outcomes of an attack in one transaction.</summary>
    public void Write(string attack, IReadOnlyList<AttackOutcome> outcomes) => throw new NotImplementedException();

    /// <summary>Outcomes of an attack, in image order.</summary>
    public IEnumerable<AttackOutcome> AttackOutcomes(string attack) => throw new NotImplementedException();

    /// <summary>Keeps an image to be shown in the report, once for each condition, image index and label.</summary>
    public void WriteExample(string condition, int image, string label, Image pixels) => throw new NotImplementedException();

    /// <summary>The images kept under a condition: by image index, then in the order written.</summary>
    public IEnumerable<(int Image, string Label, Image Pixels)> Examples(string condition) => throw new NotImplementedException();

    /// <summary>Records a fact of the run under a key, replacing an earlier value.</summary>
    public void WriteFact(string key, string value) => throw new NotImplementedException();

    /// <summary>A fact of the run; null where it was never written.</summary>
    public string? Fact(string key) => throw new NotImplementedException();

    /// <summary>Copies the outcomes of another store of the same run identity (a shard) into this one.</summary>
    public void Merge(string path) => throw new NotImplementedException();

    /// <inheritdoc/>
    public void Dispose() => throw new NotImplementedException();
}
