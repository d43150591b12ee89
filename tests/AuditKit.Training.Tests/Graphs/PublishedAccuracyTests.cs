using AuditKit.Models.Onnx;
using AuditKit.Tests;
using AuditKit.Training.Graphs;
using static TorchSharp.torch;

namespace AuditKit.Training.Tests.Graphs;

/// <summary>Somebody else's trained models reach the accuracy that their authors state in libtorch too.</summary>
public class PublishedAccuracyTests
{
    [Theory]
    [InlineData("models/cifar10-resnet20.onnx", 0.9173)]
    [InlineData("models/cifar10-resnet32.onnx", 0.9263)]
    public void On_the_whole_test_batch_of_CIFAR_10(string path, double accuracy)
    {
        const int Batch = 250;
        using var module = new GraphModule(OnnxFile.Read(Repository.Shared(path)));
        using Tensor images = Cifar.Images(Cifar.TestImages).ToTensor();
        int[] labels = Cifar.Labels();
        int right = 0;
        for (int first = 0; first < labels.Length; first += Batch)
        {
            using var scope = NewDisposeScope();
            using var evaluation = no_grad();
            long[] predicted = module.Forward(images.narrow(0, first, Batch)).argmax(1).ToLongs();
            right += predicted.Where((label, i) => label == labels[first + i]).Count();
        }

        Assert.Equal(accuracy, right / (double)labels.Length);
    }
}
