using System.Text;
using AuditKit.Results;
using AuditKit.Training.Loop;
using MathNet.Numerics.Statistics;

namespace AuditKit.Training.Remediation;

/// <summary>
/// A reproduced table as Markdown: mean ± standard deviation over the seeds, the published figure beside it; then the differences
/// to the baseline, and which settings were tried.
/// </summary>
public static class ReproducedTable
{
    /// <summary>The table. Proportions are printed in per cent.</summary>
    /// <param name="table">What was reproduced.</param>
    /// <param name="rows">What was measured.</param>
    public static string ToMarkdown(Reproduction table, IReadOnlyList<MeasuredRow> rows)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(rows);
        bool[] isPublished = [.. table.Figures.Select(figure => table.Rows.Any(row => row.Published.ContainsKey(figure.Heading)))];
        var text = new StringBuilder($"# {table.Name}\n\n{Over(table.Seeds)}.\n\n| method |");
        for (int i = 0; i < table.Figures.Count; i++)
        {
            text.Append($" {table.Figures[i].Heading} |{(isPublished[i] ? " published |" : "")}");
        }

        text.Append("\n|---|").Insert(text.Length, "---:|", table.Figures.Count + isPublished.Count(published => published)).Append('\n');
        foreach (MeasuredRow row in rows)
        {
            text.Append($"| {row.Row.Name} |");
            for (int i = 0; i < table.Figures.Count; i++)
            {
                text.Append($" {Cell(row.Figures[i])} |");
                if (isPublished[i])
                {
                    text.Append($" {row.Row.Published.GetValueOrDefault(table.Figures[i].Heading, "–")} |");
                }
            }

            text.Append('\n');
        }

        foreach (MeasuredRow row in rows.Where(row => row.Diverged.Count > 0))
        {
            text.Append($"\n{row.Row.Name}: training diverged with {Seeds(row.Diverged)}.\n");
        }

        if (rows.Any(row => row.Diverged.Count > 0))
        {
            text.Append($"\nWhat diverged is not tried again by this version, unless `{DivergedRun.FileName}` in its folder, which says when it did, is deleted.\n");
        }

        return text.Append(SeedDifferences.ToMarkdown(table, rows)).Append(Choices(table, rows)).ToString();
    }

    private static string Choices(Reproduction table, IReadOnlyList<MeasuredRow> rows)
    {
        if (rows.All(row => row.Tried.Count == 0))
        {
            return "";
        }

        bool hasHard = rows.Any(row => row.Tried.Any(tried => tried.Validation?.HardGroup is not null));
        string over = table.ChoosingSeeds.Count == 1 ? "with" : "means over the";
        var text = new StringBuilder("\n## Settings tried\n\nChosen on validation images, by the rule that the recipe chooses epochs by; "
            + $"{over} {Seeds(table.ChoosingSeeds)}. The one in bold was measured.\n\n"
            + $"| method | setting | validation accuracy | worst group |{(hasHard ? " hard group |" : "")}\n|---|---|---:|---:|{(hasHard ? "---:|" : "")}\n");
        foreach ((MeasuredRow row, TriedSetting tried) in rows.SelectMany(row => row.Tried.Select(tried => (row, tried))))
        {
            string setting = string.Join(", ", tried.Setting);
            string[] figures = tried.Validation is { } reached
                ? [Percent(reached.Accuracy), Percent(reached.WorstGroup), reached.HardGroup is { } hard ? Percent(hard) : "–"]
                : ["diverged", "diverged", "diverged"];
            text.Append($"| {row.Row.Name} | {(tried.IsChosen ? $"**{setting}**" : setting)} | {string.Join(" | ", figures.Take(hasHard ? 3 : 2))} |\n");
        }

        return text.ToString();

        static string Percent(double share) => $"{100 * share:F1} %";
    }

    private static string Over(IReadOnlyList<long> seeds) => seeds.Count == 1 ? $"One run, {Seeds(seeds)}" : $"Mean ± standard deviation over the {Seeds(seeds)}";

    private static string Seeds(IReadOnlyList<long> seeds) => $"{(seeds.Count == 1 ? "seed" : "seeds")} {string.Join(", ", seeds)}";

    private static string Cell(IReadOnlyList<Finding?> findings)
    {
        double[] known = [.. findings.Select(finding => finding?.Estimate).OfType<double>()];
        if (known.Length < findings.Count)
        {
            return "not measured";
        }

        double mean = known.Average();
        bool isProportion = findings[0]!.IsProportion;
        double deviation = known.StandardDeviation();
        string spread = double.IsNaN(deviation) ? "" : isProportion ? $" ± {100 * deviation:F1}" : $" ± {deviation:G2}";
        return isProportion ? $"{100 * mean:F1}{spread} %" : $"{mean:G4}{spread}";
    }
}
