using AuditKit.Models;
using AuditKit.Training.Loop;
using AuditKit.Yaml;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AuditKit.Training.Remedies;

/// <summary>
/// Attribute-adversarial training: a discriminator learns to read the attribute from the embedding e = F(x), and the
/// encoder learns to hide it, CE(C(e), y) + CE(D(GRL_λ(e)), a). The gradient reversal GRL (Ganin and Lempitsky,
/// Unsupervised domain adaptation by backpropagation, ICML 2015) is the identity forwards and times −λ backwards.
/// D has one hidden layer as wide as e. The trained model needs no attribute.
/// </summary>
public sealed class Aairm : TrainingMethod
{
    // The discriminator's first layer has as many weights as the square: 256 MiB, and three times that with gradients and Adam's means.
    private const int WidestEmbedding = 8192;

    private static readonly NumberKey s_lambda = new("lambda", "λ: how strongly the gradient is reversed", 0.5, 0, 1000);
    private static readonly FlagKey s_ramp = new("ramp", "Whether λ rises from 0 over the run");
    private static readonly TextKey s_embedding = new("embedding", "The value that the attribute is hidden in; absent, the one that an audit takes");

    /// <summary>The keys of its block.</summary>
    internal static IReadOnlyList<SpecKey> Keys { get; } = [s_lambda, s_ramp, s_embedding];

    private readonly ClassifierGraph _classifier;
    private readonly GroupTable _groups;
    private readonly double _lambda;
    private readonly bool _ramp;
    private readonly Parameter[] _discriminator;

    /// <summary>The method with a discriminator at its start.</summary>
    /// <param name="task">Network and data.</param>
    /// <param name="embedding">The value that the attribute is to be hidden in; null for the one that an audit takes.</param>
    /// <param name="lambda">How strongly the gradient is reversed, λ.</param>
    /// <param name="ramp">Whether λ rises from 0 over the run, by 2/(1 + exp(−10·p)) − 1 at progress p.</param>
    /// <exception cref="AuditException">The network has no such value, or the data no attribute with two values.</exception>
    public Aairm(TrainingTask task, string? embedding, double lambda, bool ramp)
    {
        ArgumentNullException.ThrowIfNull(task);
        task.RequireGroups("aairm");
        (_groups, _lambda, _ramp) = (task.Groups, lambda, ramp);
        string attribute = _groups.Attribute
            ?? throw new AuditException($"{task.Recipe.Name}: aairm hides an attribute of the images. Say which one with group-attribute: NAME.");
        if (task.Images.Select(image => _groups.ValueOf(_groups[image])).Distinct().Count() < 2)
        {
            throw new AuditException(
                $"{task.Recipe.Name}: the attribute '{attribute}' has only the value "
                + $"'{_groups.Values[_groups.ValueOf(_groups[task.Images[0]])]}' in the training images: there is nothing to "
                + "hide. Name another group-attribute, or train with erm.");
        }

        _classifier = task.WithTrainedEmbedding(embedding);
        (long seed, torch.Device device, int width, int values) = (task.Recipe.Seed, task.Network.Device, Width(task), _groups.Values.Count);
        _discriminator =
        [
            Initialisation.Weight(seed, "discriminator.hidden", device, width, width), Initialisation.Bias(device, width),
            Initialisation.Weight(seed, "discriminator.output", device, values, width), Initialisation.Bias(device, values),
        ];
    }

    /// <summary>Reads <c>method: { name: aairm, lambda: 0.5, ramp: false, embedding: VALUE }</c>.</summary>
    public static MethodFactory Parse(SpecMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        string? embedding = s_embedding.Read(map);
        double lambda = s_lambda.Read(map);
        bool ramp = s_ramp.Read(map);
        return task => new Aairm(task, embedding, lambda, ramp);
    }

    /// <inheritdoc/>
    public override Sampling Sampling => Sampling.GroupBalanced;

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters => _discriminator;

    /// <inheritdoc/>
    public override bool LearnsAtHeadRate => true;

    /// <inheritdoc/>
    public override Tensor Loss(TrainingStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        Tensor[] values = step.Run(_classifier.Logits, _classifier.Embedding!);
        Tensor attributes = tensor([.. step.Batch.Groups.Select(group => (long)_groups.ValueOf(group))]).to(step.Network.Device);
        Tensor hidden = nn.functional.linear(Reverse(values[1].flatten(1), Lambda(step.Progress)), _discriminator[0], _discriminator[1]).relu();
        Tensor guess = nn.functional.linear(hidden, _discriminator[2], _discriminator[3]);
        return nn.functional.cross_entropy(values[0], step.Labels) + nn.functional.cross_entropy(guess, attributes);
    }

    /// <inheritdoc/>
    public override string Report(string folder)
        => $"The attribute '{_groups.Attribute}' ({string.Join(", ", _groups.Values)}) was hidden in the value "
            + $"`{_classifier.Embedding}`, {_discriminator[0].shape[1]} numbers an image.";

    /// <summary>λ when a share of the run is done: constant, or DANN's ramp (Ganin et al., JMLR 2016, section 5.2.2).</summary>
    internal double Lambda(double progress) => _ramp ? _lambda * ((2 / (1 + Math.Exp(-10 * progress))) - 1) : _lambda;

    /// <summary>The gradient reversal: its value is <paramref name="embedding"/> exactly, for r − r is 0 in floats, too.</summary>
    internal static Tensor Reverse(Tensor embedding, double lambda)
    {
        Tensor scaled = embedding * lambda;
        return embedding.detach() - (scaled - scaled.detach());
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        foreach (Parameter parameter in _discriminator)
        {
            parameter.Dispose();
        }
        base.Dispose(disposing);
    }

    // The embedding's length.
    private int Width(TrainingTask task)
    {
        long numbers = task.Network.Shapes(task.Transform.Input, _classifier.FixedBatch ?? 1, _classifier.Embedding!)[0][1..]
            .Aggregate(1L, (product, length) => product * length);
        return numbers <= WidestEmbedding ? (int)numbers
            : throw new AuditException($"{task.Recipe.Name}: the embedding '{_classifier.Embedding}' has {NumberText.Count(numbers)} numbers an image, and "
                + $"aairm's discriminator takes {NumberText.Count(WidestEmbedding)} at most. Name a later value, such as an average over the image, with "
                + "method.embedding.");
    }
}
