using AuditKit.Training.Graphs;
using AuditKit.Training.Loop;
using AuditKit.Training.Remedies.Transfer;
using TorchSharp;
using static TorchSharp.torch;

namespace AuditKit.Training.Tests.Remedies.Transfer;

public sealed class WassersteinCriticsTests
{
    [Fact]
    public void The_loss_is_the_cross_entropy_and_each_layers_lambda_times_its_critic()
    {
        using DisposeScope scope = NewDisposeScope();
        using var task = new StripesTask("{ name: wasserstein, lambda: [0, 0, 0, 0, 0, 0, 3], ramp: 0, critic-steps: 2 }");
        IReadOnlyList<LinearLayer> layers = LinearLayer.Find(task.Network);
        using var critics = new LayerCritics(
            5, [.. layers.Take(7).Select(layer => layer.Name)], [.. layers.Take(7).Select(layer => layer.Filters().flatten(0, 1).detach())], 0.03);
        Move(task.Network);
        Batch batch = task.Batch();
        TrainingStep step = task.Step(batch);
        double expected = nn.functional.cross_entropy(step.Logits(step.Images()), step.Labels).item<float>();
        Tensor[] filters = [.. layers.Take(7).Select(layer => layer.Filters().flatten(0, 1))];
        critics.Step(filters);
        critics.Step(filters);
        double distance = critics.Distance(6, filters[6]).item<float>();
        Assert.True(distance > 0.01);

        Assert.Equal(expected + (3 * distance), task.Method.Loss(task.Step(batch)).item<float>(), 1e-4);
    }

    [Theory]
    [InlineData(0, 0, 1)]
    [InlineData(0.2, 0, 0)]
    [InlineData(0.2, 0.05, 0.25)]
    [InlineData(0.2, 0.6, 1)]
    public void Lambda_rises_over_the_ramp(double ramp, double progress, double share)
    {
        using var task = new StripesTask($"{{ name: wasserstein, ramp: {ramp} }}");
        Assert.Equal(share, ((WassersteinCritics)task.Method).Share(progress), 1e-9);
    }

    [Fact]
    public void Critics_and_what_their_optimiser_remembers_survive_a_kill()
    {
        const string Method = "{ name: wasserstein, lambda: 0.5, critic-steps: 1 }";
        using var unbroken = new StripesTask(Method, batch: 32);
        Trainer whole = unbroken.Train();

        using var broken = new StripesTask(Method, batch: 32);
        broken.TrainAndKill(epoch: 2);
        using var resumed = new StripesTask(Method, batch: 32);
        Trainer rest = resumed.Train(broken.Checkpoint);

        Assert.Equal(whole.History, rest.History);
        Assert.Equal(
            unbroken.Method.State.SelectMany(state => state.data<float>()), resumed.Method.State.SelectMany(state => state.data<float>()));
        string[] report = resumed.Method.Report("").Split('\n');
        Assert.Contains($"sees {Critic.MaxWidth} dimensions at most", report[0]);
        Assert.Equal(7, report.Count(line => line.StartsWith("| `", StringComparison.Ordinal)));
    }

    [Fact]
    public void Another_number_of_lambdas_than_of_layers_is_refused()
        => Assert.Contains(
            "'method.lambda' has 2 numbers, but there are 7 layers that it is for",
            Assert.Throws<AuditException>(() => new StripesTask("{ name: wasserstein, lambda: [1, 2] }")).Message);

    private static void Move(GraphModule network)
    {
        using IDisposable gradients = no_grad();
        manual_seed(2);
        foreach (Tensor parameter in network.Parameters.Values)
        {
            parameter.add_(0.05 * randn_like(parameter));
        }
    }
}
