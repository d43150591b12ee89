using System.Globalization;
using System.Text.RegularExpressions;
using AuditKit.Imaging;
using AuditKit.Reports.Json;
using AuditKit.Reports.Outline;
using AuditKit.Reports.Pdf;
using AuditKit.Results;

namespace AuditKit.Reports.Tests.Pdf;

public sealed partial class PdfReportTests : IClassFixture<PdfReportTests.SamplePdf>, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("auditkit-pdf-test-").FullName;
    private readonly string _sample;

    public PdfReportTests(SamplePdf sample)
    {
        FontFileTests.Find();
        _sample = Path.Combine(_folder, "sample.pdf");
        File.WriteAllBytes(_sample, sample.Bytes.Value);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_same_result_gives_the_same_bytes()
        => Assert.Equal(File.ReadAllBytes(_sample), ReportSnapshotTests.Bytes(new PdfReport(), SampleResult.Create()));

    [Fact]
    public void The_file_is_sound()
    {
        (int status, string output) = Tool.Run("qpdf", "--check", _sample);
        Assert.True(status == 0, output);
    }

    [Fact]
    public void It_is_tagged_and_has_a_title_and_no_script()
    {
        string info = Tool.Run("pdfinfo", _sample).Output;
        Assert.Matches(@"Title:\s+Fashion-MNIST release audit – robustness audit: error", info);
        Assert.Matches(@"Tagged:\s+yes", info);
        Assert.Matches(@"JavaScript:\s+no", info);
        Assert.Matches(@"Encrypted:\s+no", info);
        Assert.Matches(@"Page size:.*A4", info);
    }

    [Fact]
    public void It_claims_PDF_A_3a_in_its_metadata_and_names_its_language()
    {
        string metadata = Tool.Run("pdfinfo", "-meta", _sample).Output;
        Assert.Contains("<pdfaid:part>3</pdfaid:part>", metadata);
        Assert.Contains("<pdfaid:conformance>A</pdfaid:conformance>", metadata);
        Assert.Contains("/Lang (en)", Objects());
        Assert.Contains("/OutputIntents", Objects());
    }

    [Fact]
    public void Every_font_is_embedded_and_maps_to_text()
    {
        string[] fonts = [.. Tool.Run("pdffonts", _sample).Output.Split('\n').Skip(2).Where(line => line.Length > 0)];
        Assert.Contains(fonts, font => font.Contains("NotoSans-Regular"));
        Assert.Contains(fonts, font => font.Contains("NotoSansMono-Regular"));
        Assert.All(fonts.Where(font => !font.StartsWith("Syntax", StringComparison.Ordinal)), font => Assert.Matches(@"\byes\s+yes\s+yes\b", font));
    }

    [Fact]
    public void The_machine_readable_report_is_attached_as_data()
    {
        Assert.Contains("report.json", Tool.Run("pdfdetach", "-list", _sample).Output);
        string attached = Path.Combine(_folder, "attached.json");
        Tool.Run("pdfdetach", "-save", "1", "-o", attached, _sample);
        Assert.Equal(ReportSnapshotTests.Bytes(new JsonReport(), SampleResult.Create()), File.ReadAllBytes(attached));
        Assert.Contains("/AFRelationship /Data", Objects());
    }

    [Fact]
    public void Every_chapter_has_a_bookmark_and_every_picture_words()
    {
        string objects = Objects();
        AuditResult sample = SampleResult.Create();
        int pictures = 1 + sample.Sections.Sum(section => section.Charts.Count + section.Examples.Sum(example => example.Panels.Count));
        string[] figures = [.. objects.Split("endobj").Where(one => FigureTag().IsMatch(one))];
        Assert.Equal(pictures, figures.Length);
        Assert.All(figures, figure => Assert.Matches("/Alt [(<]", figure));
        int chapters = ReportOutline.Of(sample, Medium.Paper).Parts.Count;
        Assert.Matches($"/Outlines [0-9]+ 0 R", objects);
        Assert.True(BookmarkTitle().Count(objects) >= chapters);
    }

    [Fact]
    public void The_text_can_be_read_back_with_every_script_and_whole_digests()
    {
        string text = Space().Replace(Tool.Run("pdftotext", _sample, "-").Output, " ");
        foreach (string expected in (string[])
            ["ERROR", "ООО «Ткань и Ко», 株式会社テスト", "92.68 %", "92.15 to 93.17 %", "≥ 92 %", "Wilson 95 %", "not provided", "Contents", "page 2 /", "✗ fail",
                SampleResult.Create().Model[1].Value, SampleResult.Create().Provenance[^1].Value])
        {
            Assert.Contains(expected, text.Replace('\u00a0', ' '));
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(60)]
    [InlineData(700)]
    public void The_decision_is_one_page_whatever_the_number_of_gates(int gates)
    {
        string path = Path.Combine(_folder, "gates.pdf");
        File.WriteAllBytes(path, ReportSnapshotTests.Bytes(new PdfReport(), ManyGates.Of(gates)));
        string first = Tool.Run("pdftotext", "-f", "1", "-l", "1", path, "-").Output, second = Tool.Run("pdftotext", "-f", "2", "-l", "2", path, "-").Output;
        Assert.Contains("What blocks, and by how much", first);
        Assert.Contains("auditkit remedy RUN --out DIR", first);
        Assert.Contains("Not assessed", first);
        Assert.StartsWith("Many gates\npage 2 /", Space().Replace(second, " ").Replace("Many gates page", "Many gates\npage", StringComparison.Ordinal));
        Assert.Contains("Contents", second[..60]);
    }

    [Fact]
    public void What_passed_in_dozens_is_printed_once()
    {
        string path = Path.Combine(_folder, "passed.pdf");
        File.WriteAllBytes(path, ReportSnapshotTests.Bytes(new PdfReport(), ManyGates.Of(60)));
        string text = Space().Replace(Tool.Run("pdftotext", path, "-").Output, " ");
        Assert.All(Enumerable.Range(0, 40), group => Assert.Single(Regex.Matches(text, $@"because of number {group}\b")));
    }

    [Fact]
    public void Nothing_runs_over_the_edge_of_the_paper()
    {
        string boxes = Tool.Run("pdftotext", "-bbox", _sample, "-").Output;
        Assert.All(Word().Matches(boxes), word =>
        {
            Assert.InRange(Number(word.Groups[1]), 60, 595 - 60);
            Assert.InRange(Number(word.Groups[2]), 60, 595 - 60);
        });
    }

    // Few rows, or few facts, that are taller together than a page.
    [Fact]
    public void What_is_taller_than_a_page_goes_on_over_the_next()
    {
        string[] words = [.. Enumerable.Range(0, 10).Select(row => $"begin{row} {string.Join(' ', Enumerable.Repeat("long", 300))} end{row}")];
        AuditResult sample = SampleResult.Create();
        AuditResult tall = sample with
        {
            Provider = [.. words.Take(6).Select(value => new Fact("Fact", value.Replace("begin", "from").Replace("end", "until")))],
            Sections = [sample.Sections[1] with { Tables = [new Table("Tall", ["Name", "Text"], [.. words.Select(text => (string[])["row", text])])] }],
        };
        string path = Path.Combine(_folder, "tall.pdf");
        File.WriteAllBytes(path, ReportSnapshotTests.Bytes(new PdfReport(), tall));
        string text = Tool.Run("pdftotext", path, "-").Output;
        Assert.All(Enumerable.Range(0, 10), row => Assert.True(text.Contains($"begin{row}") && text.Contains($"end{row}"), $"row {row}"));
        Assert.All(Enumerable.Range(0, 6), fact => Assert.True(text.Contains($"from{fact}") && text.Contains($"until{fact}"), $"fact {fact}"));
        MatchCollection boxes = Height().Matches(Tool.Run("pdftotext", "-bbox", path, "-").Output);
        Assert.NotEmpty(boxes);
        Assert.All(boxes, word => Assert.InRange(Number(word.Groups[1]), 20, 842 - 40));
    }

    [Fact]
    public void Names_that_no_font_can_show_do_not_stop_the_report()
    {
        const string Hostile = "🙂 \u202E \0 #link(\"x\")[y] $x$ *b* `raw` \\u{41} ก\u0E33 a\u20E0\u0301 \uE000 </text>";
        AuditResult sample = SampleResult.Create();
        Section section = sample.Sections[1];
        AuditResult hostile = sample with
        {
            Name = Hostile + new string('x', 400),
            Spec = Hostile,
            Provider = [new Fact(Hostile, Hostile + "\n\n" + new string('長', 300))],
            Sections =
            [
                section with
                {
                    Title = Hostile,
                    Charts = [section.Charts[0] with { Title = Hostile,
                        Series = [new ChartSeries { Name = Hostile, Names = [Hostile, Hostile + "2"], Y = [0.5, double.NaN] }] }],
                    Tables = [new Table(Hostile, [.. Enumerable.Range(0, 30).Select(i => $"column {i}")], [[.. Enumerable.Range(0, 30).Select(i => Hostile)]])],
                    Examples = [new Example(Hostile, [.. Enumerable.Range(0, 9).Select(_ => new ExamplePanel(Hostile, new Image(3, 40, 1)))])],
                },
            ],
        };
        string path = Path.Combine(_folder, "hostile.pdf");
        File.WriteAllBytes(path, ReportSnapshotTests.Bytes(new PdfReport(), hostile));
        (int status, string output) = Tool.Run("qpdf", "--check", path);
        Assert.True(status == 0, output);
        string text = Tool.Run("pdftotext", path, "-").Output;
        Assert.Contains("[U+1F642]", text);
        Assert.Contains("#link(\"x\")[y]", text);
        Assert.Contains("printed as their code", Space().Replace(text, " "));
    }

    [Fact]
    public void Killed_runs_leave_no_folder_for_ever()
    {
        string[] folders = [.. new[] { "auditkit-pdf-old", "auditkit-pdf-new", "auditkit-else" }.Select(name => Path.Combine(_folder, name))];
        foreach (string folder in folders)
        {
            Directory.CreateDirectory(folder);
            File.WriteAllText(Path.Combine(folder, "content.json"), "{}");
            Directory.SetLastWriteTimeUtc(folder, DateTime.UtcNow.AddHours(folder.EndsWith("new", StringComparison.Ordinal) ? 0 : -2));
        }

        PdfReport.RemoveAbandoned(_folder);
        Assert.Equal([false, true, true], folders.Select(Directory.Exists));
    }

    [Fact]
    public void An_empty_result_is_a_report_too()
    {
        AuditResult empty = SampleResult.Create() with
        {
            Sections = [],
            Provider = [],
            Model = [],
            Data = [],
            Protocol = [],
            Provenance = [],
            Limits = [],
            Spec = ""
        };
        Assert.StartsWith("%PDF-1.7", System.Text.Encoding.ASCII.GetString(ReportSnapshotTests.Bytes(new PdfReport(), empty).AsSpan(0, 8)));
    }

    private string Objects() => Tool.Run("qpdf", "--qdf", "--object-streams=disable", "--stream-data=preserve", _sample, "-").Output;

    private static double Number(Group text) => double.Parse(text.Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"/S /Figure\b")]
    private static partial Regex FigureTag();

    [GeneratedRegex(@"/Title [(<]")]
    private static partial Regex BookmarkTitle();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();

    [GeneratedRegex("yMax=\"([0-9.]+)\"")]
    private static partial Regex Height();

    [GeneratedRegex("xMin=\"([0-9.]+)\".*xMax=\"([0-9.]+)\"")]
    private static partial Regex Word();

    /// <summary>The sample's PDF, set once for all tests that only look at it.</summary>
    public sealed class SamplePdf
    {
        public Lazy<byte[]> Bytes { get; } = new(() => ReportSnapshotTests.Bytes(new PdfReport(), SampleResult.Create()));
    }
}
