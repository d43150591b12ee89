using AuditKit.Evidence;

namespace AuditKit.Tests.Evidence;

/// <content>Files that are no sound stores.</content>
public sealed partial class EvidenceStoreTests
{
    [Theory]
    [InlineData("garbage")]
    [InlineData("truncated")]
    [InlineData("overwritten")]
    [InlineData("foreign")]
    [InlineData("newer")]
    [InlineData("tampered")]
    [InlineData("dangling")]
    [InlineData("gap")]
    [InlineData("image beyond the data")]
    [InlineData("images miscounted")]
    [InlineData("no audited data")]
    [InlineData("nameless")]
    [InlineData("an attribute of an image beyond the data")]
    public void A_file_that_is_no_sound_store_is_refused_before_anything_is_measured(string damage)
    {
        using (EvidenceStore store = Described(images: 2000))
        {
            store.Write(Condition.Clean, [.. ManyPredictions(2000)]);
        }

        byte[] bytes = File.ReadAllBytes(StorePath);
        switch (damage)
        {
            case "garbage":
                CounterRandom random = CounterRandom.For(1, "garbage", 0);
                File.WriteAllBytes(StorePath, [.. Enumerable.Range(0, 9000).Select(_ => (byte)random.NextInt32(256))]);
                break;
            case "truncated":
                File.WriteAllBytes(StorePath, bytes[..(bytes.Length / 2)]);
                break;
            case "overwritten":
                bytes.AsSpan(bytes.Length / 2, 3000).Fill(0xA5);
                File.WriteAllBytes(StorePath, bytes);
                break;
            case "foreign":
                File.Delete(StorePath);
                Sql("CREATE TABLE prediction (a, b)");
                break;
            case "newer":
                Sql("PRAGMA user_version = 99");
                break;
            case "tampered":
                Sql("DROP TABLE embedding; CREATE VIEW embedding AS SELECT 1 AS image, 'x' AS vector");
                break;
            case "dangling":
                Sql("PRAGMA foreign_keys = OFF; UPDATE prediction SET predicted = 7 WHERE image = 3");
                break;
            case "gap":
                Sql("DELETE FROM prediction WHERE image = 3; DELETE FROM image WHERE position = 3");
                break;
            case "image beyond the data":
                Sql("UPDATE prediction SET image = 2000 WHERE image = 1999");
                break;
            case "images miscounted":
                Sql("UPDATE dataset SET images = 2001");
                break;
            case "no audited data":
                Sql("UPDATE dataset SET name = 'other'");
                break;
            case "nameless":
                Sql("DELETE FROM run");
                break;
            case "an attribute of an image beyond the data":
                Sql("INSERT INTO attribute VALUES (1, 0, 'brightness'); INSERT INTO attribute_value VALUES (1, 2000, 'dark')");
                break;
        }

        byte[] before = File.ReadAllBytes(StorePath);
        foreach (Func<EvidenceStore> open in new Func<EvidenceStore>[]
            { () => EvidenceStore.Open(StorePath, Identity), () => EvidenceStore.OpenRead(StorePath) })
        {
            AuditException e = Assert.Throws<AuditException>(() => open().Dispose());
            Assert.Equal(ExitCode.Usage, e.ExitCode);
            Assert.StartsWith(StorePath, e.Message);
        }

        Assert.Equal(before, File.ReadAllBytes(StorePath));
    }

    [Fact]
    public void A_missing_file_or_folder_is_named()
    {
        AuditException read = Assert.Throws<AuditException>(() => EvidenceStore.OpenRead(StorePath));
        AuditException write = Assert.Throws<AuditException>(
            () => EvidenceStore.Open(Path.Combine(_folder, "no such folder", "evidence.sqlite"), Identity));
        Assert.StartsWith(StorePath, read.Message);
        Assert.Contains("no such folder", write.Message);
        Assert.False(File.Exists(StorePath));
    }
}
