using AuditKit.Training.Loop;
using AuditKit.Training.Remedies;
using TorchSharp;
using static TorchSharp.torch;

namespace AuditKit.Training.Tests.Remedies;

public sealed class AdversarialTests
{
    [Theory]
    [InlineData(0.03, 0.01, 5)]
    [InlineData(0.2, 0.5, 3)]
    public void The_attack_stays_in_the_ball_and_among_images_and_raises_the_loss(double epsilon, double stepSize, int steps)
    {
        using DisposeScope scope = NewDisposeScope();
        using var task = new StripesTask("{ name: erm }");
        task.Train();
        TrainingStep step = task.Step(task.Batch());
        using var method = new Adversarial(epsilon, stepSize, steps);
        Dictionary<string, float[]> statistics = Statistics(task);

        Tensor attacked = method.Attack(step);

        Assert.True(task.Network.Training);
        Assert.Equal(statistics, Statistics(task));
        float[] moves = [.. (attacked - step.Images()).abs().data<float>()];
        Assert.All(moves, move => Assert.InRange(move, 0, epsilon + 1e-6));
        Assert.Contains(moves, move => move > 0.9 * epsilon);
        Assert.All(attacked.data<float>(), pixel => Assert.InRange(pixel, 0, 1));
        Assert.False(attacked.requires_grad);
        task.Network.Training = false;
        (float before, float random, float after) = (Loss(step.Images()), Loss(step.Images() + (epsilon * (step.Images() - 0.5).sign())), Loss(attacked));
        Assert.True(after > before && after > random, $"{before}, a blind shift {random}, attacked {after}");

        float Loss(Tensor images) => nn.functional.cross_entropy(step.Logits(images), step.Labels).item<float>();
    }

    // The loss of a linear classifier is largest at the corner of the ball that the weights' signs say: closed form.
    [Fact]
    public void On_a_network_whose_gradient_has_the_same_signs_everywhere_the_attack_ends_in_the_known_corner()
    {
        using DisposeScope scope = NewDisposeScope();
        using var tiny = new TinyTask((0, "a"), (1, "a"));
        TrainingStep step = tiny.Step([0, 1]);
        Tensor images = step.Images().requires_grad_();
        Tensor gradient = autograd.grad([nn.functional.cross_entropy(step.Logits(images), step.Labels)], [images])[0];
        using var method = new Adversarial(0.01, 0.004, 8);

        Tensor attacked = method.Attack(tiny.Step([0, 1]));

        Assert.True(gradient.abs().min().item<float>() > 1e-3);
        Assert.True(allclose(attacked, (images.detach() + (0.01 * gradient.sign())).clamp(0, 1), rtol: 0, atol: 1e-6));
    }

    [Fact]
    public void The_loss_is_the_cross_entropy_at_the_attacked_images_and_their_gradient_is_not_followed()
    {
        using DisposeScope scope = NewDisposeScope();
        using var task = new StripesTask("{ name: adversarial, epsilon: 0.1, steps: 2 }");
        // The same network once more, whose running statistics the first one's step does not move.
        using var copy = new StripesTask("{ name: erm }");
        Batch batch = task.Batch();
        TrainingStep step = copy.Step(batch);
        // The recipe's step, left out, is 2.5·ε/steps.
        using var same = new Adversarial(0.1, 0.125, 2);
        float expected = nn.functional.cross_entropy(step.Logits(same.Attack(step)), step.Labels).item<float>();

        Tensor loss = task.Method.Loss(task.Step(batch));
        Assert.All(task.Network.Parameters.Values, parameter => Assert.Null(parameter.grad));
        loss.backward();

        Assert.Equal(expected, loss.item<float>(), 1e-5);
        Assert.All(task.Network.Parameters.Values, parameter => Assert.NotNull(parameter.grad));
    }

    [Fact]
    public void Training_makes_the_network_harder_to_attack()
    {
        using DisposeScope scope = NewDisposeScope();
        using var plain = new StripesTask("{ name: erm }", epochs: 4);
        using var robust = new StripesTask("{ name: adversarial, epsilon: 0.15, steps: 3 }", epochs: 4);
        plain.Train();
        robust.Train();
        using var attack = new Adversarial(0.15, 0.03, 10);

        Assert.True(Attacked(robust) < 0.7 * Attacked(plain), $"robust {Attacked(robust)}, plain {Attacked(plain)}");

        float Attacked(StripesTask task)
        {
            TrainingStep step = task.Step(task.Batch());
            Tensor images = attack.Attack(step);
            task.Network.Training = false;
            return nn.functional.cross_entropy(step.Logits(images), step.Labels).item<float>();
        }
    }

    [Theory]
    [InlineData("{ name: adversarial }", "'method.epsilon' is missing")]
    [InlineData("{ name: adversarial, epsilon: 8 }", "'method.epsilon' must be between")]
    [InlineData("{ name: adversarial, epsilon: 0.03, stps: 5 }", "unknown key 'stps' in 'method'. Did you mean 'steps'?")]
    public void What_it_does_not_have_is_named(string method, string message)
        => Assert.Contains(message, Assert.Throws<AuditException>(() => new StripesTask(method)).Message, StringComparison.Ordinal);

    private static Dictionary<string, float[]> Statistics(StripesTask task)
        => task.Network.Buffers.ToDictionary(buffer => buffer.Key, buffer => buffer.Value.data<float>().ToArray());
}
