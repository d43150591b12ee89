using AuditKit.Models;

namespace AuditKit.Tests.Models;

/// <summary>Somebody else's trained models reach the accuracy that their authors state.</summary>
public sealed class PublishedAccuracyTests
{
    private const int Record = 1 + (3 * 32 * 32);

    [Theory]
    [InlineData("models/cifar10-resnet20.onnx", 0.9173)]
    [InlineData("models/cifar10-resnet20-fused.onnx", 0.9173)]
    [InlineData("models/cifar10-resnet32.onnx", 0.9263)]
    public void On_the_whole_test_batch_of_CIFAR_10(string path, double accuracy)
    {
        byte[] records = File.ReadAllBytes(Repository.Shared("data/cifar-10-batches-bin/test_batch.bin"));
        using var model = new OnnxRuntimeClassifier(
            Repository.Shared(path), new() { Mean = [0.485f, 0.456f, 0.406f], StandardDeviation = [0.229f, 0.224f, 0.225f] });
        const int Batch = 100;
        float[] pixels = new float[Batch * model.Input.Length];
        float[] logits = new float[Batch * 10];
        int right = 0;
        foreach (byte[] batch in records.Chunk(Batch * Record))
        {
            for (int i = 0; i < pixels.Length; i++)
            {
                pixels[i] = batch[(i / (Record - 1) * Record) + 1 + (i % (Record - 1))] / 255f;
            }

            model.Run(pixels, Batch, logits, []);
            right += logits.Chunk(10).Where((row, i) => Array.IndexOf(row, row.Max()) == batch[i * Record]).Count();
        }

        Assert.Equal(accuracy, right / 10_000.0);
    }
}
