using AuditKit.Training.Loop;
using TorchSharp;
using static TorchSharp.torch;

namespace AuditKit.Training.Remedies.LastLayer;

/// <summary>Logistic regressions on as many images of each group.</summary>
/// <param name="features">n×D, 64-bit floats.</param>
/// <param name="classes">n classes.</param>
/// <param name="penalised">1 for each of D columns that the ℓ1 penalty reaches, else 0.</param>
/// <param name="count">Number of classes K.</param>
internal sealed class BalancedFit(Tensor features, IReadOnlyList<int> classes, Tensor penalised, int count)
{
    /// <summary>Fits to a random subset in which every group has as many images as the smallest, for each C.</summary>
    /// <param name="groups">For each group its images; their order is changed.</param>
    /// <param name="random">Draws the subset.</param>
    /// <param name="strengths">C, rising: each fit begins at the one before.</param>
    /// <param name="fitted">Called after each fit.</param>
    /// <param name="cancellation">Stops between steps of a fit.</param>
    /// <returns>K×D weights for each C, and whether they are its minimum.</returns>
    public LogisticFit[] Path(int[][] groups, CounterRandom random, IReadOnlyList<double> strengths, Action fitted, CancellationToken cancellation)
    {
        using DisposeScope scope = NewDisposeScope();
        int smallest = groups.Min(members => members.Length);
        Array.ForEach(groups, members => random.Shuffle(members));
        int[] chosen = [.. groups.SelectMany(members => members[..smallest]).Order()];
        Tensor x = Rows(chosen);
        Tensor labels = tensor([.. chosen.Select(image => (long)classes[image])]);
        var regression = new LogisticRegression(x, labels, full(chosen.Length, 1.0 / chosen.Length, ScalarType.Float64));
        var fit = new LogisticFit(zeros([count, features.shape[1]], ScalarType.Float64), IsMinimum: false);
        return [.. strengths.Select(strength =>
        {
            fit = regression.Fit(fit.Weights, LogisticRegression.Lasso(penalised / (strength * chosen.Length)), cancellation);
            fitted();
            return fit with { Weights = fit.Weights.MoveToOuterDisposeScope() };
        })];
    }

    /// <summary>What weights score on some of the images.</summary>
    /// <param name="layer">K×D.</param>
    /// <param name="images">Which of the n images.</param>
    /// <param name="groups">The group of each of the n images.</param>
    /// <param name="hardGroup">The hard group; null for none.</param>
    public ValidationScore Score(Tensor layer, int[] images, IReadOnlyList<int> groups, int? hardGroup) => DenseHead.Score(
        layer, Rows(images), [.. images.Select(image => classes[image])], [.. images.Select(image => groups[image])], hardGroup);

    private Tensor Rows(int[] images) => features.index_select(0, tensor([.. images.Select(image => (long)image)]));
}
