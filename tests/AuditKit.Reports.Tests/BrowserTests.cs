using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using AuditKit.Reports.Html;
using AuditKit.Results;

namespace AuditKit.Reports.Tests;

/// <summary>The page in a real browser, Chromium without a window.</summary>
public sealed partial class BrowserTests : IDisposable
{
    private const int Phone = 360;

    private readonly string _folder = Directory.CreateTempSubdirectory("auditkit-browser-").FullName;

    [Fact]
    public void The_page_has_nothing_to_complain_of()
    {
        string output = Chromium("--enable-logging=stderr", "--dump-dom", Save("report.html", Page()));
        Assert.Contains("Fashion-MNIST release audit", output);
        Assert.DoesNotContain(":CONSOLE", output);
        // The same look finds what there is to find.
        Assert.Contains(":CONSOLE", Chromium("--enable-logging=stderr", "--dump-dom", Save("bad.html", Page().Replace("</body>", "<script>1</script></body>", StringComparison.Ordinal))));
    }

    [Theory]
    [InlineData(Phone)]
    [InlineData(1280)]
    public void Nothing_sticks_out_of_the_screen(int width)
    {
        Assert.Equal(0, Overflow(Page(), width));
        Assert.InRange(Overflow(Page().Replace("<main>", "<main><div style=\"width: 2000px\">wide</div>", StringComparison.Ordinal), width), 1, 2000);
    }

    [Fact]
    public void Text_on_a_phone_is_large_enough_to_read()
    {
        string measured = Framed(Page(), Phone, """
            Math.min(...[...page.querySelectorAll('main *')].filter(e => e.checkVisibility() && [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()))
              .map(e => parseFloat(getComputedStyle(e).fontSize) * (e.closest('svg') ? e.closest('svg').getBoundingClientRect().width / e.closest('svg').viewBox.baseVal.width : 1)))
            """);
        Assert.InRange(double.Parse(measured), 10, 20);
    }

    [Fact]
    public void On_paper_everything_is_there_even_what_the_screen_folds()
    {
        string pdf = Path.Combine(_folder, "page.pdf");
        Chromium($"--print-to-pdf={pdf}", "--no-pdf-header-footer", Save("report.html", Page()));
        (int status, string text) = Tool.Run("pdftotext", "-layout", pdf, "-");
        Assert.True(status == 0, text);
        Assert.Contains("Fashion-MNIST release audit", text);
        Assert.Contains("group 39", text);
        Assert.Contains("(A4)", Tool.Run("pdfinfo", pdf).Output);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // The sample, with so many figures that some are folded.
    private static string Page()
    {
        AuditResult sample = SampleResult.Create();
        Finding[] many = [.. Enumerable.Range(0, 40).Select(i => sample.Sections[0].Findings[0] with { Subject = $"group {i}" })];
        AuditResult large = sample with { Sections = [sample.Sections[0] with { Findings = many }, .. sample.Sections.Skip(1)] };
        return Encoding.UTF8.GetString(ReportSnapshotTests.Bytes(new HtmlReport(), large));
    }

    private int Overflow(string page, int width)
        => int.Parse(Framed(page, width, "page.documentElement.scrollWidth - page.documentElement.clientWidth"));

    // A window cannot be as narrow as a phone, a frame can. Everything folded is opened first.
    private string Framed(string page, int width, string expression)
    {
        string host = Save("host.html", $$"""
            <!DOCTYPE html><meta charset="utf-8"/><body><p id="answer"></p>
            <iframe id="frame" style="border: 0; width: {{width}}px; height: 800px" srcdoc="{{WebUtility.HtmlEncode(page)}}"></iframe>
            <script>
            frame.onload = () => {
              const page = frame.contentDocument;
              page.querySelectorAll('details').forEach(folded => folded.open = true);
              answer.textContent = 'measured ' + ({{expression}});
            };
            </script></body>
            """);
        string output = Chromium("--dump-dom", "--window-size=1600,1000", host);
        Match match = Measured().Match(output);
        Assert.True(match.Success, output[..Math.Min(output.Length, 1000)]);
        return match.Groups[1].Value;
    }

    [GeneratedRegex("measured ([0-9.]+)</p>")]
    private static partial Regex Measured();

    private string Save(string name, string page)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, page);
        return "file://" + path;
    }

    private string Chromium(params string[] arguments)
    {
        string profile = Path.Combine(_folder, Path.GetRandomFileName());
        (int status, string output) = Tool.Run("chromium",
        [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
            "--disable-sync", $"--user-data-dir={profile}", .. arguments,
        ]);
        Assert.True(status == 0, output);
        return output;
    }
}
