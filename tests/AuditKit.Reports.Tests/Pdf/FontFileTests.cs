using System.Globalization;
using System.Text;
using AuditKit.Reports.Pdf;

namespace AuditKit.Reports.Tests.Pdf;

public class FontFileTests
{
    [Theory]
    [InlineData("NotoSans_400Regular.ttf")]
    [InlineData("NotoSansMono_400Regular.ttf")]
    [InlineData("NotoSansMath_400Regular.ttf")]
    [InlineData("NotoSansSymbols2_400Regular.ttf")]
    [InlineData("NotoSansArabic_400Regular.ttf")]
    [InlineData("NotoSansSC_400Regular.ttf")]
    [InlineData("NotoSansKR_400Regular.ttf")]
    public void Family_and_characters_are_those_that_fontconfig_reads(string name)
    {
        FontFile font = Find().Files.Single(file => Path.GetFileName(file.Path) == name);
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
    public void Whoever_has_no_fonts_is_told_what_to_do()
    {
        AuditException error = Assert.Throws<AuditException>(() => Fonts.Find("/nonexistent"));
        Assert.Equal(ExitCode.Error, error.ExitCode);
        Assert.Contains($"'{ProgramName.Value} setup' fetches it", error.Message);
    }

    [Fact]
    public void The_typesetter_sees_no_font_but_those_that_a_report_counts_on()
    {
        IEnumerable<string> counted = Find().Files.Select(file => file.Path);
        Assert.Equal(counted.Order(StringComparer.Ordinal), Directory.GetFiles(Fonts.Folder, "*.*", SearchOption.AllDirectories)
            .Where(file => Path.GetFileName(file) != "LICENSE").Order(StringComparer.Ordinal));
        Assert.All(Directory.GetDirectories(Fonts.Folder), folder
            => Assert.Contains("SIL Open Font License", File.ReadAllText(Path.Combine(folder, "LICENSE"))));
    }

    [Theory]
    [InlineData(false, false, "SC")]
    [InlineData(true, false, "JP")]
    [InlineData(false, true, "KR")]
    [InlineData(true, true, "JP")]
    public void Chinese_characters_have_the_shape_of_the_report_s_language(bool kana, bool hangul, string first)
    {
        string[] families = [.. Find().FamiliesFor(kana, hangul)];
        Assert.Equal("Noto Sans", families[0]);
        Assert.Equal($"Noto Sans {first}", families.First(family => family[^2..] is "SC" or "JP" or "KR"));
        Assert.Equal(11, families.Length);
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
