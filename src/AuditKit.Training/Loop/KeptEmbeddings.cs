using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using AuditKit.Data;
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

    private const int BatchSize = 64;

    // More is computed in every step: it would crowd out training itself.
    private const long MostNumbers = 1L << 28;

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
        string key = Key(task, value, set), file = Path.Combine(folder, $"embeddings-{key[..16]}.bin");
        if (File.Exists(file) && Read(RegularFile.ReadAllBytes(file), key) is { } kept)
        {
            return kept;
        }

        using DisposeScope scope = NewDisposeScope();
        using IDisposable gradients = no_grad();
        (int channels, int height, int width) = set.Input;
        task.Network.Training = false;
        Tensor one = task.Network.Run(zeros(1, channels, height, width, device: task.Network.Device), value)[0];
        if (one.numel() * set.Count > MostNumbers)
        {
            return null;
        }

        var rows = Embeddings.Of(
            task.Network, value, task.Normalisation, set, BatchSize,
            done => task.Progress($"embeddings of the {part} images", done, set.Count), task.Cancellation);
        kept = new KeptEmbeddings(value, one.shape[1..], [.. rows.Values]);
        Directory.CreateDirectory(folder);
        kept.Write(file, key);
        return kept;
    }

    // All that they depend on: the frozen network, the images and what is done to them.
    private static string Key(TrainingTask task, string value, TrainingSet set)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        string files = set.Data.Files.Count == 0 ? set.Data.Name : DatasetFingerprint.Of(set.Data, Environment.ProcessorCount, task.Cancellation).Sha256;
        string preprocessing = string.Join('\n', task.Recipe.Model.Preprocessing.Select(entry => $"{entry.Key} {entry.Value}"));
        hash.AppendData(Encoding.UTF8.GetBytes($"{value}\n{set.Input}\n{files}\n{preprocessing}\n"));
        hash.AppendData(MemoryMarshal.AsBytes<int>([.. set.Images]));
        using DisposeScope scope = NewDisposeScope();
        foreach ((string name, Tensor tensor) in task.Network.Frozen)
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
