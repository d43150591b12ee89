using AuditKit.Training.Loop;

namespace AuditKit.Training.Tests.Remedies.Sparse;

public sealed class SparseMethodTests
{
    // The one that all of them take.
    private const string Optimiser = "{ name: adam, rate: 0.005 }";

    public static TheoryData<string> Methods =>
    [
        "{ name: sparse-variational-dropout, warm-up: 1 }",
        "{ name: magnitude-pruning, sparsity: 0.7, from: 0.3, until: 0.7 }",
        "{ name: dynamic-network-surgery, deviations: 0.5, from: 0.3, until: 0.7 }",
        "{ name: soft-weight-sharing, from: 0.3, weight: 0.0001 }",
    ];

    [Theory]
    [MemberData(nameof(Methods))]
    public void A_run_that_is_killed_goes_on_to_the_sparse_network_of_an_unbroken_one(string method)
    {
        using var unbroken = new StripesTask(method, epochs: 3, optimiser: Optimiser);
        Trainer whole = unbroken.Train();

        using var broken = new StripesTask(method, epochs: 3, optimiser: Optimiser);
        broken.TrainAndKill(epoch: 3);
        using var resumed = new StripesTask(method, epochs: 3, optimiser: Optimiser);
        Trainer rest = resumed.Train(broken.Checkpoint);

        Assert.Equal(whole.History, rest.History);
        Assert.Equal(Weights(unbroken), Weights(resumed));
        // The sign of a 0 would cost room in a packed file.
        Assert.DoesNotContain(Weights(unbroken), weight => weight == 0 && float.IsNegative(weight));
        Assert.Equal(
            unbroken.Method.State.Concat(unbroken.Method.Parameters).SelectMany(state => state.data<float>()),
            resumed.Method.State.Concat(resumed.Method.Parameters).SelectMany(state => state.data<float>()));
    }

    [Theory]
    [InlineData("{ name: magnitude-pruning, sparsity: 1 }", "'method.sparsity'")]
    [InlineData("{ name: magnitude-pruning }", "'method.sparsity' is missing")]
    [InlineData("{ name: magnitude-pruning, sparsity: [0.5, 0.6] }", "'method.sparsity' has 2 numbers, but there are 8 layers")]
    [InlineData("{ name: magnitude-pruning, sparsity: 0.5, from: 0.5, until: 0.4 }", "'until' must be at least 'from', 0.5.")]
    [InlineData("{ name: dynamic-network-surgery, deviations: [1, 2, 3] }", "'method.deviations' has 3 numbers, but there are 8 layers")]
    [InlineData("{ name: soft-weight-sharing, zero-share: 1 }", "'method.zero-share' must be between")]
    [InlineData("{ name: sparse-variational-dropout, treshold: 3 }", "Did you mean 'threshold'?")]
    public void What_a_method_cannot_use_is_named(string method, string message)
        => Assert.Contains(message, Assert.Throws<AuditException>(() => new StripesTask(method)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("{ name: sparse-variational-dropout, warm-up: 0 }", false)]
    [InlineData("{ name: soft-weight-sharing, from: 0 }", false)]
    [InlineData("{ name: aairm }", true)]
    public void The_heads_rate_is_for_a_methods_own_networks_and_not_for_what_goes_with_weights(string method, bool hasHeadRate)
    {
        float[] Learnt(string rates)
        {
            string optimiser = $"{{ name: adam, {rates} }}";
            using var tiny = new TinyTask((0, "a"), (1, "a"), (0, "b"), (1, "b"));
            TrainingTask task = tiny.Task(method: method, optimiser: optimiser);
            using TrainingMethod made = task.Recipe.Method(task);
            string checkpoint = Path.Combine(Directory.CreateTempSubdirectory("auditkit-rates").FullName, "checkpoint.bin");
            new Trainer(task.Recipe, tiny.Network, task.Normalisation, made, task.ToTrainingSet(), task.Validation)
                .Run(checkpoint, (_, _, _) => { }, CancellationToken.None);
            Directory.Delete(Path.GetDirectoryName(checkpoint)!, recursive: true);
            return [.. made.Parameters.SelectMany(parameter => parameter.data<float>())];
        }

        Assert.Equal(!hasHeadRate, Learnt("rate: 0.001").SequenceEqual(Learnt("rate: 0.001, head-rate: 0.1")));
        Assert.NotEqual(Learnt("rate: 0.001"), Learnt("rate: 0.002"));
    }

    private static float[] Weights(StripesTask task) => [.. task.Network.Parameters.Values.SelectMany(weights => weights.data<float>())];
}
