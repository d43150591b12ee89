using System.Globalization;
using System.Text;
using AuditKit.Training.Graphs;
using AuditKit.Training.Loop;
using AuditKit.Yaml;
using static TorchSharp.torch;

namespace AuditKit.Training.Remedies;

/// <summary>
/// Group distributionally robust optimisation (Sagawa, Koh, Hashimoto and Liang, Distributionally robust neural networks
/// for group shifts, ICLR 2020, algorithm 1): every step raises the weights of the groups with the highest losses,
/// q_g ← q_g · exp(η · (l_g + K/√n_g)), normalised, and descends Σ_g q_g · l_g. Strong weight decay is part of the method.
/// Weights are normalised over all groups, or, as in the code of Goel et al. (Model patching, ICLR 2021), within each class, every class
/// having its share of the groups.
/// </summary>
public sealed class Gdro : TrainingMethod
{
    private static readonly NumberKey s_step = new("step", "η: the step size of the groups' weights", 0.01, 0, 10);
    private static readonly NumberKey s_adjustment = new("adjustment", "K: how much worse small groups count than they look in training", 0, 0, 1000);

    private static readonly ChoiceKey<bool> s_withinClass = new(
        "weights", "What groups' weights are normalised over", new Dictionary<string, bool> { ["all"] = false, ["within-class"] = true }, false);

    /// <summary>The keys of its block.</summary>
    internal static IReadOnlyList<SpecKey> Keys { get; } = [s_step, s_adjustment, s_withinClass];

    private readonly GroupTable _groups;
    private readonly IReadOnlyList<int> _counts;
    private readonly double _step;
    private readonly bool _withinClass;

    // K/√n_g, and log q_g: a product over many steps would leave the floats' range.
    private readonly Tensor _adjustment;
    private readonly Tensor _logWeights;

    /// <summary>The method, all groups weighing the same.</summary>
    /// <param name="task">Network and data.</param>
    /// <param name="step">The weights' step size η.</param>
    /// <param name="adjustment">The generalisation adjustment K: small groups count as worse than they look in training.</param>
    /// <param name="withinClass">Whether the weights of a class's groups sum to the class's share of the groups; else those of all groups to 1.</param>
    /// <exception cref="AuditException">A group has no training image, or the images' groups are not known.</exception>
    public Gdro(TrainingTask task, double step, double adjustment, bool withinClass = false)
    {
        ArgumentNullException.ThrowIfNull(task);
        task.RequireGroups("gdro");
        (_groups, _counts, _step, _withinClass) = (task.Groups, task.GroupCounts(), step, withinClass);
        string[] empty = [.. Enumerable.Range(0, _groups.Count).Where(group => _counts[group] == 0).Select(_groups.Name)];
        if (empty.Length > 0)
        {
            throw new AuditException(
                $"{task.Recipe.Name}: {task.Data.Name} has no training image of {(empty.Length == 1 ? "the group" : "the groups")} {string.Join("; ", empty)}. "
                + "The worst group cannot be improved without seeing it: add images, or leave the class or the attribute's value out.");
        }

        _adjustment = tensor([.. _counts.Select(count => (float)(adjustment / Math.Sqrt(count)))]).to(task.Network.Device).DetachFromDisposeScope();
        _logWeights = full(_groups.Count, -(float)Math.Log(_groups.Count)).to(task.Network.Device).DetachFromDisposeScope();
    }

    /// <summary>Reads <c>method: { name: gdro, step: 0.01, adjustment: 0, weights: all }</c>.</summary>
    public static MethodFactory Parse(SpecMap map) => new(ParseFactory(map));

    /// <summary>The same for a method that adds to this one.</summary>
    internal static Func<TrainingTask, Gdro> ParseFactory(SpecMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        double step = s_step.Read(map);
        double adjustment = s_adjustment.Read(map);
        bool withinClass = s_withinClass.Read(map);
        return task => new Gdro(task, step, adjustment, withinClass);
    }

    /// <inheritdoc/>
    public override Sampling Sampling => Sampling.GroupBalanced;

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> State => [_logWeights];

    /// <inheritdoc/>
    public override Tensor Loss(TrainingStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        return Loss(step, step.Logits());
    }

    /// <summary>The loss of logits that have been computed already; it moves the groups' weights.</summary>
    /// <param name="step">The step that they belong to.</param>
    /// <param name="logits">n×K.</param>
    internal Tensor Loss(TrainingStep step, Tensor logits)
    {
        Tensor losses = Shares(step.Batch.Groups).to(logits.device).mv(nn.functional.cross_entropy(logits, step.Labels, reduction: nn.Reduction.None));
        using (no_grad())
        {
            Tensor raised = _logWeights + (_step * (losses.detach() + _adjustment));
            // Group g = y · A + a: a row of the table is a class.
            int classes = _groups.Count / _groups.Values.Count;
            _logWeights.copy_(_withinClass ? raised.view(classes, -1).log_softmax(1).flatten() - Math.Log(classes) : raised.log_softmax(0));
        }

        return _logWeights.exp().dot(losses);
    }

    /// <inheritdoc/>
    public override string Report(string folder)
    {
        float[] weights = _logWeights.exp().ToFloats();
        var table = new StringBuilder("Weights of the groups after the last step:\n\n| group | training images | weight |\n|---|---:|---:|\n");
        foreach ((int group, float weight) in weights.Index())
        {
            table.Append(CultureInfo.InvariantCulture, $"| {_groups.Name(group)} | {_counts[group]} | {weight:F3} |\n");
        }

        return table.ToString();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _adjustment.Dispose();
        _logWeights.Dispose();
        base.Dispose(disposing);
    }

    // Row g holds 1/n at the n images of group g: its product with the images' losses is the groups' mean losses, 0 for
    // a group without an image.
    private Tensor Shares(int[] groups)
    {
        float[,] shares = new float[_groups.Count, groups.Length];
        foreach (IGrouping<int, int> members in Enumerable.Range(0, groups.Length).GroupBy(image => groups[image]))
        {
            foreach (int image in members)
            {
                shares[members.Key, image] = 1f / members.Count();
            }
        }

        return tensor(shares);
    }
}
