using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using AuditKit.Data;
using AuditKit.Training.Graphs;
using TorchSharp;
using static TorchSharp.torch;

namespace AuditKit.Training.Loop;

/// <summary>
/// The embeddings of a set's images by a network that is frozen up to there: computed once, kept in memory, and in a file that another
/// start of the same run reads.
/// </summary>
/// <param name="Value">The value's name in the network.</param>
/// <param name="Shape">Its dimensions behind the batch's.</param>
/// <param name="Rows">A row an image of the set, in order.</param>
public sealed record KeptEmbeddings(string Value, IReadOnlyList<long> Shape, float[] Rows)
{
    private const int BatchSize = 64;

    /// <summary>Numbers an image.</summary>
    public int Length => checked((int)Shape.Aggregate(1L, (product, length) => product * length));

    /// <summary>The embeddings of some images.</summary>
    /// <param name="positions">Their positions in the set.</param>
    public BatchEmbeddings Of(IReadOnlyList<int> positions)
    {
        ArgumentNullException.ThrowIfNull(positions);
        float[] rows = new float[positions.Count * Length];
        for (int i = 0; i < positions.Count; i++)
        {
            Rows.AsSpan(positions[i] * Length, Length).CopyTo(rows.AsSpan(i * Length));
        }

        return new BatchEmbeddings(Value, Shape, rows);
    }

    /// <summary>Reads embeddings from a file, or computes them and writes it.</summary>
    /// <param name="file">The file.</param>
    /// <param name="key">What they depend on, see <see cref="Key"/>.</param>
    /// <param name="compute">Computes them.</param>
    /// <exception cref="AuditException">The file cannot be written.</exception>
    public static KeptEmbeddings Get(string file, string key, Func<KeptEmbeddings> compute)
    {
        ArgumentNullException.ThrowIfNull(compute);
        if (File.Exists(file) && Read(RegularFile.ReadAllBytes(file), key) is { } kept)
        {
            return kept;
        }

        KeptEmbeddings computed = compute();
        computed.Write(file, key);
        return computed;
    }

    /// <summary>Computes the embeddings of a set.</summary>
    /// <param name="network">The network.</param>
    /// <param name="value">The embedding's name.</param>
    /// <param name="normalisation">What is done to pixels before the network sees them.</param>
    /// <param name="set">The images, as they are.</param>
    /// <param name="progress">Told images done.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <exception cref="AuditException">An image cannot be read.</exception>
    public static KeptEmbeddings Compute(
        GraphModule network, string value, TensorNormalisation normalisation, TrainingSet set, Action<long> progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(normalisation);
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(progress);
        using IDisposable gradients = no_grad();
        network.Training = false;
        long[] shape = [];
        var rows = new List<float>();
        foreach (Batch batch in set.Batches(BatchSize))
        {
            cancellation.ThrowIfCancellationRequested();
            using DisposeScope scope = NewDisposeScope();
            var step = new TrainingStep(network, batch, normalisation, seed: 0, number: 0, progress: 0);
            Tensor embeddings = step.Run(value)[0];
            shape = embeddings.shape[1..];
            rows.AddRange(embeddings.cpu().contiguous().data<float>());
            progress(rows.Count / Math.Max(1, (int)embeddings[0].numel()));
        }

        return new KeptEmbeddings(value, shape, [.. rows]);
    }

    /// <summary>A digest of all that embeddings depend on: the frozen network, the images and what is done to them.</summary>
    /// <param name="network">The network, frozen up to the embedding.</param>
    /// <param name="value">The embedding's name.</param>
    /// <param name="data">The data.</param>
    /// <param name="preprocessing">What is done to images, in words.</param>
    /// <param name="images">Which images, by index.</param>
    public static string Key(GraphModule network, string value, IDataset data, string preprocessing, IReadOnlyList<int> images)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(data);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        string files = data.Files.Count == 0 ? data.Name : DatasetFingerprint.Of(data, Environment.ProcessorCount).Sha256;
        hash.AppendData(Encoding.UTF8.GetBytes($"{value}\n{files}\n{data.Name}\n{preprocessing}\n"));
        hash.AppendData(MemoryMarshal.AsBytes<int>([.. images]));
        using DisposeScope scope = NewDisposeScope();
        foreach ((string name, Tensor tensor) in network.Frozen)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"\n{name}\n"));
            hash.AppendData(tensor.detach().cpu().contiguous().bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private void Write(string file, string key)
    {
        using var content = new MemoryStream();
        using (var writer = new BinaryWriter(content, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write(key);
            writer.Write(Value);
            writer.Write(Shape.Count);
            foreach (long length in Shape)
            {
                writer.Write(length);
            }

            writer.Write(Rows.Length);
            writer.Write(MemoryMarshal.AsBytes<float>(Rows));
        }

        byte[] bytes = content.ToArray();
        AtomicFile.Write(file, [.. bytes, .. SHA256.HashData(bytes)]);
    }

    // Null for what is damaged or of another key: it is computed again.
    private static KeptEmbeddings? Read(byte[] bytes, string key)
    {
        int length = bytes.Length - SHA256.HashSizeInBytes;
        if (length < 0 || !SHA256.HashData(bytes.AsSpan(0, length)).AsSpan().SequenceEqual(bytes.AsSpan(length)))
        {
            return null;
        }

        using var reader = new BinaryReader(new MemoryStream(bytes, 0, length), Encoding.UTF8);
        if (reader.ReadString() != key)
        {
            return null;
        }

        string value = reader.ReadString();
        long[] shape = [.. Enumerable.Range(0, reader.ReadInt32()).Select(_ => reader.ReadInt64())];
        float[] rows = new float[reader.ReadInt32()];
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(rows.AsSpan()));
        return new KeptEmbeddings(value, shape, rows);
    }
}
