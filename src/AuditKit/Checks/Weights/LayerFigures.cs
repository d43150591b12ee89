using System.Text.Json;
using AuditKit.Evidence;

namespace AuditKit.Checks.Weights;

/// <summary>What the weights check found of one layer, as the evidence keeps it.</summary>
internal sealed record LayerFigures
{
    /// <summary>The largest filter matrix whose singular values are all computed.</summary>
    private const int LargestMatrix = 2048;

    /// <summary>A filter is dead when its norm is below this share of the layer's largest.</summary>
    public const double Dead = 1e-4;

    /// <summary>The name of the layer's weights in the file.</summary>
    public required string Name { get; init; }

    /// <summary>What kind of layer it is.</summary>
    public required string Kind { get; init; }

    /// <summary>Rows m of W.</summary>
    public required long Rows { get; init; }

    /// <summary>Columns n of W.</summary>
    public required long Columns { get; init; }

    /// <summary>The frame bounds.</summary>
    public required FrameBounds Bounds { get; init; }

    /// <summary>Filters (outputs of a dense layer).</summary>
    public required int Filters { get; init; }

    /// <summary>Filters whose weights are next to nothing.</summary>
    public required int DeadFilters { get; init; }

    /// <summary>The mean |cos| of the angle between two filters that are not dead; null for fewer than two.</summary>
    public required double? Correlation { get; init; }

    /// <summary>The effective rank of the filter matrix; null where it is too large, or all zero.</summary>
    public required double? EffectiveRank { get; init; }

    /// <summary>The largest rank that the filter matrix can have.</summary>
    public required int FullRank { get; init; }

    /// <summary>Weights that are other than zero.</summary>
    public required long NotZero { get; init; }

    /// <summary>Weights that the layer has, or had before training took channels out of the file.</summary>
    public required long Dense { get; init; }

    /// <summary>Measures a layer's filters beside its bounds.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="bounds">Its frame bounds.</param>
    /// <param name="threads">Threads that compute.</param>
    /// <param name="dense">How many weights it once had; 0 where nothing says that it had more.</param>
    public static LayerFigures Of(WeightLayer layer, FrameBounds bounds, int threads, long dense = 0)
    {
        double[][] filters = layer.Filters;
        double[] norms = [.. filters.Select(filter => Math.Sqrt(filter.Sum(weight => weight * weight)))];
        double largest = norms.Max();
        double[][] alive = [.. filters.Zip(norms).Where(pair => pair.Second > Dead * largest)
            .Select(pair => pair.First.Select(weight => weight / pair.Second).ToArray())];
        int fullRank = Math.Min(filters.Length, filters[0].Length);
        return new LayerFigures
        {
            Name = layer.Name,
            Kind = layer.Kind,
            Rows = layer.Rows,
            Columns = layer.Columns,
            Bounds = bounds,
            Filters = norms.Length,
            DeadFilters = norms.Length - alive.Length,
            Correlation = MeanCorrelation(alive, threads),
            EffectiveRank = fullRank > LargestMatrix || largest == 0 ? null : Rank(FrameBounds.GramEigenvalues(filters)),
            FullRank = fullRank,
            NotZero = layer.Kernels.Sum(kernel => kernel.LongCount(weight => weight != 0)),
            Dense = Math.Max(dense, layer.Kernels.Sum(kernel => kernel.LongLength)),
        };
    }

    /// <summary>The record as a text.</summary>
    public string ToJson() => JsonSerializer.Serialize(this);

    /// <summary>The record from a text.</summary>
    /// <exception cref="AuditException">The text is damaged.</exception>
    public static LayerFigures FromJson(string text) => StoredJson.Read<LayerFigures>(text, "record of a layer's weights");

    private static double? MeanCorrelation(double[][] units, int threads)
    {
        if (units.Length < 2)
        {
            return null;
        }

        double[] sums = new double[units.Length];
        Parallel.For(0, units.Length, new ParallelOptions { MaxDegreeOfParallelism = threads }, i =>
        {
            for (int j = 0; j < i; j++)
            {
                double inner = 0;
                for (int k = 0; k < units[i].Length; k++)
                {
                    inner += units[i][k] * units[j][k];
                }

                sums[i] += Math.Abs(inner);
            }
        });
        return sums.Sum() / (units.Length * (units.Length - 1L) / 2);
    }

    /// <summary>exp(−Σ p·log p) of the singular values' shares p (Roy &amp; Vetterli, EUSIPCO 2007).</summary>
    private static double Rank(double[] eigenvalues)
    {
        double[] singular = [.. eigenvalues.Select(value => Math.Sqrt(Math.Max(0, value)))];
        double sum = singular.Sum();
        return Math.Exp(-singular.Select(value => value / sum).Where(p => p > 0).Sum(p => p * Math.Log(p)));
    }
}
