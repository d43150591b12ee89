using System.Formats.Tar;
using System.Text;
using AuditKit.Data;

namespace AuditKit.Tests.Data;

/// <summary>Data that cannot be read: one error, which names the file.</summary>
public sealed class DamagedDataTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("auditkit-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_manifest_with_a_NUL_in_a_path_names_the_line()
    {
        string path = Path.Combine(_folder, "manifest.csv");
        File.WriteAllText(path, "path,label\na.png,x\nb.png\0,y\n");
        AuditException e = Assert.Throws<AuditException>(() => ManifestDataset.Open(path, null, "data", []));
        Assert.Contains($"{path}:3", e.Message);
        Assert.Contains("NUL", e.Message);
    }

    [Fact]
    public void A_path_with_a_NUL_resolves_to_nothing()
        => Assert.Contains("NUL", Assert.Throws<AuditException>(() => new FolderTree(_folder).Resolve("a\0", "here")).Message);

    [Fact]
    public void A_tar_archive_with_a_size_that_is_no_number_is_damaged()
    {
        string path = Path.Combine(_folder, "data.tar");
        using (var writer = new TarWriter(File.Create(path), TarEntryFormat.Pax))
        {
            writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "a.txt", new Dictionary<string, string> { ["comment"] = "123456789012345678901" })
            {
                DataStream = new MemoryStream("text"u8.ToArray()),
            });
        }

        byte[] bytes = File.ReadAllBytes(path);
        int at = Encoding.Latin1.GetString(bytes).IndexOf("comment=", StringComparison.Ordinal);
        Assert.True(at > 0);
        "size=999999999999999999999999"u8.CopyTo(bytes.AsSpan(at));
        File.WriteAllBytes(path, bytes);
        AuditException e = Assert.Throws<AuditException>(() => new TarTree(path));
        Assert.StartsWith(path, e.Message);
        Assert.Contains("tar archive", e.Message);
    }

    [Fact]
    public void An_ISIC_list_without_its_identifying_column_names_the_column()
    {
        File.WriteAllText(Path.Combine(_folder, "ISIC_GroundTruth.csv"), "image,dx,age\nISIC_1,nv,80\n");
        AuditException e = Assert.Throws<AuditException>(() => DatasetCatalog.Open(DataSpec.At(_folder, "isic")));
        Assert.Contains("ISIC_GroundTruth.csv", e.Message);
    }

    [Fact]
    public void A_MAT_file_with_damaged_zlib_is_named()
    {
        string path = Path.Combine(_folder, "test_32x32.mat");
        byte[] header = new byte[128];
        "MATLAB 5.0 MAT-file"u8.CopyTo(header);
        (header[125], header[126], header[127]) = (1, (byte)'I', (byte)'M');
        for (int seed = 0; seed < 20; seed++)
        {
            byte[] garbage = new byte[64];
            new Random(seed).NextBytes(garbage);
            File.WriteAllBytes(path, [.. header, 15, 0, 0, 0, 64, 0, 0, 0, 0x78, 0x9C, .. garbage[2..]]);
            AuditException e = Assert.Throws<AuditException>(() => MatFile.Open(new FolderTree(_folder), "test_32x32.mat", "X"));
            Assert.StartsWith(path, e.Message);
        }
    }
}
