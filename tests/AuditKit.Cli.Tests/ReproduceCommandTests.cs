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
              - { name: GDRO, set: ["method={ name: gdro }"] }
            """);

        (ExitCode exit, string output) = CommandLine.Run(audit.Folder, "reproduce", "table.yaml", "--out", "out");

        Assert.True(exit == ExitCode.Pass, output);
        Assert.Contains("| ERM | 100.0 ± 0.0 % | 97.3 | 100.0 ± 0.0 % |", output);
        string model = Path.Combine(audit.Folder, "out", "gdro", "seed-2", "model.onnx");
        DateTime trained = File.GetLastWriteTimeUtc(model);

        (exit, string again) = CommandLine.Run(audit.Folder, "reproduce", "table.yaml", "--out", "out");
        Assert.True(exit == ExitCode.Pass, again);
        Assert.Equal(trained, File.GetLastWriteTimeUtc(model));

        void Write(string file, string text) => File.WriteAllText(Path.Combine(audit.Folder, file), text);
    }
}
