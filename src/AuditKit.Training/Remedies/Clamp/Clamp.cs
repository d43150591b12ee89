using AuditKit.Imaging;
using AuditKit.Training.Loop;
using AuditKit.Yaml;
using static TorchSharp.torch;

namespace AuditKit.Training.Remedies.Clamp;

/// <summary>
/// CLAMP, or CAMEL (Goel et al., Model patching, ICLR 2021). Stage 1 learns, class by class, to move images between the
/// class's subgroups. Stage 2 trains with group DRO and a consistency of the predictions for an image and for its versions
/// in all subgroups, so that what tells the subgroups apart does not matter. The authors' code normalises the groups' weights within each
/// class, <c>weights: within-class</c>; over all groups, as in plain group DRO, is our variant.
/// </summary>
public sealed class Clamp : TrainingMethod
{
    private const int SmallestSide = 8, Shown = 4, Cell = 84, Gap = 4;
    private const string Grid = "translations.png";

    private static readonly NumberKey s_weight = new("weight", "How much the consistency of the predictions weighs", 50, 0, 1e6);
    private static readonly NumberKey s_anneal = new("anneal", "The share of the run over which the consistency's weight rises from 0", 0.1, 0, 1);
    private static readonly BlockKey s_gan = new("gan", "How the networks that move images between groups are trained", GanOptions.Keys);

    /// <summary>The keys of its block.</summary>
    internal static IReadOnlyList<SpecKey> Keys { get; } = [s_weight, s_anneal, .. Gdro.Keys, s_gan];

    private readonly TrainingTask _task;
    private readonly double _weight;
    private readonly double _anneal;
    private readonly Gdro _gdro;
    private readonly Translations[] _translations;

    private Clamp(TrainingTask task, double weight, double anneal, Gdro gdro, GanOptions options)
    {
        (_task, _weight, _anneal, _gdro) = (task, weight, anneal, gdro);
        if (task.Groups.Values.Count < 2)
        {
            throw new AuditException($"{task.Recipe.Name}: clamp moves images between the values of an attribute, but "
                + (task.Groups.Attribute is { } only ? $"'{only}' has one value only. Choose another group-attribute, or erm."
                    : "the recipe names none. Say which one with group-attribute: NAME."));
        }

        if (Math.Min(task.Transform.Input.Height, task.Transform.Input.Width) < SmallestSide)
        {
            throw new AuditException($"{task.Recipe.Name}: clamp needs images of at least {SmallestSide}×{SmallestSide} pixels, "
                + $"not {task.Transform.Input}. Choose gdro or aairm.");
        }

        // Of all classes, before the first one's networks are trained for hours.
        Translations.RequireMemory(task);
        _translations = [.. Enumerable.Range(0, task.Data.Classes.Count).Select(label => Translations.Of(task, label, options))];
    }

    /// <summary>
    /// Reads <c>method: { name: clamp, weight: 50, step: 0.01, adjustment: 0, weights: all, gan: { steps: 2000, batch: 8, rate: 0.0002 } }</c>.
    /// </summary>
    public static MethodFactory Parse(SpecMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        double weight = s_weight.Read(map);
        double anneal = s_anneal.Read(map);
        Func<TrainingTask, Gdro> gdro = Gdro.ParseFactory(map);
        var options = GanOptions.Parse(map.OptionalMap(s_gan.Key));
        return task =>
        {
            task.RequireGroups("clamp");
            return new Clamp(task, weight, anneal, gdro(task), options);
        };
    }

    /// <inheritdoc/>
    public override Sampling Sampling => _gdro.Sampling;

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> State => _gdro.State;

    /// <inheritdoc/>
    public override int Versions => 1 + _task.Groups.Values.Count;

    /// <inheritdoc/>
    public override bool VersionsFitInput => true;

    /// <inheritdoc/>
    public override Image Version(int version, int index, Image original, CounterRandom random)
        => _translations[_task.Data.Label(index)].Version(index, version - 1);

    /// <inheritdoc/>
    public override Tensor Loss(TrainingStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        Tensor[] logits = step.Logits(cat([.. Enumerable.Range(0, Versions).Select(step.Images)])).split(step.Batch.Count);
        // A new classifier says nothing yet that its answers to moved images should agree with.
        double share = _anneal > 0 ? Math.Min(1, step.Progress / _anneal) : 1;
        return _gdro.Loss(step, logits[0]) + (share * _weight * Consistency.Loss(logits[0], logits[1..]));
    }

    /// <inheritdoc/>
    public override string Report(string folder)
    {
        Image[] images = [.. _translations.SelectMany(translations => translations.Samples(Shown))];
        AtomicFile.Write(Path.Combine(folder, Grid), Png.Encode(ContactSheet.Of(images, Versions * Shown, Cell, Gap)));
        (string attribute, IReadOnlyList<string> values) = (_task.Groups.Attribute!, _task.Groups.Values);
        return $"""
            ![Training images and their translations]({Grid})

            Side by side a training image, and the same image moved into {attribute} {string.Join(", into ", values)}
            by the CycleGANs of its class. The rows are the groups: {string.Join("; ", Enumerable.Range(0, _task.Groups.Count).Select(_task.Groups.Name))}.

            {_gdro.Report(folder)}
            """;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _gdro.Dispose();
        base.Dispose(disposing);
    }
}
