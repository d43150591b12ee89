using AuditKit.Training.Graphs;
using AuditKit.Training.Loop;
using AuditKit.Training.Remedies.Sparse;
using TorchSharp;
using static TorchSharp.torch;

namespace AuditKit.Training.Tests.Remedies.Sparse;

public sealed class MagnitudePruningTests
{
    [Fact]
    public void The_smallest_weights_of_all_layers_go_and_stay_away()
    {
        using DisposeScope scope = NewDisposeScope();
        using var task = new StripesTask("{ name: magnitude-pruning, sparsity: 0.8, from: 0, until: 0 }", epochs: 1);
        IReadOnlyList<LinearLayer> layers = LinearLayer.Find(task.Network);
        float[][] before = [.. layers.Select(layer => layer.Weights.data<float>().ToArray())];
        float[] all = [.. before.SelectMany(weights => weights).Select(Math.Abs).Order()];
        float threshold = all[(int)Math.Round(0.8 * all.Length) - 1];

        task.Method.Loss(task.Step(task.Batch()));

        Assert.All(layers.Zip(before), pair => Assert.Equal(pair.Second.Select(w => Math.Abs(w) > threshold ? w : 0), pair.First.Weights.data<float>()));
        task.Train();
        Assert.All(layers.Zip(before), pair
            => Assert.All(pair.First.Weights.data<float>().Zip(pair.Second), weight => Assert.True(Math.Abs(weight.Second) > threshold || weight.First == 0)));
        Assert.Equal(all.Length - (int)Math.Round(0.8 * all.Length), layers.Sum(layer => layer.Weights.count_nonzero().item<long>()));
    }

    [Fact]
    public void Layers_with_shares_of_their_own_are_pruned_by_themselves()
    {
        using DisposeScope scope = NewDisposeScope();
        double[] shares = [0, 0.9, 0.5, 0.5, 0.25, 0.75, 0.1, 0.4];
        using var task = new StripesTask($"{{ name: magnitude-pruning, sparsity: [{string.Join(", ", shares)}], from: 0, until: 0.5 }}", epochs: 2);
        task.Train();

        foreach ((LinearLayer layer, double share) in LinearLayer.Find(task.Network).Zip(shares))
        {
            long count = layer.Weights.numel();
            Assert.Equal(count - (long)Math.Round(share * count), layer.Weights.count_nonzero().item<long>());
        }
    }

    // Networks whose weights take few values have many that are as large as the last one that goes.
    [Fact]
    public void Of_equal_magnitudes_no_more_go_than_the_sparsity_asks_for()
    {
        long[] left = Left("0.4");
        Assert.Equal(18 - 7, left.Sum());
        // They are drawn from all of the network, and not taken from its beginning.
        Assert.All(left.Zip([12L, 6L]), pair => Assert.InRange(pair.First, 1, pair.Second - 1));
        Assert.Equal([12 - 3, 6 - 3], Left("[0.25, 0.5]"));

        static long[] Left(string sparsity)
        {
            using DisposeScope scope = NewDisposeScope();
            using var tiny = new TinyTask((0, "a"), (1, "a"));
            IReadOnlyList<LinearLayer> layers = LinearLayer.Find(tiny.Network);
            using (no_grad())
            {
                foreach (LinearLayer layer in layers)
                {
                    layer.Weights.copy_(0.5 * layer.Weights.sign());
                }
            }

            using TrainingMethod method = tiny.Method($"{{ name: magnitude-pruning, sparsity: {sparsity}, from: 0, until: 0 }}");
            method.Loss(tiny.Step([0, 1]));
            return [.. layers.Select(layer => layer.Weights.count_nonzero().item<long>())];
        }
    }

    [Fact]
    public void Weights_go_by_a_cubic_schedule_and_none_of_an_epoch_before_its_end_is_kept()
    {
        using var task = new StripesTask("{ name: magnitude-pruning, sparsity: 0.5, from: 0.2, until: 0.6 }", epochs: 10);
        var method = (MagnitudePruning)task.Method;
        // Epochs 2 to 6, five steps: 1 − (1 − k/5)³.
        Assert.Equal([0, 0, 0.488, 0.784, 0.936, 0.992, 1, 1, 1, 1], Enumerable.Range(0, 10).Select(epoch => Math.Round(method.Share(epoch), 9)));
        Assert.Equal(6, method.FirstKept(10));
    }
}
