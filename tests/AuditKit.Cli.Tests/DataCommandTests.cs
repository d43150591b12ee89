using AuditKit.Imaging;

namespace AuditKit.Cli.Tests;

public sealed class DataCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("auditkit-cli").FullName;

    public DataCommandTests()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "pets"));
        var rows = new List<string> { "path,label,split,place" };
        for (int i = 0; i < 12; i++)
        {
            File.WriteAllBytes(Path.Combine(_folder, "pets", $"{i}.png"), Png.Encode(new Image(2, 1, 1, [(byte)(20 * i), 0])));
            rows.Add($"{i}.png,{(i < 8 ? "cat" : "dog")},{(i % 4 == 0 ? "test" : "train")},{(i % 2 == 0 ? "in" : "out")}");
        }

        File.WriteAllLines(Path.Combine(_folder, "pets", "pets.csv"), rows);
    }

    [Fact]
    public void Format_splits_classes_groups_and_samples_are_shown()
    {
        (ExitCode exit, string output) = CommandLine.Run(_folder, "data", "pets", "--out", "sheets/sheet.png");

        Assert.True(exit == ExitCode.Pass, output);
        Assert.Matches(@"Format: +manifest", output);
        Assert.Matches(@"Splits: +test, train", output);
        Assert.Matches(@"\| cat +\| +2 \| +6 \|", output);
        Assert.Matches(@"\| dog +\| +1 \| +3 \|", output);
        Assert.Matches(@"\| all +\| +3 \| +9 \|", output);
        Assert.Matches(@"\| class = dog x place = out +\| +0 \| +2 \|", output);
        Assert.Contains("Sample: 4.png, cat, place in, 2×1 grey", output);
        Image sheet = Png.Decode(File.ReadAllBytes(Path.Combine(_folder, "sheets", "sheet.png")));
        Assert.Equal((848, 176), (sheet.Width, sheet.Height));
        Assert.Equal(80, sheet[8 + 80, 8 + 168, 0]);
    }

    [Fact]
    public void Animations_are_said_to_give_their_first_frame()
    {
        byte[] frame = [0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0];
        Directory.CreateDirectory(Path.Combine(_folder, "moving", "cat"));
        File.WriteAllBytes(
            Path.Combine(_folder, "moving", "cat", "a.gif"), [.. "GIF89a"u8, 1, 0, 1, 0, 0x80, 0, 0, 9, 9, 9, 200, 200, 200, .. frame, .. frame, 0x3B]);
        (ExitCode exit, string output) = CommandLine.Run(_folder, "data", "moving");
        Assert.True(exit == ExitCode.Pass, output);
        Assert.Matches("Frames: +1 images are animations or have pages; of each, the first is taken", output);
    }

    [Fact]
    public void One_split_can_be_asked_for_and_the_sheet_lies_among_the_runs()
    {
        (ExitCode exit, string output) = CommandLine.Run(_folder, "data", "pets/pets.csv", "--split", "train", "--format", "manifest");
        Assert.True(exit == ExitCode.Pass, output);
        Assert.Matches(@"\| all +\| +9 \|", output);
        Assert.True(File.Exists(Path.Combine(_folder, "runs", "pets.csv-samples.png")));
    }

    [Theory]
    [InlineData("nowhere", "there is no such folder", null)]
    [InlineData("pets", "has no image of split 'val'; it has test, train.", "--split=val")]
    [InlineData("pets", "Did you mean 'folder'?", "--format=foldr")]
    [InlineData("pets/1.png", "its format was not recognised", null)]
    public void What_cannot_be_shown_is_one_clear_line(string path, string message, string? option)
    {
        (ExitCode exit, string output) = CommandLine.Run(_folder, ["data", path, .. option is null ? Array.Empty<string>() : [option]]);
        Assert.True(exit == ExitCode.Usage, output);
        Assert.Contains(message, output);
        Assert.DoesNotContain("   at ", output);
    }

    [Fact]
    public void A_sheet_that_cannot_be_written_is_named()
    {
        (ExitCode exit, string output) = CommandLine.Run(_folder, "data", "pets", "--out=pets/1.png/sheet.png");
        Assert.True(exit == ExitCode.Error, output);
        Assert.Contains("auditkit: pets/1.png/sheet.png cannot be written: ", output);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
