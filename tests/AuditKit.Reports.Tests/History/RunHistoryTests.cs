using System.Text.RegularExpressions;
using System.Xml.Linq;
using AuditKit.Reports.History;
using AuditKit.Reports.Json;
using AuditKit.Results;

namespace AuditKit.Reports.Tests.History;

public sealed class RunHistoryTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("auditkit-history-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Runs_stand_in_order_of_time_whatever_they_are_called()
    {
        RunHistory history = RunHistory.Of([Run("a", 3, Sample()), Run("b", 1, Sample()), Run("c", 2, Sample())]).Single();
        Assert.Equal(["b", "c", "a"], history.Runs.Select(run => Path.GetFileName(run.Folder)));
    }

    [Fact]
    public void Other_audits_and_other_data_are_other_histories_but_another_model_is_the_same()
    {
        AuditResult sample = Sample();
        IReadOnlyList<RunHistory> histories = RunHistory.Of(
        [
            Run("a", 1, sample),
            Run("b", 2, sample with { Model = [new("File", "better.onnx"), new("SHA-256", new string('7', 64))] }),
            Run("c", 3, sample with { Name = "Another audit" }),
            Run("d", 4, sample with { Data = [.. sample.Data, new Fact("Limit", "100")] }),
        ]);
        Assert.Equal([2, 1, 1], histories.Select(history => history.Runs.Count));
        Assert.Equal("better.onnx 77777777", histories[0].Runs[1].Model);
    }

    [Fact]
    public void A_gate_is_followed_over_the_runs_that_have_it()
    {
        AuditResult sample = Sample();
        AuditResult later = sample with
        {
            Sections = [sample.Sections[0] with { Findings = [sample.Sections[0].Findings[0] with { Estimate = 0.5,
            Outcome = GateOutcome.Fail }] }]
        };
        RunHistory history = RunHistory.Of([Run("a", 1, sample), Run("b", 2, later)]).Single();
        var (_, findings) = history.Gates.Single(gate => gate.Id == "accuracy/accuracy");
        Assert.Equal([(0.9268, GateOutcome.Pass), (0.5, GateOutcome.Fail)], findings.Select(finding => (finding!.Estimate!.Value, finding.Outcome)));
        Assert.Null(history.Gates.First(gate => gate.Id.StartsWith("stability", StringComparison.Ordinal)).Findings[1]);
        Assert.Equal(sample.Findings.Count(finding => finding.Outcome is not GateOutcome.NotGated), history.Gates.Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{\"schemaVersion\":99}")]
    [InlineData("{\"schemaVersion\":1,\"name\":null}")]
    [InlineData("{\"schemaVersion\":1,\"name\":\"a\",\"verdict\":\"maybe\"}")]
    public void What_is_no_report_is_named_and_not_thrown_over(string text)
    {
        string folder = Directory.CreateDirectory(Path.Combine(_folder, "bad")).FullName;
        File.WriteAllText(Path.Combine(folder, "report.json"), text);
        Assert.Contains(folder, Assert.Throws<AuditException>(() => PastRun.Read(folder)).Message);
        Assert.Throws<AuditException>(() => PastRun.Read(Path.Combine(_folder, "nowhere")));
    }

    [Fact]
    public void The_page_is_sound_and_obeys_no_name()
    {
        const string Hostile = "</style><script>alert(1)</script>";
        AuditResult sample = Sample();
        string page = HistoryPage.Write(RunHistory.Of([Run("a", 1, sample with { Name = Hostile }), Run("b", 2, sample), Run("c", 3, sample)]));
        XElement root = XElement.Parse(Regex.Replace(page, "<!DOCTYPE html>", ""));
        Assert.Single(root.Descendants("script"));
        Assert.Equal([Hostile, sample.Name], root.Descendants("h2").Select(title => title.Value));
        XElement second = root.Descendants("section").Last();
        Assert.Equal(2, second.Descendants("caption").Count());
        Assert.Equal(9, second.Descendants().Count(element => element.Name.LocalName == "svg"));
        Assert.Equal(9 * 2, second.Elements("div").Last().Descendants("td").Count(cell => cell.Elements("strong").Any() || cell.Value == NumberText.None));
    }

    private static AuditResult Sample() => SampleResult.Create();

    private PastRun Run(string name, int day, AuditResult result)
    {
        string folder = Directory.CreateDirectory(Path.Combine(_folder, name)).FullName;
        string report = ReportFolder.Save(new JsonReport(), result, folder);
        File.SetLastWriteTimeUtc(report, new DateTime(2026, 1, day, 0, 0, 0, DateTimeKind.Utc));
        return PastRun.Read(folder);
    }
}
