using System.Diagnostics;
using System.IO.Compression;
using AuditKit.Imaging;
using AuditKit.Models.Onnx;

namespace AuditKit.Cli.Tests;

public sealed class RunCommandTests
{
    [Fact]
    public void A_model_that_is_right_everywhere_passes_and_leaves_every_report()
    {
        using var audit = new SmallAudit();

        (ExitCode exit, string output) = audit.Run();

        Assert.True(exit == ExitCode.Pass, output);
        Assert.Contains("accuracy/accuracy", output);
        Assert.Contains("100.0", output);
        Assert.All(["report.json", "report.html", "report.pdf", "junit.xml", "evidence.sqlite"], file => Assert.NotEmpty(audit.Read(file)));
        Assert.DoesNotContain('\u001b', output);
    }

    [Theory]
    [InlineData("accuracy: { min: 0.9 }", 0f, ExitCode.Pass)]
    [InlineData("accuracy: { min: 0.9 }", 100f, ExitCode.GateFailed)]
    [InlineData("accuracy: { min: 0.995 }", 0f, ExitCode.Inconclusive)]
    [InlineData("accuracy: {}", 100f, ExitCode.Pass)]
    public void The_exit_code_is_the_verdict(string checks, float bias, ExitCode expected)
    {
        using var audit = new SmallAudit();
        audit.WriteSpec(checks);
        OnnxFile.Write(SmallAudit.Model(bias), Path.Combine(audit.Folder, "model.onnx"));

        (ExitCode exit, string output) = audit.Run();

        Assert.True(exit == expected, output);
    }

    [Fact]
    public void A_model_that_gives_NaN_is_an_error_that_blocks_and_the_reports_still_come()
    {
        using var audit = new SmallAudit();
        OnnxFile.Write(SmallAudit.Model(float.NaN), Path.Combine(audit.Folder, "model.onnx"));

        (ExitCode exit, string output) = audit.Run();

        Assert.True(exit == ExitCode.Error, output);
        Assert.Contains("NaN", output);
        Assert.DoesNotContain("   at ", output);
        Assert.NotEmpty(audit.Read("report.json"));
    }

    [Fact]
    public void Two_runs_of_the_same_spec_give_the_same_bytes_whatever_the_threads()
    {
        using var audit = new SmallAudit();
        audit.Run("--threads", "1");
        byte[][] first = [audit.Read("report.json"), audit.Read("report.html"), audit.Read("report.pdf"), audit.Read("junit.xml")];

        audit.Run("--resume", "false", "--threads", "2");

        Assert.Equal(first, [audit.Read("report.json"), audit.Read("report.html"), audit.Read("report.pdf"), audit.Read("junit.xml")]);
    }

    [Fact]
    public void A_run_killed_in_the_middle_goes_on_to_the_report_of_an_unbroken_one()
    {
        using var whole = new SmallAudit(4000);
        whole.Run();
        using var broken = new SmallAudit(4000);
        using (Process process = CommandLine.Start(broken.Folder, "run", "audit.yaml", "--out", "run"))
        {
            AwaitEvidence(process, broken);
            process.Kill();
            process.WaitForExit();
        }

        Assert.False(File.Exists(Path.Combine(broken.Folder, "run", "report.json")), "the run was over before it could be killed");
        broken.Run();

        Assert.Equal(whole.Read("report.json"), broken.Read("report.json"));
        Assert.Equal(whole.Read("report.pdf"), broken.Read("report.pdf"));
    }

