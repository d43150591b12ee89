using System.Text.Json;
using AuditKit.Models.Onnx;

namespace AuditKit.Cli.Tests;

/// <summary>On one thread each: tests run at the same time, and libtorch's threads wait for one another at every step.</summary>
public sealed class RemedyCommandTests
{
    [Fact]
    public void A_model_that_fails_a_group_is_trained_and_audited_again()
    {
        using SmallAudit audit = Failing();
        byte[] failed = File.ReadAllBytes(Path.Combine(audit.Folder, "model.onnx"));
        Ask(audit, "remedy: { data: { path: learnt }, epochs: 2, batch: 8, rate: 0.1 }");
        (ExitCode before, string output) = audit.Run();
        Assert.True(before == ExitCode.GateFailed, output);

        (ExitCode small, output) = CommandLine.Run(audit.Folder, "remedy", "run", "--threads", "1", "--out", "none", "--budget", "0.000001s");
        Assert.True(small == ExitCode.Usage, output);
        Assert.Contains("--budget 1s is too small for one trial", output);
        Assert.False(File.Exists(Path.Combine(audit.Folder, "none", "model.onnx")));

        (ExitCode after, output) = CommandLine.Run(audit.Folder, "remedy", "run", "--threads", "1", "--out", "fixed");

        Assert.Contains("group DRO", output);
        Assert.Contains("Not:     attribute-adversarial training (AAIRM): the training data has no attribute to hide", output);
        Assert.True(after == ExitCode.Pass, output);
        Assert.Equal(failed, File.ReadAllBytes(Path.Combine(audit.Folder, "model.onnx")));
        string html = File.ReadAllText(Path.Combine(audit.Folder, "fixed", "audit", "report.html"));
        Assert.Contains("Mitigations tried", html);
        Assert.Contains("Comparison with the baseline", html);
        Assert.Contains("What was tried, on images held out for it", html);
        Assert.Contains("the model that failed", html);
        Assert.Single(System.Text.RegularExpressions.Regex.Matches(html, "<td[^>]*>kept</td>"));
        Assert.Contains("part: training", File.ReadAllText(Path.Combine(audit.Folder, "fixed", "recipe.yaml")).Replace("\"", "", StringComparison.Ordinal));

        (ExitCode verified, output) = CommandLine.Run(audit.Folder, "verify", Path.Combine("fixed", "audit"));
        Assert.True(verified == ExitCode.Pass, output);
        Assert.Contains("What could not be used here", html);

        // Given again, finished trials are kept and one that is missing is made again, to the same end.
        string[] trials = [.. Directory.GetFiles(Path.Combine(audit.Folder, "fixed", "trials"), "epochs-*.json", SearchOption.AllDirectories).Order()];
        Assert.True(trials.Length > 8);
        File.Delete(trials[3]);
        DateTime[] times = [.. trials.Select(File.GetLastWriteTimeUtc)];
        CommandLine.Run(audit.Folder, "remedy", "run", "--threads", "1", "--out", "fixed");
        Assert.Equal(html, File.ReadAllText(Path.Combine(audit.Folder, "fixed", "audit", "report.html")));
        Assert.Equal([3], trials.Index().Where(trial => File.GetLastWriteTimeUtc(trial.Item) != times[trial.Index]).Select(trial => trial.Index));
    }

