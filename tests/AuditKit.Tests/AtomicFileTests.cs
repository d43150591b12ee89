namespace AuditKit.Tests;

public sealed class AtomicFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("auditkit-atomic").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_file_and_its_folder_appear_with_all_of_the_content()
    {
        string file = Path.Combine(_folder, "new", "folder", "card.md");
        AtomicFile.Write(file, "first");
        AtomicFile.Write(file, "né"u8);
        Assert.Equal("né"u8.ToArray(), File.ReadAllBytes(file));
        Assert.Single(Directory.GetFileSystemEntries(Path.GetDirectoryName(file)!));
    }

    [Fact]
    public void What_fails_in_the_middle_leaves_the_old_file_and_nothing_else()
    {
        string file = Path.Combine(_folder, "model.onnx");
        AtomicFile.Write(file, "old");
        AuditException full = Assert.Throws<AuditException>(() => AtomicFile.Write(file, content =>
        {
            content.Write("half"u8);
            throw new IOException("No space left on device.");
        }));
        Assert.Equal((ExitCode.Error, $"{file} cannot be written: No space left on device."), (full.ExitCode, full.Message));
        Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(file, _ => throw new InvalidOperationException()));
        Assert.Equal("old", File.ReadAllText(file));
        Assert.Equal([file], Directory.GetFileSystemEntries(_folder));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\0b")]
    [InlineData("there/is/a/file/in/the/way")]
    public void A_path_that_cannot_be_is_an_error_that_names_it(string name)
    {
        File.WriteAllText(Path.Combine(_folder, "there"), "");
        string path = name.Length == 0 ? name : Path.Combine(_folder, name);
        AuditException error = Assert.Throws<AuditException>(() => AtomicFile.Write(path, "x"));
        Assert.StartsWith($"{path} cannot be written: ", error.Message);
    }

    [Fact]
    public void A_device_is_not_replaced_by_a_file()
    {
        Assert.SkipUnless(File.Exists("/dev/null"), "there are no devices with names here");
        Assert.Contains("It is a device", Assert.Throws<AuditException>(() => AtomicFile.Write("/dev/null", "x")).Message);
        Assert.Empty(File.ReadAllBytes("/dev/null"));
    }
}
