using System.Text.Json;

namespace AuditKit.Cli.Tests;

/// <summary>On one thread each, as <see cref="RemedyCommandTests"/>.</summary>
public sealed class ReproduceCommandTests
{
    [Fact]
    public void Every_method_is_trained_with_every_seed_and_audited_once()
    {
        using var audit = new SmallAudit();
        audit.WriteSpec("accuracy: {}\n  subgroups: { by: [class], min-size: 5 }");
        Write("recipe.yaml", Recipe("path: model.onnx"));
        Write("table.yaml", """
            name: Small
            recipe: recipe.yaml
            audit: audit.yaml
            seeds: [1, 2]
            figures: { overall: accuracy/accuracy, worst group: subgroups/worst-group accuracy/class }
            rows:
              - { name: ERM, published: { overall: 97.3 } }
              - { name: GDRO, set: ["method={ name: gdro }"], grid: { method.step: [0.01, 0.1] } }
            """);

        (ExitCode exit, string output) = CommandLine.Run(audit.Folder, "reproduce", "table.yaml", "--threads", "1", "--out", "out");

        Assert.True(exit == ExitCode.Pass, output);
        Assert.Contains("| ERM | 100.0 ± 0.0 % | 97.3 | 100.0 ± 0.0 % |", output);
        Assert.Contains("## Differences to ERM", output, StringComparison.Ordinal);
        // The audited data is the training data: both settings are as good, and the first one stays.
        Assert.Contains("| GDRO | **method.step=0.01** | 100.0 % | 100.0 % |", output, StringComparison.Ordinal);
        string[] models = [.. ((string[])["erm", "gdro/method.step=0.01", "gdro/method.step=0.1"])
            .SelectMany(row => (string[])[$"{row}/seed-1", $"{row}/seed-2"]).Select(run => Path.Combine(audit.Folder, "out", run, "model.onnx"))];
        Assert.All(models, model => Assert.True(File.Exists(model), model));
        Assert.False(Directory.Exists(Path.Combine(audit.Folder, "out", "gdro", "method.step=0.1", "seed-1", "audit")));
        DateTime[] trained = [.. models.Select(File.GetLastWriteTimeUtc)];

        (exit, string again) = CommandLine.Run(audit.Folder, "reproduce", "table.yaml", "--threads", "1", "--out", "out");
        Assert.True(exit == ExitCode.Pass, again);
        Assert.Equal(trained, models.Select(File.GetLastWriteTimeUtc));
        Assert.Equal(output, again);

        // Pieces have a method and a seed each, or all of a method that has a grid, and the table is made of what they have finished.
        (exit, again) = CommandLine.Run(audit.Folder, "reproduce", "table.yaml", "--threads", "1", "--out", "pieces", "--finished");
        Assert.Equal(ExitCode.Error, exit);
        Assert.Contains("3 of the table's trainings are missing in pieces: ERM, seed 1; ERM, seed 2; GDRO.", again);
        foreach ((string piece, string[] runs) in new[] { ("2/3", (string[])["erm/seed-2"]), ("3/3", ["gdro"]), ("1/3", ["erm/seed-1"]) })
        {
            Assert.All(runs, run => Assert.False(Directory.Exists(Path.Combine(audit.Folder, "pieces", run)), run));
            (exit, again) = CommandLine.Run(audit.Folder, "reproduce", "table.yaml", "--threads", "1", "--out", "pieces", "--shard", piece);
            Assert.True(exit == ExitCode.Pass, again);
            Assert.All(runs, run => Assert.True(Directory.Exists(Path.Combine(audit.Folder, "pieces", run)), run));
        }

        Assert.Contains("Piece 1/3 is measured: ERM (seed 1).", again);
        trained = [.. models.Select(model => File.GetLastWriteTimeUtc(InPieces(model)))];
        (exit, again) = CommandLine.Run(audit.Folder, "reproduce", "table.yaml", "--threads", "1", "--out", "pieces", "--finished");
        Assert.Equal((ExitCode.Pass, Table(output)), (exit, Table(again)));
        Assert.Equal(trained, models.Select(model => File.GetLastWriteTimeUtc(InPieces(model))));
        trained = [.. models.Select(File.GetLastWriteTimeUtc)];

        // Evidence of another audit, as of another version, is no error: the trained models are measured anew.
        Write("audit.yaml", File.ReadAllText(Path.Combine(audit.Folder, "audit.yaml")).Replace("seed: 1", "seed: 2", StringComparison.Ordinal));
        (exit, again) = CommandLine.Run(audit.Folder, "reproduce", "table.yaml", "--threads", "1", "--out", "out");
        Assert.True(exit == ExitCode.Pass, again);
        Assert.Equal(trained, models.Select(File.GetLastWriteTimeUtc));
        Assert.Equal(Table(output), Table(again));

        void Write(string file, string text) => File.WriteAllText(Path.Combine(audit.Folder, file), text);

        string InPieces(string model) => Path.Combine(audit.Folder, "pieces", Path.GetRelativePath(Path.Combine(audit.Folder, "out"), model));
    }

