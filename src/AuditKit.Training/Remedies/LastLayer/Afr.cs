using System.Globalization;
using System.Text;
using AuditKit.Training.Loop;
using AuditKit.Yaml;
using TorchSharp;
using static TorchSharp.torch;

namespace AuditKit.Training.Remedies.LastLayer;

/// <summary>
/// Automatic feature reweighting (Qiu, Potapczynski, Izmailov and Wilson, Simple and fast group robustness by automatic feature
/// reweighting, ICML 2023). Empirical risk minimisation on most of the training images; then the last layer is fitted to the rest with
/// weights μ_i ∝ exp(−γ·p_i)/n_{y_i}, Σ μ_i = 1, where p_i is the probability that the model gives image i's class y_i of n_{y_i} images:
/// Σ μ_i·CE_i + λ·‖W − W_ERM‖². No training image's group is asked for. γ and λ are chosen by the validation images' worst group, or the hard
/// one that the recipe names.
/// </summary>
public sealed class Afr : TrainingMethod
{
    private static readonly NumberKey s_share = new(
        "share", "The share of the training images that the last layer alone is fitted to; all of them with epochs: 0", 0.2, 0.01, 0.9);
    private static readonly NumbersKey s_gammas = new("gamma", "The γ tried: how much more images count that the model gets wrong", 0, 1000);
    private static readonly NumbersKey s_lambdas = new("lambda", "The λ tried: how strongly the last layer is drawn to the one before", 1e-6, 1e6);
    private static readonly TextKey s_embedding = new("embedding", "The value that the last layer reads; absent, the one that an audit takes");

    // The authors' ranges for Waterbirds (4 to 20) and CelebA (1 to 3). Their λ = 0 has no minimum where classes can be separated.
    private static readonly double[] s_defaultGammas = [1, 2, 3, 4, 6, 8, 10, 13, 16, 20];
    private static readonly double[] s_defaultLambdas = [0.4, 0.2, 0.1, 0.01, 0.001];

    /// <summary>The keys of its block.</summary>
    internal static IReadOnlyList<SpecKey> Keys { get; } = [s_share, s_gammas, s_lambdas, s_embedding];

    private readonly TrainingTask _task;
    private readonly DenseHead _head;
    private readonly IReadOnlyList<double> _gammas;
    private readonly IReadOnlyList<double> _lambdas;

    // For each training image whether the last layer alone is fitted to it.
    private readonly bool[] _isKept;
    private string _report = "";

    private Afr(TrainingTask task, double share, IReadOnlyList<double> gammas, IReadOnlyList<double> lambdas, string? embedding)
    {
        if (task.Recipe is { Epochs: 0, Features: not null })
        {
            throw new AuditException($"{task.Recipe.Name}: AFR weighs images by what a trained model gets wrong, and a new head on features is not trained. "
                + "Give at least 1 epoch, or a trained model: model: { path: PATH }.");
        }

        HeldOutGroups.Require(task, fewest: 1);
        (_task, _head, _gammas, _lambdas) = (task, DenseHead.Of(task, embedding), gammas, lambdas);
        _isKept = Keep(task, task.Recipe.Epochs == 0 ? 1 : share);
        if (task.Recipe.Epochs > 0)
        {
            Trainer.RequireBatch(task.Recipe, _isKept.Count(kept => !kept));
        }
    }

    /// <summary>Reads <c>method: { name: afr, share: 0.2, gamma: [4, 8, 16], lambda: [0.1, 0.4], embedding: VALUE }</c>.</summary>
    /// <exception cref="AuditException">A value is out of range.</exception>
    public static MethodFactory Parse(SpecMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        double share = s_share.Read(map);
        (IReadOnlyList<double> gammas, IReadOnlyList<double> lambdas) = (s_gammas.Read(map, s_defaultGammas), s_lambdas.Read(map, s_defaultLambdas));
        string? embedding = s_embedding.Read(map);
        return task => new Afr(task, share, gammas, lambdas, embedding);
    }

    /// <inheritdoc/>
    public override bool NeedsEpochs => false;

    /// <inheritdoc/>
    public override IReadOnlyList<int> Repeats(TrainingSet images) => [.. _isKept.Select(kept => kept ? 0 : 1)];

