using System.Text.RegularExpressions;
using AuditKit.Results;

namespace AuditKit.Tests.Results;

public sealed partial class MethodTextTests
{
    private static readonly MethodText s_text = new("method.md", """
        ## plain

        One line
        and another.

        ## filled

        At {level}, with {level} of {count-of-all} and max_{i≠y} z_i.
        """);

    /// <summary>Every method.md of the repository's sources.</summary>
    public static TheoryData<string> Files =>
    [
        .. Directory.GetFiles(Path.Combine(Repository.Root, "src", "AuditKit"), "method.md", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Repository.Root, file)),
    ];

    [Fact]
    public void Lines_are_joined_and_placeholders_filled()
    {
        Assert.Equal("One line and another.", s_text.Paragraph("plain"));
        Assert.Equal(
            "At 0.5, with 0.5 of {all} and max_{i≠y} z_i.", s_text.Paragraph("filled", ("level", 0.5), ("count-of-all", "{all}")));
    }

    [Fact]
    public void A_paragraph_a_placeholder_or_a_value_that_is_not_there_is_an_error()
    {
        Assert.Contains("method.md has no paragraph 'plein'", Assert.Throws<ArgumentException>(() => s_text.Paragraph("plein")).Message);
        Assert.Contains("no value for {level}", Assert.Throws<ArgumentException>(() => s_text.Paragraph("filled", ("count-of-all", 1))).Message);
        Assert.Contains("no placeholder for level", Assert.Throws<ArgumentException>(() => s_text.Paragraph("plain", ("level", 1))).Message);
    }

    [Fact]
    public void A_name_given_twice_words_before_the_first_and_a_missing_file_are_errors()
    {
        Assert.Throws<ArgumentException>(() => new MethodText("method.md", "## one\nText.\n## one\nText.\n"));
        Assert.Throws<ArgumentException>(() => new MethodText("method.md", "Text.\n## one\nText.\n"));
        Assert.Contains("'AuditKit.Tests.Results.method.md'", Assert.Throws<ArgumentException>(() => MethodText.Of<MethodTextTests>()).Message);
    }

    [Fact]
    public void Every_check_has_its_prose()
        => Assert.Equal(
            Directory.GetFiles(Path.Combine(Repository.Root, "src", "AuditKit", "Checks"), "*Options.cs", SearchOption.AllDirectories)
                .Where(file => File.ReadAllText(file).Contains("CheckDescriptor Check ", StringComparison.Ordinal))
                .Select(file => Path.GetRelativePath(Repository.Root, Path.Combine(Path.GetDirectoryName(file)!, "method.md"))).Order(),
            Files.Select(row => row.Data).Where(file => file.Contains("Checks", StringComparison.Ordinal)).Order());

    // What no audit of a test happens to print is held too: the sources are read.
    [Theory]
    [MemberData(nameof(Files))]
    public void Every_paragraph_is_printed_and_every_call_gives_what_its_paragraph_asks_for(string file)
    {
        string path = Path.Combine(Repository.Root, file);
        string text = File.ReadAllText(path);
        Assert.All(text.Split('\n'), line => Assert.True(line.Length <= 120, line));
        string source = string.Concat(Directory.GetFiles(Path.GetDirectoryName(path)!, "*.cs").Select(File.ReadAllText));
        var asked = Paragraphs().Matches(text).ToDictionary(
            paragraph => paragraph.Groups[1].Value, paragraph => Sorted(Placeholders().Matches(paragraph.Groups[2].Value)));
        Assert.All(Placeholders().Matches(text), placeholder => Assert.Matches("^[a-z0-9-]+$", placeholder.Groups[1].Value));
        Assert.NotEmpty(asked);
        ILookup<string, string> given = Calls().Matches(source).ToLookup(
            call => call.Groups["name"].Value, call => Sorted(Values().Matches(call.Groups["values"].Value)));
        Assert.All(given, calls => Assert.All(calls, values => Assert.Equal((calls.Key, asked.GetValueOrDefault(calls.Key)), (calls.Key, values))));
        // One that is chosen among several is named in quotes all the same, and asks for nothing.
        Assert.All(asked.Where(paragraph => !given.Contains(paragraph.Key)), paragraph =>
        {
            Assert.Contains($"\"{paragraph.Key}\"", source);
            Assert.Equal((paragraph.Key, ""), (paragraph.Key, paragraph.Value));
        });

        static string Sorted(IEnumerable<Match> names) => string.Join(' ', names.Select(name => name.Groups[1].Value).Distinct().Order());
    }

    [GeneratedRegex(@"^## (.+)\n([^#]*)", RegexOptions.Multiline)]
    private static partial Regex Paragraphs();

    [GeneratedRegex(@"(?<!_)\{(.*?)\}")]
    private static partial Regex Placeholders();

    // Up to the parenthesis that closes the call.
    [GeneratedRegex(@"s_text\.Paragraph\(\s*""(?<name>[^""]+)""(?<values>(?>[^()]+|\((?<open>)|\)(?<-open>))*)(?(open)(?!))\)")]
    private static partial Regex Calls();

    [GeneratedRegex(@"\(""([a-z0-9-]+)"",")]
    private static partial Regex Values();
}
