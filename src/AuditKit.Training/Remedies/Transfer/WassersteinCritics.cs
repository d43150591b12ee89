using System.Text;
using AuditKit.Training.Graphs;
using AuditKit.Training.Loop;
using AuditKit.Yaml;
using TorchSharp;
using static TorchSharp.torch;

namespace AuditKit.Training.Remedies.Transfer;

/// <summary>
/// Adversarial transfer of weights: max over critics, min over w of cross-entropy + Σ_j λ_j·[E f_j(w_j) − E f_j(w_j⁰)], j being the layers of the
/// encoder, w⁰ the weights at the start, and f_j a critic with Lipschitz constant 1, so that the bracket is a lower bound of the
/// Wasserstein-1 distance. Its samples are a layer's filters, whatever their order: where L2-SP holds each filter to its own, here filters may
/// change places. Biases and normalisations are free.
/// </summary>
public sealed class WassersteinCritics : TrainingMethod
{
    private static readonly NumbersKey s_lambda = new(
        "lambda", "λ: how strongly filters are drawn to those at the start; one number, or one a layer", 0, 1e9);
    private static readonly NumberKey s_ramp = new(
        "ramp", "The share of the run over which λ rises from 0: at the start there is nothing to tell apart", 0.1, 0, 1);
    private static readonly IntegerKey s_steps = new("critic-steps", "Steps of the critics before each step of the network", 5, 1, 1000);
    private static readonly NumberKey s_rate = new(
        "critic-rate", "The critics' learning rate; faster, their layers would not stay orthonormal", 0.03, 0, 0.1);

    /// <summary>The keys of its block.</summary>
    internal static IReadOnlyList<SpecKey> Keys { get; } = [s_lambda, s_ramp, s_steps, s_rate, TransferKeys.Embedding];

    private readonly IReadOnlyList<LinearLayer> _layers;
    private readonly LayerCritics _critics;
    private readonly IReadOnlyList<double> _lambda;
    private readonly double _ramp;
    private readonly int _steps;

    /// <summary>The method at the start of a run.</summary>
    /// <param name="task">The network, as it is before training.</param>
    /// <param name="lambda">λ, one number or one for each convolution and matrix product of the encoder.</param>
    /// <param name="ramp">The share of the run over which λ rises from 0, in [0, 1].</param>
    /// <param name="steps">Steps of the critics before each step of the network.</param>
    /// <param name="rate">The critics' learning rate.</param>
    /// <param name="embedding">The value that the classifier reads; null for the one that an audit takes.</param>
    /// <exception cref="AuditException">The encoder has no such layer, or another number of them.</exception>
    public WassersteinCritics(TrainingTask task, IReadOnlyList<double> lambda, double ramp, int steps, double rate, string? embedding)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(lambda);
        var parts = TransferParts.Of(task, embedding);
        _layers = [.. LinearLayer.Find(task.Network).Where(layer => parts.Encoder.ContainsKey(layer.Name))];
        if (_layers.Count == 0)
        {
            throw new AuditException($"{task.Recipe.Name}: the model has no convolution and no matrix product before its last "
                + "layer whose filters could be compared.");
        }

        (_lambda, _ramp, _steps) = (LayerNumbers.Of(s_lambda.Key, lambda, _layers), ramp, steps);
        using DisposeScope scope = NewDisposeScope();
        using IDisposable gradients = no_grad();
        _critics = new LayerCritics(task.Recipe.Seed, [.. _layers.Select(layer => layer.Name)], [.. _layers.Select(Filters)], rate);
    }

    /// <summary>Reads <c>method: { name: wasserstein, lambda: 0.1, ramp: 0.1, critic-steps: 5, critic-rate: 0.03, embedding: VALUE }</c>.</summary>
    /// <exception cref="AuditException">A value is missing or out of range.</exception>
    public static MethodFactory Parse(SpecMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        IReadOnlyList<double> lambda = s_lambda.Read(map, [0.1]);
        (double ramp, int steps, double rate) = (s_ramp.Read(map), s_steps.Read(map), s_rate.Read(map));
        string? embedding = TransferKeys.Embedding.Read(map);
        return task => new WassersteinCritics(task, lambda, ramp, steps, rate, embedding);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> State => _critics.State;

    /// <inheritdoc/>
    public override Tensor Loss(TrainingStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        Tensor[] filters = [.. _layers.Select(Filters)];
        for (int i = 0; i < _steps; i++)
        {
            _critics.Step(filters);
        }

        Tensor loss = step.CrossEntropy();
        double share = Share(step.Progress);
        return filters.Select((layer, j) => share * _lambda[j] * _critics.Distance(j, layer)).Aggregate(loss, (sum, distance) => sum + distance);
    }

    /// <summary>How much of λ counts when a share of the run is done.</summary>
    internal double Share(double progress) => _ramp == 0 ? 1 : Math.Min(1, progress / _ramp);

    /// <inheritdoc/>
    public override string Report(string folder)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable gradients = no_grad();
        var text = new StringBuilder("Wasserstein critics of the encoder's filters. *Critic*: their lower bound of the Wasserstein-1 distance "
            + "from the filters at the start; *matched*: the mean distance of each filter from its own start, which is at least that distance. "
            + $"A critic sees {Critic.MaxWidth} dimensions at most: the bound of a layer of more filters is looser. "
            + "Critics are those of the last step, filters of the epoch that was kept.\n\n"
            + $"λ rises over {NumberText.ExactPercent(_ramp)} of the run; {NumberText.Count(_steps, "critic step", "critic steps")} "
            + "a step of the network.\n\n"
            + "| layer | filters | λ | critic | matched |\n|---|---:|---:|---:|---:|\n");
        foreach ((int j, LinearLayer layer) in _layers.Index())
        {
            Tensor filters = Filters(layer);
            text.Append($"| `{layer.Name}` | {string.Join('×', filters.shape)} | {NumberText.Value(_lambda[j])} "
                + $"| {NumberText.Value(_critics.Distance(j, filters).to(ScalarType.Float64).item<double>())} | "
                    + $"{NumberText.Value(_critics.MatchedDistance(j, filters).to(ScalarType.Float64).item<double>())} |\n");
        }

        return text.ToString();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _critics.Dispose();
        base.Dispose(disposing);
    }

    private static Tensor Filters(LinearLayer layer) => layer.Filters().flatten(0, 1);
}
