using AuditKit.Training.Remedies.Clamp;
using TorchSharp;
using static TorchSharp.torch;

namespace AuditKit.Training.Tests.Remedies.Clamp;

public sealed class ReplayPoolTests
{
    [Fact]
    public void It_shows_what_is_made_until_it_is_full()
    {
        using var pool = new ReplayPool(3);
        Assert.Equal([0, 1, 2], Exchange(pool, step: 0, 0, 1, 2));
        Assert.Equal(3, pool.Count);
    }

    [Fact]
    public void Then_every_second_image_is_an_old_one_that_was_kept_and_is_shown_once()
    {
        using var pool = new ReplayPool(10);
        int next = 0;
        var kept = new HashSet<int>();
        int old = 0;
        for (int step = 0; step < 1000; step++)
        {
            int[] made = [next++, next++];
            foreach ((int shown, int image) in Exchange(pool, step, made[0], made[1]).Zip(made))
            {
                if (step < 5)
                {
                    Assert.Equal(image, shown);
                    kept.Add(image);
                }
                else if (shown != image)
                {
                    Assert.True(kept.Remove(shown), $"{shown} is not in the pool");
                    kept.Add(image);
                    old++;
                }
            }

            Assert.Equal(kept.Count, pool.Count);
        }

        // Binomial(1990, ½): five standard deviations are 112.
        Assert.InRange(old, 995 - 112, 995 + 112);
    }

    [Fact]
    public void What_it_shows_has_no_history()
    {
        using DisposeScope scope = NewDisposeScope();
        using var pool = new ReplayPool(1);
        Tensor made = zeros(2, 1, 2, 2);
        made.requires_grad = true;
        Assert.False(pool.Exchange(made * 2, CounterRandom.For(1, "pool", 0)).requires_grad);
    }

    private static int[] Exchange(ReplayPool pool, int step, params int[] made)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor images = tensor([.. made.Select(value => (float)value)], [made.Length, 1, 1, 1]).expand(made.Length, 1, 2, 2);
        Tensor shown = pool.Exchange(images, CounterRandom.For(1, "pool", step));
        return [.. shown.mean([1, 2, 3]).data<float>().Select(value => (int)value)];
    }
}