    [Theory]
    [InlineData("model.onnx", "model.onnx, mean: [0.5], std: [1]", "model.mean is 0.5, where", "trains with none (row 'ERM')")]
    [InlineData("model.onnx", "model.onnx, std: [1], mean: [0], input: [1, 8, 8]", null, null)]
    [InlineData("model.onnx", "model.onnx, range: bytes", "model.range is Bytes, where", "trains with Unit")]
    [InlineData("model.onnx", "model.onnx, resize: 9, crop: true", "model.resize is 9, where", "trains with none")]
    [InlineData("path: data", "path: elsewhere", "elsewhere", "there is no such folder")]
    public void An_audit_of_other_images_than_were_learnt_or_of_none_is_refused_before_anything_is_trained(
        string text, string changed, string? refused, string? why)
    {
        using SmallAudit audit = Small("rows: [{ name: ERM }]");
        string spec = Path.Combine(audit.Folder, "audit.yaml");
        File.WriteAllText(spec, File.ReadAllText(spec).Replace(text, changed, StringComparison.Ordinal));

        (ExitCode exit, string output) = CommandLine.Run(audit.Folder, "reproduce", "table.yaml", "--threads", "1", "--out", "out");

        Assert.Equal((refused is null ? ExitCode.Pass : ExitCode.Usage, refused is null), (exit, Directory.Exists(Path.Combine(audit.Folder, "out"))));
        Assert.Contains(refused ?? "| ERM | 100.0 % |", output, StringComparison.Ordinal);
        Assert.Contains(why ?? "", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rows: [{ name: ERM, set: [seed=5] }]", "the row 'ERM' sets 'seed'")]
    [InlineData("rows: [{ name: ERM, grid: { seed: [1, 2] } }]", "the row 'ERM' sets 'seed'")]
    [InlineData("variations: { few: [seed=3] }\nrows: [{ name: ERM }]", "the row 'few: ERM' sets 'seed'")]
    [InlineData("variations: {}\nrows: [{ name: ERM }]", "'variations' has none. Leave it out, or name one.")]
    [InlineData("rows: [{ name: ERM, set: [model.path=$sources/seed-1/model.onnx] }]", "the row 'ERM' names $sources")]
    [InlineData("rows: [{ name: ERM, grid: { method.nope: [1] } }]", "table.yaml, row 'ERM': --set method.nope=1: unknown key 'nope' in 'method'")]
    [InlineData("rows: [{ name: ERM, grid: { model.mean: [0, 0.25] } }]", "trains with 0.25 (row 'ERM, model.mean=0.25')")]
    [InlineData("rows: [{ name: \"\" }]", "it needs a letter or a digit")]
    [InlineData("rows: [{ name: a|b }]", "may have no '|'")]
    [InlineData("rows: [{ name: ERM, audit-set: [checks.nope=1] }]", "table.yaml, row 'ERM': --set checks.nope=1: ")]
    public void What_is_wrong_in_a_table_is_said_of_the_table(string rows, string message)
    {
        using SmallAudit audit = Small(rows);

        (ExitCode exit, string output) = CommandLine.Run(audit.Folder, "reproduce", "table.yaml", "--threads", "1", "--out", "out");

        Assert.True(exit == ExitCode.Usage, output);
        Assert.Contains(message, output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(audit.Folder, "out")));
    }

    [Fact]
    public void What_another_recipe_has_trained_is_not_written_over()
    {
        using SmallAudit audit = Small("rows: [{ name: ERM }]");
        string recipe = Path.Combine(audit.Folder, "recipe.yaml"), model = Path.Combine(audit.Folder, "out", "erm", "seed-1", "model.onnx");
        (ExitCode exit, string output) = CommandLine.Run(audit.Folder, "reproduce", "table.yaml", "--threads", "1", "--out", "out");
        Assert.True(exit == ExitCode.Pass, output);
        byte[] trained = File.ReadAllBytes(model);
        File.WriteAllText(recipe, File.ReadAllText(recipe).Replace("batch: 16", "batch: 8", StringComparison.Ordinal));

        foreach (string[] command in (string[][])[["reproduce", "table.yaml", "--threads", "1", "--out", "out"], ["train", "recipe.yaml", "--out", "out/erm/seed-1"]])
        {
            (exit, output) = CommandLine.Run(audit.Folder, command);
            Assert.True(exit == ExitCode.Usage, output);
            Assert.Contains("holds a finished training ('Bright or dark') of another recipe, which is not written over.", output);
        }

        // So it is of the members of an ensemble, before the first is trained.
        string other = Path.Combine(audit.Folder, "members", "seed-1");
        Directory.CreateDirectory(other);
        Array.ForEach(Directory.GetFiles(Path.GetDirectoryName(model)!), file => File.Copy(file, Path.Combine(other, Path.GetFileName(file))));
        (exit, output) = CommandLine.Run(audit.Folder, "train", "recipe.yaml", "--members", "2", "--out", "members");
        Assert.True(exit == ExitCode.Usage, output);
        Assert.False(Directory.Exists(Path.Combine(audit.Folder, "members", "seed-0")));

        Assert.Equal(trained, File.ReadAllBytes(model));
        // A comment or another name changes nothing that was learnt, and nothing is trained again for it.
        DateTime written = File.GetLastWriteTimeUtc(model);
        File.WriteAllText(recipe, $"# mended\n{File.ReadAllText(recipe).Replace("batch: 8", "batch: 16", StringComparison.Ordinal)
            .Replace("name: Bright or dark", "name: Dark or bright", StringComparison.Ordinal)}");
        (exit, output) = CommandLine.Run(audit.Folder, "reproduce", "table.yaml", "--threads", "1", "--out", "out");
        Assert.True(exit == ExitCode.Pass, output);
        Assert.Equal(written, File.GetLastWriteTimeUtc(model));
        Assert.Equal(trained, File.ReadAllBytes(model));
        (exit, output) = CommandLine.Run(audit.Folder, "reproduce", "table.yaml", "--threads", "1", "--out", "out", "--finished");
        Assert.True(exit == ExitCode.Pass, output);
    }

    [Theory]
    [InlineData("batch=1000", "do not fill a batch")]
    [InlineData("per-class=1000", "1000")]
    [InlineData("selection={ hard-group: class = grey }", "'class = grey'")]
    [InlineData("test.path=nowhere", "test: ")]
    [InlineData("data.limit=1", "data: ")]
    [InlineData("augmentation={ crop: 8 }", "augmentation.crop is 8")]
    [InlineData("schedule={ name: cosine, warm-up: 50 }", "schedule.warm-up lies beyond the run")]
    [InlineData("model={ architecture: lenet-6, mean: [0], std: [1] }", "there is no architecture 'lenet-6'.")]
    [InlineData("method={ name: aairm }", "aairm hides an attribute of the images")]
    [InlineData("method={ name: soft-weight-sharing }", "Set optimiser.name to adam or adamw")]
    [InlineData("method={ name: dynamic-network-surgery, deviations: [1, 2, 3, 4, 5, 6, 7] }", "deviations")]
    [InlineData("method={ name: stability, task: embedding, weight: 1, distortion: jpeg-50, embedding: nope }", "nope")]
    [InlineData("method={ name: delta, layers: [nope] }", "embedding")]
    public void What_does_not_fit_in_a_later_row_is_said_before_the_first_is_trained(string set, string message)
    {
        using SmallAudit audit = Small($"rows: [{{ name: ERM }}, {{ name: later, set: [\"{set}\"] }}]");

        (ExitCode exit, string output) = CommandLine.Run(audit.Folder, "reproduce", "table.yaml", "--threads", "1", "--out", "out");

        Assert.True(exit == ExitCode.Usage, output);
        Assert.Contains("table.yaml, row 'later': ", output, StringComparison.Ordinal);
        Assert.Contains(message, output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(audit.Folder, "out", "erm")));
    }

