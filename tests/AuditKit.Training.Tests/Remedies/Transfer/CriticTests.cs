using AuditKit.Statistics;
using AuditKit.Training.Remedies.Transfer;
using TorchSharp;
using static TorchSharp.torch;

namespace AuditKit.Training.Tests.Remedies.Transfer;

/// <summary>Critics on sets of points, against the exact distance: the assignment problem, or sorted differences.</summary>
public sealed class CriticTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void The_gradient_of_a_critic_has_norm_1_drawn_or_trained()
    {
        // One input, fewer than the hidden width, odd, as many, more.
        Tensor[] sources = [.. ((int[])[1, 2, 9, 27, 64, 300]).Select(inputs => Normal(inputs, 12, inputs, spread: 0.3f))];
        using LayerCritics critics = Critics(sources);
        for (int steps = 0; steps <= 20; steps += 20)
        {
            for (int set = 0; set < sources.Length; set++)
            {
                Tensor points = Normal(99, 200, (int)sources[set].shape[1], spread: 1).requires_grad_();
                critics.Values(set, points).sum().backward();
                Assert.InRange((points.grad!.norm(1) - 1).abs().max().item<float>(), 0, 1e-4);
            }

            Train(critics, [.. sources.Select(source => source + 1)], 20);
        }
    }

    [Fact]
    public void A_trained_critic_is_at_most_the_exact_distance_and_near_it()
    {
        (Tensor Source, Tensor Target)[] sets =
        [
            Moved(16, 9, 0.1f), Moved(64, 27, 0.1f), Moved(32, 72, 0.05f), Moved(48, 100, 0.3f),
            // Clouds that overlap, so that the nearest point is not the one to move to.
            (Normal(1, 32, 9, 1), Normal(2, 32, 9, 1) + 0.5), (Normal(3, 24, 1, 1), Normal(4, 24, 1, 1) + 0.2),
        ];
        using LayerCritics critics = Critics([.. sets.Select(set => set.Source)]);

        for (int round = 0; round < 3; round++)
        {
            for (int set = 0; set < sets.Length; set++)
            {
                double exact = Exact(sets[set].Source, sets[set].Target);
                double critic = critics.Distance(set, sets[set].Target).item<float>();
                Assert.True(critic <= exact * 1.0001, $"set {set}: the critic says {critic} of {exact}");
                Assert.True(round < 2 || critic >= 0.9 * exact, $"set {set}: the critic says only {critic} of {exact}");
                Assert.True(exact <= critics.MatchedDistance(set, sets[set].Target).item<float>() * 1.0001);
            }

            Train(critics, [.. sets.Select(set => set.Target)], 90);
        }
    }

    [Fact]
    public void On_a_line_the_exact_distance_is_that_of_sorted_points()
    {
        (Tensor source, Tensor target) = (Normal(5, 40, 1, 1), Normal(6, 40, 1, 2));
        double sorted = (source.sort(0).Values - target.sort(0).Values).abs().mean().item<float>();
        Assert.Equal(sorted, Exact(source, target), 1e-6);
    }

    [Fact]
    public void A_critic_does_not_see_the_order_of_points_and_the_matched_distance_does()
    {
        (Tensor source, Tensor target) = Moved(16, 9, 0.1f);
        using LayerCritics critics = Critics([source]);
        Train(critics, [target], 5);
        Tensor turned = target.flip(0);

        Assert.Equal(critics.Distance(0, target).item<float>(), critics.Distance(0, turned).item<float>(), 1e-6);
        Assert.True(critics.MatchedDistance(0, turned).item<float>() > 3 * critics.MatchedDistance(0, target).item<float>());
        Assert.Equal(Exact(source, target), Exact(source, turned), 1e-6);
    }

    [Fact]
    public void Points_that_have_not_moved_are_at_distance_0_and_are_not_pushed()
    {
        Tensor source = Normal(7, 16, 9, 1);
        using LayerCritics critics = Critics([source]);
        Train(critics, [source], 5);
        Tensor target = source.clone().requires_grad_();
        Tensor distance = critics.Distance(0, target);
        distance.backward();
        Assert.Equal(0, distance.item<float>(), 1e-6);
        Assert.Equal(0, target.grad!.abs().max().item<float>(), 1e-6);
    }

    [Fact]
    public void Points_that_have_moved_are_pulled_back_to_where_they_came_from()
    {
        (Tensor source, Tensor target) = Moved(32, 27, 0.05f);
        using LayerCritics critics = Critics([source]);
        Train(critics, [target], 30);
        target.requires_grad_();
        critics.Distance(0, target).backward();
        Tensor cosines = nn.functional.cosine_similarity(target.grad!, (target - source).detach());
        Assert.InRange(cosines.mean().item<float>(), 0.9, 1);
        // Every filter by the same force.
        Assert.Equal(1 / 32.0, target.grad!.norm(1).mean().item<float>(), 1e-5);
    }

    [Fact]
    public void The_gradient_for_points_is_the_difference_quotient()
    {
        (Tensor source, Tensor target) = Moved(6, 5, 0.1f);
        using LayerCritics critics = Critics([source.to(ScalarType.Float64)]);
        Train(critics, [target.to(ScalarType.Float64)], 3);
        FiniteDifferences.AgreeWithAutograd(points => critics.Distance(0, points), target.to(ScalarType.Float64));
    }

    [Fact]
    public void Rows_that_a_step_moved_are_brought_back_to_orthonormal()
    {
        Tensor rows = OrthonormalRows.Draw(CounterRandom.For(1, "tests", 0), 2, 8, 50);
        Tensor moved = rows + (0.05 * Normal(8, 2 * 8, 50, 1).view(2, 8, 50));
        OrthonormalRows.Restore(moved);
        foreach (Tensor matrix in (Tensor[])[rows, moved])
        {
            Tensor w = OrthonormalRows.Unscaled(matrix);
            Assert.InRange((w.bmm(w.transpose(1, 2)) - eye(8)).abs().max().item<float>(), 0, 1e-5);
        }

        // A tangent keeps W·Wᵀ to first order: G·Wᵀ + W·Gᵀ = 0.
        Tensor tangent = OrthonormalRows.Tangent(Normal(9, 16, 50, 1).view(2, 8, 50), rows);
        Tensor change = tangent.bmm(rows.transpose(1, 2));
        Assert.InRange((change + change.transpose(1, 2)).abs().max().item<float>(), 0, 1e-3);
    }

    private static LayerCritics Critics(Tensor[] sources) => new(1, [.. sources.Select((_, i) => $"set {i}")], sources, rate: 0.03);

    private static void Train(LayerCritics critics, Tensor[] targets, int steps)
    {
        for (int i = 0; i < steps; i++)
        {
            critics.Step(targets);
        }
    }

    private static (Tensor Source, Tensor Target) Moved(int n, int d, float by)
    {
        Tensor source = Normal(10 * d, n, d, 1);
        return (source, source + Normal((10 * d) + 1, n, d, by));
    }

    private static Tensor Normal(int key, int n, int d, float spread)
    {
        float[] values = new float[n * d];
        CounterRandom.For(key, "tests/critic", 0).FillNormal(values, 0, spread);
        return tensor(values, [n, d]);
    }

    // W1 of two sets of as many points: the cheapest assignment, costs in whole 1e-8ths of the largest.
    private static double Exact(Tensor source, Tensor target)
    {
        int n = (int)source.shape[0];
        float[] distances = [.. (source.unsqueeze(1) - target.unsqueeze(0)).norm(2).data<float>()];
        double unit = distances.Max() / 1e8;
        int[,] gain = new int[n, n];
        for (int i = 0; i < n * n; i++)
        {
            gain[i / n, i % n] = -(int)Math.Round(distances[i] / unit);
        }

        return Assignment.Best(gain).Select((column, row) => (double)distances[(row * n) + column]).Average();
    }
}
