using System.Formats.Tar;
using System.IO.Compression;
using AuditKit.Data;

namespace AuditKit.Tests.Data;

public sealed class FileTreeTests : IDisposable
{
    private readonly DataFolder _folder = new();

    [Theory]
    [InlineData("folder")]
    [InlineData("tar")]
    [InlineData("tar.gz")]
    [InlineData("tgz")]
    [InlineData("tar.zst")]
    [InlineData("zip")]
    public void The_same_files_are_found_and_read_wherever_they_are(string kind)
    {
        _folder.Write("pets/list.csv", "path,label\n");
        _folder.Write("pets/val/dog/b", [4, 5]);
        _folder.Write("pets/val/dog/B", [6]);
        _folder.Write("pets/val/cat/a b", [1, 2, 3]);
        _folder.Write("pets/.DS_Store", "the file manager's");
        _folder.Write("pets/empty", []);

        using IFileTree tree = Tree(kind);

        Assert.Equal(["val"], tree.Folders(""));
        Assert.Equal(["empty", "list.csv"], tree.Files(""));
        Assert.Equal(["cat", "dog"], tree.Folders("val"));
        Assert.Equal(["B", "b"], tree.Files("val/dog"));
        Assert.Empty(tree.Files("train"));
        Assert.Equal((1, 0), (tree.Hidden(""), tree.Hidden("val")));
        Assert.True(tree.Contains("val/dog/b"));
        Assert.False(tree.Contains("val/dog"));
        Assert.Equal("val/cat/a b", tree.Resolve("./val//cat/a b", "here"));
        Assert.Equal([1, 2, 3], tree.Read("val/cat/a b", 3));
        Assert.Empty(tree.Read("empty", 3));
        Assert.Equal($"{tree.Path}/val/cat/a b", tree.FullName("val/cat/a b"));
        FilePart part = tree.Open("val/dog/b");
        using (part.Handle)
        {
            byte[] last = new byte[1];
            part.Read(1, last);
            Assert.Equal((2L, (byte)5), (part.Length, last[0]));
            Assert.Contains("truncated", DataFolder.Refused(() => { part.Read(1, new byte[2]); return part; }));
        }

        using IFileTree val = tree.Within("val");
        Assert.Equal(["cat", "dog"], val.Folders(""));
        Assert.Equal("cat/a b", val.Resolve("cat/a b", "here"));
        Assert.Equal([6], val.Read("dog/B", 10));
        Assert.Contains("there is no such folder", DataFolder.Refused(() => tree.Within("train")));
    }

    [Theory]
    [InlineData("folder")]
    [InlineData("tar")]
    [InlineData("tar.gz")]
    [InlineData("tgz")]
    [InlineData("tar.zst")]
    [InlineData("zip")]
    public void What_leads_out_is_not_there_or_too_large_is_refused(string kind)
    {
        _folder.Write("secret", [9]);
        _folder.Write("pets/cat/a", [1, 2, 3]);
        using IFileTree tree = Tree(kind);
        Assert.Equal($"list:2: '../secret' leads out of {tree.Path}; images must "
            + "lie inside it.", DataFolder.Refused(() => tree.Resolve("../secret", "list:2")));
        Assert.Contains("leads out of", DataFolder.Refused(() => tree.Resolve("/etc/passwd", "list:2")));
        Assert.Equal($"list:2: there is no file 'cat/b' in {tree.Path}.", DataFolder.Refused(() => tree.Resolve("cat/b", "list:2")));
        Assert.Equal($"{tree.FullName("cat/a")}: 3 bytes are more than such a "
            + "file may have (2).", DataFolder.Refused(() => tree.Read("cat/a", 2), ExitCode.Error));
        using IFileTree cat = tree.Within("cat");
        Assert.Contains("leads out of", DataFolder.Refused(() => cat.Resolve("../cat2/a", "list:2").Length > 0 ? cat : cat));
    }

    [Theory]
    [InlineData(TarEntryFormat.V7)]
    [InlineData(TarEntryFormat.Ustar)]
    [InlineData(TarEntryFormat.Pax)]
    [InlineData(TarEntryFormat.Gnu)]
    public void Every_kind_of_tar_is_read(TarEntryFormat format)
    {
        string deep = string.Join('/', Enumerable.Repeat("eleven-char", format == TarEntryFormat.V7 ? 7 : 12));
        ArchiveFile.WriteTar(_folder.At("a.tar"), format, [($"{deep}/x", [1, 2]), ("y", new byte[513])]);
        using var tree = new TarTree(_folder.At("a.tar"));
        Assert.Equal([1, 2], tree.Read($"{deep}/x", 10));
        Assert.Equal(513, tree.Read("y", 1000).Length);
    }

