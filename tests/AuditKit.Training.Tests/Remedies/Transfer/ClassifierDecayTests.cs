using AuditKit.Training.Loop;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AuditKit.Training.Tests.Remedies.Transfer;

public sealed class ClassifierDecayTests
{
    /// <summary>As in their authors' codes: L2-SP leaves the classifier's bias free, DELTA draws all of the classifier to zero.</summary>
    [Theory]
    [InlineData("l2-sp", false)]
    [InlineData("delta", true)]
    public void The_classifier_is_drawn_to_zero(string method, bool drawsBias)
    {
        using DisposeScope scope = NewDisposeScope();
        using var task = new StripesTask($"{{ name: {method}, beta: 0, alpha: 3 }}");
        Parameter[] classifier = [.. task.Network.Parameters.TakeLast(2).Select(parameter => parameter.Value)];
        Assert.Equal([2, 1], classifier.Select(parameter => parameter.ndim));
        using (no_grad())
        {
            classifier[1].fill_(0.7);
        }

        Batch batch = task.Batch();
        double penalty = task.Method.Loss(task.Step(batch)).item<float>() - task.Step(batch).CrossEntropy().item<float>();

        double weights = classifier[0].data<float>().Sum(weight => (double)weight * weight), biases = 2 * 0.49;
        Assert.Equal(1.5 * (weights + (drawsBias ? biases : 0)), penalty, 1e-4);
    }
}