    /// <summary>A baseline of the spec's is a gate like any other: the new model is held against it, by its margins.</summary>
    [Fact]
    public void A_baseline_of_the_specs_own_is_not_exchanged_for_the_failed_model()
    {
        using SmallAudit audit = Failing();
        Ask(audit, "");
        (ExitCode exit, string output) = CommandLine.Run(audit.Folder, "run", "audit.yaml", "--out", "release");
        Assert.True(exit == ExitCode.GateFailed, output);
        Ask(audit, "baseline: { run: release, margin: 0.25, max-disagreement: 0.875 }\nremedy: { data: { path: learnt }, method: { name: dfr }, batch: 8 }");
        (exit, output) = audit.Run();
        Assert.True(exit == ExitCode.GateFailed, output);

        (exit, output) = CommandLine.Run(audit.Folder, "remedy", "run", "--threads", "1", "--out", "fixed");

        Assert.True(exit == ExitCode.Pass, output);
        string report = File.ReadAllText(Path.Combine(audit.Folder, "fixed", "audit", "report.json"));
        Assert.Contains("The comparison further on is with the baseline that the spec names.", report);
        Assert.Equal([-0.25], Thresholds("comparison/difference of accuracy/clean"));
        Assert.Equal([0.875], Thresholds("comparison/answers that differ/clean"));

        double[] Thresholds(string id) => [.. JsonDocument.Parse(report).RootElement.GetProperty("sections").EnumerateArray()
            .SelectMany(section => section.GetProperty("findings").EnumerateArray()).Where(finding => finding.GetProperty("id").GetString() == id)
            .Select(finding => finding.GetProperty("threshold").GetProperty("value").GetDouble())];
    }

    [Fact]
    public void What_a_remedy_leaves_is_said_by_reason()
    {
        using SmallAudit audit = Failing();
        audit.WriteSpec("accuracy: { min: 0.9 }\n  subgroups: { by: [class], min-worst: 0.6, min-size: 5 }\n  calibration: { max-ece: 0.01 }");
        File.AppendAllText(Path.Combine(audit.Folder, "audit.yaml"),
            "\nremedy: { data: { path: learnt }, method: { name: gdro }, epochs: 1, batch: 8, rate: 0.1 }\n");
        audit.Run();

        string output = CommandLine.Run(audit.Folder, "remedy", "run", "--threads", "1", "--out", "fixed").Output;

        Assert.Contains("Left:    accuracy/accuracy: no method is for it; it asks for more or better training data, or a larger model.\n", output);
        Assert.Contains(": not tried in this remedy, whose methods are for other gates.\n", output);
    }

    [Fact]
    public void Candidates_that_diverge_leave_the_others_their_trials()
    {
        using SmallAudit audit = Failing();
        Ask(audit, "remedy: { data: { path: learnt }, epochs: 1, batch: 8, rate: 100, weight-decay: 100 }");
        audit.Run();

        (ExitCode exit, string output) = CommandLine.Run(audit.Folder, "remedy", "run", "--threads", "1", "--out", "fixed");

        Assert.True(exit == ExitCode.Pass, output);
        string html = File.ReadAllText(Path.Combine(audit.Folder, "fixed", "audit", "report.html"));
        Assert.Matches("<td[^>]*>diverged</td>", html);
        Assert.Contains("lower optimiser.rate", html);
        Assert.Contains("name: dfr", File.ReadAllText(Path.Combine(audit.Folder, "fixed", "recipe.yaml")));
    }

    /// <summary>What lies in a trial's folder is taken as it is only where it is what the trial left.</summary>
    [Fact]
    public void A_trial_that_was_damaged_is_tried_again_and_its_model_is_not_delivered()
    {
        using SmallAudit audit = Failing();
        Ask(audit, "remedy: { data: { path: learnt }, epochs: 2, batch: 8 }");
        audit.Run();
        string folder = Path.Combine(audit.Folder, "fixed"), model = Path.Combine(folder, "model.onnx");
        byte[] delivered = Mended();
        string trial = Directory.GetFiles(Path.Combine(folder, "trials"), "model.onnx", SearchOption.AllDirectories)
            .First(file => Path.GetFileName(Path.GetDirectoryName(file)!).StartsWith("epochs-", StringComparison.Ordinal)
                && File.ReadAllBytes(file).AsSpan().SequenceEqual(delivered));
        Action[] damages =
        [
            () => File.WriteAllText($"{Path.GetDirectoryName(trial)}.json", ""),
            () => File.WriteAllBytes(trial, delivered[..(delivered.Length / 2)]),
            () => OnnxFile.Write(SmallAudit.Model(50), trial),
        ];
        foreach (Action damage in damages)
        {
            damage();
            Assert.Equal(delivered, Mended());
            Assert.Equal(delivered, File.ReadAllBytes(trial));
        }

        byte[] Mended()
        {
            (ExitCode exit, string output) = CommandLine.Run(audit.Folder, "remedy", "run", "--threads", "1", "--out", "fixed");
            Assert.True(exit == ExitCode.Pass, output);
            return File.ReadAllBytes(model);
        }
    }

