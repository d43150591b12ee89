using System.Globalization;
using AuditKit.Models.Onnx.Wire;

namespace AuditKit.Models.Onnx;

/// <summary>
/// Reads tensors that a model keeps in files beside it. A model must not be able to read what else is on the machine,
/// so the files lie in the model's folder or below it, and none of the path's parts is a symbolic link.
/// </summary>
internal sealed class ExternalData(string model)
{
    private readonly string _folder = Path.Join(Path.GetDirectoryName(Path.GetFullPath(model)), "/");
    private long _total;

    /// <summary>The files read so far, by full path.</summary>
    public SortedSet<string> Files { get; } = new(StringComparer.Ordinal);

    /// <summary>The bytes that a tensor refers to.</summary>
    /// <exception cref="AuditException">The reference leaves the folder, the file, or 2 GB in all.</exception>
    public byte[] Read(TensorProto tensor)
    {
        var entries = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (StringStringEntryProto entry in tensor.ExternalData)
        {
            entries[entry.Key] = entry.Value;
        }

        string location = entries.GetValueOrDefault("location", "");
        string path = Locate(location);
        long offset = Number("offset") ?? 0;
        try
        {
            using var file = RegularFile.Open(path);
            long length = Number("length") ?? file.Length - offset;
            if (offset < 0 || length < 0 || offset > file.Length - length)
            {
                throw Bad($"wants {InvariantText.Of(length)} bytes at {InvariantText.Of(offset)} of '{location}', which has {file.Length}. The file is "
                    + "truncated, or belongs to another model");
            }

            if ((_total += length) > Array.MaxLength)
            {
                throw Bad("takes the model's external data beyond 2 GB, more than is supported");
            }

            byte[] data = new byte[length];
            file.Position = offset;
            file.ReadExactly(data);
            Files.Add(path);
            return data;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Bad($"lies in '{location}', which cannot be read ({e.Message}). Put it beside the model");
        }

        long? Number(string key) =>
            !entries.TryGetValue(key, out string? text) ? null
            : long.TryParse(text, CultureInfo.InvariantCulture, out long value) ? value
            : throw Bad($"has a {key} that is no number: '{text}'");

        AuditException Bad(string what) => new($"{model}: the external data of tensor '{tensor.Name}' {what}.");
    }

    private string Locate(string location)
    {
        string path = location.Length == 0 || location.Contains('\0', StringComparison.Ordinal) || Path.IsPathRooted(location)
            ? ""
            : Path.GetFullPath(Path.Combine(_folder, location));
        if (!path.StartsWith(_folder, StringComparison.Ordinal))
        {
            throw Outside();
        }

        for (string part = path; part.Length > _folder.Length; part = Path.GetDirectoryName(part)!)
        {
            if (new FileInfo(part).LinkTarget is not null)
            {
                throw Outside();
            }
        }

        return path;

        AuditException Outside() => new(
            $"{model}: its external data '{location}' must be a file in the model's own folder, named by a relative "
            + "path without '..' or symbolic links. Put it there and export again.");
    }
}
