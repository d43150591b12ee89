using AuditKit.Evidence;
using AuditKit.Models;

namespace AuditKit.Checks.SimBa;

/// <summary>
/// Attacks a seeded sample of the correctly classified images by <see cref="SimBaAttack"/>. An outcome is committed
/// when its image is done; an image that was under attack when a run was killed starts again and ends the same.
/// </summary>
public sealed class SimBaCheck(SimBaOptions options) : ICheck
{
    /// <summary>The images kept for the report: the first of the sample, whether their attacks succeed or not.</summary>
    private const int Examples = 12;

    /// <inheritdoc/>
    public string Name => "simba";

    /// <inheritdoc/>
    public void Run(CheckContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        InferencePass.RunClean(context);
        Attack(context, AttackSample.Order(context));
    }

    /// <summary>Attacks the first correctly classified images of an order.</summary>
    internal void Attack(CheckContext context, IEnumerable<int> order)
    {
        bool[] correct = new bool[context.Data.Count];
        foreach (Prediction prediction in context.Evidence.Predictions(InferencePass.Clean))
        {
            correct[prediction.Image] = prediction.Predicted == context.Data.Label(prediction.Image);
        }

        int[] sample = [.. order.Where(image => correct[image]).Take(options.Images)];
        HashSet<int> shown = [.. sample.Take(Examples)];
        bool[] done = context.Evidence.AttackedImages(options.Condition);
        var waiting = new Queue<int>(sample.Where(image => !done[image]));
        int finished = sample.Length - waiting.Count;
        InputShape input = context.Model.Input;

        AttackBatch.Run(
            context.Model,
            slot =>
            {
                if (!waiting.TryDequeue(out int image))
                {
                    return null;
                }

                InputImage.Load(context.Data, context.Transform, image, slot);
                int[] basis = [.. Enumerable.Range(0, input.Length)];
                CounterRandom.For(context.Seed, Name, image).Shuffle(basis);
                return new SimBaAttack(image, context.Data.Label(image), options, basis);
            },
            (attack, pixels) =>
            {
                AttackOutcome outcome = attack.Outcome;
                if (shown.Contains(outcome.Image))
                {
                    AttackExample.Write(context, options.Condition, outcome.Image, pixels);
                }

                // An image counts as done once its outcome is there, so its example had to be written before.
                context.Evidence.Write(options.Condition, [outcome]);
                context.Progress(new CheckProgress(Name, ++finished, sample.Length));
            },
            context.Cancellation);
    }
}