    [Fact]
    public void Training_data_that_nobody_named_and_that_is_not_there_is_asked_for()
    {
        using SmallAudit audit = Failing();
        Ask(audit, "");
        audit.Run();
        (ExitCode exit, string output) = CommandLine.Run(audit.Folder, "remedy", "run", "--threads", "1", "--out", "fixed");
        Assert.True(exit == ExitCode.Usage, output);
        Assert.Contains("There is no training data: ", output);
        Assert.Contains("Name it in the spec: remedy: { data: ", output);
    }

    [Fact]
    public void A_hard_group_that_other_images_are_not_cut_into_is_mended_by_the_worst_group()
    {
        using SmallAudit audit = Failing();
        audit.WriteSpec("subgroups: { by: [class x brightness/3], min-size: 5 }");
        audit.Run();
        string report = File.ReadAllText(Path.Combine(audit.Folder, "run", "report.json"));
        string hard = System.Text.Json.JsonSerializer.Deserialize<string>(
            System.Text.RegularExpressions.Regex.Match(report, "\"class = dark x brightness 1/3 [^\"]*\"").Value)!;
        audit.WriteSpec($"accuracy: {{}}\n  subgroups: {{ by: [class x brightness/3], min-size: 5, min-hard: 0.5, hard-group: '{hard}' }}");
        File.AppendAllText(Path.Combine(audit.Folder, "audit.yaml"), "\nremedy: { data: { path: learnt }, epochs: 1, batch: 8, rate: 0.1 }\n");
        Assert.Equal(ExitCode.GateFailed, audit.Run().ExitCode);

        (ExitCode exit, string output) = CommandLine.Run(audit.Folder, "remedy", "run", "--threads", "1", "--out", "fixed");

        Assert.True(exit == ExitCode.Pass, output);
        Assert.Contains("is none of those that the training data is cut into", output);
        Assert.Contains("by the worst group, for there is no group", File.ReadAllText(Path.Combine(audit.Folder, "fixed", "audit", "report.html")));
    }

    // At this rate nothing that is trained moves.
    [Fact]
    public void What_is_no_better_than_the_model_that_failed_is_not_handed_out()
    {
        using SmallAudit audit = Failing();
        OnnxFile.Write(SmallAudit.Model(0), Path.Combine(audit.Folder, "model.onnx"));
        audit.WriteSpec("accuracy: {}\n  white-box: { linf: { epsilon: [0.4], min-robust-accuracy: { 0.4: 0.9 } }, images: 10, steps: 3 }");
        File.AppendAllText(Path.Combine(audit.Folder, "audit.yaml"), "\nremedy: { data: { path: learnt }, epochs: 1, batch: 8, rate: 1e-9 }\n");
        (ExitCode failed, string output) = audit.Run();
        Assert.True(failed == ExitCode.GateFailed, output);

        (ExitCode exit, output) = CommandLine.Run(audit.Folder, "remedy", "run", "--threads", "1", "--out", "fixed");

        Assert.True(exit == ExitCode.GateFailed, output);
        Assert.Contains("Nothing that was tried is better than the model that failed", output);
        Assert.False(File.Exists(Path.Combine(audit.Folder, "fixed", "model.onnx")));
    }

    // Dark images that are darker than the audited ones: the model is right about all of them.
    [Fact]
    public void A_model_that_passes_on_the_held_out_images_has_learnt_them_and_asks_for_others()
    {
        using SmallAudit audit = Failing();
        OnnxFile.Write(SmallAudit.Model(22), Path.Combine(audit.Folder, "model.onnx"));
        string pixels = Path.Combine(audit.Folder, "learnt", "t10k-images-idx3-ubyte");
        byte[] bytes = File.ReadAllBytes(pixels);
        File.WriteAllBytes(pixels, [.. bytes.Select((value, i) => i >= 16 && value < 100 ? (byte)(value / 4) : value)]);
        Ask(audit, "remedy: { data: { path: learnt }, epochs: 2 }");
        Assert.Equal(ExitCode.GateFailed, audit.Run().ExitCode);

        RequireRefusal(audit, "it has learnt them");
    }