    [Fact]
    public void A_second_run_into_the_same_folder_is_refused_while_the_first_goes_on()
    {
        using var audit = new SmallAudit(20_000);
        using Process first = CommandLine.Start(audit.Folder, "run", "audit.yaml", "--out", "run");
        AwaitEvidence(first, audit);

        (ExitCode exit, string output) = audit.Run();

        Assert.False(first.HasExited, "the first run was over before the second could meet it");
        first.WaitForExit();
        Assert.NotEqual(ExitCode.Pass, exit);
        Assert.Contains("another run", output, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(0, first.ExitCode);
    }

    [Fact]
    public void Thresholds_change_without_measuring_again_but_another_model_needs_another_folder()
    {
        using var audit = new SmallAudit();
        audit.Run();
        Assert.Equal(ExitCode.Inconclusive, audit.Run("--set", "checks.accuracy.min=0.999").ExitCode);

        OnnxFile.Write(SmallAudit.Model(1), Path.Combine(audit.Folder, "model.onnx"));
        (ExitCode exit, string output) = audit.Run();

        Assert.True(exit == ExitCode.Usage, output);
        Assert.Contains("run", output);
    }

    [Theory]
    [InlineData("checks.accuracy.mni=0.9", "Did you mean 'min'?")]
    [InlineData("checks.acuracy={}", "Did you mean 'accuracy'?")]
    [InlineData("checks.stability.max-flip-rate=2", "between 0 and 1")]
    [InlineData("checks.stability.perturbations=[jepg-50]", "jepg-50")]
    [InlineData("checks.stability.perturbations=[crop-200]", "checks.stability.perturbations: crop-200 could crop all of an image of 8×8 pixels")]
    [InlineData("checks.domain-shift={ sets: [{ name: wide, data: { path: wide } }] }", "checks.domain-shift, set 'wide': The model takes 1×8×8")]
    [InlineData("data.path=nowhere", "nowhere")]
    [InlineData("model.path=nowhere.onnx", "nowhere.onnx")]
    [InlineData("model.mean=[0.5]", "'std'")]
    [InlineData("seed=many", "whole number")]
    [InlineData("seed", "key=value")]
    [InlineData("data.classes=[one]", "label")]
    [InlineData("data.path=nowhere", "--set data.path=nowhere: data.path: ")]
    [InlineData("data.split=tset", "--set data.split=tset: data.split: 'tset' is not one of train, test. Did you mean 'test'?")]
    [InlineData("data.split=", "--set data.split=: there is no value after '='")]
    [InlineData("data={ name: fashion-mnist, split: test, classes: [a, b] }", "}: Fashion-MNIST's classes are fixed (T-shirt/top, ")]
    [InlineData("model.preprocess=imagenet", "Did you mean 'imagenet-224'?")]
    [InlineData("checks.stability.perturbations=[jpeg-500]", "jpeg's quality is 1 to 100")]
    [InlineData("checks.corruptions={ stored: nowhere }", "}: checks.corruptions.stored: ")]
    [InlineData("checks.corruptions={ frost: nowhere }", "}: checks.corruptions.frost: ")]
    [InlineData("checks.tta={ under: [fog/3], stored: nowhere }", "}: checks.tta.stored: ")]
    [InlineData("checks.tta={ policies: [none.json] }", "none.json: there is no such folder or file. Make it with 'auditkit tta search'.")]
    [InlineData("checks.subgroups={ by: [class], hard-group: class = brihgt }", "}: checks.subgroups.hard-group: the data has no group 'class = brihgt'.")]
    public void A_spec_that_cannot_be_used_is_one_clear_line(string assignment, string expected)
    {
        using var audit = new SmallAudit();
        string wide = Directory.CreateDirectory(Path.Combine(audit.Folder, "wide", "dark")).FullName;
        File.WriteAllBytes(Path.Combine(wide, "0.png"), Png.Encode(new Image(16, 8, 1)));

        (ExitCode exit, string output) = audit.Run("--set", assignment);

        Assert.True(exit == ExitCode.Usage, output);
        Assert.Contains(expected, output);
        Assert.DoesNotContain("   at ", output);
        Assert.False(Directory.Exists(Path.Combine(audit.Folder, "run")), "nothing was measured, so nothing may be left behind");
    }

    [Theory]
    [InlineData("empty", "")]
    [InlineData("garbage", "this is no model")]
    public void A_file_that_is_no_model_is_refused_before_anything_is_measured(string kind, string content)
    {
        using var audit = new SmallAudit();
        File.WriteAllText(Path.Combine(audit.Folder, "model.onnx"), content);

        (ExitCode exit, string output) = audit.Run();

        Assert.True(exit == ExitCode.Usage, $"{kind}: {output}");
        Assert.Contains("model.onnx", output);
        Assert.DoesNotContain("   at ", output);
    }

    [Theory]
    [InlineData("run", "recipe.yaml", "recipe.yaml: this is a training recipe, not the spec of an audit: auditkit train recipe.yaml")]
    [InlineData("run", "table.yaml", "table.yaml: this is a table, not the spec of an audit: auditkit reproduce table.yaml")]
    [InlineData("train", "audit.yaml", "audit.yaml: this is the spec of an audit, not a training recipe: auditkit run audit.yaml")]
    [InlineData("train", "table.yaml", "auditkit reproduce table.yaml")]
    [InlineData("reproduce", "audit.yaml", "auditkit run audit.yaml")]
    [InlineData("reproduce", "recipe.yaml", "auditkit train recipe.yaml")]
    public void A_file_of_another_command_is_sent_there(string command, string file, string expected)
    {
        using var audit = new SmallAudit(4);
        File.WriteAllText(Path.Combine(audit.Folder, "recipe.yaml"), "name: small\nmodel: { path: model.onnx }\nepochs: 1\n");
        File.WriteAllText(Path.Combine(audit.Folder, "table.yaml"), "name: small\nrecipe: recipe.yaml\naudit: audit.yaml\nrows: [{ name: ERM }]\n");

        (ExitCode exit, string output) = CommandLine.Run(audit.Folder, command, file);

        Assert.True(exit == ExitCode.Usage, output);
        Assert.Contains(expected, output);
    }

    [Fact]
    public void A_model_in_TorchScript_is_sent_to_the_commands_that_take_it()
    {
        using var audit = new SmallAudit(4);
        using (ZipArchive archive = ZipFile.Open(Path.Combine(audit.Folder, "model.pt"), ZipArchiveMode.Create))
        {
            archive.CreateEntry("model/code/__torch__.py");
        }

        (ExitCode exit, string output) = CommandLine.Run(audit.Folder, "doctor", "model.pt");

        Assert.Equal(
            (ExitCode.Usage, "auditkit: model.pt is TorchScript: run and init take it; doctor, train and remedy read ONNX only. For its preprocessing: auditkit "
                + "init model.pt IMAGES. For all else export it to ONNX (torch.onnx.export).\n"),
            (exit, output));
    }

    [Fact]
    public void A_command_that_does_not_exist_is_a_usage_error()
    {
        (ExitCode exit, string output) = CommandLine.Run(Path.GetTempPath(), "rnu");

        Assert.Equal(ExitCode.Usage, exit);
        Assert.Contains("rnu", output);
    }

    // Until some of the evidence is written, and the rest is not.
    private static void AwaitEvidence(Process run, SmallAudit audit)
    {
        string folder = Path.Combine(audit.Folder, "run");
        while (!run.HasExited
            && (!Directory.Exists(folder) || new DirectoryInfo(folder).EnumerateFiles("evidence.sqlite*").Sum(file => file.Length) < 200_000))
        {
            Thread.Sleep(1);
        }
    }
}
