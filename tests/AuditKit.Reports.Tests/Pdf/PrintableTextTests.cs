using AuditKit.Reports.Pdf;

namespace AuditKit.Reports.Tests.Pdf;

public class PrintableTextTests
{
    [Theory]
    [InlineData("Accuracy ≥ 92 %, worst group × 3 → ‖f(x) − f(x′)‖₂ ≠ 0 ✓ ✗ ε α τ")]
    [InlineData("ООО «Ткань и Ко»")]
    [InlineData("株式会社テスト 品質")]
    [InlineData("图像分类器的稳健性审计 漢字")]
    [InlineData("이미지 분류기")]
    [InlineData("مصنف الصور סיווג תמונות छवि ภาพ")]
    [InlineData("two\nlines")]
    public void What_the_fonts_have_is_kept(string text)
    {
        var printable = new PrintableText(FontFileTests.Find());
        Assert.Equal(text, printable.Of(text));
        Assert.False(printable.Replaced);
    }

    [Theory]
    [InlineData("smile 🙂!", "smile [U+1F642]!")]
    [InlineData("evil\u202Egnp.exe", "evil[U+202E]gnp.exe")]
    [InlineData("nul\0 bell\u0007", "nul[U+0000] bell[U+0007]")]
    [InlineData("private \uE000", "private [U+E000]")]
    [InlineData("bom \uFEFF", "bom [U+FEFF]")]
    [InlineData("circled a\u20E0", "circled a[U+20E0]")]
    public void What_a_PDF_A_cannot_hold_is_made_visible(string text, string expected)
    {
        var printable = new PrintableText(FontFileTests.Find());
        Assert.Equal(expected, printable.Of(text));
        Assert.True(printable.Replaced);
    }

    [Fact]
    public void Line_ends_and_tabs_are_made_plain_and_accents_kept()
        => Assert.Equal("e\u0301\na b", new PrintableText(FontFileTests.Find()).Of("e\u0301\r\na\tb"));

    [Fact]
    public void Half_a_surrogate_pair_is_replaced_as_text()
    {
        var printable = new PrintableText(FontFileTests.Find());
        Assert.Equal(printable.Of("half \uFFFD!"), printable.Of("half \ud83d!"));
    }
}