    [Theory]
    [InlineData("remedy: { data: { path: learnt, classes: [bright, dark] } }", "They must be the same, in the same order")]
    [InlineData("remedy: { data: { path: shifted }, method: { name: gdro } }", "audited images of shifted")]
    [InlineData("remedy: { data: { path: learnt }, batch: 250 }", "remedy.batch: 250 images are more than the 216 that are left")]
    [InlineData("remedy: { data: { path: learnt, limit: 4 }, batch: 2 }", ", but trials need 3: one to compare candidates on")]
    public void Training_data_that_does_not_fit_the_audit_is_refused_before_anything_is_trained(string remedy, string message)
    {
        using SmallAudit audit = Failing();
        SmallAudit.WriteData(Path.Combine(audit.Folder, "shifted"), 40, first: 5000);
        audit.WriteSpec("accuracy: {}\n  subgroups: { by: [class], min-worst: 0.6, min-size: 5 }\n  domain-shift: { sets: [{ name: shifted, "
            + "data: { format: idx, path: shifted, split: test, classes: [dark, bright] } }] }");
        File.AppendAllText(Path.Combine(audit.Folder, "audit.yaml"), $"\n{remedy}\n");
        audit.Run();

        RequireRefusal(audit, message);
    }

    // Folders and files of the user's that have the names which a remedy uses.
    [Theory]
    [InlineData("trials/mine.txt", "holds files that no remedy wrote")]
    [InlineData("model.onnx", "holds a model that no remedy has made")]
    [InlineData("recipe.yaml", "holds a recipe.yaml that no remedy has made")]
    [InlineData("card.md", "holds a card.md that no remedy has made")]
    [InlineData("training.json", "holds a training.json that no remedy has made")]
    public void What_somebody_keeps_in_the_folder_is_left_alone(string file, string message)
    {
        using SmallAudit audit = Failing();
        Ask(audit, "remedy: { data: { path: learnt }, epochs: 1 }");
        audit.Run();
        string own = Path.Combine(audit.Folder, "fixed", file);
        Directory.CreateDirectory(Path.GetDirectoryName(own)!);
        File.WriteAllText(own, "mine");

        (ExitCode exit, string output) = CommandLine.Run(audit.Folder, "remedy", "run", "--threads", "1", "--out", "fixed");

        Assert.True(exit == ExitCode.Usage, output);
        Assert.Contains(message, output);
        Assert.Equal("mine", File.ReadAllText(own));
    }

    // As a kill leaves it between two of its files; and a model with a recipe of its own, as training leaves them.
    [Theory]
    [InlineData(true, "gdro")]
    [InlineData(true, "dfr")]
    [InlineData(false, "gdro")]
    public void A_remedy_goes_on_in_its_own_folder_and_in_no_others(bool isOwn, string method)
    {
        using SmallAudit audit = Failing();
        Ask(audit, $"remedy: {{ data: {{ path: learnt }}, method: {{ name: {method} }}, epochs: 12, batch: 8, rate: 0.1 }}");
        audit.Run();
        string fixedModel = Path.Combine(audit.Folder, "fixed");
        Directory.CreateDirectory(fixedModel);
        File.WriteAllText(Path.Combine(fixedModel, "model.onnx"), "somebody's");
        File.WriteAllText(Path.Combine(fixedModel, isOwn ? ".remedy" : "recipe.yaml"), "");

        (ExitCode exit, string output) = CommandLine.Run(audit.Folder, "remedy", "run", "--threads", "1", "--out", "fixed");

        Assert.True(exit == (isOwn ? ExitCode.Pass : ExitCode.Usage), output);
        Assert.Equal(isOwn, File.ReadAllText(Path.Combine(fixedModel, "model.onnx")) != "somebody's");
        Assert.Equal(isOwn, File.Exists(Path.Combine(fixedModel, "card.md")));
    }

