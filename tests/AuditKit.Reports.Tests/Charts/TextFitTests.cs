using AuditKit.Reports.Charts;

namespace AuditKit.Reports.Tests.Charts;

public class TextFitTests
{
    [Theory]
    [InlineData("short")]
    [InlineData("a longer text with several words that must be cut somewhere")]
    [InlineData("日本語の長い名前がここにあります")]
    [InlineData("withoutanyspacesatallbutverylongnonetheless")]
    [InlineData("👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦")]
    public void What_is_cut_or_wrapped_fits(string text)
    {
        foreach (double room in (double[])[40, 90, 200, 1000])
        {
            Assert.True(TextFit.Width(TextFit.Cut(text, room, 12), 12) <= room);
            IReadOnlyList<string> lines = TextFit.Wrap(text, room, 12, 2);
            Assert.InRange(lines.Count, 1, 2);
            Assert.All(lines, line => Assert.True(TextFit.Width(line, 12) <= room));
        }
    }

    [Fact]
    public void What_fits_is_left_alone()
    {
        Assert.Equal("T-shirt/top", TextFit.Cut("T-shirt/top", 100, 12));
        Assert.Equal(["class × brightness:", "Shirt × dark"], TextFit.Wrap("class × brightness: Shirt × dark", 130, 12, 2));
    }
}
