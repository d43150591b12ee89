using System.Text.Json.Nodes;
using AuditKit.Checks;
using AuditKit.Checks.Accuracy;
using AuditKit.Data;
using AuditKit.Evidence;
using AuditKit.Imaging;
using AuditKit.Models;
using AuditKit.Reports;
using AuditKit.Results;
using AuditKit.Run;
using AuditKit.Specs;
using AuditKit.Training;

namespace AuditKit.Cli.Tests;

/// <summary>What becomes of evidence when a check breaks, a run is cut off, or somebody changes a finished store.</summary>
public sealed class EvidenceTrustTests : IDisposable
{
    private readonly SmallAudit _audit = new(images: 40);

    [Fact]
    public void A_finished_store_that_was_changed_is_not_gone_on_with()
    {
        _audit.WriteSpec("accuracy: { min: 0.5 }");
        Assert.Equal(ExitCode.Pass, _audit.Run().ExitCode);
        string path = Path.Combine(_audit.Folder, "run", RunFolder.EvidenceFile);
        string identity;
        using (EvidenceStore store = EvidenceStore.OpenRead(path))
        {
            identity = store.Identity;
        }

        using (EvidenceStore store = EvidenceStore.Open(path, identity))
        {
            store.Database.Execute("UPDATE prediction SET predicted = 1 - predicted WHERE image = 5");
        }

        (ExitCode exit, string output) = _audit.Run();
        Assert.Equal(ExitCode.Error, exit);
        Assert.Contains("was changed after its run had ended", output);
        Assert.Equal(ExitCode.Pass, _audit.Run("--resume", "false").ExitCode);
    }

    [Fact]
    public void The_signed_statement_of_a_run_that_was_cut_off_says_what_an_unbroken_one_says()
    {
        _audit.WriteSpec("stability: { perturbations: [jpeg-50, crop-1] }\n  simba: { images: 10, iterations: 20 }");
        File.WriteAllText(Path.Combine(_audit.Folder, "key.pem"),
            System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256).ExportECPrivateKeyPem());
        using var cut = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => Audit.Run(
            AuditSpec.Load(Path.Combine(_audit.Folder, "audit.yaml"), []),
            new ModelFiles(Device.Parse("cpu"), 1),
            new AuditOptions { Folder = Path.Combine(_audit.Folder, "run"), Threads = 1 },
            (what, _, _) => { if (what.StartsWith("simba", StringComparison.Ordinal)) { cut.Cancel(); } },
            cut.Token));
        (ExitCode exit, string output) = _audit.Run("--sign", "key.pem");
        Assert.True(exit == ExitCode.Pass, output);
        string resumed = Payload("run");
        CommandLine.Run(_audit.Folder, "run", "audit.yaml", "--out", "unbroken", "--sign", "key.pem");
        Assert.Equal(Payload("unbroken"), resumed);
    }

    [Theory]
    [InlineData(typeof(IndexOutOfRangeException))]
    [InlineData(typeof(DllNotFoundException))]
    [InlineData(typeof(InvalidOperationException))]
    [InlineData(typeof(OutOfMemoryException))]
    public void Whatever_breaks_in_a_check_breaks_its_section_and_no_other(Type exception)
    {
        var plan = new AuditPlan
        {
            Name = "one breaks",
            Seed = 1,
            Model = new ModelSpec { Path = Path.Combine(_audit.Folder, "model.onnx") },
            Data = AuditSpec.Load(Path.Combine(_audit.Folder, "audit.yaml"), []).Data,
            Checks = [new Breaking(exception), new AccuracyOptions { Min = new Threshold(ThresholdKind.AtLeast, 0.5, "min") }],
        };
        string folder = Path.Combine(_audit.Folder, "run");
        AuditResult result = Audit.Run(plan, new ModelFiles(Device.Parse("cpu"), 1), new AuditOptions { Folder = folder, Threads = 1 });
        Assert.Equal(GateOutcome.Error, result.Verdict);
        Assert.Contains(exception.Name, result.Sections[0].Error);
        Assert.Equal(GateOutcome.Pass, result.Sections[1].Findings[0].Outcome);
        Assert.All(ReportFolder.Formats, format => Assert.True(File.Exists(ReportFolder.Save(format, result, folder))));
    }

    public void Dispose() => _audit.Dispose();

    private string Payload(string run)
        => JsonNode.Parse(File.ReadAllText(Path.Combine(_audit.Folder, run, "report.intoto.json")))!["payload"]!.GetValue<string>();

    private sealed record Breaking(Type Exception) : ICheckOptions, ICheck, IAnalysis
    {
        public CheckDescriptor Descriptor => new() { Key = Name, Assesses = "nothing", Keys = [], Parse = (_, _) => this };

        public string Name => "breaking";

        public PlannedCheck Bind(IReadOnlyList<string> attributes) => new(this, this);

        public void Validate(IDataset data, InputTransform transform)
        {
        }

        public void Run(CheckContext context) => throw (Exception)Activator.CreateInstance(Exception)!;

        public Section Analyse(EvidenceStore evidence, double confidence) => throw new NotSupportedException();
    }
}
