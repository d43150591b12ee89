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
/// <param name="Optimiser">The optimiser's state, as it writes itself.</param>
/// <param name="History">One record for each epoch finished.</param>
public sealed record Checkpoint(
    string Identity, int Epoch, long Steps, IReadOnlyList<float[]> Tensors, byte[] Optimiser, IReadOnlyList<EpochRecord> History)
{
    private const string Magic = "AuditKit checkpoint 3";

    /// <summary>Writes the checkpoint.</summary>
    /// <exception cref="AuditException">The disk is full, or the folder cannot be written.</exception>
    public void Save(string path)
    {
        using var content = new MemoryStream();
        using (var writer = new BinaryWriter(content, Encoding.UTF8, leaveOpen: true))
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

            writer.Write(Optimiser.Length);
            writer.Write(Optimiser);
        }

        byte[] bytes = content.ToArray();
        AtomicFile.Write(path, file =>
        {
            file.Write(bytes);
            file.Write(SHA256.HashData(bytes));
        });
    }

    /// <summary>Reads a checkpoint; null where there is none, or it belongs to another run.</summary>
    /// <exception cref="AuditException">The file is damaged.</exception>
    public static Checkpoint? Load(string path, string identity)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        byte[] bytes = RegularFile.ReadAllBytes(path);
        int length = bytes.Length - SHA256.HashSizeInBytes;
        if (length < 0 || !SHA256.HashData(bytes.AsSpan(0, length)).AsSpan().SequenceEqual(bytes.AsSpan(length)))
        {
            throw new AuditException($"{path} is damaged. Delete it to train from the start.", ExitCode.Error);
        }

        using var reader = new BinaryReader(new MemoryStream(bytes, 0, length), Encoding.UTF8);
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
            reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(tensors[i].AsSpan()));
        }

        byte[] optimiser = reader.ReadBytes(reader.ReadInt32());
        return new Checkpoint(identity, epoch, steps, tensors, optimiser, history);
    }
}