    // Spaces, and all that means something in YAML; long enough for a writer of YAML to break the line.
    [Theory]
    [InlineData("My runs #2")]
    [InlineData("null")]
    [InlineData("it's: \"one\" [list], {a: map}, & *alias !tag %d | > ? - @ ` ~ #2, modèle 模型 🦊, and \\n is no new line. ")]
    public void Folders_and_files_may_have_any_name(string name)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() && name.Contains('"', StringComparison.Ordinal), "Windows has no such file names");
        using var audit = new SmallAudit();
        string quoted = $"'{name.Replace("'", "''", StringComparison.Ordinal)}";
        Directory.Move(Path.Combine(audit.Folder, "data"), Path.Combine(audit.Folder, name));
        SmallAudit.WriteData(Path.Combine(audit.Folder, name, name), 300, first: 1000);
        OnnxFile.Write(SmallAudit.Model(100), Path.Combine(audit.Folder, $"{name}.onnx"));
        File.WriteAllText(Path.Combine(audit.Folder, $"{name}.yaml"), $$"""
            name: Bright or dark
            model: { path: {{quoted}}.onnx' }
            data: { format: idx, path: {{quoted}}', split: test, classes: [dark, bright] }
            seed: 1
            checks:
              accuracy: {}
              subgroups: { by: [class], min-worst: 0.6, min-size: 5 }
            remedy: { data: { path: {{quoted}}/{{quoted[1..]}}' }, method: { name: gdro }, epochs: 12, batch: 8, rate: 0.1 }
            """);
        string run = Path.Combine(name, "run"), fixedModel = Path.Combine(name, "fixed");
        (ExitCode before, string output) = CommandLine.Run(audit.Folder, "run", $"{name}.yaml", "--out", run);
        Assert.True(before == ExitCode.GateFailed, output);

        (ExitCode after, output) = CommandLine.Run(audit.Folder, "remedy", run, "--threads", "1", "--out", fixedModel);

        Assert.True(after == ExitCode.Pass, output);
        Assert.True(File.Exists(Path.Combine(audit.Folder, fixedModel, "audit", "report.html")), output);
        (ExitCode verified, output) = CommandLine.Run(audit.Folder, "verify", Path.Combine(fixedModel, "audit"));
        Assert.True(verified == ExitCode.Pass, output);
    }

    [Fact]
    public void A_run_that_passed_needs_no_remedy()
    {
        using var audit = new SmallAudit();
        audit.WriteSpec("accuracy: { min: 0.5 }");
        audit.Run();

        (ExitCode exit, string output) = CommandLine.Run(audit.Folder, "remedy", "run", "--threads", "1", "--out", "fixed");

        Assert.Equal(ExitCode.Pass, exit);
        Assert.Contains("nothing to mend", output);
        Assert.False(Directory.Exists(Path.Combine(audit.Folder, "fixed")));
    }

    // 300 right answers of 300 do not show that 999 of 1,000 would be right.
    [Fact]
    public void A_run_that_nothing_failed_in_and_that_did_not_pass_either_blocks_still()
    {
        using var audit = new SmallAudit();
        audit.WriteSpec("accuracy: { min: 0.999 }");
        (ExitCode judged, string output) = audit.Run();
        Assert.True(judged == ExitCode.Inconclusive, output);

        (ExitCode exit, output) = CommandLine.Run(audit.Folder, "remedy", "run", "--threads", "1", "--out", "fixed");

        Assert.True(exit == ExitCode.Inconclusive, output);
        Assert.Contains("some are inconclusive", output);
    }

    [Fact]
    public void Training_data_without_a_class_that_is_audited_is_refused()
    {
        using SmallAudit audit = Failing();
        Ask(audit, "remedy: { data: { path: learnt, limit: 1 }, method: { name: gdro } }");
        audit.Run();

        RequireRefusal(audit, "has no image of 'bright'");
    }

    // Its images cannot be looked at, so corrupted ones that are held out stand in for them.
    [Fact]
    public void Methods_against_shifted_images_are_chosen_by_corrupted_ones()
    {
        using SmallAudit audit = Failing();
        SmallAudit.WriteData(Path.Combine(audit.Folder, "shifted"), 200, first: 5000);
        audit.WriteSpec("accuracy: {}\n  domain-shift: { sets: [{ name: elsewhere, data: { format: idx, path: shifted, split: test, classes: [night, day], "
            + "map: { night: dark, day: bright } } }], min-accuracy: 0.9 }");
        File.AppendAllText(Path.Combine(audit.Folder, "audit.yaml"), "\nremedy: { data: { path: learnt }, epochs: 2, batch: 8, rate: 0.1 }\n");
        audit.Run();

        (_, string output) = CommandLine.Run(audit.Folder, "remedy", "run", "--threads", "1", "--out", "fixed");

        Assert.Contains("generated corruptions stand in for the shifted images", File.Exists(Report()) ? File.ReadAllText(Report()) : output);
        Assert.Contains("nder corruptions", File.Exists(Report()) ? File.ReadAllText(Report()) : output);

        string Report() => Path.Combine(audit.Folder, "fixed", "audit", "report.html");
    }

    [Fact]
    public void Another_remedy_in_the_same_folder_is_audited_anew_and_somebodys_own_audit_is_left_alone()
    {
        using SmallAudit audit = Failing();
        Mend("rate: 0.1");
        string first = ModelOf("fixed");
        Mend("rate: 0.2");
        Assert.NotEqual(first, ModelOf("fixed"));
        (ExitCode verified, string output) = CommandLine.Run(
            audit.Folder, "verify", Path.Combine("fixed", "audit"), "--model", Path.Combine("fixed", "model.onnx"));
        Assert.True(verified == ExitCode.Pass, output);

        CommandLine.Run(audit.Folder, "run", "audit.yaml", "--out", Path.Combine("own", "audit"));
        byte[] own = File.ReadAllBytes(Path.Combine(audit.Folder, "own", "audit", "evidence.sqlite"));
        (ExitCode exit, output) = CommandLine.Run(audit.Folder, "remedy", "run", "--threads", "1", "--out", "own");
        Assert.True(exit == ExitCode.Usage, output);
        Assert.Contains("holds an audit that no remedy has made", output);
        Assert.False(File.Exists(Path.Combine(audit.Folder, "own", "model.onnx")));
        Assert.Equal(own, File.ReadAllBytes(Path.Combine(audit.Folder, "own", "audit", "evidence.sqlite")));

        void Mend(string rate)
        {
            Ask(audit, $"remedy: {{ data: {{ path: learnt }}, method: {{ name: gdro }}, epochs: 12, batch: 8, {rate} }}");
            audit.Run();
            (ExitCode exit, string output) = CommandLine.Run(audit.Folder, "remedy", "run", "--threads", "1", "--out", "fixed");
            Assert.True(exit == ExitCode.Pass, output);
        }

        string ModelOf(string folder) => Convert.ToBase64String(File.ReadAllBytes(Path.Combine(audit.Folder, folder, "model.onnx")));
    }

    // The failed model calls all images bright. Half are, but three quarters of the audited ones are said to be.
    [Fact]
    public void Epochs_are_held_to_the_failed_models_accuracy_on_the_images_that_choose_them()
    {
        using SmallAudit audit = Failing();
        string labels = Path.Combine(audit.Folder, "data", "t10k-labels-idx1-ubyte");
        File.WriteAllBytes(labels, [.. File.ReadAllBytes(labels).Select((label, i) => i >= 8 && i % 4 == 0 ? (byte)1 : label)]);
        Ask(audit, "remedy: { data: { path: learnt }, method: { name: gdro, step: 0.01 }, epochs: 1, batch: 8, rate: 0.1 }");
        (_, string output) = audit.Run();
        Assert.Matches(@"accuracy/accuracy +\| 75\.0", output);

        (_, output) = CommandLine.Run(audit.Folder, "remedy", "run", "--threads", "1", "--out", "fixed");

        Assert.True(File.Exists(Path.Combine(audit.Folder, "fixed", "recipe.yaml")), output);
        string recipe = File.ReadAllText(Path.Combine(audit.Folder, "fixed", "recipe.yaml")).Replace("\"", "", StringComparison.Ordinal);
        Assert.Contains("floor: 0.48", recipe);
    }

    // The audited images under other numbers, behind others, in another folder.
    [Theory]
    [InlineData("method: { name: gdro }")]
    [InlineData("epochs: 1")]
    public void Audited_images_are_not_trained_on(string remedy)
    {
        using SmallAudit audit = Failing();
        SmallAudit.WriteData(Path.Combine(audit.Folder, "mixed"), 300, first: 280);
        Ask(audit, $"remedy: {{ data: {{ path: mixed }}, {remedy} }}");
        audit.Run();

        RequireRefusal(audit, "20 of the 300 audited images of data (test) are among the training data");
    }

    [Theory]
    [InlineData("accuracy: { min: 0.99 }", "", "Nothing here fits")]
    [InlineData("accuracy: {}\n  subgroups: { by: [class], min-worst: 0.6, min-size: 5 }", "remedy: { data: { path: nowhere } }", "nowhere")]
    public void What_cannot_be_mended_is_refused_with_a_reason(string checks, string remedy, string expected)
    {
        using var audit = new SmallAudit();
        OnnxFile.Write(SmallAudit.Model(100), Path.Combine(audit.Folder, "model.onnx"));
        audit.WriteSpec(checks);
        File.AppendAllText(Path.Combine(audit.Folder, "audit.yaml"), $"\n{remedy}\n");
        audit.Run();

        (ExitCode exit, string output) = CommandLine.Run(audit.Folder, "remedy", "run", "--threads", "1", "--out", "fixed");

        Assert.True(exit == ExitCode.Usage, output);
        Assert.Contains(expected, output);
    }

    [Theory]
    [InlineData("{ epoch: 1 }", "Did you mean 'epochs'?")]
    [InlineData("{ epochs: 0 }", "'remedy.epochs' must be between 1")]
    [InlineData("{ method: { name: gdo } }", "'gdo'")]
    [InlineData("{ method: { name: dfr, c: [] } }", "'c' is an empty list")]
    public void A_remedy_that_could_not_be_tried_is_refused_before_the_audit(string remedy, string expected)
    {
        using SmallAudit audit = Failing();
        File.AppendAllText(Path.Combine(audit.Folder, "audit.yaml"), $"\nremedy: {remedy}\n");
        (ExitCode exit, string output) = audit.Run();
        Assert.True(exit == ExitCode.Usage, output);
        Assert.Contains(expected, output);
        Assert.False(Directory.Exists(Path.Combine(audit.Folder, "run")));
    }

    // An audit that a class fails by, and what its spec says of remedies.
    private static void Ask(SmallAudit audit, string remedy)
    {
        audit.WriteSpec("accuracy: {}\n  subgroups: { by: [class], min-worst: 0.6, min-size: 5 }");
        File.AppendAllText(Path.Combine(audit.Folder, "audit.yaml"), $"\n{remedy}\n");
    }

    private static void RequireRefusal(SmallAudit audit, string message)
    {
        (ExitCode exit, string output) = CommandLine.Run(audit.Folder, "remedy", "run", "--threads", "1", "--out", "fixed");
        Assert.True(exit == ExitCode.Usage, output);
        Assert.Contains(message, output);
        Assert.False(File.Exists(Path.Combine(audit.Folder, "fixed", "model.onnx")));
    }

    // An audit of a model that calls all images bright, and other images to learn from.
    private static SmallAudit Failing()
    {
        var audit = new SmallAudit();
        OnnxFile.Write(SmallAudit.Model(100), Path.Combine(audit.Folder, "model.onnx"));
        SmallAudit.WriteData(Path.Combine(audit.Folder, "learnt"), 300, first: 1000);
        return audit;
    }
}
