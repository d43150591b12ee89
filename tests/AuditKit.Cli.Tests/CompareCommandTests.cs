using System.Text;
using AuditKit.Evidence;
using AuditKit.Imaging.Files;
using AuditKit.Models.Onnx;

namespace AuditKit.Cli.Tests;

public sealed class CompareCommandTests
{
    [Fact]
    public void A_run_is_not_inferior_to_itself_but_a_broken_model_is()
    {
        using var audit = new SmallAudit();
        audit.WriteSpec("accuracy: {}\n  stability: { perturbations: [jpeg-50] }");
        audit.Run();
        OnnxFile.Write(SmallAudit.Model(100), Path.Combine(audit.Folder, "model.onnx"));
        CommandLine.Run(audit.Folder, "run", "audit.yaml", "--out", "broken");

        (ExitCode same, string output) = CommandLine.Run(audit.Folder, "compare", "run", "run", "--margin", "0.02", "--out", "same");
        Assert.True(same == ExitCode.Pass, output);
        (ExitCode worse, output) = CommandLine.Run(audit.Folder, "compare", "run", "broken", "--margin", "0.02");
        Assert.True(worse == ExitCode.GateFailed, output);
        Assert.Contains("comparison/difference of accuracy/jpeg-50", output);
        Assert.NotEmpty(File.ReadAllBytes(Path.Combine(audit.Folder, "runs", "broken-against-run", "report.pdf")));
    }

    /// <summary>Images that a model has no answer to are missing among those that are compared.</summary>
    [Fact]
    public void A_run_with_a_broken_check_passes_no_comparison_and_is_no_baseline()
    {
        using var audit = new SmallAudit();
        audit.WriteSpec("accuracy: {}");
        audit.Run();
        Graph model = SmallAudit.Model(0);
        // The root of Σx − 15.7, of a few dark images not a number, less itself.
        model.Initializer("axes", TensorValue.Of([1L], 1));
        model.Initializer("least", TensorValue.Of([15.7f], 1));
        string root = model.Add("Sqrt", [model.Add("Sub", [model.Add("ReduceSum", ["flat", "axes"], "sum"), "least"], "rest")], "root");
        model.Add("Add", ["logits", model.Add("Sub", [root, root], "nothing")], "answers");
        model.Outputs.Clear();
        model.Output("answers", "N", 2);
        OnnxFile.Write(model, Path.Combine(audit.Folder, "model.onnx"));
        (ExitCode exit, string output) = CommandLine.Run(audit.Folder, "run", "audit.yaml", "--out", "broken");
        Assert.True(exit == ExitCode.Error, output);

        foreach ((string[] runs, string which) in new[] { ((string[])["run", "broken"], "accuracy of the candidate"), (["broken", "run"], "accuracy of the baseline") })
        {
            (exit, output) = CommandLine.Run(audit.Folder, ["compare", .. runs, "--margin", "0.01", "--out", $"of-{runs[0]}"]);
            Assert.True(exit == ExitCode.Error, output);
            Assert.Contains(which, output);
        }

        File.AppendAllText(Path.Combine(audit.Folder, "audit.yaml"), "\nbaseline: { run: broken, margin: 0.02 }\n");
        (exit, output) = CommandLine.Run(audit.Folder, "run", "audit.yaml", "--out", "against");
        Assert.True(exit == ExitCode.Usage, output);
        Assert.Contains("The baseline broken has checks that broke (accuracy)", output);
    }

