using System.Runtime.InteropServices;

namespace AuditKit.Evidence;

/// <content>Logits and embeddings.</content>
public sealed partial class EvidenceStore
{
    /// <summary>Commits logits under a condition in one transaction: K floats an image, or anything that softmax turns into its probabilities.</summary>
    /// <param name="condition">The condition.</param>
    /// <param name="images">n image indices.</param>
    /// <param name="logits">n×K floats.</param>
    public void WriteLogits(Condition condition, IReadOnlyList<int> images, ReadOnlySpan<float> logits)
        => WriteVectors("logits", condition, images, logits);

    /// <summary>Which images already have logits under a condition (by index).</summary>
    public bool[] ImagesWithLogits(Condition condition) => Measured("logits", condition);

    /// <summary>Logits under a condition, in image order: K floats each.</summary>
    public IEnumerable<(int Image, float[] Logits)> Logits(Condition condition) => Vectors("logits", condition);

    /// <summary>Commits embeddings under a condition in one transaction: D floats an image.</summary>
    /// <param name="condition">The condition.</param>
    /// <param name="images">n image indices.</param>
    /// <param name="embeddings">n×D floats.</param>
    public void WriteEmbeddings(Condition condition, IReadOnlyList<int> images, ReadOnlySpan<float> embeddings)
        => WriteVectors("embedding", condition, images, embeddings);

    /// <summary>Embeddings under a condition, in image order: D floats each.</summary>
    public IEnumerable<(int Image, float[] Embedding)> Embeddings(Condition condition) => Vectors("embedding", condition);

    /// <summary>Reads the embedding of an image under a condition; false where there is none.</summary>
    /// <exception cref="AuditException">The store holds an embedding of another length.</exception>
    public bool TryReadEmbedding(Condition condition, int image, Span<float> embedding)
    {
        byte[]? vector = _database.Query(
            "SELECT vector FROM embedding WHERE condition = $0 AND image = $1",
            row => row.GetBytes(0).ToArray(),
            ConditionId(condition),
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

    private void WriteVectors(string table, Condition condition, IReadOnlyList<int> images, ReadOnlySpan<float> values)
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
                statement.Bind(1, Described(row.First));
                statement.Bind(2, row.Second);
            });
    }

    private IEnumerable<(int Image, float[] Vector)> Vectors(string table, Condition condition) => _database.Query(
        $"SELECT image, vector FROM {table} WHERE condition = $0 ORDER BY image",
        row => (row.GetInt32(0), MemoryMarshal.Cast<byte, float>(row.GetBytes(1)).ToArray()),
        ConditionId(condition));
}
