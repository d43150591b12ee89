using System.Globalization;
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
        Assert.Contains(":CONSOLE", Chromium("--enable-logging=stderr", "--dump-dom",
            Save("bad.html", Page().Replace("</body>", "<script>1</script></body>", StringComparison.Ordinal))));
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
        Assert.InRange(Number(measured), 10, 20);
    }

    [Fact]
    public void On_paper_everything_is_there()
    {
        string pdf = Path.Combine(_folder, "page.pdf");
        Chromium($"--print-to-pdf={pdf}", "--no-pdf-header-footer", Save("report.html", Page()));
        (int status, string text) = Tool.Run("pdftotext", "-layout", pdf, "-");
        Assert.True(status == 0, text);
        Assert.Contains("Fashion-MNIST release audit", text);
        Assert.Contains("group 39", text);
        Assert.Contains("(A4)", Tool.Run("pdfinfo", pdf).Output);
    }

    [Fact]
    public void Figures_are_filtered_by_outcome_and_by_word_and_sorted_by_a_key_press()
    {
        const string Rows = "[...page.querySelectorAll('#figures tr.item')].filter(row => row.checkVisibility())";
        const string Choose = "select => { select.value = 'fail'; select.dispatchEvent(new Event('input', { bubbles: true })); }";
        int all = SampleResult.Create().Findings.Count() + 40 - SampleResult.Create().Sections[0].Findings.Count;
        Assert.Equal(all, Number(Framed(Page(), 1280, $"{Rows}.length")));
        Assert.Equal(1, Number(Framed(Page(), 1280, $"(({Choose})(page.querySelector('#figures select')), {Rows}.length)")));
        Assert.Equal(11, Number(Framed(Page(), 1280,
            "(page.querySelector('#figures input').value = 'group 3', page.querySelector('#figures input').dispatchEvent(new Event('input', "
                + $"{{ bubbles: true }})), {Rows}.length)")));
        // The lowest share of all first: a button that the keyboard reaches.
        Assert.Equal(1, Number(Framed(Page(), 1280,
            $"(page.querySelector('#figures th[data-sort=estimate] button').click(), {Rows}.slice(0, 40).every((row, i, rows) => i === 0 ? "
                + "true : Number(rows[i - 1].dataset.estimate) <= Number(row.dataset.estimate)) ? 1 : 0)")));
    }

    [Fact]
    public void Images_are_filtered_by_check()
    {
        const string Shown = "[...page.querySelectorAll('#images figure.item')].filter(image => image.checkVisibility()).length";
        AuditResult sample = SampleResult.Create();
        Assert.Equal(sample.Sections.Sum(section => section.Examples.Count), Number(Framed(Page(), 1280, Shown)));
        Assert.Equal(sample.Sections[2].Examples.Count, Number(Framed(Page(), 1280,
            $"(select => (select.value = 'stability', select.dispatchEvent(new Event('input', {{ bubbles: true }})), "
                + $"{Shown}))(page.querySelector('#images select'))")));
    }

    [Fact]
    public void Without_the_script_everything_is_there_but_the_controls()
    {
        string page = Page();
        string without = page[..page.IndexOf("<script>", StringComparison.Ordinal)] + "</body></html>";
        Assert.Equal(0, Number(Framed(without, 1280, "[...page.querySelectorAll('form')].filter(form => form.checkVisibility()).length")));
        Assert.Equal(0, Number(Framed(without, 1280,
            "[...page.querySelectorAll('main .item, main section, main figure')].filter(e => e.closest('.narrow') ? false : !e.checkVisibility()).length")));
    }

    [Fact]
    public void Text_stands_out_from_what_is_behind_it()
    {
        string least = Framed(Page(), 1280, """
            (() => {
              const light = c => { const [r, g, b] = c.match(/[0-9.]+/g).map(v => v / 255).map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
              const behind = e => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor; if (c !== 'rgba(0, 0, 0, 0)') return c; } return 'rgb(255, 255, 255)'; };
              return Math.min(...[...page.querySelectorAll('body *')].filter(e => e.checkVisibility() && !e.closest('svg') && [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()))
                .map(e => { const [a, b] = [light(getComputedStyle(e).color), light(behind(e))].sort((x, y) => y - x); return (a + 0.05) / (b + 0.05); }));
            })()
            """);
        Assert.InRange(Number(least), 4.5, 21);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // The sample, with many figures.
    private static string Page()
    {
        AuditResult sample = SampleResult.Create();
        Finding[] many = [.. Enumerable.Range(0, 40).Select(i => sample.Sections[0].Findings[0] with { Subject = $"group {i}" })];
        AuditResult large = sample with { Sections = [sample.Sections[0] with { Findings = many }, .. sample.Sections.Skip(1)] };
        return Encoding.UTF8.GetString(ReportSnapshotTests.Bytes(new HtmlReport(), large));
    }

    private int Overflow(string page, int width)
        => (int)Number(Framed(page, width, "page.documentElement.scrollWidth - page.documentElement.clientWidth"));

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    // A window cannot be as narrow as a phone, a frame can.
    private string Framed(string page, int width, string expression)
    {
        string host = Save("host.html", $$"""
            <!DOCTYPE html><meta charset="utf-8"/><body><p id="answer"></p>
            <iframe id="frame" style="border: 0; width: {{width}}px; height: 800px" srcdoc="{{WebUtility.HtmlEncode(page)}}"></iframe>
            <script>
            frame.onload = () => {
              const page = frame.contentDocument;
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
