using AuditKit.Imaging;
using AuditKit.Models;
using Microsoft.ML.OnnxRuntime;

namespace AuditKit.Tests.Imaging;

public sealed class JpegFlipTests
{
    private const int Images = 2000;
    private static readonly InputTransform Transform = new(new InputShape(3, 32, 32));
    private static readonly float[] Mean = [0.485f, 0.456f, 0.406f];
    private static readonly float[] Deviation = [0.229f, 0.224f, 0.225f];

    [Fact]
    public void Jpeg_50_flips_as_many_predictions_of_ResNet_20_as_Pillow_does()
    {
        string model = Repository.Shared("models/cifar10-resnet20.onnx");
        using FileStream records = File.OpenRead(Repository.Shared("data/cifar-10-batches-bin/test_batch.bin"));
        using var session = new InferenceSession(model);
        var jpeg = new JpegCompression(50);

        int flips = 0;
        byte[] record = new byte[1 + (3 * 32 * 32)];
        for (int first = 0; first < Images; first += 100)
        {
            float[] plain = new float[100 * Transform.Input.Length];
            float[] compressed = new float[plain.Length];
            for (int i = 0; i < 100; i++)
            {
                records.ReadExactly(record);
                Image image = FromPlanes(record.AsSpan(1));
                Apply(image, plain, i);
                Apply(jpeg.Apply(image, CounterRandom.For(1, jpeg.Name, first + i)), compressed, i);
            }

            flips += Classes(session, plain).Zip(Classes(session, compressed)).Count(pair => pair.First != pair.Second);
        }

        // Pillow 9.4 and PyTorch 1.13 on the same images: 484 of 2,000.
        Assert.Equal(0.242, Math.Round((double)flips / Images, 3));
    }

    private static Image FromPlanes(ReadOnlySpan<byte> planes)
    {
        var image = new Image(32, 32, 3);
        for (int i = 0; i < planes.Length; i++)
        {
            image.Samples[(i % 1024 * 3) + (i / 1024)] = planes[i];
        }

        return image;
    }

    private static void Apply(Image image, float[] batch, int index)
    {
        Span<float> pixels = batch.AsSpan(index * Transform.Input.Length, Transform.Input.Length);
        Transform.Apply(image, pixels);
        for (int i = 0; i < pixels.Length; i++)
        {
            pixels[i] = (pixels[i] - Mean[i / 1024]) / Deviation[i / 1024];
        }
    }

    private static int[] Classes(InferenceSession session, float[] batch)
    {
        using OrtValue input = OrtValue.CreateTensorValueFromMemory(batch, [100, 3, 32, 32]);
        using var options = new RunOptions();
        using IDisposableReadOnlyCollection<OrtValue> outputs = session.Run(options, ["input"], [input], ["logits"]);
        float[] logits = outputs[0].GetTensorDataAsSpan<float>().ToArray();
        return [.. logits.Chunk(10).Select(row => Array.IndexOf(row, row.Max()))];
    }
}