    /// <inheritdoc/>
    public override ValidationScore? Finish(TrainingSet training)
    {
        ArgumentNullException.ThrowIfNull(training);
        using DisposeScope scope = NewDisposeScope();
        using IDisposable gradients = no_grad();
        Embeddings kept = _head.EmbeddingsOf(training.Part([.. Enumerable.Range(0, training.Count).Where(place => _isKept[place])]));
        Embeddings validation = _head.EmbeddingsOf(_task.Validation);
        (Tensor features, Tensor judged, Tensor start) = (_head.Features(kept), _head.Features(validation), _head.Read());
        Tensor labels = tensor([.. kept.Classes.Select(label => (long)label)]);
        List<(double Gamma, double Lambda, ValidationScore Score, LogisticFit Fit)> tried = [];
        foreach (double gamma in _gammas)
        {
            var regression = new LogisticRegression(features, labels, Weights(features.mm(start.t()), labels, gamma));
            var fit = new LogisticFit(start, IsMinimum: false);
            foreach (double lambda in _lambdas)
            {
                fit = regression.Fit(fit.Weights, LogisticRegression.Ridge(lambda, start), _task.Cancellation);
                tried.Add((gamma, lambda, Score(fit.Weights), fit));
                _task.Progress("choosing γ and λ", tried.Count, _gammas.Count * _lambdas.Count);
            }
        }

        var best = tried[_task.Recipe.Selection.Best([.. tried.Select(each => each.Score)])];
        _head.Write(best.Fit.Weights);
        Say(kept, validation, best.Gamma, best.Lambda, best.Score, Score(start));
        _report += LogisticRegression.Caveat(best.Fit.IsMinimum ? 0 : 1, 1) + HeldOutGroups.Caveat(_task);
        return best.Score;

        ValidationScore Score(Tensor layer) => DenseHead.Score(layer, judged, validation.Classes, validation.Groups, _task.HardGroup);
    }

    /// <inheritdoc/>
    public override string Report(string folder) => _report;

    /// <summary>μ_i ∝ exp(−γ·p_i)/n_{y_i}, which sum to 1.</summary>
    /// <param name="logits">n×K.</param>
    /// <param name="labels">n classes, int64.</param>
    /// <param name="gamma">γ.</param>
    internal static Tensor Weights(Tensor logits, Tensor labels, double gamma)
    {
        Tensor right = logits.softmax(1).gather(1, labels.unsqueeze(1)).squeeze(1);
        // Weights are in proportion: counted from the least p, none of them all vanish where γ is large.
        Tensor surprise = ((right - right.min()) * -gamma).exp();
        Tensor weights = surprise / labels.bincount(null, logits.shape[1]).to(ScalarType.Float64).index_select(0, labels);
        return weights / weights.sum();
    }

    // The share of each class, drawn by the seed.
    private static bool[] Keep(TrainingTask task, double share)
    {
        bool[] kept = new bool[task.Images.Count];
        foreach (IGrouping<int, int> members in Enumerable.Range(0, kept.Length).GroupBy(place => task.Data.Label(task.Images[place])))
        {
            int[] places = [.. members];
            CounterRandom.For(task.Recipe.Seed, "afr/share", members.Key).Shuffle(places);
            int count = (int)Math.Round(share * places.Length);
            if (count == 0 || (share < 1 && count == places.Length))
            {
                throw new AuditException($"{task.Recipe.Name}: of the {places.Length} training images of {task.Data.Classes[members.Key]} a share of {share} "
                    + "cannot be kept from training: it needs at least one, and one to train on. Change method.share.");
            }

            Array.ForEach(places[..count], place => kept[place] = true);
        }

        return kept;
    }

    private void Say(Embeddings kept, Embeddings validation, double gamma, double lambda, ValidationScore score, ValidationScore before)
        => _report = new StringBuilder().Append(CultureInfo.InvariantCulture, $"""
            The epochs trained on {_isKept.Length - kept.Count} images. Then the last layer was fitted (AFR) on `{_head.Embedding}`, {kept.Length} numbers
            an image, of the {kept.Count} others, γ = {gamma}, λ = {lambda}, chosen from {_gammas.Count} × {_lambdas.Count} by the {score.WantedName} of the
            {validation.Count} validation images. Their {score.WantedName} went from {NumberText.Percent(before.WantedGroup)} to
            {NumberText.Percent(score.WantedGroup)}, their accuracy from {NumberText.Percent(before.Accuracy)} to {NumberText.Percent(score.Accuracy)}.
            """).ToString();
}
