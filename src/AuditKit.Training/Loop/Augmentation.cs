using AuditKit.Imaging;
using AuditKit.Yaml;

namespace AuditKit.Training.Loop;

/// <summary>Random crop after padding and random horizontal flip, as ResNets are trained on small images (He et al. 2016, §4.2).</summary>
/// <param name="Crop">Pixels of zero padding on each side before a crop of the original size; 0 for none.</param>
/// <param name="Flip">Whether half of the images are mirrored left to right.</param>
public sealed record Augmentation(int Crop, bool Flip)
{
    private static readonly IntegerKey s_crop = new("crop", "Pixels of zero padding on each side before a random crop of the original size", 0, 0, 1024);
    private static readonly FlagKey s_flip = new("flip", "Whether half of the images are mirrored left to right");

    /// <summary>The keys of its block.</summary>
    internal static IReadOnlyList<SpecKey> Keys { get; } = [s_crop, s_flip];

    /// <summary>Images as they are.</summary>
    public static Augmentation None { get; } = new(0, false);

    /// <summary>Reads the optional <c>augmentation:</c> block.</summary>
    /// <exception cref="AuditException">An unknown key or a value out of range.</exception>
    public static Augmentation Parse(SpecMap? map)
    {
        if (map is null)
        {
            return None;
        }

        var augmentation = new Augmentation(s_crop.Read(map), s_flip.Read(map));
        map.Finish();
        return augmentation;
    }

    /// <summary>Refuses crops of which nothing of the image may be left.</summary>
    /// <param name="recipe">The recipe's name, for the message.</param>
    /// <param name="shape">The images.</param>
    /// <exception cref="AuditException">The padding is as wide as the image, or wider.</exception>
    internal void RequireFit(string recipe, InputShape shape)
    {
        int side = Math.Min(shape.Height, shape.Width);
        if (Crop >= side)
        {
            throw new AuditException($"{recipe}: augmentation.crop is {Crop}, and the network's images are {shape}: crops would have nothing of an image. "
                + $"Give less than {side}; 4 is usual at 32 pixels.");
        }
    }

    /// <summary>Writes the augmented image.</summary>
    /// <param name="source">C×H×W floats.</param>
    /// <param name="target">Receives C×H×W floats.</param>
    /// <param name="shape">C, H and W.</param>
    /// <param name="random">The draws of this image in this epoch.</param>
    public void Apply(ReadOnlySpan<float> source, Span<float> target, InputShape shape, CounterRandom random)
    {
        ArgumentNullException.ThrowIfNull(random);
        int dy = Crop > 0 ? random.NextInt32((2 * Crop) + 1) - Crop : 0;
        int dx = Crop > 0 ? random.NextInt32((2 * Crop) + 1) - Crop : 0;
        bool flip = Flip && random.NextInt32(2) == 1;
        (int height, int width) = (shape.Height, shape.Width);
        int left = Math.Max(0, -dx), right = Math.Min(width, width - dx);
        target[..shape.Length].Clear();
        for (int row = 0; row < shape.Channels * height; row++)
        {
            int y = (row % height) + dy;
            if (y < 0 || y >= height || right <= left)
            {
                continue;
            }

            Span<float> line = target.Slice(row * width, width);
            source.Slice(((row / height * height) + y) * width, width)[(left + dx)..(right + dx)].CopyTo(line[left..right]);
            if (flip)
            {
                line.Reverse();
            }
        }
    }
}
