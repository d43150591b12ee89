using System.Globalization;
using System.Text;
using AuditKit.Reports.Pdf;

namespace AuditKit.Reports.Tests.Pdf;

public class FontFileTests
{
    [Theory]
    [InlineData("NotoSans-Regular.ttf")]
    [InlineData("NotoSansMono-Regular.ttf")]
    [InlineData("NotoSansMath-Regular.ttf")]
    [InlineData("NotoSansSymbols2-Regular.ttf")]
    [InlineData("DroidSansFallbackFull.ttf")]
    public void Family_and_characters_are_those_that_fontconfig_reads(string name)
    {
        FontFile? font = Find().Files.FirstOrDefault(file => Path.GetFileName(file.Path) == name);
        Assert.SkipWhen(font is null, $"needs the font {name}");
        (int status, string output) = Tool.Run("fc-query", "--format", "%{family}\n%{charset}", font.Path);
        Assert.Equal(0, status);
        string[] lines = output.Split('\n');
        Assert.Contains(font.Family, lines[0].Split(','));
        var expected = new HashSet<int>();
        foreach (string range in lines[1].Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            int[] ends = [.. range.Split('-').Select(end => int.Parse(end, NumberStyles.HexNumber, CultureInfo.InvariantCulture))];
            expected.UnionWith(Enumerable.Range(ends[0], ends[^1] - ends[0] + 1));
        }

        // Fontconfig leaves out control characters, which fonts map to an empty glyph.
        IEnumerable<int> covered = Enumerable.Range(0x20, 0x110000 - 0x20).Where(Rune.IsValid).Where(c => c is < 0x7F or > 0x9F && font.Covers(new Rune(c)));
        Assert.Empty(expected.Where(c => c is >= 0x20 and (< 0x7F or > 0x9F)).Except(covered).Select(c => $"U+{c:X4}"));
        Assert.Empty(Enumerable.Range(0xA0, 0x110000 - 0xA0).Where(Rune.IsValid).Where(c => font.Covers(new Rune(c)) && !expected.Contains(c))
            .Where(c => !Rune.IsWhiteSpace(new Rune(c)) && Rune.GetUnicodeCategory(new Rune(c)) is not UnicodeCategory.Format).Select(c => $"U+{c:X4}"));
    }

    [Fact]
    public void What_is_no_font_is_an_error_that_names_the_file()
    {
        string path = Path.GetTempFileName();
        try
        {
            foreach (byte[] content in (byte[][])[[], [0, 1, 0, 0, 0, 9, 0, 0], new byte[4096]])
            {
                File.WriteAllBytes(path, content);
                Assert.Contains(path, Assert.Throws<AuditException>(() => new FontFile(path)).Message);
            }
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_system_without_the_fonts_is_told_what_to_install()
    {
        AuditException error = Assert.Throws<AuditException>(() => Fonts.Find(["/nonexistent"]));
        Assert.Equal(ExitCode.Error, error.ExitCode);
        Assert.Contains("fonts-noto-core", error.Message);
    }

    internal static Fonts Find()
    {
        try
        {
            return Fonts.Find();
        }
        catch (AuditException e)
        {
            Assert.Skip(e.Message);
            throw;
        }
    }
}
