using AuditKit.Training.Loop;
using AuditKit.Yaml;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AuditKit.Training.Tests.Loop;

/// <summary>What a recipe says of its optimiser, against the same said in code.</summary>
public sealed class OptimiserTests
{
    public static TheoryData<string, Func<IEnumerable<Parameter>, optim.Optimizer>> Optimisers => new()
    {
        { "{ name: sgd, rate: 0.01 }", p => optim.SGD(p, 0.01) },
        { "{ name: sgd, rate: 0.01, momentum: 0.9, weight-decay: 0.01 }", p => optim.SGD(p, 0.01, momentum: 0.9, weight_decay: 0.01) },
        { "{ name: sgd, rate: 0.01, momentum: 0.9, nesterov: true, weight-decay: 0.01 "
            + "}", p => optim.SGD(p, 0.01, momentum: 0.9, weight_decay: 0.01, nesterov: true) },
        { "{ name: adam, rate: 0.01, weight-decay: 0.1 }", p => optim.Adam(p, 0.01, weight_decay: 0.1) },
        { "{ name: adamw, rate: 0.01, weight-decay: 0.1, beta1: 0.8 }", p => optim.AdamW(p, 0.01, beta1: 0.8, weight_decay: 0.1) },
    };

    [Theory]
    [MemberData(nameof(Optimisers), DisableDiscoveryEnumeration = true)]
    public void A_recipe_makes_the_optimiser_that_it_names(string spec, Func<IEnumerable<Parameter>, optim.Optimizer> theirs)
    {
        OptimiserSpec named = OptimiserSpec.Key.Read(SpecMap.Parse("recipe.yaml", $"optimiser: {spec}"));
        using Parameter ours = Start();
        using Parameter other = Start();
        using optim.Optimizer optimiser = named.Create([new ParameterGroup([ours])]);
        using optim.Optimizer reference = theirs([other]);
        for (int step = 0; step < 20; step++)
        {
            optimiser.zero_grad();
            Loss(ours).backward();
            optimiser.step();
            reference.zero_grad();
            Loss(other).backward();
            reference.step();
        }

        Assert.True(allclose(ours, other, rtol: 0, atol: 0));
        Assert.False(allclose(ours, Start()));
    }

    /// <summary>
    /// Adam's weight decay is an L2 term in the gradient, ½·λ·‖w‖² in the loss, as in papers that ask for "weight decay 1.0"; AdamW's is not.
    /// </summary>
    [Theory]
    [InlineData("adam", true)]
    [InlineData("adamw", false)]
    public void Adams_weight_decay_is_an_L2_penalty(string name, bool isPenalty)
    {
        using Parameter decayed = Start(), penalised = Start();
        using OptimizerHelper withDecay = Read("1.0").Create([new([decayed])]), without = Read("0").Create([new([penalised])]);
        for (int step = 0; step < 20; step++)
        {
            withDecay.zero_grad();
            without.zero_grad();
            Loss(decayed).backward();
            (Loss(penalised) + (penalised.pow(2).sum() * 0.5)).backward();
            withDecay.step();
            without.step();
        }

        Assert.Equal(isPenalty, allclose(decayed, penalised, rtol: 1e-4, atol: 1e-5));

        OptimiserSpec Read(string decay)
            => OptimiserSpec.Key.Read(SpecMap.Parse("recipe.yaml", $"optimiser: {{ name: {name}, rate: 0.01, weight-decay: {decay} }}"));
    }

    /// <summary>A group that is exempt from decay and learns at a tenth of the rate is as if it had an optimiser of its own.</summary>
    [Theory]
    [InlineData("sgd", "momentum: 0.9, nesterov: true")]
    [InlineData("adam", "beta1: 0.8")]
    [InlineData("adamw", "beta2: 0.99")]
    public void Each_group_has_its_own_rate_and_decay(string name, string rest)
    {
        using Parameter decaying = Start(), exempt = Start(), likeDecaying = Start(), likeExempt = Start();
        using OptimizerHelper both = Read("0.01", "0.2").Create([new([decaying]), new([exempt]) { Decays = false, Rate = 0.001 }]);
        using OptimizerHelper one = Read("0.01", "0.2").Create([new([likeDecaying])]);
        using OptimizerHelper other = Read("0.001", "0").Create([new([likeExempt])]);
        Parameter[] all = [decaying, exempt, likeDecaying, likeExempt];
        for (int step = 0; step < 20; step++)
        {
            optim.Optimizer[] optimisers = [both, one, other];
            Array.ForEach(optimisers, optimiser => optimiser.zero_grad());
            Array.ForEach(all, parameter => Loss(parameter).backward());
            Array.ForEach(optimisers, optimiser => optimiser.step());
        }

        Assert.True(allclose(decaying, likeDecaying, rtol: 0, atol: 0));
        Assert.True(allclose(exempt, likeExempt, rtol: 1e-6, atol: 1e-7));
        Assert.False(allclose(decaying, exempt));

        OptimiserSpec Read(string rate, string decay)
            => OptimiserSpec.Key.Read(SpecMap.Parse("recipe.yaml", $"optimiser: {{ name: {name}, rate: {rate}, weight-decay: {decay}, {rest} }}"));
    }

    [Theory]
    [InlineData("{ name: sgd, rate: 0.01, nesterov: true }", "nesterov")]
    [InlineData("{ name: sgd, rate: 0.01, beta1: 0.5 }", "beta1")]
    [InlineData("{ name: adagrad, rate: 0.01 }", "adagrad")]
    public void What_an_optimiser_does_not_have_is_named(string spec, string named)
    {
        var error = Assert.Throws<AuditException>(() => OptimiserSpec.Key.Read(SpecMap.Parse("recipe.yaml", $"optimiser: {spec}")));
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    // A curved valley, so that gradients change from step to step.
    private static Tensor Loss(Tensor w) => (w.pow(2) * arange(1, 7).to_type(ScalarType.Float32)).sum() + w.pow(4).sum();

    private static Parameter Start() => new(tensor([1f, -0.5f, 0.25f, 2f, -1.5f, 0.1f]));
}
