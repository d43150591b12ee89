using AuditKit.Data;
using AuditKit.Tests.Imaging;

namespace AuditKit.Tests.Data;

public sealed class DatasetFingerprintTests : IDisposable
{
    private readonly DataFolder _folder = new();

    [Fact]
    public void The_digest_is_that_of_the_canonical_listing()
    {
        _folder.WriteImage("a/dog/2.png", 2);
        _folder.WriteImage("a/cat/1.png", 1);

        DatasetFingerprint fingerprint = Fingerprint("a");

        Assert.Equal(["cat/1.png", "dog/2.png"], fingerprint.Files.Select(file => file.Name));
        byte[] first = File.ReadAllBytes(_folder.At("a/cat/1.png"));
        Assert.Equal((first.Length, Samples.Digest(first)), (fingerprint.Files[0].Size, fingerprint.Files[0].Sha256));
        string listing = string.Concat(fingerprint.Files.Select(file => $"{file.Sha256}  {file.Size}  {file.Name}\n"));
        Assert.Equal(Samples.Digest(System.Text.Encoding.UTF8.GetBytes(listing)), fingerprint.Sha256);
    }

    [Fact]
    public void It_depends_on_contents_and_names_but_neither_on_the_place_nor_on_threads()
    {
        foreach (string copy in (string[])["a", "b/c", "other-content", "other-name"])
        {
            _folder.WriteImage($"{copy}/cat/1.png", 1);
            _folder.WriteImage($"{copy}/dog/2.png", 2);
        }

        _folder.WriteImage("other-content/dog/2.png", 3);
        File.Move(_folder.At("other-name/dog/2.png"), _folder.At("other-name/dog/3.png"));
        string original = Fingerprint("a").Sha256;

        Assert.Equal(original, Fingerprint("b/c").Sha256);
        Assert.Equal(original, Fingerprint("a", threads: 4).Sha256);
        Assert.NotEqual(original, Fingerprint("other-content").Sha256);
        Assert.NotEqual(original, Fingerprint("other-name").Sha256);
    }

    [Fact]
    public void A_file_that_has_gone_is_an_error_of_the_run()
    {
        _folder.WriteImage("a/cat/1.png", 1);
        using var data = FolderDataset.Open(_folder.At("a"), null, "pets", []);
        File.Delete(_folder.At("a/cat/1.png"));
        Assert.Contains("1.png", DataFolder.Refused(() => DatasetFingerprint.Of(data, 2), ExitCode.Error));
    }

    public void Dispose() => _folder.Dispose();

    private DatasetFingerprint Fingerprint(string folder, int threads = 1)
    {
        using var data = FolderDataset.Open(_folder.At(folder), null, "pets", []);
        return DatasetFingerprint.Of(data, threads);
    }
}
