using System.Text.Json.Nodes;
using AuditKit.Models.Onnx;

namespace AuditKit.Cli.Tests;

public sealed class AnswerTests
{
    [Fact]
    public void Figures_are_printed_also_where_no_threshold_is_set_and_plainly_where_nobody_watches()
    {
        using var audit = new SmallAudit(100);
        audit.WriteSpec("accuracy: {}\n  stability: { perturbations: [jpeg-50] }");
        (ExitCode exit, string output) = audit.Run();
        Assert.True(exit == ExitCode.Pass, output);
        Assert.Matches(@"accuracy/accuracy +\| \S+ % +\| \S+ to \S+ % +\| 100 +\| – +\| reported", output.Replace('\u00a0', ' '));
        Assert.Contains("stability/flip rate/jpeg-50", output);
        Assert.DoesNotContain("\u001b", output);
        Assert.Contains("Verdict: reported", output);
    }

    [Fact]
    public void Images_that_failed_are_found_by_class_and_by_group()
    {
        using var audit = new SmallAudit(300);
        // A model that calls everything bright.
        OnnxFile.Write(SmallAudit.Model(100), Path.Combine(audit.Folder, "model.onnx"));
        audit.WriteSpec("accuracy: {}\n  subgroups: { by: [class, brightness/3] }");
        audit.Run();
        JsonNode report = JsonNode.Parse(audit.Read("report.json"))!;
        JsonNode[] examples = [.. report["sections"]!.AsArray().SelectMany(section => section!["examples"]!.AsArray()).OfType<JsonNode>()];
        Assert.NotEmpty(examples);
        Assert.All(examples, example => Assert.Equal(["Class", "Changed by", "brightness/3"], example["facts"]!.AsArray()
            .Select(fact => fact!["label"]!.GetValue<string>())));
        Assert.All(examples, example => Assert.Equal("dark", example["facts"]![0]!["value"]!.GetValue<string>()));
        Assert.All(examples, example => Assert.StartsWith("brightness ", example["facts"]![2]!["value"]!.GetValue<string>()));
    }
}
