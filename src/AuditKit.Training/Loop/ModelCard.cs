using System.Text;
using AuditKit.Statistics;

namespace AuditKit.Training.Loop;

/// <summary>What a trained model is and what it scored, as a page of Markdown beside it.</summary>
public static class ModelCard
{
    /// <summary>The file's name in the run's folder.</summary>
    public const string FileName = "card.md";

    /// <summary>The card. It holds no date and no duration: the same run gives the same page, but for speeds that a method measured.</summary>
    /// <param name="run">What the run gave.</param>
    public static string ToMarkdown(TrainingRecord run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var card = new StringBuilder();
        string kept = run.BestEpoch is { } best
            ? $"epoch {best + 1} of {run.Epochs.Count}: {Validation(run.Epochs[best].Validation)}" : "the start model, without an epoch";
        kept += run.Fitted is { } fitted ? $"; after what was fitted then: {Validation(fitted)}" : "";
        string parameters = run.Trained is { } trained ? $"{run.Parameters} parameters, {trained} of them trained" : $"{run.Parameters} trained parameters";
        card.Append($"""
            # {run.Name}

            | | |
            |---|---|
            | Test accuracy | {Percent(run.Right, run.Count)} on {run.TestData}, {run.Count} images, measured with ONNX Runtime on the file beside this card |
            | Architecture | {run.Architecture ?? "the start model's"}, {parameters} |
            | Input | {run.Pixels}, mean {string.Join(", ", run.Mean)}, standard deviation {string.Join(", ", run.StandardDeviation)} |
            {Started()}| Training data | {run.TrainingData} |
            | Trained with | {run.Engine} |
            | Kept | {kept} |
            | SHA-256 | `{run.Sha256}` |

            ## Test accuracy by {(run.TestAttribute is { } attribute ? $"class and {attribute}" : "class")}

            | {(run.TestAttribute is null ? "class" : "group")} | right | of | accuracy (95 % Wilson interval) |
            |---|---:|---:|---|

            """);
        foreach ((string name, int right, int count) in run.Groups)
        {
            card.Append($"| {name} | {right} | {count} | {Percent(right, count)} |\n");
        }

        if (run.FurtherModels.Count > 0)
        {
            card.Append("\n## Further models\n\nBeside this card, measured on the same images.\n\n");
            card.Append("| model | file | test accuracy | SHA-256 |\n|---|---|---|---|\n");
            card.AppendJoin("", run.FurtherModels.Select(model
                => $"| {model.Name} | `{model.File}` | {Percent(model.Right, model.Count)} | `{model.Sha256}` |\n"));
        }

        if (run.Notes.Count > 0)
        {
            card.Append($"\n## Notes\n\n{string.Join('\n', run.Notes.Select(note => $"- {note}"))}\n");
        }

        if (run.Method.Length > 0)
        {
            card.Append($"\n## Method\n\n{run.Method.TrimEnd()}\n");
        }

        (string heading, string rule) = run.HardGroup is null ? ("", "") : (" hard group |", "---:|");
        if (run.Epochs.Count > 0)
        {
            card.Append($"\n## Epochs\n\n| epoch | training loss | validation accuracy | worst group |{heading}\n|---:|---:|---:|---:|{rule}\n");
        }

        foreach ((int epoch, EpochRecord record) in run.Epochs.Index())
        {
            string hard = record.HardGroup is { } share ? $" {share:P2} |" : "";
            card.Append($"| {epoch + 1} | {record.Loss:F4} | {record.Accuracy:P2} | {record.WorstGroup:P2} |{hard}\n");
        }

        card.Append($"\n## Recipe\n\n```yaml\n{run.Recipe.TrimEnd()}\n```\n");
        return card.ToString().Replace("\r\n", "\n", StringComparison.Ordinal);

        string Started() => string.Concat((run.StartedFrom ?? []).Select(
            start => $"| Started from | `{start.Path.Split('/')[^1]}`, SHA-256 `{start.Sha256}` |\n"));

        string Validation(ValidationScore score) => $"validation accuracy {score.Accuracy:P2}, worst group {score.WorstGroup:P2}"
            + (run.HardGroup is { } named ? $", hard group ({named}) {score.HardGroup:P2}" : "");
    }

    private static string Percent(int right, int count)
    {
        if (count == 0)
        {
            return "not measured (no images)";
        }

        Interval interval = Wilson.Interval(new Proportion(right, count), 0.95);
        return $"{(double)right / count:P2} ({interval.Lower:P2} to {interval.Upper:P2})";
    }
}
