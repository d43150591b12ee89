using System.Text;
using AuditKit.Results;
using AuditKit.Statistics;
using MathNet.Numerics.Distributions;

namespace AuditKit.Training.Remediation;

/// <summary>
/// How far each row of a table is from its baseline, paired by seed: seeds share validation split, order of images and test
/// images. The unit is the training run, so that a difference speaks of the methods, not of two models. Student's t over the
/// seeds; p-values are Holm's over the rows of a figure.
/// </summary>
internal static class SeedDifferences
{
    private const double Confidence = 0.95;

    // Of the figures themselves: far above what differences of them round to, far below what one image of a test set makes.
    private const double RoundingError = 1e-9;

    /// <summary>The differences as Markdown, a section a variation; empty where a table has one seed or one row.</summary>
    public static string ToMarkdown(Reproduction table, IReadOnlyList<MeasuredRow> rows)
        => string.Concat(rows.GroupBy(row => row.Row.Variation).Select(variation => Section(table, [.. variation])));

    private static string Section(Reproduction table, IReadOnlyList<MeasuredRow> rows)
    {
        MeasuredRow? baseline = rows.FirstOrDefault(row => row.Row.Method == table.Baseline.Method);
        MeasuredRow[] others = [.. rows.Where(row => row != baseline)];
        if (baseline is null || others.Length == 0 || table.Seeds.Count < 2)
        {
            return "";
        }

        var text = new StringBuilder($"\n## Differences to {baseline.Row.Name}\n\nMean over the seeds, each seed against the same seed, with its "
            + "95 % interval (Student's t); proportions in points. p by Holm over the rows.\n\n| method |");
        text.AppendJoin("", table.Figures.Select(figure => $" {figure.Heading} |"));
        text.Append("\n|---|").Insert(text.Length, "---:|", table.Figures.Count).Append('\n');
        string[][] columns = [.. table.Figures.Select((_, i) => Column(baseline.Figures[i], [.. others.Select(row => row.Figures[i])]))];
        foreach ((int i, MeasuredRow row) in others.Index())
        {
            text.Append($"| {row.Row.Name} |").AppendJoin("", columns.Select(column => $" {column[i]} |")).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>The mean of paired differences and its two-sided p-value; null where one is missing.</summary>
    internal static (Mean Difference, double? P)? Compare(IReadOnlyList<Finding?> baseline, IReadOnlyList<Finding?> row)
    {
        double?[] differences = [.. baseline.Zip(row, (before, after) => after?.Estimate - before?.Estimate)];
        if (differences.Any(difference => difference is null))
        {
            return null;
        }

        var mean = Mean.Of(differences.OfType<double>());
        // Seeds that all differ by the same amount, as coarse figures may, show no spread to test against; what rounding makes of it is none either.
        double rounding = RoundingError * baseline.Concat(row).Max(finding => Math.Abs(finding!.Estimate!.Value));
        double? p = mean.Deviation > rounding
            ? 2 * StudentT.CDF(0, 1, mean.Count - 1, -Math.Abs(mean.Value) * Math.Sqrt(mean.Count) / mean.Deviation)
            : null;
        return (mean, p);
    }

    private static string[] Column(IReadOnlyList<Finding?> baseline, IReadOnlyList<IReadOnlyList<Finding?>> rows)
    {
        (Mean Difference, double? P)?[] compared = [.. rows.Select(row => Compare(baseline, row))];
        var adjusted = new Queue<double>(Holm.Adjust([.. compared.Select(one => one?.P).OfType<double>()]));
        bool isProportion = baseline is [{ IsProportion: true }, ..];
        return
        [
            .. compared.Select(one => one switch
            {
                null => "not measured",
                { P: null } same => Number(same.Difference.Value),
                { } tested when tested.Difference.Interval(Confidence) is { } interval
                    => $"{Number(tested.Difference.Value)} ({Number(interval.Lower)} to {Number(interval.Upper)}), {NumberText.PValue(adjusted.Dequeue())}",
                _ => NumberText.None,
            }),
        ];

        string Number(double value) => isProportion ? NumberText.Fixed(100 * value, 1) : NumberText.Value(value);
    }
}
