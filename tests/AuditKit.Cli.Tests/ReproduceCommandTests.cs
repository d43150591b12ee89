namespace AuditKit.Cli.Tests;

public sealed class ReproduceCommandTests
{
    [Fact]
    public void Every_method_is_trained_with_every_seed_and_audited_once()
    {
        using var audit = new SmallAudit();
        audit.WriteSpec("accuracy: {}\n  subgroups: { by: [class], min-size: 5 }");
        Write("recipe.yaml", """
            name: Bright or dark
            model: { path: model.onnx, mean: [0], std: [1] }
            data: { path: data }
            test: { path: data }
            seed: 0
            epochs: 1
            batch: 16
            optimiser: { name: sgd, rate: 0.01 }
            """);
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

        (ExitCode exit, string output) = CommandLine.Run(audit.Folder, "reproduce", "table.yaml", "--out", "out");

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

        (exit, string again) = CommandLine.Run(audit.Folder, "reproduce", "table.yaml", "--out", "out");
        Assert.True(exit == ExitCode.Pass, again);
        Assert.Equal(trained, models.Select(File.GetLastWriteTimeUtc));
        Assert.Equal(output, again);

        void Write(string file, string text) => File.WriteAllText(Path.Combine(audit.Folder, file), text);
    }
}
