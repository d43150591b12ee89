using System.Text.Json;
using System.Text.Json.Nodes;
using AuditKit.Reports.Json;
using AuditKit.Results;

namespace AuditKit.Reports.Tests;

public class JsonReportTests
{
    [Fact]
    public void The_report_obeys_its_published_schema()
    {
        (int status, string output) = Validate(ReportSnapshotTests.Bytes(new JsonReport(), SampleResult.Create()));
        Assert.True(status == 0, output);
    }

    [Theory]
    [InlineData("/schemaVersion", "2")]
    [InlineData("/verdict", "\"perhaps\"")]
    [InlineData("/sections/0/findings/0/estimate", "\"0.92\"")]
    [InlineData("/sections/0/findings/0/count", "-1")]
    [InlineData("/sections/0/findings/0/threshold", "{}")]
    [InlineData("/sections/0/findings/0/unknown", "1")]
    [InlineData("/sections/1/charts/0/series/0/names", "null")]
    public void The_schema_refuses_what_is_not_a_report(string path, string json)
    {
        JsonNode document = JsonNode.Parse(ReportSnapshotTests.Bytes(new JsonReport(), SampleResult.Create()))!;
        string[] steps = path.Split('/')[1..];
        JsonNode parent = steps[..^1].Aggregate(document, (node, step) => (int.TryParse(step, out int i) ? node[i] : node[step])!);
        parent[steps[^1]] = JsonNode.Parse(json);
        (int status, string output) = Validate(JsonSerializer.SerializeToUtf8Bytes(document));
        Assert.Equal(1, status);
        Assert.StartsWith(path[..path.LastIndexOf('/')], output);
    }

    [Fact]
    public void Numbers_come_back_bit_for_bit()
    {
        double[] hard = [0.1 + 0.2, 1.0 / 3, double.Epsilon, double.MaxValue, -0.0183, 5e-324, 123456789.123456789];
        AuditResult sample = SampleResult.Create();
        Chart chart = sample.Sections[3].Charts[0] with { Series = [new ChartSeries { Name = "hard", X = hard, Y = hard }] };
        JsonNode document = JsonNode.Parse(ReportSnapshotTests.Bytes(new JsonReport(),
            sample with { Sections = [sample.Sections[3] with { Charts = [chart] }] }))!;
        Assert.Equal(hard, document["sections"]![0]!["charts"]![0]!["series"]![0]!["y"]!.AsArray().Select(y => y!.GetValue<double>()));
    }

    [Fact]
    public void What_is_not_a_number_is_null()
    {
        JsonNode document = JsonNode.Parse(ReportSnapshotTests.Bytes(new JsonReport(), SampleResult.Create()))!;
        Assert.Null(document["sections"]![2]!["charts"]![0]!["series"]![1]!["y"]![3]);
        Assert.Null(document["sections"]![1]!["findings"]![2]!["estimate"]);
    }

    [Fact]
    public void Names_that_are_not_valid_text_do_not_break_it()
    {
        AuditResult sample = SampleResult.Create() with { Name = "half a letter \ud83d and \u0001 \" \\ </script>" };
        JsonNode document = JsonNode.Parse(ReportSnapshotTests.Bytes(new JsonReport(), sample))!;
        Assert.Equal("half a letter \ufffd and \u0001 \" \\ </script>", document["name"]!.GetValue<string>());
    }

    private static (int Status, string Output) Validate(byte[] document) => JsonSchema.Validate(JsonReport.Schema, document);
}
