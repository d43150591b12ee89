using System.Globalization;
using System.Text;
using AuditKit.Training.Loop;
using AuditKit.Yaml;
using TorchSharp;
using static TorchSharp.torch;

namespace AuditKit.Training.Remedies.LastLayer;

/// <summary>
/// Deep feature reweighting (Kirichenko, Izmailov and Wilson, Last layer re-training is sufficient for robustness to spurious correlations,
/// ICLR 2023): after empirical risk minimisation the last layer is fitted anew, by ℓ1-penalised logistic regression on held-out
/// embeddings, standardised, as many of each group. C is chosen by the worst group (or the hard one that the recipe names) of the other half
/// of the held-out images, means over
/// random halves; the layer is the mean of fits to several balanced subsets of all of them. Standardisation is folded into the weights.
/// </summary>
public sealed class Dfr : TrainingMethod
{
    /// <summary>Held-out images that a group needs, so that each half has half of them (our choice).</summary>
    internal const int Fewest = 8;

    private static readonly NumbersKey s_strengths = new(
        "c", "The penalties tried, as C = 1/(n·λ) of the mean loss of n images plus λ·‖W‖₁", 1e-6, 1e6);
    private static readonly IntegerKey s_subsets = new("subsets", "Balanced subsets whose fits are averaged", 10, 1, 1000);
    private static readonly TextKey s_embedding = new("embedding", "The value that the last layer reads; absent, the one that an audit takes");

    // The authors' choices for Waterbirds, from the strongest penalty, which is fitted soonest.
    private static readonly double[] s_defaults = [0.01, 0.03, 0.07, 0.1, 0.3, 0.7, 1];

    /// <summary>The keys of its block.</summary>
    internal static IReadOnlyList<SpecKey> Keys { get; } = [s_strengths, s_subsets, s_embedding];

    private readonly TrainingTask _task;
    private readonly DenseHead _head;
    private readonly double[] _strengths;
    private readonly int _subsets;
    private readonly StringBuilder _report = new();

    private Dfr(TrainingTask task, IEnumerable<double> strengths, int subsets, string? embedding)
    {
        HeldOutGroups.Require(task, Fewest);
        (_task, _head, _strengths, _subsets) = (task, DenseHead.Of(task, embedding), [.. strengths.Order()], subsets);
    }

    /// <summary>Reads <c>method: { name: dfr, c: [0.01, 0.1, 1], subsets: 10, embedding: VALUE }</c>.</summary>
    /// <exception cref="AuditException">A value is out of range.</exception>
    public static MethodFactory Parse(SpecMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        IReadOnlyList<double> strengths = s_strengths.Read(map, s_defaults);
        int subsets = s_subsets.Read(map);
        string? embedding = s_embedding.Read(map);
        return task => new Dfr(task, strengths, subsets, embedding);
    }

    /// <inheritdoc/>
    public override bool NeedsEpochs => false;

    /// <inheritdoc/>
    public override ValidationScore? Finish(TrainingSet training)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable gradients = no_grad();
        Embeddings embeddings = _head.EmbeddingsOf(_task.Validation);
        Tensor features = _head.Features(embeddings);
        (Tensor mean, Tensor scale) = Moments(features);
        Tensor standardised = (features - mean) * scale;
        int[][] groups = [.. Enumerable.Range(0, embeddings.Count).GroupBy(image => embeddings.Groups[image]).OrderBy(group => group.Key)
            .Select(group => group.ToArray())];
        var fit = new BalancedFit(standardised, embeddings.Classes, Penalised(features), _head.Classes);

        ValidationScore[] scores = Scores(fit, groups, embeddings.Groups);
        // At a tie the stronger penalty, which stands first.
        int best = _task.Recipe.Selection.Best(scores);
        LogisticFit[] fits = [.. Enumerable.Range(0, _subsets).Select(subset => fit.Path(
            groups, CounterRandom.For(_task.Recipe.Seed, "dfr/subset", subset), [_strengths[best]],
            () => _task.Progress("fitting the last layer", subset + 1, _subsets), _task.Cancellation)[0])];
        Tensor layer = stack(fits.Select(each => each.Weights)).mean([0]) * scale;
        if (_head.HasBias)
        {
            Tensor bias = layer.select(1, -1);
            bias.sub_(layer.mv(mean));
        }

        _head.Write(layer);
        Say(embeddings, groups, scores, best);
        _report.Append(LogisticRegression.Caveat(fits.Count(each => !each.IsMinimum), fits.Length)).Append(HeldOutGroups.Caveat(_task));
        return scores[best];
    }

    /// <inheritdoc/>
    public override string Report(string folder) => _report.ToString();

    // For each C what the other half of the held-out images says, means over random halves.
    private ValidationScore[] Scores(BalancedFit fit, int[][] groups, IReadOnlyList<int> groupOf)
    {
        var scores = new ValidationScore[_subsets][];
        int fitted = 0;
        for (int half = 0; half < _subsets; half++)
        {
            using DisposeScope scope = NewDisposeScope();
            CounterRandom random = CounterRandom.For(_task.Recipe.Seed, "dfr/half", half);
            Array.ForEach(groups, members => random.Shuffle(members));
            int[] judged = [.. groups.SelectMany(members => members[(members.Length / 2)..])];
            LogisticFit[] fits = fit.Path(
                [.. groups.Select(members => members[..(members.Length / 2)])], random, _strengths,
                () => _task.Progress("choosing C", ++fitted, _subsets * _strengths.Length), _task.Cancellation);
            scores[half] = [.. fits.Select(each => fit.Score(each.Weights, judged, groupOf, _task.HardGroup))];
        }

        return [.. _strengths.Select((_, i) => ValidationScore.Mean([.. scores.Select(ofHalf => ofHalf[i])]))];
    }

    // The mean and 1 / standard deviation of every column; a bias's column, and one that never changes, stays as it is.
    private (Tensor Mean, Tensor Scale) Moments(Tensor features)
    {
        Tensor deviation = features.std(0, unbiased: false);
        Tensor varies = deviation > 1e-12;
        Tensor scale = where(varies, 1 / deviation, ones_like(deviation));
        return (_head.HasBias ? where(varies, features.mean([0]), zeros_like(deviation)) : zeros_like(deviation), scale);
    }

    private Tensor Penalised(Tensor features)
    {
        Tensor penalised = ones(features.shape[1], ScalarType.Float64);
        if (_head.HasBias)
        {
            penalised[^1] = 0;
        }

        return penalised;
    }

    private void Say(Embeddings embeddings, int[][] groups, ValidationScore[] scores, int best)
    {
        _report.Clear().Append(CultureInfo.InvariantCulture, $"""
            After the epochs the last layer was fitted anew (DFR) on `{_head.Embedding}`, {embeddings.Length} numbers an image: the mean of
            {_subsets} fits to {groups.Min(members => members.Length)} held-out images of each of {groups.Length} groups, C = {_strengths[best]}. C was
            chosen by halves of the held-out images, and what this card calls fitted are its figures here; the layer was then fitted to all of them:

            | C | {scores[best].WantedName} | accuracy |
            |---:|---:|---:|

            """);
        foreach ((int i, ValidationScore score) in scores.Index())
        {
            _report.Append(
                CultureInfo.InvariantCulture, $"| {_strengths[i]} | {NumberText.Percent(score.WantedGroup)} | {NumberText.Percent(score.Accuracy)} |\n");
        }
    }
}
