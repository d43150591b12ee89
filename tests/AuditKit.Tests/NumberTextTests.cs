using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace AuditKit.Tests;

public partial class NumberTextTests
{
    [Theory]
    [InlineData(0.9173, 1, null, "91.7 %")]
    [InlineData(-0.0183, 2, null, "−1.83 %")]
    [InlineData(0.99998, 1, null, "99.998 %")]
    [InlineData(0.00002, 1, null, "0.002 %")]
    [InlineData(0.699996, 1, 0.7, "69.9996 %")]
    [InlineData(0.7, 1, 0.7, "70.0 %")]
    [InlineData(15.0, 1, null, "1,500.0 %")]
    [InlineData(1.0, 1, null, "100.0 %")]
    [InlineData(0.0, 1, null, "0.0 %")]
    [InlineData(null, 1, null, "–")]
    [InlineData(double.NaN, 1, null, "–")]
    public void Proportions(double? value, int decimals, double? limit, string expected)
        => Assert.Equal(expected, Plain(NumberText.Percent(value, decimals, limit)));

    [Theory]
    [InlineData(0.21374, "0.214")]
    [InlineData(-1.27341, "−1.27")]
    [InlineData(1834.4, "1,834")]
    [InlineData(5.4e11, "5.4E+11")]
    [InlineData(1e-7, "1E−07")]
    [InlineData(double.PositiveInfinity, "–")]
    public void Values(double value, string expected) => Assert.Equal(expected, NumberText.Value(value));

    [Fact]
    public void Counts_limits_and_ranges()
    {
        Assert.Equal("−10,000", NumberText.Count(-10000));
        Assert.Equal("1 query", NumberText.Count(1, "query", "queries"));
        Assert.Equal("99.9 %", Plain(NumberText.ExactPercent(0.999)));
        Assert.Equal("1,500.25", NumberText.Exact(1500.25, isProportion: false));
        Assert.Equal("1E+09", NumberText.Exact(1e9, isProportion: false));
        Assert.Equal("−1.5 to 92.3 %", Plain(NumberText.Percents(-0.015, 0.923)));
        Assert.Equal("p = 0.0312", NumberText.PValue(0.0312));
        Assert.Equal("91.9996 %", Plain(NumberText.Apart(0.919996, 0.92, isProportion: true)));
    }

    [Fact]
    public void No_other_code_formats_numbers_for_people()
    {
        string source = Path.GetFullPath(Path.Combine(Folder(), "..", "..", "src"));
        // Cards are read back as they were written; SVG, CSV, specs and labels on an axis are read by programs.
        string[] exempt = ["NumberText.cs", "ModelCard.cs", "Gdro.cs", "FrameBoundsTable.cs", "TemperatureScaling.cs", "ReproducedTable.cs",
            "Markup.cs", "Scale.cs", "SubPolicy.cs", "AuditProposal.cs"];
        string[] found =
        [
            .. Directory.EnumerateFiles(source, "*.cs", SearchOption.AllDirectories)
                .Where(file => !exempt.Contains(Path.GetFileName(file)) && !file.Split(Path.DirectorySeparatorChar)
                    .Any(folder => folder is "obj" or "bin" or "node_modules"))
                .SelectMany(file => File.ReadLines(file).Where(line => Format().IsMatch(line))
                    .Select(line => $"{Path.GetRelativePath(source, file)}: {line.Trim()}")),
        ];
        Assert.True(found.Length == 0, string.Join('\n', found));
    }

    // {x:P1}, ToString("N0"), ToString("0.##"), and a per cent sign behind a number.
    [GeneratedRegex("""(:[PNFGE]\d\}|:[0#][0#.,]*\}|ToString\(\$?"[PNFGE]\d?"|ToString\("[0#]|\} %[^=])""")]
    private static partial Regex Format();

    private static string Folder([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;

    private static string Plain(string text) => text.Replace('\u00a0', ' ');
}
