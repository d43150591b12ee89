using System.Text;
using AuditKit.Statistics;

namespace AuditKit.Training.Loop;

/// <summary>What a trained model is and what it scored, as a page of Markdown beside it.</summary>
public sealed record ModelCard
{
    /// <summary>How it was trained.</summary>
    public required Recipe Recipe { get; init; }

    /// <summary>Number of trained parameters.</summary>
    public required long Parameters { get; init; }

    /// <summary>SHA-256 of the model file, in hexadecimal.</summary>
    public required string Sha256 { get; init; }

    /// <summary>The engine that trained it, with what its trial showed.</summary>
    public required string Engine { get; init; }

    /// <summary>The data that it was trained and selected on.</summary>
    public required string TrainingData { get; init; }

    /// <summary>One record for each epoch.</summary>
    public required IReadOnlyList<EpochRecord> History { get; init; }

    /// <summary>The epoch whose weights were kept, from 0.</summary>
    public required int BestEpoch { get; init; }

    /// <summary>The data that it was measured on.</summary>
    public required string TestData { get; init; }

    /// <summary>The attribute that makes the test data's groups; null for the classes alone.</summary>
    public required string? TestAttribute { get; init; }

    /// <summary>The groups' names (the classes', without an attribute) and how many of each group's test images were right, of how many.</summary>
    public required IReadOnlyList<(string Group, int Right, int Count)> Test { get; init; }

    /// <summary>What a reader must know of how it was trained, a sentence each.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>What the method says of itself, Markdown; empty for nothing.</summary>
    public required string Method { get; init; }

    /// <summary>Test images classified correctly.</summary>
    public int Right => Test.Sum(row => row.Right);

    /// <summary>Test images.</summary>
    public int Count => Test.Sum(row => row.Count);

    /// <summary>The card. It holds no date and no duration: the same run gives the same page.</summary>
    public string ToMarkdown()
    {
        var card = new StringBuilder();
        EpochRecord best = History[BestEpoch];
        card.Append($"""
            # {Recipe.Name}

            | | |
            |---|---|
            | Test accuracy | {Percent(Right, Count)} on {TestData}, {Count} images, measured with ONNX Runtime on the file beside this card |
            | Architecture | {Recipe.Architecture ?? "the start model's"}, {Parameters} trained parameters |
            | Input | pixels / 255, mean {string.Join(", ", Recipe.Mean)}, standard deviation {string.Join(", ", Recipe.Std)} |
            | Training data | {TrainingData} |
            | Trained with | {Engine} |
            | Kept | epoch {BestEpoch + 1} of {History.Count}: validation accuracy {best.Accuracy:P2}, worst group {best.WorstGroup:P2} |
            | SHA-256 | `{Sha256}` |

            ## Test accuracy by {(TestAttribute is { } attribute ? $"class and {attribute}" : "class")}

            | {(TestAttribute is null ? "class" : "group")} | right | of | accuracy (95 % Wilson interval) |
            |---|---:|---:|---|

            """);
        foreach ((string name, int right, int count) in Test)
        {
            card.Append($"| {name} | {right} | {count} | {Percent(right, count)} |\n");
        }

        if (Notes.Count > 0)
        {
            card.Append($"\n## Notes\n\n{string.Join('\n', Notes.Select(note => $"- {note}"))}\n");
        }

        if (Method.Length > 0)
        {
            card.Append($"\n## Method\n\n{Method.TrimEnd()}\n");
        }

        card.Append("\n## Epochs\n\n| epoch | training loss | validation accuracy | worst group |\n|---:|---:|---:|---:|\n");
        for (int epoch = 0; epoch < History.Count; epoch++)
        {
            EpochRecord record = History[epoch];
            card.Append($"| {epoch + 1} | {record.Loss:F4} | {record.Accuracy:P2} | {record.WorstGroup:P2} |\n");
        }

        card.Append(RecipePart(Recipe));
        return card.ToString().Replace("\r\n", "\n", StringComparison.Ordinal);
    }

    /// <summary>The card's last part: the recipe's text.</summary>
    internal static string RecipePart(Recipe recipe) => $"\n## Recipe\n\n```yaml\n{recipe.Text.TrimEnd()}\n```\n".Replace("\r\n", "\n", StringComparison.Ordinal);

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
