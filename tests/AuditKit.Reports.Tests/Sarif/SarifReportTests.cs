using System.IO.Compression;
using System.Text.Json.Nodes;
using AuditKit.Reports.Sarif;
using AuditKit.Results;
using AuditKit.Tests;

namespace AuditKit.Reports.Tests.Sarif;

public class SarifReportTests
{
    [Fact]
    public void The_log_obeys_what_SARIF_says_of_its_objects()
    {
        string schema = File.ReadAllText(Path.Combine(Repository.Root, "tests", "AuditKit.Reports.Tests", "Sarif", "sarif.schema.json"));
        (int status, string output) = JsonSchema.Validate(schema, ReportSnapshotTests.Bytes(new SarifReport(), SampleResult.Create()));
        Assert.True(status == 0, output);
    }

    [Fact]
    public void A_run_in_which_nothing_blocks_is_a_scan_without_results()
    {
        AuditResult sample = SampleResult.Create();
        AuditResult passed = sample with
        {
            Verdict = GateOutcome.Pass,
            Sections = [.. sample.Sections.Select(section
                => section with { Error = null,
                Findings = [.. section.Findings.Where(finding => finding.Outcome is GateOutcome.Pass or GateOutcome.NotGated)] })],
        };
        // Left out, the results would say that nothing was scanned; hosts would not close the alerts of the last run.
        Assert.Empty(Run(passed)["results"]!.AsArray());
        string schema = File.ReadAllText(Path.Combine(Repository.Root, "tests", "AuditKit.Reports.Tests", "Sarif", "sarif.schema.json"));
        (int status, string output) = JsonSchema.Validate(schema, ReportSnapshotTests.Bytes(new SarifReport(), passed));
        Assert.True(status == 0, output);
    }

    [Fact]
    public void What_blocks_is_a_result_and_what_passes_is_none()
    {
        AuditResult sample = SampleResult.Create();
        JsonNode run = Run(sample);
        int blocking = sample.Findings.Count(finding => finding.Outcome is GateOutcome.Fail or GateOutcome.Inconclusive);
        Assert.Equal(blocking + 1, run["results"]!.AsArray().Count);
        Assert.Equal("error", run["results"]![0]!["level"]!.GetValue<string>());
        Assert.Contains(run["results"]!.AsArray(), result
            => result!["message"]!["text"]!.GetValue<string>().StartsWith("corruptions did not finish: image #4711", StringComparison.Ordinal));
        Assert.DoesNotContain(run["results"]!.AsArray(), result => result!["ruleId"]!.GetValue<string>().StartsWith("accuracy/", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_result_points_at_its_rule_and_at_the_line_that_demands_it()
    {
        AuditResult sample = SampleResult.Create();
        JsonNode run = Run(sample);
        string[] rules = [.. run["tool"]!["driver"]!["rules"]!.AsArray().Select(rule => rule!["id"]!.GetValue<string>())];
        Assert.Equal(rules.Distinct(), rules);
        string[] spec = sample.Spec.Split('\n');
        Assert.All(run["results"]!.AsArray(), result =>
        {
            string rule = result!["ruleId"]!.GetValue<string>();
            Assert.Equal(rule, rules[result["ruleIndex"]!.GetValue<int>()]);
            JsonNode place = result["locations"]![0]!["physicalLocation"]!;
            Assert.Equal("audits/fashion%20mnist.yaml", place["artifactLocation"]!["uri"]!.GetValue<string>());
            string line = spec[place["region"]!["startLine"]!.GetValue<int>() - 1].Trim();
            // The sample's spec does not ask for the check that broke: the nearest parent stands in.
            Assert.StartsWith(rule == "corruptions/did-not-finish" ? "checks:" : rule[..rule.IndexOf('/')] + ":", line);
        });
    }

    [Fact]
    public void Lines_are_not_invented_where_the_file_was_overridden()
    {
        JsonNode run = Run(SampleResult.Create() with { Overrides = ["seed=1"] });
        Assert.All(run["results"]!.AsArray(), result
            => Assert.Equal(1, result!["locations"]![0]!["physicalLocation"]!["region"]!["startLine"]!.GetValue<int>()));
    }

    [Fact]
    public void Fingerprints_tell_findings_apart_and_outlive_a_change_of_the_figures()
    {
        AuditResult sample = SampleResult.Create();
        string[] before = Fingerprints(sample);
        Assert.Equal(before.Distinct(), before);
        AuditResult changed = sample with
        {
            Sections = [.. sample.Sections.Select(section
                => section with { Findings = [.. section.Findings.Select(finding => finding with { Estimate = 0.5, Count = 7, Reason = "other" })] })],
        };
        Assert.Equal(before, Fingerprints(changed));
    }

    [Fact]
    public void A_flood_of_findings_stays_within_what_code_hosts_take()
    {
        AuditResult sample = SampleResult.Create();
        Finding failed = sample.Sections[1].Findings[0];
        Finding open = sample.Sections[1].Findings[1];
        Finding[] many = [.. Enumerable.Range(0, 30_000).Select(i => (i == 29_999 ? failed : open) with { Subject = $"group {i} {new string('x', 2000)}" })];
        byte[] log = ReportSnapshotTests.Bytes(new SarifReport(), sample with { Sections = [sample.Sections[1] with { Findings = many }] });

        JsonArray results = JsonNode.Parse(log)!["runs"]![0]!["results"]!.AsArray();
        Assert.Equal(SarifReport.MostResults, results.Count);
        Assert.Equal("error", results[0]!["level"]!.GetValue<string>());
        Assert.StartsWith("25,001 further results", results[^1]!["message"]!["text"]!.GetValue<string>());
        Assert.All(results, result => Assert.InRange(result!["message"]!["text"]!.GetValue<string>().Length, 1, 1000));
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(log);
        }

        Assert.InRange(compressed.Length, 1, 10_000_000);
    }

    private static string[] Fingerprints(AuditResult result)
        => [.. Run(result)["results"]!.AsArray().Select(one => one!["partialFingerprints"]!["primaryLocationLineHash"]!.GetValue<string>())];

    private static JsonNode Run(AuditResult result) => JsonNode.Parse(ReportSnapshotTests.Bytes(new SarifReport(), result))!["runs"]![0]!;
}
