using AuditKit.Imaging;
using AuditKit.Training.Loop;
using AuditKit.Yaml;

namespace AuditKit.Training.Tests.Loop;

public sealed class ScheduleTests
{
    [Theory]
    [InlineData("name: constant", 7.3, 1)]
    [InlineData("{ name: step, at: [3, 6], factor: 0.1 }", 2.9, 1)]
    [InlineData("{ name: step, at: [3, 6], factor: 0.1 }", 3, 0.1)]
    [InlineData("{ name: step, at: [3, 6], factor: 0.1 }", 9, 0.01)]
    [InlineData("name: cosine", 0, 1)]
    [InlineData("name: cosine", 5, 0.5)]
    [InlineData("name: cosine", 10, 0)]
    [InlineData("{ name: cosine, warm-up: 2 }", 1, 0.5)]
    [InlineData("{ name: cosine, warm-up: 2 }", 2, 1)]
    [InlineData("{ name: cosine, warm-up: 2 }", 6, 0.5)]
    public void The_rate_follows_its_closed_form(string schedule, double epoch, double factor)
        => Assert.Equal(factor, LearningRate.Key.Read(SpecMap.Parse("recipe.yaml", $"schedule:\n  {schedule}")).Factor(epoch, epochs: 10), 1e-12);

    [Fact]
    public void An_unknown_schedule_names_the_nearest()
    {
        AuditException error = Assert.Throws<AuditException>(() => LearningRate.Key.Read(SpecMap.Parse("recipe.yaml", "schedule: { name: cosin }")));
        Assert.Contains("Did you mean 'cosine'?", error.Message);
    }

    [Fact]
    public void Uniform_sampling_shows_every_image_once_in_another_order_each_epoch()
    {
        int[] first = EpochOrder.Draw(Sampling.Uniform, new int[100], seed: 1, epoch: 0);
        int[] second = EpochOrder.Draw(Sampling.Uniform, new int[100], seed: 1, epoch: 1);

        Assert.Equal(Enumerable.Range(0, 100), first.Order());
        Assert.Equal(Enumerable.Range(0, 100), second.Order());
        Assert.NotEqual(first, second);
    }

    [Fact]
    public void Images_are_drawn_as_often_as_a_method_repeats_them()
    {
        int[] repeats = [1, 0, 5, 1];
        Assert.Equal([0, 2, 2, 2, 2, 2, 3], EpochOrder.Draw(Sampling.Uniform, new int[4], seed: 1, epoch: 0, repeats).Order());

        // Balanced sampling draws among the repeated images, too: of class 0 there is image 2 alone, five of six times.
        int[] order = EpochOrder.Draw(Sampling.ClassBalanced, [0, 0, 0, 1], seed: 1, epoch: 0, [1, 0, 5, 6_000]);
        Assert.Equal(6_006, order.Length);
        Assert.DoesNotContain(1, order);
        Assert.InRange(order.Count(image => image == 3), 2_800, 3_200);
        Assert.InRange(order.Count(image => image == 2) / (double)order.Count(image => image != 3), 0.79, 0.87);
    }

    [Fact]
    public void Balanced_sampling_shows_rare_strata_as_often_as_common_ones()
    {
        int[] strata = [.. Enumerable.Range(0, 10_000).Select(i => i % 100 == 0 ? 1 : 0)];

        int rare = EpochOrder.Draw(Sampling.GroupBalanced, strata, seed: 1, epoch: 0).Count(i => strata[i] == 1);

        // Binomial(10,000, ½): five standard deviations are 250.
        Assert.InRange(rare, 4_750, 5_250);
    }

    [Fact]
    public void Augmentation_equals_padding_cropping_and_mirroring_done_pixel_by_pixel()
    {
        var shape = new InputShape(3, 5, 7);
        float[] source = [.. Enumerable.Range(1, shape.Length).Select(i => (float)i)];
        var seen = new HashSet<string>();
        for (int image = 0; image < 200; image++)
        {
            float[] target = new float[shape.Length];
            new Augmentation(2, true).Apply(source, target, shape, CounterRandom.For(1, "augmentation", image));
            seen.Add(string.Join(' ', target));
        }

        var possible = new HashSet<string>();
        for (int dy = -2; dy <= 2; dy++)
        {
            for (int dx = -2; dx <= 2; dx++)
            {
                possible.Add(Reference(source, shape, dy, dx, flip: false));
                possible.Add(Reference(source, shape, dy, dx, flip: true));
            }
        }

        Assert.Subset(possible, seen);
        // 200 draws of 50 outcomes leave more than 10 unseen with a probability below 1e-9.
        Assert.InRange(seen.Count, 40, 50);
    }

    private static string Reference(float[] source, InputShape shape, int dy, int dx, bool flip)
    {
        float[] target = new float[shape.Length];
        for (int c = 0; c < shape.Channels; c++)
        {
            for (int y = 0; y < shape.Height; y++)
            {
                for (int x = 0; x < shape.Width; x++)
                {
                    int sy = y + dy, sx = (flip ? shape.Width - 1 - x : x) + dx;
                    bool inside = sy >= 0 && sy < shape.Height && sx >= 0 && sx < shape.Width;
                    target[(((c * shape.Height) + y) * shape.Width) + x] = inside ? source[(((c * shape.Height) + sy) * shape.Width) + sx] : 0;
                }
            }
        }

        return string.Join(' ', target);
    }
}
