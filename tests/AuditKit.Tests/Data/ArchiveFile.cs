using System.Formats.Tar;
using System.IO.Compression;
using ZstdSharp;

namespace AuditKit.Tests.Data;

/// <summary>Archives of what a folder holds, as tar and zip make them.</summary>
internal static class ArchiveFile
{
    /// <summary>Packs the files below a folder under names that begin with a prefix.</summary>
    public static string Pack(DataFolder folder, string source, string kind, string prefix = "")
    {
        return Pack(folder.At(source), folder.At($"{source}.{kind}"), prefix);
    }

    /// <summary>Packs a folder into an archive, whose name says its kind: .zip, .tar, .tar.gz, .tgz or .tar.zst.</summary>
    public static string Pack(string root, string archive, string prefix = "")
    {
        string[] files = [.. Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        var entries = files.Select(file => (prefix + Path.GetRelativePath(root, file), File.ReadAllBytes(file)));
        if (archive.EndsWith(".zip", StringComparison.Ordinal))
        {
            WriteZip(archive, entries);
            return archive;
        }

        WriteTar(archive, TarEntryFormat.Pax, entries);
        byte[] tar = File.ReadAllBytes(archive);
        if (archive.EndsWith("gz", StringComparison.Ordinal))
        {
            File.WriteAllBytes(archive, DataFolder.Gzip(tar));
        }
        else if (archive.EndsWith(".zst", StringComparison.Ordinal))
        {
            using var compressor = new Compressor();
            File.WriteAllBytes(archive, compressor.Wrap(tar).ToArray());
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
