using System.Globalization;
using System.Text;
using AuditKit.Checks.Weights;

namespace AuditKit.Training.Remedies.Regularisers;

/// <summary>
/// Every layer's frame bounds A, B and condition number κ = B/A before and after training, as the weights check measures
/// them with <c>padding: periodic</c>.
/// </summary>
internal static class FrameBoundsTable
{
    /// <summary>The table as Markdown.</summary>
    /// <param name="before">The layers before training.</param>
    /// <param name="after">The same layers after training.</param>
    /// <param name="threads">Threads that compute.</param>
    /// <param name="progress">Told the layers done and in all.</param>
    /// <param name="cancellation">Stops the computation.</param>
    public static string Markdown(
        IReadOnlyList<WeightLayer> before, IReadOnlyList<WeightLayer> after, int threads, Action<string, long, long> progress, CancellationToken cancellation)
    {
        var table = new StringBuilder(
            """
            Frame bounds A and B: the extreme eigenvalues of each layer's WᵀW (WWᵀ where W has fewer rows than columns, marked *), and
            κ = B/A; "≥" where A cannot be told from 0. A convolution is taken without borders, which is what a penalty acts on: on an
            input that goes on periodically. The check `weights` measures it with the zeros that it pads, too.

            | layer | kind | W | A before | B before | κ before | A after | B after | κ after |
            |---|---|---|---:|---:|---:|---:|---:|---:|

            """);
        for (int i = 0; i < before.Count; i++)
        {
            string wide = before[i].Rows < before[i].Columns ? "*" : "";
            table.Append(CultureInfo.InvariantCulture, $"| `{before[i].Name}` | {before[i].Kind} | {before[i].Rows}×{before[i].Columns}{wide} ");
            table.Append(CultureInfo.InvariantCulture, $"| {Cells(before[i].PeriodicBounds(threads, cancellation))} | "
                + $"{Cells(after[i].PeriodicBounds(threads, cancellation))} |\n");
            progress("measuring the layers", i + 1, before.Count);
        }

        return table.ToString().Replace("\r\n", "\n", StringComparison.Ordinal);
    }

    private static string Cells(FrameBounds bounds) => string.Create(
        CultureInfo.InvariantCulture, $"{bounds.A:G3} | {bounds.B:G3} | {(bounds.IsLowerBound ? "≥ " : "")}{bounds.ConditionNumber:G3}");
}
