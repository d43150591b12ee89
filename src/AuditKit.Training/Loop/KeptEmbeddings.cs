using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using AuditKit.Models.Forms;
using AuditKit.Models.Onnx;
using AuditKit.Training.Graphs;
using AuditKit.Training.Libtorch;
using TorchSharp;
using static TorchSharp.torch;

namespace AuditKit.Training.Loop;

/// <summary>
/// What a network that is frozen up to a value makes of a set's images there, its embedding or another value: computed once, kept in
/// memory, and in a file that another run with the same frozen part and images reads.
/// </summary>
/// <param name="Value">The value's name in the network.</param>
/// <param name="Shape">Its dimensions behind the batch's.</param>
/// <param name="Rows">A row an image of the set, in order.</param>
public sealed record KeptEmbeddings(string Value, IReadOnlyList<long> Shape, float[] Rows)
{
    /// <summary>The folder beside runs that they are kept in.</summary>
    public const string FolderName = "embeddings";

    private const string FilePrefix = "embeddings-";
    private const int BatchSize = 64;

    // More is computed in every step: it would crowd out training itself.
    private const long MostNumbers = 1L << 28;

    /// <summary>Numbers an image.</summary>
    public int Length => checked((int)Shape.Aggregate(1L, (product, length) => product * length));

    /// <summary>The embeddings of some of the images.</summary>
    /// <param name="positions">Their positions in the set.</param>
    public KeptEmbeddings Part(IReadOnlyList<int> positions)
    {
        ArgumentNullException.ThrowIfNull(positions);
        float[] rows = new float[positions.Count * Length];
        for (int i = 0; i < positions.Count; i++)
        {
            Rows.AsSpan(positions[i] * Length, Length).CopyTo(rows.AsSpan(i * Length));
        }

        return this with { Rows = rows };
    }

    /// <summary>The embeddings of a set of a training run: read from a folder, or computed and written there.</summary>
    /// <param name="task">The run, its network frozen up to the value.</param>
    /// <param name="value">The value's name in the network.</param>
    /// <param name="set">The images.</param>
    /// <param name="part">Which set of the run it is, in words.</param>
    /// <param name="folder">Where they are kept.</param>
    /// <returns>The rows; null where they would take more than 1 GiB.</returns>
    /// <exception cref="AuditException">An image cannot be read, or the file cannot be written.</exception>
    public static KeptEmbeddings? Of(TrainingTask task, string value, TrainingSet set, string part, string folder)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(set);
        string key = Key(task, value, set, part), file = Path.Combine(folder, $"{FilePrefix}{key[..16]}.bin");
        if (File.Exists(file) && Read(file, key, value, set.Count) is { } kept)
        {
            return kept;
        }

        kept = new KeptEmbeddings(value, task.Network.Shapes(set.Input, task.Classifier().FixedBatch ?? 1, value)[0][1..], []);
        if ((long)kept.Length * set.Count > MostNumbers)
        {
            return null;
        }

        var rows = Embeddings.Of(
            task.Network, value, task.Normalisation, set, BatchSize,
            done => task.Progress($"embeddings of the {part} images", done, set.Count), task.Cancellation);
        kept = kept with { Rows = rows.Values };
        kept.Write(file, key);
        return kept;
    }

    /// <summary>Removes the files that they are kept in, and their folder where it holds nothing else.</summary>
    /// <param name="folder">The folder.</param>
    internal static void Remove(string folder)
    {
        if (!Directory.Exists(folder))
        {
            return;
        }

        Array.ForEach(Directory.GetFiles(folder, $"{FilePrefix}*"), File.Delete);
        if (!Directory.EnumerateFileSystemEntries(folder).Any())
        {
            Directory.Delete(folder);
        }
    }

    // All that they depend on: the engine, the network up to the value, and the pixels themselves, for a set's name, files and keys say less.
    private static string Key(TrainingTask task, string value, TrainingSet set, string part)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        GraphModule network = task.Network;
        string preprocessing = string.Join('\n', task.Recipe.Model.Preprocessing.Select(entry => $"{entry.Key} {entry.Value}"));
        hash.AppendData(Encoding.UTF8.GetBytes($"{LibtorchEngine.Description}\n{network.Device}\n{network.Precision}\n{set.Input}\n{preprocessing}\n"));
        hash.AppendData(OnnxFile.ToBytes(UpTo(value, network.Graph)));
        using DisposeScope scope = NewDisposeScope();
        foreach ((string name, Tensor tensor) in network.Frozen)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"\n{name}\n"));
            hash.AppendData(tensor.detach().cpu().contiguous().bytes);
        }

        int done = 0;
        foreach (Batch batch in set.Batches(BatchSize))
        {
            task.Cancellation.ThrowIfCancellationRequested();
            hash.AppendData(MemoryMarshal.AsBytes<float>(batch.Versions[0]));
            task.Progress($"reading the {part} images", done += batch.Count, set.Count);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static Graph UpTo(string value, Graph graph)
    {
        List<Node> nodes = new ValueGivers(graph).NeededFor(value);
        HashSet<string> used = [.. nodes.SelectMany(ValueGivers.Used)];
        var constants = new OrderedDictionary<string, TensorValue>(graph.Initializers.Where(entry => used.Contains(entry.Key)), StringComparer.Ordinal);
        return graph.With(nodes, graph.Inputs, [new GraphValue(value)], constants);
    }

    private void Write(string file, string key) => AtomicFile.Write(file, stream =>
    {
        using var writer = new BinaryWriter(stream, Encoding.ASCII, leaveOpen: true);
        writer.Write(Convert.FromHexString(key));
        writer.Write(SHA256.HashData(MemoryMarshal.AsBytes<float>(Rows)));
        writer.Write(Shape.Count);
        foreach (long length in Shape)
        {
            writer.Write(length);
        }

        writer.Write(MemoryMarshal.AsBytes<float>(Rows));
    });

    // Null for what is damaged or of another key: it is computed again.
    private static KeptEmbeddings? Read(string file, string key, string value, int count)
    {
        try
        {
            using FileStream stream = RegularFile.Open(file);
            using var reader = new BinaryReader(stream, Encoding.ASCII);
            bool isOfKey = reader.ReadBytes(SHA256.HashSizeInBytes).AsSpan().SequenceEqual(Convert.FromHexString(key));
            byte[] digest = reader.ReadBytes(SHA256.HashSizeInBytes);
            int dimensions = reader.ReadInt32();
            if (!isOfKey || dimensions is < 1 or > 8)
            {
                return null;
            }

            long[] shape = [.. Enumerable.Range(0, dimensions).Select(_ => reader.ReadInt64())];
            long numbers = checked(shape.Aggregate((long)count, (product, length) => product * length));
            if (numbers is < 0 or > MostNumbers || stream.Length - stream.Position != numbers * sizeof(float))
            {
                return null;
            }

            float[] rows = new float[numbers];
            stream.ReadExactly(MemoryMarshal.AsBytes(rows.AsSpan()));
            return SHA256.HashData(MemoryMarshal.AsBytes<float>(rows)).AsSpan().SequenceEqual(digest) ? new KeptEmbeddings(value, shape, rows) : null;
        }
        catch (Exception e) when (e is EndOfStreamException or OverflowException)
        {
            return null;
        }
    }
}