    [Fact]
    public void A_row_may_go_on_from_what_an_earlier_one_trains()
    {
        using SmallAudit audit = Small("rows: [{ name: ERM }, { name: further, set: [model.path=out/erm/seed-1/model.onnx] }]");

        (ExitCode exit, string output) = CommandLine.Run(audit.Folder, "reproduce", "table.yaml", "--threads", "1", "--out", "out");

        Assert.True(exit == ExitCode.Pass, output);
        Assert.Contains("| further | 100.0 % |", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_figure_of_a_check_that_the_audit_has_not_is_refused_before_anything_is_trained()
    {
        using SmallAudit audit = Small("rows: [{ name: ERM }]");
        string table = Path.Combine(audit.Folder, "table.yaml");
        File.WriteAllText(table, File.ReadAllText(table).Replace("accuracy/accuracy", "acuracy/accuracy", StringComparison.Ordinal));

        (ExitCode exit, string output) = CommandLine.Run(audit.Folder, "reproduce", "table.yaml", "--threads", "1", "--out", "out");

        Assert.True(exit == ExitCode.Usage, output);
        Assert.Contains("'figures' names 'acuracy/accuracy'", output, StringComparison.Ordinal);
        Assert.Contains("Did you mean 'accuracy'?", output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(audit.Folder, "out")));
    }

    [Fact]
    public void A_figure_that_is_misspelt_is_answered_by_the_nearest_that_was_measured_and_nothing_is_lost()
    {
        using SmallAudit audit = Small("rows: [{ name: 模型 }, { name: 方法 }]");
        string table = Path.Combine(audit.Folder, "table.yaml"), text = File.ReadAllText(table);
        File.WriteAllText(table, text.Replace("accuracy/accuracy", "accuracy/acuracy", StringComparison.Ordinal));

        (ExitCode exit, string output) = CommandLine.Run(audit.Folder, "reproduce", "table.yaml", "--threads", "1", "--out", "out");

        Assert.True(exit == ExitCode.Usage, output);
        Assert.Contains("table.yaml: 'figures' names accuracy/acuracy, and no row measures it. Did you mean 'accuracy/accuracy'?", output, StringComparison.Ordinal);
        string[] models = Directory.GetFiles(Path.Combine(audit.Folder, "out"), "model.onnx", SearchOption.AllDirectories);
        DateTime[] trained = [.. models.Select(File.GetLastWriteTimeUtc)];
        Assert.Equal(2, models.Length);
        File.WriteAllText(table, text);
        (exit, output) = CommandLine.Run(audit.Folder, "reproduce", "table.yaml", "--threads", "1", "--out", "out");
        Assert.True(exit == ExitCode.Pass, output);
        Assert.Contains("| 方法 | 100.0 % |", output, StringComparison.Ordinal);
        Assert.Equal(trained, models.Select(File.GetLastWriteTimeUtc));
    }

    [Fact]
    public void A_table_is_found_beside_the_launcher_and_who_is_in_no_checkout_is_told_so()
    {
        using SmallAudit audit = Small("rows: [{ name: ERM }]");
        string checkout = Path.Combine(audit.Folder, "checkout"), shipped = Directory.CreateDirectory(Path.Combine(checkout, "audits", "reproduce")).FullName;
        File.WriteAllText(Path.Combine(shipped, "small.yaml"), "name: Small\nrecipe: recipe.yaml\nrows: []\nfigures: {}\n");

        Assert.Contains("there is no folder audits/reproduce here. Start in AuditKit's checkout, or name a YAML file.", Reproduce("small", null));
        Assert.Contains("small.yaml:3:7: the table has no rows.", Reproduce("small", checkout));
        Assert.Contains($"There is no table 'smal', and no such file. Did you mean 'small'? {shipped} has: small.", Reproduce("smal", checkout));

        string Reproduce(string table, string? launcher)
        {
            System.Diagnostics.ProcessStartInfo start = CommandLine.StartInfo(audit.Folder, "reproduce", table);
            start.Environment["AUDITKIT_LAUNCHER"] = launcher is null ? null : Path.Combine(launcher, "auditkit");
            (ExitCode exit, string output) = CommandLine.Run(start);
            Assert.True(exit == ExitCode.Usage, output);
            return output;
        }
    }

    [Theory]
    [InlineData("train", "recipe.yaml")]
    [InlineData("reproduce", "table.yaml")]
    public void A_device_that_is_not_there_is_said_before_anything_is_trained(string command, string file)
    {
        using SmallAudit audit = Small("rows: [{ name: ERM }]");

        (ExitCode exit, string output) = CommandLine.Run(audit.Folder, command, file, "--out", "out", "--device", "cuda:9");

        Assert.True(exit == ExitCode.Usage, output);
        Assert.Contains("--device cuda", output, StringComparison.Ordinal);
        string folder = Path.Combine(audit.Folder, "out");
        Assert.Empty(Directory.Exists(folder) ? Directory.GetFiles(folder, "*.onnx", SearchOption.AllDirectories) : []);
    }

    [Fact]
    public void A_row_that_diverges_leaves_the_others_their_figures_and_the_table_says_so()
    {
        using SmallAudit audit = Small("""
            baseline: ERM
            rows:
              - { name: steep, set: [optimiser.rate=100, optimiser.weight-decay=100] }
              - { name: searched, set: [optimiser.weight-decay=100], grid: { optimiser.rate: [50, 100] } }
              - { name: ERM }
            """, seeds: "1, 2", epochs: 2);

        (ExitCode exit, string output) = CommandLine.Run(audit.Folder, "reproduce", "table.yaml", "--threads", "1", "--out", "out");

        Assert.True(exit == ExitCode.Pass, output);
        Assert.Contains("| steep | not measured |\n| searched | not measured |\n| ERM | 100.0 ± 0.0 % |", output);
        Assert.Contains("steep: training diverged with seeds 1, 2.\n\nsearched: training diverged with seeds 1, 2.\n", output);
        Assert.Contains("| searched | optimiser.rate=50 | diverged | diverged |", output);

        // What diverged has ended: nothing of the table is missing, and it is not trained again.
        (ExitCode later, string table) = CommandLine.Run(audit.Folder, "reproduce", "table.yaml", "--threads", "1", "--out", "out", "--finished");
        Assert.True(later == ExitCode.Pass, table);
        Assert.Equal(output, table);
        File.Delete(Path.Combine(audit.Folder, "out", "steep", "seed-2", "diverged.json"));
        (ExitCode missing, string named) = CommandLine.Run(audit.Folder, "reproduce", "table.yaml", "--threads", "1", "--out", "out", "--finished");
        Assert.Equal(ExitCode.Error, missing);
        Assert.Contains("1 of the table's trainings are missing in out: steep, seed 2.", named);
    }

    [Fact]
    public void A_table_of_which_everything_diverges_is_an_error_that_says_so()
    {
        using SmallAudit audit = Small("rows: [{ name: steep, set: [optimiser.rate=100, optimiser.weight-decay=100] }]", epochs: 2);

        (ExitCode exit, string output) = CommandLine.Run(audit.Folder, "reproduce", "table.yaml", "--threads", "1", "--out", "out");

        Assert.True(exit == ExitCode.Error, output);
        Assert.Contains("table.yaml: every training diverged", output);
        Assert.Contains("steep: training diverged with seed 1.", File.ReadAllText(Path.Combine(audit.Folder, "out", "table.md")));
    }

    [Fact]
    public void Source_networks_come_first_and_rows_come_in_every_variation()
    {
        using var audit = new SmallAudit();
        audit.WriteSpec("accuracy: {}");
        File.WriteAllText(Path.Combine(audit.Folder, "recipe.yaml"), Recipe("architecture: resnet8-cifar"));
        File.WriteAllText(Path.Combine(audit.Folder, "table.yaml"), """
            name: Small
            recipe: recipe.yaml
            audit: audit.yaml
            sources: { recipe: recipe.yaml, seeds: [7, 8] }
            seeds: [1]
            variations: { half: [batch=8], whole: [batch=16] }
            figures: { means: accuracy/accuracy, samples: training/test accuracy/2 weight samples }
            rows:
              - { name: deep, set: ["method={ name: variational, sources: $sources, vae-steps: 2, samples: 2 }"] }
              - { name: ERM, set: ["method={ name: erm, start: kernels, sources: $sources }"] }
            """);

        (ExitCode exit, string output) = CommandLine.Run(audit.Folder, "reproduce", "table.yaml", "--threads", "1", "--out", "out");

        Assert.True(exit == ExitCode.Pass, output);
        Assert.All(["half: deep", "whole: deep"], row => Assert.Matches($@"\| {row} \| [0-9.]+ % \| [0-9.]+ % \|", output));
        Assert.All(["half: ERM", "whole: ERM"], row => Assert.Matches($@"\| {row} \| [0-9.]+ % \| not measured \|", output));
        string[] files =
        [
            .. ((string[])["sources/seed-7", "sources/seed-8", "half--deep/seed-1", "whole--erm/seed-1"])
                .Select(run => Path.Combine(audit.Folder, "out", run, "model.onnx")),
            // An autoencoder a layer, of the sources alone: both variations learn from the same.
            .. Directory.GetFiles(Path.Combine(audit.Folder, "out", "sources", "deep-prior")),
        ];
        Assert.Equal(4 + 7, files.Length);
        Assert.Contains("sources: out/sources", File.ReadAllText(Path.Combine(audit.Folder, "out", "half--deep", "seed-1", "card.md")));
        DateTime[] written = [.. files.Select(File.GetLastWriteTimeUtc)];
        (exit, string again) = CommandLine.Run(audit.Folder, "reproduce", "table.yaml", "--threads", "1", "--out", "out");
        Assert.Equal((ExitCode.Pass, Table(output)), (exit, Table(again)));
        Assert.Equal(written, files.Select(File.GetLastWriteTimeUtc));

        // What nothing is learnt from any more is not trained for nothing.
        Directory.Delete(Path.Combine(audit.Folder, "out", "sources"), recursive: true);
        (exit, again) = CommandLine.Run(audit.Folder, "reproduce", "table.yaml", "--threads", "1", "--out", "out", "--finished");
        Assert.Equal((ExitCode.Pass, Table(output)), (exit, Table(again)));
        Assert.False(Directory.Exists(Path.Combine(audit.Folder, "out", "sources")));
    }

    /// <summary>A setting that was added since, and is the best, is trained with the choosing seeds alone: the table is not finished.</summary>
    [Fact]
    public void A_table_is_finished_where_the_setting_that_is_chosen_now_is()
    {
        using SmallAudit audit = Small("choosing-seeds: [1]\nrows: [{ name: ERM, grid: { optimiser.rate: [0.01, 0.02] } }]", seeds: "1, 2");
        string table = Path.Combine(audit.Folder, "table.yaml");
        (ExitCode exit, string output) = CommandLine.Run(audit.Folder, "reproduce", "table.yaml", "--threads", "1", "--out", "out");
        Assert.True(exit == ExitCode.Pass, output);
        // All are right about every image, and of equals the first is chosen.
        File.WriteAllText(table, File.ReadAllText(table).Replace("[0.01, 0.02]", "[0.005, 0.01, 0.02]", StringComparison.Ordinal));
        (exit, output) = CommandLine.Run(
            audit.Folder, "train", "recipe.yaml", "--set", "optimiser.rate=0.005", "--set", "seed=1", "--threads", "1", "--out", "out/erm/optimiser.rate=0.005/seed-1");
        Assert.True(exit == ExitCode.Pass, output);

        (exit, output) = CommandLine.Run(audit.Folder, "reproduce", "table.yaml", "--threads", "1", "--out", "out", "--finished");

        Assert.True(exit == ExitCode.Error, output);
        Assert.Contains("1 of the table's trainings are missing in out: ERM.", output);
    }

    [Fact]
    public void Members_of_an_ensemble_are_trained_with_seeds_one_after_the_other_and_an_audit_takes_them()
    {
        using var audit = new SmallAudit();
        File.WriteAllText(Path.Combine(audit.Folder, "recipe.yaml"), Recipe("architecture: resnet8-cifar", seed: 4));
        (ExitCode exit, string output) = CommandLine.Run(audit.Folder, "train", "recipe.yaml", "--out", "out", "--members", "2");

        Assert.True(exit == ExitCode.Pass, output);
        // Whole paths and the preprocessing, so that the lines can be put into a spec anywhere.
        string members = Path.Combine(Path.GetFullPath(audit.Folder), "out");
        Assert.Contains($"model: {{ path: {Quoted("seed-4")}, mean: [0], std: [1] }}", output, StringComparison.Ordinal);
        Assert.Contains($"tta: {{ members: [{Quoted("seed-5")}] }}", output, StringComparison.Ordinal);
        (exit, output) = CommandLine.Run(audit.Folder, "train", "recipe.yaml", "--out", Path.Combine("out", "seed-4"), "--set", "seed=4");
        Assert.True(exit == ExitCode.Pass, output);
        Assert.Contains("nothing was trained", output, StringComparison.Ordinal);
        File.Copy(Path.Combine(audit.Folder, "out", "seed-4", "model.onnx"), Path.Combine(audit.Folder, "model.onnx"), overwrite: true);
        audit.WriteSpec("tta: { samples: [2], members: [out/seed-5/model.onnx] }");
        (exit, output) = CommandLine.Run(audit.Folder, "run", "audit.yaml", "--out", "audited");
        Assert.True(exit == ExitCode.Pass, output);

        string Quoted(string run) => JsonSerializer.Serialize(Path.Combine(members, run, "model.onnx"));
    }

    // A table of one network.
    private static SmallAudit Small(string rows, string seeds = "1", int epochs = 1)
    {
        var audit = new SmallAudit();
        audit.WriteSpec("accuracy: {}");
        File.WriteAllText(Path.Combine(audit.Folder, "recipe.yaml"), Recipe("path: model.onnx", epochs));
        File.WriteAllText(
            Path.Combine(audit.Folder, "table.yaml"),
            $"name: Small\nrecipe: recipe.yaml\naudit: audit.yaml\nseeds: [{seeds}]\nfigures: {{ overall: accuracy/accuracy }}\n{rows}\n");
        return audit;
    }

    private static string Recipe(string start, int epochs = 1, int seed = 0) => $$"""
        name: Bright or dark
        model: { {{start}}, mean: [0], std: [1] }
        data: { path: data }
        test: { path: data }
        seed: {{seed}}
        epochs: {{epochs}}
        batch: 16
        optimiser: { name: sgd, rate: 0.01 }
        """;

    private static string Table(string text) => text[text.IndexOf("# Small", StringComparison.Ordinal)..text.IndexOf("Table: ", StringComparison.Ordinal)];
}
