using AuditKit.Training.Loop;
using AuditKit.Training.Remedies;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AuditKit.Training.Tests.Remedies;

public sealed class GdroTests
{
    // Four groups of 1, 2, 3 and 4 images.
    private static (int, string)[] Images { get; } =
        [(0, "left"), (0, "right"), (0, "right"), (1, "left"), (1, "left"), (1, "left"), (1, "right"), (1, "right"), (1, "right"), (1, "right")];

    [Fact]
    public void Weights_follow_a_hand_worked_example()
    {
        using var tiny = new TinyTask((0, "a"), (0, "b"), (0, "b"), (0, "b"), (0, "b"), (1, "a"), (1, "b"));
        using var gdro = new Gdro(tiny.Task(), step: Math.Log(2), adjustment: 2);
        using DisposeScope scope = NewDisposeScope();

        // Adjustments K/√n are 2, 1, 2 and 2. Logits that differ by log(e^l − 1) have the loss l: 1 for group 0, 0 for
        // absent ones. exp(log 2 · (1, 0, 0, 0) + log 2 · (2, 1, 2, 2)) = (8, 2, 4, 4), of 18.
        Tensor first = gdro.Loss(tiny.Step([0]), Logits((0, 1)));
        Assert.Equal(8 / 18.0 * 1, first.item<float>(), 1e-6);
        AssertWeights(gdro, 8 / 18.0, 2 / 18.0, 4 / 18.0, 4 / 18.0);

        // Two images of group 1 with losses 1 and 3, mean 2, and one of group 3 with loss 1:
        // (8, 2, 4, 4) · (4, 2·4, 4, 4·2) = (32, 16, 16, 32), of 96.
        Tensor second = gdro.Loss(tiny.Step([1, 2, 6]), Logits((0, 1), (0, 3), (1, 1)));
        AssertWeights(gdro, 32 / 96.0, 16 / 96.0, 16 / 96.0, 32 / 96.0);
        Assert.Equal((16 * 2 / 96.0) + (32 * 1 / 96.0), second.item<float>(), 1e-5);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Loss_and_weights_equal_loops_over_images(double adjustment)
    {
        const double Step = 0.3;
        using var tiny = new TinyTask(Images);
        using TrainingMethod gdro = tiny.Method($"{{ name: gdro, step: {Step}, adjustment: {adjustment} }}");
        int[] counts = [1, 2, 3, 4];
        double[] q = [0.25, 0.25, 0.25, 0.25];
        foreach (int[] batch in new int[][] { [0, 1, 2, 3], [4, 6, 7, 8], [9, 9, 5, 1], [3, 3, 3, 4] })
        {
            double[] sums = new double[4];
            int[] members = new int[4];
            foreach (int image in batch)
            {
                int group = tiny.Groups[image];
                sums[group] -= Math.Log(TinyTask.Probabilities(TinyTask.Logits(tiny.Pixels(image)))[Images[image].Item1]);
                members[group]++;
            }

            double[] losses = [.. sums.Zip(members, (sum, count) => count == 0 ? 0 : sum / count)];
            for (int group = 0; group < 4; group++)
            {
                q[group] *= Math.Exp(Step * (losses[group] + (adjustment / Math.Sqrt(counts[group]))));
            }

            double total = q.Sum();
            q = [.. q.Select(weight => weight / total)];
            using DisposeScope scope = NewDisposeScope();
            Assert.Equal(q.Zip(losses, (weight, loss) => weight * loss).Sum(), gdro.Loss(tiny.Step(batch)).item<float>(), 1e-5);
            AssertWeights(gdro, q);
        }
    }

    /// <summary>The published code of model patching: a softmax of the sums of losses within each class, times the class's share of the groups.</summary>
    [Fact]
    public void Within_classes_each_class_keeps_its_share_of_the_groups()
    {
        const double Step = 0.3, Adjustment = 2;
        using var tiny = new TinyTask(Images);
        using TrainingMethod gdro = tiny.Method($"{{ name: gdro, step: {Step}, adjustment: {Adjustment}, weights: within-class }}");
        double[] sums = new double[4];
        foreach (int[] batch in new int[][] { [0, 1, 2, 3], [4, 6, 7, 8], [9, 9, 5, 1] })
        {
            double[] losses = [.. Enumerable.Range(0, 4).Select(group => batch.Where(image => tiny.Groups[image] == group)
                .Select(image => -Math.Log(TinyTask.Probabilities(TinyTask.Logits(tiny.Pixels(image)))[Images[image].Item1])).DefaultIfEmpty(0).Average())];
            double expected = 0;
            double[] q = new double[4];
            for (int label = 0; label < 2; label++)
            {
                int[] groups = [2 * label, (2 * label) + 1];
                Array.ForEach(groups, group => sums[group] += Step * (losses[group] + (Adjustment / Math.Sqrt(group + 1))));
                double total = groups.Sum(group => Math.Exp(sums[group]));
                Array.ForEach(groups, group => q[group] = Math.Exp(sums[group]) / total * 0.5);
                expected += groups.Sum(group => q[group] * losses[group]);
            }

            using DisposeScope scope = NewDisposeScope();
            Assert.Equal(expected, gdro.Loss(tiny.Step(batch)).item<float>(), 1e-5);
            AssertWeights(gdro, q);
        }
    }

    [Fact]
    public void The_gradient_is_that_of_the_weighted_losses_the_weights_being_constants()
    {
        using var tiny = new TinyTask(Images);
        using TrainingMethod gdro = tiny.Method("{ name: gdro, step: 0.5, adjustment: 1 }");
        int[] batch = [0, 1, 3, 6];
        foreach (Parameter weights in tiny.Network.Parameters.Values)
        {
            float[] gradient = TinyTask.Gradient(weights, () => gdro.Loss(tiny.Step(batch)));
            float[] q = [.. gdro.State[0].exp().data<float>()];
            float[] differences = TinyTask.Differences(weights, () =>
            {
                TrainingStep step = tiny.Step(batch);
                return nn.functional.cross_entropy(step.Logits(step.Images()), step.Labels, reduction: nn.Reduction.None).dot(tensor(q));
            });
            TinyTask.AssertClose(differences, gradient, 2e-4);
        }
    }

    [Fact]
    public void Weights_stay_a_distribution_over_many_large_steps()
    {
        using var tiny = new TinyTask((0, "a"), (0, "b"), (1, "a"), (1, "b"));
        using var gdro = new Gdro(tiny.Task(), step: 10, adjustment: 0);
        for (int i = 0; i < 300; i++)
        {
            using DisposeScope scope = NewDisposeScope();
            gdro.Loss(tiny.Step([0]), Logits((0, 2)));
        }

        AssertWeights(gdro, 1, 0, 0, 0);
        using DisposeScope last = NewDisposeScope();
        for (int i = 0; i < 310; i++)
        {
            gdro.Loss(tiny.Step([3]), Logits((1, 2)));
        }

        // No weight was lost on the way: the other group takes over as soon as it has been the worse one for longer.
        AssertWeights(gdro, 0, 0, 0, 1);
    }

    [Fact]
    public void A_group_without_training_images_is_named()
    {
        using var tiny = new TinyTask((0, "left"), (0, "right"), (1, "left"), (1, "right"), (1, "left"));
        AuditException error = Assert.Throws<AuditException>(() => tiny.Method("{ name: gdro }", images: [0, 2, 3, 4]));
        Assert.Contains("no training image of the group zero, side right.", error.Message);
        Assert.Equal(ExitCode.Usage, error.ExitCode);
    }

    [Fact]
    public void A_misspelt_parameter_names_the_nearest()
    {
        using var tiny = new TinyTask((0, "left"), (1, "left"));
        AuditException error = Assert.Throws<AuditException>(() => tiny.Method("{ name: gdro, ajustment: 2 }"));
        Assert.Contains("Did you mean 'adjustment'?", error.Message);
    }

    [Fact]
    public void It_draws_groups_alike_and_reports_their_weights()
    {
        using var tiny = new TinyTask(Images);
        using TrainingMethod gdro = tiny.Method("{ name: gdro }");
        Assert.Equal(Sampling.GroupBalanced, gdro.Sampling);
        Assert.Contains("| one, side right | 4 | 0.250 |", gdro.Report(""));
    }

    // Logits whose cross-entropy is the loss asked for.
    private static Tensor Logits(params (int Class, double Loss)[] rows)
    {
        float[,] logits = new float[rows.Length, 2];
        foreach ((int i, (int label, double loss)) in rows.Index())
        {
            logits[i, 1 - label] = (float)Math.Log(Math.Exp(loss) - 1);
        }

        return tensor(logits);
    }

    private static void AssertWeights(TrainingMethod gdro, params double[] expected)
    {
        float[] weights = [.. gdro.State[0].exp().data<float>()];
        Assert.All(expected.Zip(weights), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
    }
}
