using AuditKit.Results;

namespace AuditKit.Cli.Tests;

public sealed class ReadmeSampleTests
{
    [Theory]
    [InlineData("README.md")]
    [InlineData("src/package/AuditKit.md")]
    public void The_page_shows_the_sample_that_runs_here(string page) => DocumentedCode.RequireShown(page, "ReadmeSample.cs");

    [Fact]
    public void The_sample_audits_and_judges()
    {
        using var audit = new SmallAudit();
        AuditResult result = ReleaseAudit.Run(
            Path.Combine(audit.Folder, "model.onnx"), Path.Combine(audit.Folder, "data"), Path.Combine(audit.Folder, "run"));
        Assert.Equal(GateOutcome.Pass, result.Verdict);
        Assert.Equal(["accuracy", "stability"], result.Sections.Select(section => section.Check));
        Assert.True(File.Exists(Path.Combine(audit.Folder, "run", "evidence.sqlite")));
    }
}
