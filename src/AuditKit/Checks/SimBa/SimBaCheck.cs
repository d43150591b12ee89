using AuditKit.Checks.Subgroups;
using AuditKit.Evidence;

namespace AuditKit.Checks.SimBa;

/// <summary>
/// Attacks a seeded sample of the correctly classified images by <see cref="SimBaAttack"/>. An outcome is committed
/// when its image is done; an image that was under attack when a run was killed starts again and ends the same.
/// </summary>
public sealed class SimBaCheck(SimBaOptions options, IReadOnlyList<Grouping> by) : ICheck
{
    /// <summary>The images kept for the report: the first of the sample, whether their attacks succeed or not.</summary>
    private const int Examples = 12;

    /// <summary>The check's key in specs.</summary>
    internal const string Key = "simba";

    /// <inheritdoc/>
    public string Name => Key;

    /// <inheritdoc/>
    public CheckCost Cost(int images, long seed) => new(0) { Attacked = options.Images, PerAttacked = options.Budget };

    /// <inheritdoc/>
    public void Run(CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        GroupAttributes.Record(context, by);
        InferencePass.RunClean(context);
        Attack(context, AttackSample.Order(context.Seed, context.Data.Count));
    }

    /// <summary>Attacks the first correctly classified images of an order.</summary>
    internal void Attack(CheckContext context, IReadOnlyList<int> order)
    {
        int[] sample = Sample(context, order);
        HashSet<int> shown = [.. sample.Take(Examples)];
        // Not by image but by place in the sample, so that shares are equal whichever images are answered correctly.
        sample = [.. sample.Where((_, place) => context.Share.Holds(place))];
        context.Share.Announce(context.Evidence, options.Condition);
        bool[] done = context.Evidence.AttackedImages(options.Condition);
        var waiting = new Queue<int>(sample.Where(image => !done[image]));
        int finished = sample.Length - waiting.Count;
        Basis basis = options.Basis(context.Model.Input);

        AttackBatch.Run(
            context.Model,
            slot =>
            {
                if (!waiting.TryDequeue(out int image))
                {
                    return null;
                }

                InputImage.Load(context.Data, context.Transform, image, slot);
                int label = context.Data.Label(image);
                return new SimBaAttack(image, label, RandomTarget(context, image, label), options, basis, restart => Order(restart, image));
            },
            (attack, pixels) =>
            {
                AttackOutcome outcome = attack.Outcome;
                if (shown.Contains(outcome.Image))
                {
                    ChangedAnswer.Write(context, options.Condition, outcome.Image, AttackExample.Attacked, pixels);
                }

                // An image counts as done once its outcome is there, so its example had to be written before.
                context.Evidence.Write(options.Condition, [outcome]);
                context.Progress(new CheckProgress(Name, ++finished, sample.Length));
            },
            context.Data.Source,
            context.Cancellation);

        int[] Order(int restart, int image)
        {
            int[] order = [.. Enumerable.Range(0, basis.Count)];
            CounterRandom.For(context.Seed, restart == 0 ? Name : $"{Name}/restart-{restart}", image).Shuffle(order);
            return order;
        }
    }

    // A shard has to know the whole sample, and so the answers to the order's first images, whoever measures these otherwise.
    private int[] Sample(CheckContext context, IReadOnlyList<int> order)
    {
        for (int asked = context.Share.SeesAll ? order.Count : options.Images; ;)
        {
            int[] first = [.. order.Take(Math.Min(asked, order.Count))];
            if (!context.Share.SeesAll)
            {
                InferencePass.RunClean(context, first);
            }

            bool[] correct = new bool[context.Data.Count];
            foreach (Prediction prediction in context.Evidence.Predictions(Condition.Clean))
            {
                correct[prediction.Image] = prediction.Predicted == context.Data.Label(prediction.Image);
            }

            int[] sample = [.. first.Where(image => correct[image]).Take(options.Images)];
            if (sample.Length == options.Images || first.Length == order.Count)
            {
                return sample;
            }

            asked += 2 * (options.Images - sample.Length);
        }
    }

    /// <summary>Any class but the image's own, each equally likely; null where the target is not to be drawn.</summary>
    private int? RandomTarget(CheckContext context, int image, int label)
    {
        if (options.Target != SimBaTarget.Random)
        {
            return null;
        }

        int target = CounterRandom.For(context.Seed, $"{Name}/target", image).NextInt32(context.Model.Classes - 1);
        return target < label ? target : target + 1;
    }
}
