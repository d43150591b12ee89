using static TorchSharp.torch;

namespace TorchSharp.Tests;

public sealed class RandomTests
{
    [Fact]
    public void The_same_seed_gives_the_same_numbers()
    {
        using DisposeScope scope = NewDisposeScope();
        manual_seed(7);
        float[] first = Draws();
        manual_seed(7);
        Assert.Equal(first, Draws());
        manual_seed(8);
        Assert.NotEqual(first, Draws());

        static float[] Draws() =>
            cat([rand(5), randn(5), randint(100, [5]).to(float32), randperm(5).to(float32)]).data<float>().ToArray();
    }

    [Fact]
    public void Normal_draws_equal_the_ones_of_PyTorch()
    {
        // python3: torch.manual_seed(42); torch.randn(3)
        using DisposeScope scope = NewDisposeScope();
        manual_seed(42);
        Assert.True(randn(3).allclose(tensor([0.3367f, 0.1288f, 0.2345f]), atol: 5e-5));
    }

    [Fact]
    public void A_generator_is_independent_of_the_default_one()
    {
        using DisposeScope scope = NewDisposeScope();
        using var generator = new Generator(3);
        Assert.Equal(3, generator.initial_seed());
        manual_seed(1);
        float[] alone = rand(4).data<float>().ToArray();
        manual_seed(1);
        float[] own = rand(4, generator: generator).data<float>().ToArray();
        Assert.Equal(alone, rand(4).data<float>().ToArray());
        generator.manual_seed(3);
        Assert.Equal(own, rand(4, generator: generator).data<float>().ToArray());
    }

    [Fact]
    public void A_restored_state_repeats_what_followed()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor state = get_rng_state();
        float[] first = rand(4).data<float>().ToArray();
        set_rng_state(state);
        Assert.Equal(first, rand(4).data<float>().ToArray());
    }

    [Fact]
    public void Draws_have_the_moments_asked_for()
    {
        using DisposeScope scope = NewDisposeScope();
        manual_seed(0);
        Tensor normal = empty(100_000).normal_(2, 3);
        Assert.InRange(normal.mean().item<float>(), 1.95f, 2.05f);
        Assert.InRange(normal.std().item<float>(), 2.95f, 3.05f);
        Tensor uniform = empty(100_000).uniform_(-1, 3);
        Assert.InRange(uniform.mean().item<float>(), 0.97f, 1.03f);
        Assert.InRange(uniform.min().item<float>(), -1, -0.99f);
        Assert.InRange(zeros(100_000).bernoulli_(0.2).mean().item<float>(), 0.19f, 0.21f);
    }
}
