using System.Formats.Tar;
using System.IO.Compression;

namespace AuditKit.Tests.Data;

/// <summary>Archives of what a folder holds, as tar and zip make them.</summary>
internal static class ArchiveFile
{
    /// <summary>Packs the files below a folder under names that begin with a prefix.</summary>
    public static string Pack(DataFolder folder, string source, string kind, string prefix = "")
    {
        string root = folder.At(source);
        string archive = folder.At($"{source}.{kind}");
        string[] files = [.. Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        var entries = files.Select(file => (prefix + Path.GetRelativePath(root, file), File.ReadAllBytes(file)));
        if (kind == "tar")
        {
            WriteTar(archive, TarEntryFormat.Pax, entries);
        }
        else
        {
            WriteZip(archive, entries);
        }

        return archive;
    }

    public static void WriteTar(string path, TarEntryFormat format, IEnumerable<(string Name, byte[] Content)> entries)
    {
        using FileStream file = File.Create(path);
        using var writer = new TarWriter(file, format);
        foreach ((string name, byte[] content) in entries)
        {
            TarEntryType type = format == TarEntryFormat.V7 ? TarEntryType.V7RegularFile : TarEntryType.RegularFile;
            TarEntry entry = format switch
            {
                TarEntryFormat.V7 => new V7TarEntry(type, name),
                TarEntryFormat.Ustar => new UstarTarEntry(type, name),
                TarEntryFormat.Gnu => new GnuTarEntry(type, name),
                _ => new PaxTarEntry(type, name),
            };
            entry.DataStream = new MemoryStream(content);
            writer.WriteEntry(entry);
        }
    }

    public static void WriteZip(string path, IEnumerable<(string Name, byte[] Content)> entries)
    {
        using var archive = new ZipArchive(File.Create(path), ZipArchiveMode.Create);
        foreach ((string name, byte[] content) in entries)
        {
            using Stream entry = archive.CreateEntry(name, content.Length % 2 == 0 ? CompressionLevel.Optimal : CompressionLevel.NoCompression).Open();
            entry.Write(content);
        }
    }
}
