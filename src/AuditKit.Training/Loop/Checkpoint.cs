using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace AuditKit.Training.Loop;

/// <summary>
/// What a training run needs to go on after a kill with the result of an unbroken one: written after every epoch,
/// to a temporary file that then takes the old one's place.
/// </summary>
/// <param name="Identity">The run that it belongs to: a digest over recipe, data and start weights.</param>
/// <param name="Epoch">Epochs finished.</param>
/// <param name="Steps">Optimiser steps made.</param>
/// <param name="Tensors">Parameters, running statistics, and the best epoch's values of both, in the trainer's order.</param>
/// <param name="History">One record for each epoch finished.</param>
public sealed record Checkpoint(
    string Identity, int Epoch, long Steps, IReadOnlyList<float[]> Tensors, IReadOnlyList<EpochRecord> History)
{
    private const string Magic = "AuditKit checkpoint 4";
    private const int ChunkLength = 1 << 20;

    /// <summary>Writes the checkpoint. It goes to the disk as it is made: of a large network it is longer than an array may be.</summary>
    /// <param name="path">The file.</param>
    /// <param name="optimiser">Writes the optimiser's state.</param>
    /// <exception cref="AuditException">The disk is full, or the folder cannot be written.</exception>
    public void Save(string path, Action<BinaryWriter> optimiser) => AtomicFile.Write(path, file =>
    {
        using var hash = SHA256.Create();
        using (var hashed = new CryptoStream(file, hash, CryptoStreamMode.Write, leaveOpen: true))
        using (var writer = new BinaryWriter(hashed, Encoding.UTF8))
        {
            writer.Write(Magic);
            writer.Write(Identity);
            writer.Write(Epoch);
            writer.Write(Steps);
            writer.Write(History.Count);
            foreach (EpochRecord record in History)
            {
                writer.Write(record.Loss);
                writer.Write(record.Accuracy);
                writer.Write(record.WorstGroup);
                writer.Write(record.HardGroup ?? double.NaN);
            }

            writer.Write(Tensors.Count);
            foreach (float[] tensor in Tensors)
            {
                writer.Write(tensor.Length);
                writer.Write(MemoryMarshal.AsBytes<float>(tensor));
            }

            optimiser(writer);
        }

        file.Write(hash.Hash);
    });

    /// <summary>Reads a checkpoint; null where there is none, or it belongs to another run.</summary>
    /// <param name="path">The file.</param>
    /// <param name="identity">The run.</param>
    /// <param name="optimiser">Reads the optimiser's state; not called where there is none.</param>
    /// <exception cref="AuditException">The file is damaged.</exception>
    public static Checkpoint? Load(string path, string identity, Action<BinaryReader> optimiser)
    {
        ArgumentNullException.ThrowIfNull(optimiser);
        if (!File.Exists(path))
        {
            return null;
        }

        using FileStream file = RegularFile.Open(path);
        if (!IsWhole(file))
        {
            throw new AuditException($"{path} is damaged. Delete it to train from the start.", ExitCode.Error);
        }

        file.Position = 0;
        using var reader = new BinaryReader(file, Encoding.UTF8);
        if (reader.ReadString() != Magic || reader.ReadString() != identity)
        {
            return null;
        }

        int epoch = reader.ReadInt32();
        long steps = reader.ReadInt64();
        var history = new EpochRecord[reader.ReadInt32()];
        for (int i = 0; i < history.Length; i++)
        {
            history[i] = new EpochRecord(
                reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble() is var hard && double.IsNaN(hard) ? null : hard);
        }

        var tensors = new float[reader.ReadInt32()][];
        for (int i = 0; i < tensors.Length; i++)
        {
            tensors[i] = new float[reader.ReadInt32()];
            file.ReadExactly(MemoryMarshal.AsBytes(tensors[i].AsSpan()));
        }

        optimiser(reader);
        return new Checkpoint(identity, epoch, steps, tensors, history);
    }

    /// <summary>Whether a file is a whole checkpoint of a run.</summary>
    /// <param name="path">The file.</param>
    /// <param name="identity">The run.</param>
    internal static bool IsOf(string path, string identity)
    {
        using FileStream file = RegularFile.Open(path);
        if (!IsWhole(file))
        {
            return false;
        }

        file.Position = 0;
        using var reader = new BinaryReader(file, Encoding.UTF8);
        return reader.ReadString() == Magic && reader.ReadString() == identity;
    }

    // Whether the file ends with the digest of what comes before.
    private static bool IsWhole(FileStream file)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] chunk = new byte[ChunkLength];
        long left = file.Length - SHA256.HashSizeInBytes;
        if (left < 0)
        {
            return false;
        }

        while (left > 0)
        {
            int length = (int)Math.Min(left, chunk.Length);
            file.ReadExactly(chunk, 0, length);
            hash.AppendData(chunk, 0, length);
            left -= length;
        }

        file.ReadExactly(chunk, 0, SHA256.HashSizeInBytes);
        return hash.GetHashAndReset().AsSpan().SequenceEqual(chunk.AsSpan(0, SHA256.HashSizeInBytes));
    }
}
