using System.IO.Compression;
using System.Security.Cryptography;
using AuditKit.Models.Onnx.Wire;
using Google.Protobuf;

namespace AuditKit.Models.Onnx;

/// <summary>
/// Reads and writes ONNX files. A file comes from anywhere, so nothing in it is believed: sizes are bounded by what
/// is there, and data in other files must lie in the model's own folder.
/// </summary>
public static class OnnxFile
{
    /// <summary>Reads a model, with the data that it keeps in other files of its folder.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="AuditException">
    /// The file is missing, empty, truncated, over 2 GB, a pickle, TorchScript or no ONNX model, or its external data is missing,
    /// too short or outside the model's folder.
    /// </exception>
    public static Graph Read(string path)
    {
        byte[] bytes;
        try
        {
            bytes = RegularFile.ReadAllBytes(path);
        }
        catch (IOException e) when (File.Exists(path) && new FileInfo(path).Length > Array.MaxLength)
        {
            throw new AuditException(
                $"{path}: larger than 2 GB, which one ONNX file cannot be. Export it with external data.", inner: e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AuditException($"{path}: the model cannot be read: {e.Message}", inner: e);
        }

        Graph graph = OnnxReader.Model(path, Parse(path, bytes));
        (graph.Sha256, graph.FileBytes) = Digest(bytes, graph.ExternalFiles);
        return graph;
    }

    /// <summary>The file's content, as a session of ONNX Runtime takes it.</summary>
    /// <param name="graph">The model; external data is inlined.</param>
    /// <exception cref="AuditException">The model is larger than the 2 GB that the format can hold.</exception>
    public static byte[] ToBytes(Graph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return OnnxWriter.Model(graph).ToByteArray();
    }

    /// <summary>Writes a model with its metadata. The file appears whole or not at all.</summary>
    /// <param name="graph">The model; external data is inlined.</param>
    /// <param name="path">The file, replaced if it exists.</param>
    /// <exception cref="AuditException">The file cannot be written, or the model is larger than 2 GB.</exception>
    public static void Write(Graph graph, string path)
        => AtomicFile.Write(path, ToBytes(graph));

    // Of the bytes that were parsed: a file that is replaced meanwhile has another digest.
    private static (string Sha256, long Bytes) Digest(byte[] model, IEnumerable<string> externalFiles)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(model);
        long total = model.Length;
        byte[] buffer = new byte[1 << 20];
        foreach (string path in externalFiles)
        {
            using FileStream file = RegularFile.Open(path);
            for (int read; (read = file.Read(buffer)) > 0; total += read)
            {
                hash.AppendData(buffer, 0, read);
            }
        }

        return (Convert.ToHexStringLower(hash.GetHashAndReset()), total);
    }

    // TorchScript is an archive with code in it; what torch.save writes is one without, and a pickle.
    private static bool HoldsCode(byte[] bytes)
    {
        try
        {
            using var archive = new ZipArchive(new MemoryStream(bytes), ZipArchiveMode.Read);
            return archive.Entries.Any(entry => entry.FullName.Contains("/code/", StringComparison.Ordinal));
        }
        catch (InvalidDataException)
        {
            // Cut short, or an archive by its first bytes alone.
            return false;
        }
    }

    private static ModelProto Parse(string path, byte[] bytes)
    {
        const string Export = "Export the model to ONNX (torch.onnx.export) and name that file.";
        if (bytes.Length == 0)
        {
            throw new AuditException($"{path}: the file is empty. {Export}");
        }

        bool isArchive = bytes.AsSpan().StartsWith("PK\x03\x04"u8);
        if (isArchive && HoldsCode(bytes))
        {
            string named = ModelSpec.NamesTorchScript(path) ? "" : ", under a name that ends in .pt, .pth or .torchscript";
            throw new AuditException(
                $"{path} is TorchScript: run and init take it{named}; doctor, train and remedy read ONNX only. For its preprocessing: "
                + $"{ProgramName.Value} init {path} IMAGES. For all else export it to ONNX (torch.onnx.export).");
        }

        if (isArchive || bytes[0] == 0x80)
        {
            throw new AuditException(
                $"{path}: this is a Python pickle or an archive of them, as torch.save writes; pickles run code when "
                + $"loaded and are refused. {Export}");
        }

        ModelProto model;
        try
        {
            model = ModelProto.Parser.ParseFrom(bytes);
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or IndexOutOfRangeException)
        {
            // Protobuf throws IndexOutOfRangeException where a damaged length overflows its position.
            throw new AuditException($"{path}: not an ONNX model, or a truncated one ({e.Message}) {Export}", inner: e);
        }

        return model.HasIrVersion && model.Graph is not null
            ? model
            : throw new AuditException($"{path}: not an ONNX model, or a truncated one: it has no graph. {Export}");
    }
}
