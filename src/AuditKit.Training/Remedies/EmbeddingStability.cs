using System.Globalization;
using AuditKit.Imaging;
using AuditKit.Training.Loop;
using AuditKit.Yaml;
using static TorchSharp.torch;

namespace AuditKit.Training.Remedies;

/// <summary>
/// Stability training of an embedding f (Zheng et al., Improving the robustness of deep neural networks via stability training,
/// CVPR 2016): triplets (q, p, n) of a query, another image of its class and one of another class give the ranking loss
/// max(0, m + ‖f(q) − f(p)‖ − ‖f(q) − f(n)‖); every image and its distorted copy give α·‖f(x) − f(x′)‖. Both are means over
/// the batch. Embeddings may be divided by their norms first, so that distances lie in [0, 2] and no scale evades the margin.
/// </summary>
/// <remarks>
/// The layers behind the embedding get no gradient: a start model's classes are kept as far as its embedding stays where
/// it was, which is what model selection by validation accuracy then looks for. A new head says nothing of any epoch, so that the last is kept.
/// </remarks>
public sealed class EmbeddingStability : TrainingMethod
{
    private static readonly NumberKey s_margin = new("margin", "m: how much nearer an image of the same class must be; task: embedding alone", 0.1, 0, 1e6);
    private static readonly TextKey s_embedding = new("embedding", "The value that is trained, task: embedding alone; absent, the one that an audit takes");

    private static readonly FlagKey s_normalise = new("normalise", "Whether embeddings are divided by their norms, task: embedding alone");

    /// <summary>The keys of its block.</summary>
    internal static IReadOnlyList<SpecKey> Keys { get; } = [s_margin, s_embedding, s_normalise];

    private readonly string _embedding;
    private readonly double _margin;
    private readonly double _weight;
    private readonly Distortion _distortion;
    private readonly bool _normalises;
    private readonly bool _headIsNew;

    private EmbeddingStability(TrainingTask task, string? embedding, double margin, double weight, Distortion distortion, bool normalises)
        => (_embedding, _margin, _weight, _distortion, _normalises, _headIsNew)
            = (task.WithTrainedEmbedding(embedding).Embedding!, margin, weight, distortion, normalises, task.Recipe.Model.Path.Length == 0);

    /// <summary>
    /// Reads what <c>task: embedding</c> takes beside the weight and the distortion: <c>margin: m, embedding: VALUE, normalise: false</c>.
    /// </summary>
    internal static MethodFactory Parse(SpecMap map, double weight, Distortion distortion)
    {
        double margin = s_margin.Read(map);
        string? name = s_embedding.Read(map);
        bool normalises = s_normalise.Read(map);
        return task => new EmbeddingStability(task, name, margin, weight, distortion, normalises);
    }

    /// <inheritdoc/>
    public override bool NeedsPixels => true;

    /// <inheritdoc/>
    public override int FirstKept(int epochs) => _headIsNew ? epochs - 1 : 0;

    /// <inheritdoc/>
    public override int Versions => _distortion.Versions;

    /// <inheritdoc/>
    public override Image Version(int version, int index, Image original, CounterRandom random) => _distortion.Apply(original, random);

    /// <inheritdoc/>
    public override Tensor Loss(TrainingStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        Tensor both = cat([step.Images(), _distortion.Images(step)]);
        Tensor rows = step.Network.Run(step.Normalise(both), _embedding)[0].flatten(1);
        Tensor[] embeddings = (_normalises ? nn.functional.normalize(rows, dim: 1) : rows).split(step.Batch.Count);
        Tensor loss = _weight * Distance(embeddings[0], embeddings[1]).mean();
        if (Triplets(step.Batch.Labels, step.Random) is not { Length: > 0 } triplets)
        {
            return loss;
        }

        Tensor query = Rows(triplet => triplet.Query);
        Tensor hinge = (_margin + Distance(query, Rows(triplet => triplet.Same)) - Distance(query, Rows(triplet => triplet.Other))).relu();
        return loss + hinge.mean();

        Tensor Rows(Func<(int Query, int Same, int Other), long> place)
            => embeddings[0].index_select(0, tensor([.. triplets.Select(place)]).to(embeddings[0].device));
    }

    /// <inheritdoc/>
    public override string Report(string folder) => string.Create(
        CultureInfo.InvariantCulture,
        $"Stability training (embedding `{_embedding}`{(_normalises ? ", normalised" : "")}), margin m = {_margin}, weight α = {_weight}, distortion: "
        + $"{_distortion.Description}. The layers behind the embedding were not trained")
        + (_headIsNew ? ", and are drawn by the seed: what the model answers means nothing, and the last epoch is kept." : ".");

    /// <summary>
    /// One triplet for every image that has a partner in the batch: another image of its class and one of another class,
    /// each equally likely.
    /// </summary>
    /// <param name="labels">The classes of the batch's images.</param>
    /// <param name="random">The step's draws.</param>
    internal static (int Query, int Same, int Other)[] Triplets(IReadOnlyList<long> labels, CounterRandom random)
    {
        int[] all = [.. Enumerable.Range(0, labels.Count)];
        ILookup<long, int> members = all.ToLookup(image => labels[image]);
        List<(int, int, int)> triplets = [];
        foreach (int query in all)
        {
            int[] same = [.. members[labels[query]].Where(image => image != query)];
            int[] others = [.. all.Where(image => labels[image] != labels[query])];
            if (same.Length > 0 && others.Length > 0)
            {
                triplets.Add((query, same[random.NextInt32(same.Length)], others[random.NextInt32(others.Length)]));
            }
        }

        return [.. triplets];
    }

    private static Tensor Distance(Tensor a, Tensor b) => (a - b).norm(1);
}