    [Fact]
    public void A_comparison_does_not_replace_a_runs_own_reports_nor_another_comparison()
    {
        using var audit = new SmallAudit();
        audit.WriteSpec("accuracy: {}");
        foreach (string run in new[] { "a/audit", "b/audit", "c/audit" })
        {
            CommandLine.Run(audit.Folder, "run", "audit.yaml", "--out", run);
        }

        (ExitCode exit, string output) = CommandLine.Run(audit.Folder, "compare", "a/audit", "b/audit", "--out", "b/audit");
        Assert.True(exit == ExitCode.Usage, output);
        Assert.Contains("b/audit holds a run", output);
        Assert.Equal(ExitCode.Pass, CommandLine.Run(audit.Folder, "verify", "b/audit").ExitCode);
        CommandLine.Run(audit.Folder, "compare", "a/audit", "b/audit");
        CommandLine.Run(audit.Folder, "compare", "a/audit", "c/audit");
        audit.Run();
        CommandLine.Run(audit.Folder, "compare", "run", "b/audit");
        CommandLine.Run(audit.Folder, "compare", "run", "c/audit");
        Assert.Equal(["b-audit-against-a-audit", "b-audit-against-run", "c-audit-against-a-audit", "c-audit-against-run"],
            Directory.GetDirectories(Path.Combine(audit.Folder, "runs")).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void A_baseline_in_the_spec_is_compared_in_the_same_report()
    {
        using var audit = new SmallAudit();
        audit.WriteSpec("accuracy: { min: 0.9 }");
        audit.Run();
        OnnxFile.Write(SmallAudit.Model(100), Path.Combine(audit.Folder, "model.onnx"));
        string spec = Path.Combine(audit.Folder, "audit.yaml");
        File.AppendAllText(spec, "\nbaseline: { run: run, margin: 0.02 }\n");

        (ExitCode exit, string output) = CommandLine.Run(audit.Folder, "run", "audit.yaml", "--out", "candidate");

        Assert.True(exit == ExitCode.GateFailed, output);
        Assert.Contains("comparison/difference of accuracy/clean", output);
        string report = Encoding.UTF8.GetString(File.ReadAllBytes(Path.Combine(audit.Folder, "candidate", "report.html")));
        Assert.Contains("lost by the candidate", report);
    }

    [Fact]
    public void Runs_whose_images_were_decoded_by_different_codecs_are_compared_and_it_is_said()
    {
        const string Note = "The two runs decoded image files with different codecs";
        using var audit = new SmallAudit();
        audit.WriteSpec("accuracy: {}");
        audit.Run();
        Directory.CreateDirectory(Path.Combine(audit.Folder, "elsewhere"));
        File.Copy(Path.Combine(audit.Folder, "run", "evidence.sqlite"), Path.Combine(audit.Folder, "elsewhere", "evidence.sqlite"));
        using (EvidenceStore evidence = EvidenceStore.Open(Path.Combine(audit.Folder, "elsewhere", "evidence.sqlite"), Identity(audit)))
        {
            evidence.WriteRecord("run", evidence.Record("run")!.Replace(ImageCodecs.Here.Facts[0].Value, "another codec", StringComparison.Ordinal));
            evidence.Seal();
        }

        CommandLine.Run(audit.Folder, "compare", "run", "run", "--out", "same");
        CommandLine.Run(audit.Folder, "compare", "elsewhere", "run", "--out", "different");
        Assert.DoesNotContain(Note, File.ReadAllText(Path.Combine(audit.Folder, "same", "report.json")));
        Assert.Contains(Note, File.ReadAllText(Path.Combine(audit.Folder, "different", "report.json")));

        File.AppendAllText(Path.Combine(audit.Folder, "audit.yaml"), "\nbaseline: { run: elsewhere }\n");
        CommandLine.Run(audit.Folder, "run", "audit.yaml", "--out", "candidate");
        Assert.Contains(Note, File.ReadAllText(Path.Combine(audit.Folder, "candidate", "report.json")));
    }

    [Theory]
    [InlineData("nowhere", "nowhere")]
    [InlineData("other", "other images")]
    public void A_baseline_that_cannot_be_compared_is_refused_before_anything_is_measured(string baseline, string expected)
    {
        using var audit = new SmallAudit();
        audit.WriteSpec("accuracy: {}");
        CommandLine.Run(audit.Folder, "run", "audit.yaml", "--out", "other", "--set", "data.limit=10");

        (ExitCode exit, string output) = audit.Run("--set", $"baseline.run={baseline}");

        Assert.True(exit == ExitCode.Usage, output);
        Assert.Contains(expected, output);
        Assert.False(File.Exists(Path.Combine(audit.Folder, "run", "report.json")));
    }

    [Fact]
    public void A_folder_that_is_no_run_is_a_usage_error()
    {
        using var audit = new SmallAudit();
        (ExitCode exit, string output) = CommandLine.Run(audit.Folder, "compare", "data", "data");
        Assert.Equal(ExitCode.Usage, exit);
        Assert.Contains("no run's folder", output);
    }

    private static string Identity(SmallAudit audit)
    {
        using EvidenceStore evidence = EvidenceStore.OpenRead(Path.Combine(audit.Folder, "run", "evidence.sqlite"));
        return evidence.Identity;
    }
}
