using AuditKit.Training.Graphs;
using AuditKit.Training.Remedies.Clamp;
using TorchSharp;
using static TorchSharp.torch;

namespace AuditKit.Training.Tests.Remedies.Clamp;

public sealed class CycleGanTests
{
    private const float Dark = -0.8f, Bright = 0.8f;

    [Theory]
    [InlineData(1, 8, 8)]
    [InlineData(3, 28, 28)]
    [InlineData(3, 33, 50)]
    [InlineData(3, 65, 97)]
    public void Generators_give_images_of_any_size_back_in_their_range(int channels, int height, int width)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable gradients = no_grad();
        using var gan = new CycleGan(seed: 1, CPU, channels, GanSize.For(Math.Max(height, width)), rate: 1e-3);
        Tensor images = (rand(2, channels, height, width) * 2) - 1;
        Tensor moved = gan.Move(images, 1);
        Assert.Equal(images.shape, moved.shape);
        Assert.InRange(moved.abs().max().item<float>(), 0, 1);
        Assert.False(allclose(gan.Move(images, 0), moved));
    }

    [Theory]
    [InlineData(28, 8)]
    [InlineData(64, 16)]
    [InlineData(128, 64)]
    [InlineData(224, 64)]
    public void Larger_images_get_larger_networks(int side, int width) => Assert.Equal(width, GanSize.For(side).Width);

    /// <summary>Means over the batch (2, 1) and (0, 4): (4 + 9) / 2.</summary>
    [Fact]
    public void Feature_matching_adds_its_weight_times_the_distance_of_mean_features()
    {
        using DisposeScope scope = NewDisposeScope();
        Assert.Equal(6.5, CycleGan.Distance(tensor(new[,] { { 1f, 0f }, { 3f, 2f } }), tensor(new[,] { { 0f, 4f } })).item<float>(), 1e-6);

        var size = GanSize.For(8);
        CounterRandom random = CounterRandom.For(1, "squares", 0);
        (Tensor dark, Tensor bright) = (Squares(random, 4, Dark), Squares(random, 4, Bright));
        using var plain = new CycleGan(seed: 4, CPU, channels: 1, size, rate: 1e-3);
        using var matching = new CycleGan(seed: 4, CPU, channels: 1, size, rate: 1e-3, matching: 3);
        double distance = 0;
        using (no_grad())
        {
            foreach ((int domain, Tensor real, Tensor other) in new[] { (0, dark, bright), (1, bright, dark) })
            {
                var judge = new Discriminator(4, $"discriminator{domain}", CPU, 1, size);
                distance += CycleGan.Distance(judge.Features(plain.Move(other, domain)), judge.Features(real)).item<float>();
            }
        }

        double without = plain.Step(dark, bright, CounterRandom.For(1, "pool", 0)), with = matching.Step(dark, bright, CounterRandom.For(1, "pool", 0));
        Assert.True(distance > 1e-3);
        Assert.Equal(3 * distance, with - without, 1e-4);
        // The term has a gradient: the generators have gone another way.
        Assert.False(allclose(plain.Move(dark, 1), matching.Move(dark, 1)));
    }

    [Fact]
    public void A_steps_loss_is_that_of_loops_over_scores_and_images_also_once_the_discriminators_have_learnt()
    {
        const double Rate = 5e-3;
        using DisposeScope scope = NewDisposeScope();
        CounterRandom random = CounterRandom.For(1, "squares", 0);
        Tensor[] real = [Squares(random, 4, Dark), Squares(random, 4, Bright)];
        var size = GanSize.For(8);
        using var gan = new CycleGan(seed: 4, CPU, channels: 1, size, Rate);
        // Seed and names say what weights a network begins with, so that these are the CycleGAN's own discriminators.
        Discriminator[] judges = [.. Enumerable.Range(0, 2).Select(domain => new Discriminator(4, $"discriminator{domain}", CPU, 1, size))];
        Tensor[] made;
        using (no_grad())
        {
            made = [gan.Move(real[1], 0), gan.Move(real[0], 1)];
        }

        double first = GeneratorsLoss(gan, judges, real);
        Assert.Equal(first, gan.Step(real[0], real[1], CounterRandom.For(1, "pool", 0)), 1e-4 * first);

        // What the discriminators have learnt shows in the next step's loss: with an empty pool they saw what had been made.
        double before = GeneratorsLoss(gan, judges, real);
        for (int domain = 0; domain < 2; domain++)
        {
            Learn(judges[domain], real[domain], made[domain], Rate);
        }

        double second = GeneratorsLoss(gan, judges, real);
        Assert.True(Math.Abs(second - before) > 0.01, $"the discriminators have learnt nothing: {before} became {second}");
        Assert.Equal(second, gan.Step(real[0], real[1], CounterRandom.For(1, "pool", 1)), 1e-4 * second);
    }

    [Fact]
    public void It_finds_a_known_map_without_pairs()
    {
        // The networks are too small for several threads.
        set_num_threads(1);
        using var gan = new CycleGan(seed: 4, CPU, channels: 1, GanSize.For(8), rate: 5e-3);
        double first = 0, last = 0;
        for (int step = 0; step < 250; step++)
        {
            CounterRandom random = CounterRandom.For(1, "squares", step);
            using DisposeScope scope = NewDisposeScope();
            last = gan.Step(Squares(random, 8, Dark), Squares(random, 8, Bright), random);
            first = step == 0 ? last : first;
        }

        using DisposeScope outer = NewDisposeScope();
        using IDisposable gradients = no_grad();
        (Tensor dark, Tensor bright) = (Squares(CounterRandom.For(2, "squares", 0), 64, Dark), Squares(CounterRandom.For(2, "squares", 0), 64, Bright));
        double Error(Tensor moved, Tensor truth) => (moved - truth).abs().mean().item<float>();
        double limit = 0.25 * Error(dark, bright);
        Assert.True(last < first / 4, $"the loss went from {first} to {last}");
        // The squares stay where they are and the ground changes.
        Assert.InRange(Error(gan.Move(dark, 1), bright), 0, limit);
        Assert.InRange(Error(gan.Move(bright, 0), dark), 0, limit);
        // What is in the domain already stays, and there and back is the way home.
        Assert.InRange(Error(gan.Move(dark, 0), dark), 0, limit);
        Assert.InRange(Error(gan.Move(gan.Move(dark, 1), 0), dark), 0, limit);
    }

    // Zhu et al. 2017, section 4 and 5.2: made images are to score 1, there and back is to be the way home (10), and what is in the domain
    // already is to stay (5).
    private static double GeneratorsLoss(CycleGan gan, Discriminator[] judges, Tensor[] real)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable gradients = no_grad();
        double sum = 0;
        for (int domain = 0; domain < 2; domain++)
        {
            Tensor made = gan.Move(real[1 - domain], domain);
            double[] scores = judges[domain].Scores(judges[domain].Features(made)).ToDoubles();
            double squares = 0;
            foreach (double score in scores)
            {
                squares += (score - 1) * (score - 1);
            }

            sum += (squares / scores.Length)
                + (10 * Distance(gan.Move(made, 1 - domain), real[1 - domain]))
                + (5 * Distance(gan.Move(real[domain], domain), real[domain]));
        }

        return sum;
    }

    private static double Distance(Tensor one, Tensor other)
    {
        (double[] a, double[] b) = (one.ToDoubles(), other.ToDoubles());
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += Math.Abs(a[i] - b[i]);
        }

        return sum / a.Length;
    }

    // Real images are to score 1, made ones 0. Adam's first step is the rate times g/(|g| + ε): a factor of the loss, such as the half, does not show.
    private static void Learn(Discriminator judge, Tensor real, Tensor made, double rate)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor ofReal = judge.Scores(judge.Features(real)), ofMade = judge.Scores(judge.Features(made));
        (((ofReal - 1).square().mean() + ofMade.square().mean()) * 0.5).backward();
        using IDisposable gradients = no_grad();
        foreach (Tensor weights in judge.Parameters)
        {
            double[] values = weights.ToDoubles(), slopes = weights.grad!.ToDoubles();
            for (int i = 0; i < values.Length; i++)
            {
                values[i] -= rate * slopes[i] / (Math.Abs(slopes[i]) + 1e-8);
            }

            weights.copy_(tensor(values, ScalarType.Float32).reshape(weights.shape));
        }
    }

    // Grey squares at random places on one ground.
    private static Tensor Squares(CounterRandom random, int count, float ground)
    {
        float[] images = new float[count * 64];
        for (int i = 0; i < count; i++)
        {
            (int top, int left) = (random.NextInt32(5), random.NextInt32(5));
            for (int y = 0; y < 8; y++)
            {
                for (int x = 0; x < 8; x++)
                {
                    images[(i * 64) + (y * 8) + x] = y >= top && y < top + 4 && x >= left && x < left + 4 ? 0 : ground;
                }
            }
        }

        return tensor(images, [count, 1, 8, 8]);
    }
}