    [Fact]
    public void Links_in_a_tar_are_not_followed()
    {
        using (var writer = new TarWriter(File.Create(_folder.At("a.tar"))))
        {
            writer.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, "cat.png") { LinkName = "/etc/passwd" });
            writer.WriteEntry(new PaxTarEntry(TarEntryType.HardLink, "dog.png") { LinkName = "../secret" });
            writer.WriteEntry(new PaxTarEntry(TarEntryType.Directory, "pets/"));
        }

        using var tree = new TarTree(_folder.At("a.tar"));
        Assert.Empty(tree.Files(""));
        Assert.Equal(["pets"], tree.Folders(""));
    }

    [Theory]
    [InlineData("../cat.png")]
    [InlineData("pets/../../cat.png")]
    [InlineData("/etc/cat.png")]
    public void An_archive_with_a_name_that_leads_out_is_refused(string name)
    {
        ArchiveFile.WriteTar(_folder.At("a.tar"), TarEntryFormat.Pax, [(name, [1])]);
        ArchiveFile.WriteZip(_folder.At("a.zip"), [(name, [1])]);
        string message = $": the entry '{name}' leads out of the archive, which no sound archive does.";
        Assert.Equal(_folder.At("a.tar") + message, DataFolder.Refused(() => new TarTree(_folder.At("a.tar"))));
        Assert.Equal(_folder.At("a.zip") + message, DataFolder.Refused(() => new ZipTree(_folder.At("a.zip"))));
    }

    [Theory]
    [InlineData("cat/a", "cat/a", "has 'cat/a' twice")]
    [InlineData("cat/a", "./cat//a", "has 'cat/a' twice")]
    [InlineData("cat", "cat/a", "has 'cat' as a file and as a folder")]
    [InlineData("cat/a", "cat", "has 'cat' twice")]
    public void An_archive_in_which_it_is_not_clear_what_is_meant_is_refused(string first, string second, string message)
    {
        ArchiveFile.WriteZip(_folder.At("a.zip"), [(first, [1]), (second, [2])]);
        Assert.Contains(message, DataFolder.Refused(() => new ZipTree(_folder.At("a.zip"))));
    }

    [Fact]
    public void A_name_as_deep_as_no_data_set_is_refused()
    {
        ArchiveFile.WriteZip(_folder.At("a.zip"), [(string.Concat(Enumerable.Repeat("a/", 1000)) + "x", [1])]);
        Assert.Contains("lies deeper than 32 folders", DataFolder.Refused(() => new ZipTree(_folder.At("a.zip"))));
    }

    [Fact]
    public void A_decompression_bomb_is_refused_before_it_is_unpacked()
    {
        ArchiveFile.WriteZip(_folder.At("a.zip"), [("x.npy", new byte[80 << 20])]);
        using var tree = new ZipTree(_folder.At("a.zip"));
        Assert.Contains("refused as a decompression bomb", DataFolder.Refused(() => tree.Open("x.npy"), ExitCode.Error));
        Assert.Contains("refused as a decompression bomb", DataFolder.Refused(() => tree.Read("x.npy", 1 << 30), ExitCode.Error));
    }

    [Fact]
    public void Damaged_archives_end_in_their_files_or_an_error_of_ours()
    {
        (string, byte[])[] entries = [.. Enumerable.Range(0, 5).Select(i => ($"cat/{i}", Enumerable.Range(0, 700).Select(b => (byte)(b * i)).ToArray()))];
        ArchiveFile.WriteTar(_folder.At("whole.tar"), TarEntryFormat.Gnu, entries);
        ArchiveFile.WriteZip(_folder.At("whole.zip"), entries);
        foreach (string kind in (string[])["tar", "zip"])
        {
            byte[] whole = File.ReadAllBytes(_folder.At($"whole.{kind}"));
            for (int trial = 0; trial < 300; trial++)
            {
                CounterRandom random = CounterRandom.For(5, kind, trial);
                byte[] damaged = trial % 3 == 0 ? whole[..random.NextInt32(whole.Length)] : [.. whole];
                for (int i = 0; damaged.Length > 0 && i < 8 && trial % 3 > 0; i++)
                {
                    damaged[random.NextInt32(damaged.Length)] = (byte)random.NextInt32(256);
                }

                string path = _folder.Write($"damaged.{kind}", damaged);
                try
                {
                    using IFileTree tree = kind == "tar" ? new TarTree(path) : new ZipTree(path);
                    foreach (string file in tree.Files("cat"))
                    {
                        tree.Read($"cat/{file}", 1 << 20);
                    }
                }
                catch (AuditException e)
                {
                    Assert.StartsWith(path, e.Message);
                }
            }
        }
    }

    [Theory]
    [InlineData("tar")]
    [InlineData("tar.gz")]
    [InlineData("zip")]
    public void Several_threads_read_at_once(string kind)
    {
        byte[][] contents = [.. Enumerable.Range(0, 40).Select(i => Enumerable.Range(0, 5000).Select(b => (byte)(b * i / 7)).ToArray())];
        foreach ((int i, byte[] content) in contents.Index())
        {
            _folder.Write($"pets/cat/{i}", content);
        }

        using IFileTree tree = Tree(kind);
        Parallel.For(0, 800, new ParallelOptions { MaxDegreeOfParallelism = 8 }, trial =>
        {
            int i = trial % contents.Length;
            Assert.True(contents[i].AsSpan().SequenceEqual(tree.Read($"cat/{i}", 5000)), $"file {i} came back as another");
        });
    }

    [Fact]
    public void A_tar_that_is_compressed_otherwise_is_refused_with_what_to_do()
    {
        string path = _folder.Write("a.tar.xz", [0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0, .. new byte[600]]);
        Assert.Contains("expected .tar, .tar.gz, .tar.zst or .zip. Uncompress it to a .tar", DataFolder.Refused(() => DataLocation.Open(path)));
    }

    [Theory]
    [InlineData("tar.gz")]
    [InlineData("tar.zst")]
    public void A_damaged_compressed_tar_or_one_of_something_else_is_named(string kind)
    {
        _folder.Write("pets/cat/a", [.. Enumerable.Range(0, 9000).Select(i => (byte)(i * i / 7))]);
        string path = ArchiveFile.Pack(_folder, "pets", kind);
        byte[] whole = File.ReadAllBytes(path);
        foreach (int length in (int[])[6, 100, whole.Length / 2, whole.Length - 64])
        {
            File.WriteAllBytes(path, whole[..length]);
            Assert.StartsWith($"{path}: truncated or corrupt compressed tar archive", DataFolder.Refused(() => DataLocation.Open(path)));
        }

        int before = Directory.GetFiles(Path.GetTempPath(), "tmp*.tmp").Length;
        string text = _folder.Write("text.gz", DataFolder.Gzip("path,label\n1.png,cat\n"u8));
        Assert.StartsWith($"{text}: ", DataFolder.Refused(() => DataLocation.Open(text)));
        Assert.True(Directory.GetFiles(Path.GetTempPath(), "tmp*.tmp").Length <= before, "a temporary file was left");
    }

    [Fact]
    public void A_tar_that_is_a_decompression_bomb_is_refused_before_the_disk_is_full()
    {
        string path = _folder.At("a.tar.gz");
        using (var gzip = new GZipStream(File.Create(path), CompressionLevel.SmallestSize))
        {
            gzip.Write(new byte[80 << 20]);
        }

        Assert.Contains("refused as a decompression bomb", DataFolder.Refused(() => DataLocation.Open(path)));
    }

    [Fact]
    public void A_part_of_a_compressed_tar_outlives_it()
    {
        _folder.Write("pets/x.npy", [1, 2, 3]);
        FilePart part;
        using (IFileTree tree = Tree("tar.zst"))
        {
            part = tree.Open("x.npy");
        }

        using (part.Handle)
        {
            byte[] last = new byte[1];
            part.Read(2, last);
            Assert.Equal(3, last[0]);
        }
    }

    public void Dispose() => _folder.Dispose();

    private IFileTree Tree(string kind) => kind == "folder"
        ? new FolderTree(_folder.At("pets"))
        : DataLocation.Open(ArchiveFile.Pack(_folder, "pets", kind)).Tree;
}
