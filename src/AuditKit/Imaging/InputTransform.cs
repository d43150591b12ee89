using System.Runtime.Intrinsics;

namespace AuditKit.Imaging;

/// <summary>
/// From a data set's image to a model's input: optionally turned to grey, the shorter side scaled and the centre cut out, grey
/// repeated over three channels, samples divided by 255. The model's own mean and standard deviation are not
/// applied here but by the classifier, so that attacks and distances live in pixel space [0, 1].
/// </summary>
/// <remarks>
/// Sizes and offsets are rounded as torchvision's <c>Resize</c>, <c>CenterCrop</c> and <c>ToTensor</c> round them on
/// Pillow images, so that a model gets what it got when it was trained.
/// </remarks>
public sealed class InputTransform
{
    /// <summary>A transform for one model.</summary>
    /// <param name="input">What the model takes.</param>
    /// <param name="resize">The length that the shorter side is scaled to (bilinear, antialiased); null to leave the size.</param>
    /// <param name="crop">Whether the centre of the input's size is cut out after scaling.</param>
    /// <param name="grey">Whether colour images are turned to grey first.</param>
    public InputTransform(InputShape input, int? resize = null, bool crop = false, bool grey = false)
    {
        (Input, Resize, Crop, Grey) = (input, resize, crop, grey);
    }

    /// <summary>What the model takes.</summary>
    public InputShape Input { get; }

    /// <summary>The length that the shorter side is scaled to; null to leave the size.</summary>
    public int? Resize { get; }

    /// <summary>Whether the centre of the input's size is cut out.</summary>
    public bool Crop { get; }

    /// <summary>Whether colour images are turned to grey first.</summary>
    public bool Grey { get; }

    /// <summary>Writes C×H×W floats in [0, 1].</summary>
    /// <param name="image">An image of the data set.</param>
    /// <param name="pixels">Receives <see cref="InputShape.Length"/> floats, channel by channel.</param>
    /// <exception cref="AuditException">The image does not fit the model; the message says both shapes and what to set.</exception>
    public void Apply(Image image, Span<float> pixels) => WriteScaled(image, Scale(image), pixels);

    /// <summary>Refuses an image that does not fit the model.</summary>
    /// <param name="image">An image of the data set.</param>
    /// <exception cref="AuditException">It does not fit; the message says both shapes and what to set.</exception>
    public void RequireFit(Image image) => Apply(image, new float[Input.Length]);

    /// <summary>The image turned to grey and with its shorter side scaled, where that is asked for; the rest of the transform is
    /// <see cref="Write(Image, Span{float})"/>.</summary>
    /// <param name="image">An image of the data set.</param>
    public Image Scale(Image image)
    {
        ArgumentNullException.ThrowIfNull(image);
        Image coloured = ToGrey(image);
        return Resize is { } shorter ? ScaleShorterSide(coloured, shorter) : coloured;
    }

    /// <summary>Writes the C×H×W floats in [0, 1] of an image that has been scaled already.</summary>
    /// <param name="scaled">An image of the input's size, or a larger one whose centre is to be cut out.</param>
    /// <param name="pixels">Receives <see cref="InputShape.Length"/> floats, channel by channel.</param>
    /// <exception cref="AuditException">The image does not fit the model; the message says both shapes and what to set.</exception>
    public void Write(Image scaled, Span<float> pixels) => WriteScaled(scaled, ToGrey(scaled), pixels);

    private Image ToGrey(Image image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return Grey && image.Channels != 1 ? new Image(image.Width, image.Height, 1, Luma.Of(image).ToArray()) : image;
    }

    private void WriteScaled(Image image, Image scaled, Span<float> pixels)
    {
        ArgumentNullException.ThrowIfNull(scaled);
        ArgumentOutOfRangeException.ThrowIfNotEqual(pixels.Length, Input.Length);
        bool sizeFits = Crop
            ? scaled.Width >= Input.Width && scaled.Height >= Input.Height
            : scaled.Width == Input.Width && scaled.Height == Input.Height;
        if (!sizeFits || (scaled.Channels != Input.Channels && scaled.Channels != 1))
        {
            throw Mismatch(image, scaled);
        }

        // Halves go to the even neighbour, which is what Python's round does. Both are 0 where nothing is cut off.
        int left = (int)Math.Round((scaled.Width - Input.Width) / 2.0, MidpointRounding.ToEven);
        int top = (int)Math.Round((scaled.Height - Input.Height) / 2.0, MidpointRounding.ToEven);
        int plane = Input.Height * Input.Width;
        for (int c = 0; c < scaled.Channels; c++)
        {
            for (int y = 0; y < Input.Height; y++)
            {
                ReadOnlySpan<byte> row = scaled.Samples.AsSpan(((((y + top) * scaled.Width) + left) * scaled.Channels) + c);
                ToUnitRange(row, scaled.Channels, pixels.Slice((c * plane) + (y * Input.Width), Input.Width));
            }
        }

        for (int c = scaled.Channels; c < Input.Channels; c++)
        {
            pixels[..plane].CopyTo(pixels[(c * plane)..]);
        }
    }

    private static Image ScaleShorterSide(Image image, int shorter)
    {
        // The longer side is cut down to whole pixels, not rounded.
        (int width, int height) = image.Width <= image.Height
            ? (shorter, (int)((long)shorter * image.Height / image.Width))
            : ((int)((long)shorter * image.Width / image.Height), shorter);
        return Resampler.Resize(image, width, height, ResampleFilter.Bilinear);
    }

    // Every step-th byte, divided by 255.
    private static void ToUnitRange(ReadOnlySpan<byte> samples, int step, Span<float> output)
    {
        int x = 0;
        Vector128<byte> everyStep = (Vector128<uint>.Indices * (uint)step).AsByte();
        Vector128<byte> lowestOfFour = Vector128.Shuffle(everyStep, Vector128.Create((byte)0, 0, 0, 0, 4, 4, 4, 4, 8, 8, 8, 8, 12, 12, 12, 12));
        Vector128<int> sampleBits = Vector128.Create(255);
        Vector128<float> scale = Vector128.Create(255f);
        for (; x <= output.Length - 4 && (x * step) + Vector128<byte>.Count <= samples.Length; x += 4)
        {
            Vector128<byte> picked = Vector128.ShuffleNative(Vector128.Create(samples.Slice(x * step, Vector128<byte>.Count)), lowestOfFour);
            (Vector128.ConvertToSingle(picked.AsInt32() & sampleBits) / scale).CopyTo(output[x..]);
        }

        for (; x < output.Length; x++)
        {
            output[x] = samples[x * step] / 255f;
        }
    }

    private AuditException Mismatch(Image image, Image scaled)
    {
        string after = Resize is null ? "" : $" ({scaled.Width}×{scaled.Height} pixels after model.resize: {Resize})";
        string advice = scaled.Channels != 1 && scaled.Channels != Input.Channels
            ? "Set model.channels: grey, so that they are turned to grey, or audit a model of three channels."
            : Crop || (Resize is not null && (scaled.Width < Input.Width || scaled.Height < Input.Height))
            ? $"Set model.resize to at least {Math.Max(Input.Width, Input.Height)}, so that the centre can be cut out."
            : Resize is null
            ? $"Set model.resize to the length that the shorter side is to have (such as {Math.Min(Input.Width, Input.Height)}), and "
                + "model.crop: true to cut out the centre."
            : "Set model.crop: true to cut out the centre.";
        return new AuditException(
            $"The model takes {Input} (channels×height×width), but an image has {image.Channels}×{image.Height}×{image.Width}{after}. {advice}");
    }
}
