using System.Text.Json.Nodes;
using AuditKit.Checks;
using AuditKit.Cli.Tests.Brighter;
using AuditKit.Comparisons;
using AuditKit.Evidence;
using AuditKit.Models;
using AuditKit.Models.Onnx;
using AuditKit.Reports;
using AuditKit.Results;
using AuditKit.Run;
using AuditKit.Specs;

namespace AuditKit.Cli.Tests;

/// <summary>
/// A check that is added as the contributor's page says, by its file and one registration, is in everything that reads
/// descriptors: no other line of the program knows of it.
/// </summary>
public sealed class AddedCheckTests : IDisposable
{
    private const string Clause = "15(4), errors and inconsistencies";

    private static readonly CheckCatalog s_catalog = CheckCatalog.Standard.With(BrighterOptions.Check);

    private readonly SmallAudit _audit = new();

    [Theory]
    [InlineData("Brighter/BrighterCheck.cs")]
    [InlineData("Brighter/method.md")]
    public void The_page_shows_the_check_that_runs_here(string file) => DocumentedCode.RequireShown(".github/CONTRIBUTING.md", file);

    [Fact]
    public void It_is_judged_and_is_evidence_for_its_clause()
    {
        AuditResult passed = Run("run", "brighter: { max-flip-rate: 0.05 }");
        Assert.Equal(GateOutcome.Pass, passed.Verdict);
        Assert.Equal((ClauseAnswer.Met, "brighter"), Answer(passed));

        // Every dark image is bright with 100 levels more.
        AuditResult failed = Run("run", "brighter: { by: 100, max-flip-rate: 0.05 }");
        Finding gate = failed.Sections.Single(section => section.Check == "brighter").Findings.Single();
        Assert.Equal(("brighter/flip rate/brighter-100", 0.5, GateOutcome.Fail), (gate.Id, gate.Estimate, gate.Outcome));
        Assert.Contains("with 100 levels of light more", failed.Sections.Single(section => section.Check == "brighter").Method.Single());
        Assert.Equal((ClauseAnswer.NotMet, "brighter"), Answer(failed));
    }

    [Fact]
    public void Every_report_shows_it()
    {
        AuditResult failed = Run("run", "brighter: { by: 100, max-flip-rate: 0.05 }");
        foreach (IReport format in ReportFolder.Formats.Where(format => !format.FileName.EndsWith(".pdf", StringComparison.Ordinal)))
        {
            using var report = new MemoryStream();
            format.Write(failed, report);
            Assert.Contains("brighter-100", System.Text.Encoding.UTF8.GetString(report.ToArray()));
        }
    }

    [Fact]
    public void A_changed_option_is_measured_again()
    {
        Run("one", "brighter: { by: 20 }");
        AuditResult changed = Run("one", "brighter: { by: 100 }");
        AuditResult fresh = Run("two", "brighter: { by: 100 }");
        Assert.Equal(fresh.Sections.Single().Findings, changed.Sections.Single().Findings);
        Assert.Equal(0.5, changed.Sections.Single().Findings.Single().Estimate);
    }

    [Fact]
    public void Two_runs_are_compared_by_it()
    {
        Run("old", "brighter: { by: 20 }");
        // Answers "bright" to everything.
        OnnxFile.Write(SmallAudit.Model(100), Path.Combine(_audit.Folder, "model.onnx"));
        Run("new", "brighter: { by: 20 }");
        using EvidenceStore old = RunFolder.OpenEvidence(Path.Combine(_audit.Folder, "old"));
        using EvidenceStore current = RunFolder.OpenEvidence(Path.Combine(_audit.Folder, "new"));
        AuditResult compared = RunComparison.Of(old, current, Margins.Of(0.02, null, null, null, key => key), s_catalog);
        Finding lost = compared.Sections.Single().Findings.Single(finding => finding.Id == "comparison/difference of accuracy/brighter-20");
        Assert.Equal((-0.5, GateOutcome.Fail), (lost.Estimate, lost.Outcome));
        Assert.Contains(compared.Sections.Single().Findings, finding => finding.Id == "comparison/difference of flip rate/brighter-20");
    }

    [Fact]
    public void Its_evidence_is_judged_again_by_the_same_catalogue_alone()
    {
        AuditResult failed = Run("run", "brighter: { by: 100, max-flip-rate: 0.05 }");
        using EvidenceStore evidence = RunFolder.OpenEvidence(Path.Combine(_audit.Folder, "run"));
        Assert.Equal(failed.Sections.Single().Findings, Judgement.Of(evidence, _audit.Folder, s_catalog).Sections.Single().Findings);
        Assert.Contains("brighter", Assert.Throws<AuditException>(() => Judgement.Of(evidence, _audit.Folder)).Message);
    }

    [Fact]
    public void The_schema_describes_its_block_and_the_spec_is_refused_by_it()
    {
        JsonNode options = SpecSchema.Of(s_catalog)["properties"]!["checks"]!["properties"]!["brighter"]!["properties"]!;
        Assert.Equal(["by", "max-flip-rate"], options.AsObject().Select(option => option.Key));
        Assert.Equal((1, 255, 20), ((int)options["by"]!["minimum"]!, (int)options["by"]!["maximum"]!, (int)options["by"]!["default"]!));

        AuditException misspelt = Assert.Throws<AuditException>(() => Run("run", "brighter: { bye: 20 }"));
        Assert.Equal(ExitCode.Usage, misspelt.ExitCode);
        Assert.Contains("'by'", misspelt.Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => new BrighterOptions { By = 256 });
    }

    public void Dispose() => _audit.Dispose();

    private static (ClauseAnswer Answer, string Checks) Answer(AuditResult result)
    {
        ClauseStatus clause = result.Compliance!.Clauses.Single(clause => clause.Reference == Clause);
        return (clause.Answer, string.Join(", ", clause.Checks));
    }

    private AuditResult Run(string folder, string checks)
    {
        _audit.WriteSpec(checks);
        return Audit.Run(
            AuditSpec.Load(Path.Combine(_audit.Folder, "audit.yaml"), [], s_catalog),
            new OnnxModels(Device.Cpu, 1),
            new AuditOptions { Folder = Path.Combine(_audit.Folder, folder), Threads = 1 });
    }
}
