using AuditKit.Training.Loop;
using TorchSharp;
using static TorchSharp.torch;

namespace AuditKit.Training.Remedies.Clamp;

/// <summary>
/// Moves images of a class between any number of subgroups: a CycleGAN between the largest, the hub, and each of the others. With A values
/// of the attribute these are A − 1 instead of the A·(A − 1)/2 of all pairs; an image of neither passes the hub (our choice).
/// </summary>
internal sealed class TranslationStar : IDisposable
{
    private readonly int _hub;

    // By the value at the other end; domain 0 is the lower one of the two values.
    private readonly Dictionary<int, CycleGan> _gans = [];

    private TranslationStar(int hub) => _hub = hub;

    /// <summary>Trains the CycleGANs of a class.</summary>
    /// <exception cref="AuditException">Training diverged.</exception>
    public static TranslationStar Train(TrainingTask task, int label, ClassImages images, GanOptions options)
    {
        (int channels, int height, int width) = task.Transform.Input;
        int values = images.Members.Count;
        var star = new TranslationStar(Enumerable.Range(0, values).MaxBy(value => images.Members[value].Count));
        foreach ((int place, int value) in Enumerable.Range(0, values).Where(value => value != star._hub).Index())
        {
            int number = (label * (values - 1)) + place;
            uint seed = CounterRandom.For(task.Recipe.Seed, "clamp/seed", number).NextUInt32();
            var gan = new CycleGan(
                seed, task.Network.Device, channels, GanSize.For(Math.Max(height, width)), options.Rate, options.FeatureMatching);
            star._gans.Add(value, gan);
            (int low, int high) = (Math.Min(value, star._hub), Math.Max(value, star._hub));
            string what = $"CycleGAN {number + 1} of {task.Data.Classes.Count * (values - 1)}, {task.Data.Classes[label]}: "
                + $"{task.Groups.Values[low]} and {task.Groups.Values[high]}";
            for (int step = 0; step < options.Steps; step++)
            {
                task.Cancellation.ThrowIfCancellationRequested();
                using DisposeScope scope = NewDisposeScope();
                CounterRandom random = CounterRandom.For(task.Recipe.Seed, $"clamp/{number}", step);
                Tensor Draw(IReadOnlyList<int> members) => images.Tensor(
                    [.. Enumerable.Range(0, options.Batch).Select(_ => members[random.NextInt32(members.Count)])], task.Network.Device);
                double loss = gan.Step(Draw(images.Members[low]), Draw(images.Members[high]), random);
                if (!double.IsFinite(loss))
                {
                    throw new TrainingDivergedException($"{what}: the loss became {loss} in step {step + 1}. Try a lower method.gan.rate.");
                }

                task.Progress(what, step + 1, options.Steps);
            }
        }

        return star;
    }

    /// <summary>Moves images of one subgroup into another, or into their own as it looks when it is made.</summary>
    /// <param name="images">n×C×H×W in [−1, 1].</param>
    /// <param name="from">The attribute's value in their subgroup.</param>
    /// <param name="to">The value that they are to have.</param>
    public Tensor Move(Tensor images, int from, int to)
    {
        if (from == to)
        {
            return Into(images, to == _hub ? _gans.Keys.Min() : to, to);
        }

        Tensor atHub = from == _hub ? images : Into(images, from, _hub);
        return to == _hub ? atHub : Into(atHub, to, to);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (CycleGan gan in _gans.Values)
        {
            gan.Dispose();
        }
    }

    private Tensor Into(Tensor images, int end, int value) => _gans[end].Move(images, value == Math.Max(end, _hub) ? 1 : 0);
}
