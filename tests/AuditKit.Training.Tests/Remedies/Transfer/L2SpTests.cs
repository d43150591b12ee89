using AuditKit.Training.Loop;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AuditKit.Training.Tests.Remedies.Transfer;

public sealed class L2SpTests
{
    private static readonly int[] _batch = [0, 1, 2];

    [Fact]
    public void The_encoder_is_drawn_to_its_start_and_the_classifier_to_zero()
    {
        using DisposeScope scope = NewDisposeScope();
        using var tiny = new TinyTask((0, "left"), (1, "left"), (0, "right"));
        using TrainingMethod method = tiny.Method("{ name: l2-sp, beta: 0.6, alpha: 0.2 }");
        float[] start = [.. tiny.Network.Parameters["hidden.weight"].data<float>()];
        Assert.Equal(CrossEntropy(tiny) + (0.1 * Squares(tiny.Network.Parameters["head.weight"])), Loss(tiny, method), 1e-6);

        Fill(tiny.Network.Parameters["hidden.weight"], i => start[i] + (0.1f * (i - 4)));
        Fill(tiny.Network.Parameters["head.weight"], i => 0.3f * i);
        double expected = CrossEntropy(tiny);
        for (int i = 0; i < start.Length; i++)
        {
            expected += 0.3 * Math.Pow(0.1 * (i - 4), 2);
        }

        for (int i = 0; i < 6; i++)
        {
            expected += 0.1 * Math.Pow(0.3 * i, 2);
        }

        Assert.Equal(expected, Loss(tiny, method), 1e-5);
        foreach (Parameter parameter in tiny.Network.Parameters.Values)
        {
            Tensor Function() => method.Loss(tiny.Step(_batch));
            TinyTask.AssertClose(TinyTask.Differences(parameter, Function), TinyTask.Gradient(parameter, Function), 1e-3);
        }
    }

    [Fact]
    public void Biases_and_normalisations_are_free()
    {
        using DisposeScope scope = NewDisposeScope();
        using var task = new StripesTask("{ name: l2-sp, beta: 1e6, alpha: 1e6 }");
        using (no_grad())
        {
            foreach (Parameter parameter in task.Network.Parameters.Values.Where(parameter => parameter.ndim == 1))
            {
                parameter.add_(0.1);
            }
        }

        foreach ((_, Parameter parameter) in task.Network.Parameters.Where(parameter => parameter.Value.ndim == 1))
        {
            task.Method.Loss(task.Step(task.Batch())).backward();
            Assert.InRange(parameter.grad!.abs().max().item<float>(), 0, 100);
            parameter.grad.zero_();
        }
    }

    // Plain L2 is no method of its own: from weights of 0, L2-SP with α = β is what the optimiser's weight decay does.
    [Fact]
    public void Weight_decay_is_the_penalty_towards_zero()
    {
        using var penalised = new TinyTask((0, "left"), (1, "left"), (0, "right"));
        using var decayed = new TinyTask((0, "left"), (1, "left"), (0, "right"));
        float[] drawn = [.. penalised.Network.Parameters["hidden.weight"].data<float>()];
        Fill(penalised.Network.Parameters["hidden.weight"], _ => 0);
        using TrainingMethod l2 = penalised.Method("{ name: l2-sp, beta: 0.3, alpha: 0.3 }");
        Fill(penalised.Network.Parameters["hidden.weight"], i => drawn[i]);
        using TrainingMethod erm = decayed.Method("{ name: erm }");
        using var withPenalty = optim.SGD([.. penalised.Network.Parameters.Values], 0.1);
        using var withDecay = optim.SGD([.. decayed.Network.Parameters.Values], 0.1, weight_decay: 0.3);
        for (int i = 0; i < 3; i++)
        {
            Descend(penalised, l2, withPenalty);
            Descend(decayed, erm, withDecay);
        }

        foreach ((string name, Parameter parameter) in decayed.Network.Parameters)
        {
            TinyTask.AssertClose([.. parameter.data<float>()], [.. penalised.Network.Parameters[name].data<float>()], 1e-6);
        }
    }

    private static void Descend(TinyTask tiny, TrainingMethod method, optim.Optimizer optimiser)
    {
        using DisposeScope scope = NewDisposeScope();
        optimiser.zero_grad();
        method.Loss(tiny.Step(_batch)).backward();
        optimiser.step();
    }

    private static double Loss(TinyTask tiny, TrainingMethod method) => method.Loss(tiny.Step(_batch)).item<float>();

    private static double CrossEntropy(TinyTask tiny)
    {
        TrainingStep step = tiny.Step(_batch);
        return nn.functional.cross_entropy(step.Logits(step.Images()), step.Labels).item<float>();
    }

    private static double Squares(Parameter parameter) => parameter.data<float>().ToArray().Sum(value => (double)value * value);

    private static void Fill(Parameter parameter, Func<int, float> value)
    {
        using IDisposable gradients = no_grad();
        using DisposeScope scope = NewDisposeScope();
        parameter.copy_(tensor([.. Enumerable.Range(0, (int)parameter.numel()).Select(value)], parameter.shape));
    }
}
