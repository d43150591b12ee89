using AuditKit.Evidence;
using AuditKit.Models;

namespace AuditKit.Checks.WhiteBox;

/// <summary>
/// Attacks a seeded sample of the images with the model's own gradients. Images that are misclassified as they are, or
/// that fell to a smaller perturbation of the same norm, need no attack.
/// </summary>
public sealed class WhiteBoxCheck(WhiteBoxOptions options) : ICheck
{
    /// <summary>The images kept for the report under each budget: the first of the sample, where they fall to an attack.</summary>
    private const int Examples = 24;

    /// <summary>A step needs the model's answer and its gradient, which costs about twice as much.</summary>
    private const long PerStep = 3;

    /// <summary>The check's key in specs.</summary>
    internal const string Key = "white-box";

    /// <inheritdoc/>
    public string Name => Key;

    /// <inheritdoc/>
    public CheckCost Cost(int images, long seed) => new(0)
    {
        Attacked = options.Images,
        PerAttacked = PerStep * options.Budgets.Count * options.Attacks.Count * options.Restarts * options.Steps,
    };

    /// <inheritdoc/>
    public void Run(CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        AuditedModel attacked = AttackedModel.Of(context);
        int[] sample = [.. AttackSample.Order(context.Seed, context.Data.Count).Take(options.Images)];
        HashSet<int> shown = [.. sample.Take(Examples)];
        // The order is the one in which images are dealt, so that a shard has measured its own of the sample.
        sample = [.. sample.Where((_, place) => context.Share.Holds(place))];
        using IGradientModel? gradients = sample.Length == 0 ? null : context.Models.OpenGradients(attacked);
        InferencePass.RunClean(context);
        HashSet<int> attackedHere = [.. sample];
        var clean = context.Evidence.Predictions(Condition.Clean).Where(prediction => attackedHere.Contains(prediction.Image))
            .ToDictionary(prediction => prediction.Image);
        foreach (Budget budget in options.Budgets)
        {
            context.Share.Announce(context.Evidence, options.Condition(budget));
            HashSet<int> known = WriteKnown(context, clean, sample, budget);
            Attack(context, gradients, [.. sample.Where(image => !known.Contains(image))], shown, budget);
        }
    }

    /// <summary>Writes what needs no attack, and says which images that are.</summary>
    private HashSet<int> WriteKnown(CheckContext context, Dictionary<int, Prediction> clean, int[] sample, Budget budget)
    {
        Dictionary<int, AttackOutcome> fallen = options.Smaller(budget).LastOrDefault() is { } smaller
            ? context.Evidence.AttackOutcomes(options.Condition(smaller)).Where(outcome => outcome.Succeeded).ToDictionary(outcome => outcome.Image)
            : sample.Where(image => clean[image].Predicted != context.Data.Label(image)).ToDictionary(
                image => image, image => new AttackOutcome(image, true, 0, 0, 0, 0, clean[image].Predicted, clean[image].Confidence));
        context.Evidence.Write(options.Condition(budget), [.. fallen.Values]);
        return [.. fallen.Keys];
    }

    private void Attack(CheckContext context, IGradientModel? gradients, int[] images, HashSet<int> shown, Budget budget)
    {
        Condition condition = options.Condition(budget);
        NormBall ball = budget.Norm == Norm.LInf ? new LInfBall(budget.Epsilon) : new L2Ball(budget.Epsilon);
        bool[] done = context.Evidence.AttackedImages(condition);
        var waiting = new Queue<int>(images.Where(image => !done[image]));
        int finished = images.Length - waiting.Count;
        if (gradients is null)
        {
            return;
        }

        new GradientAttackBatch(gradients, context.Model).Run(
            slot =>
            {
                if (!waiting.TryDequeue(out int image))
                {
                    return null;
                }

                float[] original = new float[slot.Length];
                InputImage.Load(context.Data, context.Transform, image, original);
                return new AttackSequence(image, context.Data.Label(image), original, ball, Stages(context.Seed, budget, image), slot);
            },
            (outcome, pixels) =>
            {
                if (outcome.Succeeded && shown.Contains(outcome.Image))
                {
                    ChangedAnswer.Write(context, condition, outcome.Image, AttackExample.Attacked, pixels);
                }

                // An image counts as done once its outcome is there, so its example had to be written before.
                context.Evidence.Write(condition, [outcome]);
                context.Progress(new CheckProgress(budget.Name, ++finished, images.Length));
            },
            context.Cancellation);
    }

    /// <summary>Every attack with each of its starts, the draws of each keyed by all that it is.</summary>
    private AttackSequence.Stage[] Stages(long seed, Budget budget, int image) =>
    [
        .. from name in options.Attacks
           from start in Enumerable.Range(0, options.Restarts)
           select new AttackSequence.Stage(
               Make(name), CounterRandom.For(seed, $"{Name}/{budget.Norm} {InvariantText.Of(budget.Epsilon)}/{name}/{start}", image)),
    ];

    private Func<float[], NormBall, GradientAttack> Make(string name) => name switch
    {
        WhiteBoxOptions.PgdName => (original, ball) => new Pgd(original, ball, options.Steps),
        WhiteBoxOptions.ApgdCeName => (original, ball) => new Apgd(original, ball, options.Steps, AttackLoss.CrossEntropy),
        _ => (original, ball) => new Apgd(original, ball, options.Steps, AttackLoss.LogitsRatio),
    };
}
