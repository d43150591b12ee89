using AuditKit.Imaging;
using AuditKit.Training.Graphs;
using AuditKit.Training.Loop;
using TorchSharp;
using static TorchSharp.torch;

namespace AuditKit.Training.Remedies.Clamp;

/// <summary>The training images of one class at the network's input size, as bytes.</summary>
internal sealed class ClassImages
{
    private readonly InputShape _shape;

    // For each image C×H×W samples.
    private readonly byte[][] _samples;

    private ClassImages(InputShape shape, int[] images, byte[][] samples, int[][] members)
        => (_shape, Images, _samples, Members) = (shape, images, samples, members);

    /// <summary>The images' indices in the data.</summary>
    public IReadOnlyList<int> Images { get; }

    /// <summary>For each value of the attribute the places of its images in <see cref="Images"/>.</summary>
    public IReadOnlyList<IReadOnlyList<int>> Members { get; }

    /// <summary>All samples, in order.</summary>
    public IEnumerable<byte[]> Samples => _samples;

    /// <summary>Reads a class's training images.</summary>
    /// <exception cref="AuditException">An image cannot be read.</exception>
    public static ClassImages Read(TrainingTask task, int label)
    {
        int[] images = [.. task.Images.Where(image => task.Groups.ClassOf(task.Groups[image]) == label)];
        float[] pixels = new float[task.Transform.Input.Length];
        byte[][] samples = new byte[images.Length][];
        foreach ((int place, int image) in images.Index())
        {
            task.Cancellation.ThrowIfCancellationRequested();
            task.Transform.Apply(task.Data.Load(image), pixels);
            samples[place] = Array.ConvertAll(pixels, pixel => (byte)MathF.Round(pixel * 255));
        }

        return new ClassImages(
            task.Transform.Input, images, samples,
            [
                .. Enumerable.Range(0, task.Groups.Values.Count).Select(value => Enumerable.Range(0, images.Length)
                    .Where(place => task.Groups.ValueOf(task.Groups[images[place]]) == value).ToArray()),
            ]);
    }

    /// <summary>Some images as a generator takes them: n×C×H×W in [−1, 1].</summary>
    public Tensor Tensor(IReadOnlyList<int> places, torch.Device device)
    {
        float[] values = new float[places.Count * _shape.Length];
        foreach ((int i, int place) in places.Index())
        {
            ReadOnlySpan<byte> samples = _samples[place];
            Span<float> image = values.AsSpan(i * _shape.Length, _shape.Length);
            for (int at = 0; at < image.Length; at++)
            {
                image[at] = (samples[at] / 127.5f) - 1;
            }
        }

        return tensor(values, [places.Count, _shape.Channels, _shape.Height, _shape.Width]).to(device);
    }

    /// <summary>What a generator made, as samples C×H×W of one image after the other.</summary>
    public static byte[] Bytes(Tensor images)
        => Array.ConvertAll(images.ToFloats(), value => (byte)Math.Clamp(MathF.Round((value + 1) * 127.5f), 0, 255));

    /// <summary>One of the images.</summary>
    public Image Original(int place) => Image(_samples[place]);

    /// <summary>Samples C×H×W as an image.</summary>
    public Image Image(ReadOnlySpan<byte> samples)
    {
        (int channels, int height, int width) = _shape;
        var image = new Image(width, height, channels);
        for (int c = 0; c < channels; c++)
        {
            for (int pixel = 0; pixel < height * width; pixel++)
            {
                image.Samples[(pixel * channels) + c] = samples[(c * height * width) + pixel];
            }
        }

        return image;
    }
}
