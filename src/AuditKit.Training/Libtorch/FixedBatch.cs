using System.Runtime.InteropServices;
using AuditKit.Imaging;
using AuditKit.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace AuditKit.Training.Libtorch;

/// <summary>
/// The batch that a model is always run in by libtorch: of one size, its free places filled with black images, so that
/// what the model says of an image does not depend on the batch that the image is in.
/// </summary>
internal sealed class FixedBatch : IDisposable
{
    private readonly InputShape _input;
    private readonly Normalisation _normalisation;
    private readonly torch.Device _device;
    private readonly Tensor _images;

    /// <summary>A batch of black images.</summary>
    /// <param name="input">The shape of one image.</param>
    /// <param name="size">Images N.</param>
    /// <param name="normalisation">What is done to pixels first.</param>
    /// <param name="device">Where the model is run.</param>
    public FixedBatch(InputShape input, int size, Normalisation normalisation, Models.Device device)
    {
        (_input, Size, _normalisation, _device) = (input, size, normalisation, torch.device(device.ToString()));
        _images = zeros(size, input.Channels, input.Height, input.Width).DetachFromDisposeScope();
    }

    /// <summary>Images N.</summary>
    public int Size { get; }

    /// <summary>The images on the model's device, N×C×H×W, normalised.</summary>
    public Tensor OnDevice() => _images.to(_device);

    /// <summary>Starts libtorch, and refuses a device that is not there.</summary>
    /// <exception cref="AuditException">libtorch cannot be started or does not see the GPU.</exception>
    public static void RequireDevice(Models.Device device)
    {
        LibtorchEngine.Start();
        if (device.Gpu is { } gpu && gpu >= cuda.device_count())
        {
            throw new AuditException(
                $"There is no device {device}; libtorch sees {cuda.device_count()} CUDA GPUs. Give --device cpu to run without one"
                + (LibtorchEngine.HasCuda
                    ? "."
                    : $", or set {LibtorchFolder.Variable} to a libtorch {LibtorchEngine.Version} with CUDA, such as torch/lib of a Python "
                    + "installation; this one has none."));
        }
    }

    /// <summary>Puts images into the first places and black ones into all others.</summary>
    /// <param name="pixels">n×C×H×W pixels in [0, 1], n ≤ N.</param>
    public void Fill(ReadOnlySpan<float> pixels)
    {
        Span<float> images = MemoryMarshal.Cast<byte, float>(_images.bytes);
        _normalisation.Apply(pixels, images[..pixels.Length]);
        images[pixels.Length..].Clear();
    }

    /// <summary>Puts noise into all places, to try a model with.</summary>
    public void FillWithNoise()
    {
        var random = CounterRandom.For(0, "probe", 0);
        foreach (ref float pixel in MemoryMarshal.Cast<byte, float>(_images.bytes))
        {
            pixel = (float)random.NextDouble();
        }
    }

    /// <summary>From the gradient with respect to the model's input to that with respect to pixels.</summary>
    /// <param name="gradient">n×C×H×W, changed in place.</param>
    public void Backward(Span<float> gradient) => _normalisation.Backward(gradient);

    /// <summary>The error for a model whose output is no row of logits an image.</summary>
    public AuditException NoClassifier(string path, long[] output) => new(
        $"{path}: a classifier gives K ≥ 2 logits an image, but for {Size} images of {_input} this model gives {string.Join("×", output)}.");

    /// <inheritdoc/>
    public void Dispose() => _images.Dispose();
}
