using AuditKit.Imaging;
using AuditKit.Models.Onnx;

namespace AuditKit.Models.Forms;

/// <summary>How a model's own input holds images.</summary>
/// <param name="Value">The input.</param>
/// <param name="Image">The shape of one image.</param>
/// <param name="Layout">The order of its samples.</param>
/// <param name="Dimensions">The input's dimensions behind the batch's, all known.</param>
/// <param name="Batch">The only batch size; null where it is variable.</param>
internal sealed record InputForm(GraphValue Value, InputShape Image, InputLayout Layout, IReadOnlyList<long> Dimensions, int? Batch)
{
    private const int LargestSide = 4096;

    private static readonly ElementType[] s_types =
        [ElementType.Float, ElementType.Float16, ElementType.BFloat16, ElementType.Double, ElementType.UInt8, ElementType.Int32, ElementType.Int64];

    /// <summary>Whether the input takes N×C×H×W 32-bit floats as it is.</summary>
    public bool IsCanonical => Value.Type == ElementType.Float && Layout == InputLayout.ChannelsFirst && Dimensions.SequenceEqual(PlanesOf(Image));

    /// <summary>Whether it takes whole numbers, which are levels of 0 to 255.</summary>
    public bool TakesWholeNumbers => Value.Type is ElementType.UInt8 or ElementType.Int32 or ElementType.Int64;

    /// <summary>The range of pixels that its type stands for.</summary>
    public PixelRange Range => TakesWholeNumbers ? PixelRange.Bytes : PixelRange.Unit;

    /// <summary>Sees an input as one of images.</summary>
    /// <param name="path">The model's file, for messages.</param>
    /// <param name="input">The input.</param>
    /// <param name="options">What the user says of it.</param>
    /// <exception cref="AuditException">It takes no images, or leaves open how; the message says which line to write.</exception>
    public static InputForm Of(string path, GraphValue input, ClassifierOptions options)
    {
        if (!s_types.Contains(input.Type) || input.Shape is { Count: < 2 or > 4 })
        {
            throw new AuditException(
                $"{path}: its input must be N×C×H×W, N×H×W×C, N×H×W or one row an image, of floats or bytes, but it is '{input}'.");
        }

        long?[] open = input.Shape is { } shape ? [.. shape.Skip(1).Select(dimension => dimension.Size)] : [null, null, null];
        (InputLayout layout, InputShape image) = options.Input is { } given
            ? (LayoutOf(path, input, open, given, options.Layout), given)
            : Found(path, input, open, options.Layout);
        if (image.Channels is not (1 or 3) || Sides(image).Any(side => side is < 1 or > LargestSide))
        {
            throw new AuditException($"{path}: its input '{input}' is no image: expected 1 or 3 channels, and sides of at most {LargestSide}.");
        }

        long[] dimensions = open.Length == 3 && open.Contains(null) ? DimensionsOf(image, layout)
            : open.Length == 2 && open.Contains(null) ? [image.Height, image.Width]
            : [.. open.Select(length => length ?? image.Length / open.Aggregate(1L, (product, known) => product * (known ?? 1)))];
        return new InputForm(input, image, layout, dimensions, BatchOf(path, input, image));
    }

    /// <summary>Puts nodes before a model that make its own input of N×C×H×W 32-bit floats.</summary>
    /// <returns>The input that takes these.</returns>
    public GraphValue AddTo(GraphBorder border)
    {
        Dimension batch = Value.Shape?[0] is { Size: not null } or { Name: not null } ? Value.Shape[0] : "batch";
        GraphValue planes = new(Value.Name, ElementType.Float, [batch, Image.Channels, Image.Height, Image.Width]);
        if (IsCanonical)
        {
            return planes;
        }

        List<(string Type, string[] More, (string, AttributeValue)[] Attributes)> steps = [];
        if (Layout == InputLayout.ChannelsLast && Image.Channels > 1)
        {
            steps.Add(("Transpose", [], [("perm", new long[] { 0, 2, 3, 1 })]));
        }

        if (!Dimensions.SequenceEqual(Image.Channels == 1 ? PlanesOf(Image) : DimensionsOf(Image, Layout)))
        {
            steps.Add(("Reshape", [border.Constant($"{Value.Name}, shape", TensorValue.Of([0, .. Dimensions], Dimensions.Count + 1))], []));
        }

        if (TakesWholeNumbers)
        {
            // Casting cuts off; half a level more makes it round.
            steps.Add(("Add", [border.Constant($"{Value.Name}, half a level", TensorValue.Of([0.5f]))], []));
        }

        if (Value.Type != ElementType.Float)
        {
            steps.Add(("Cast", [], [("to", (long)Value.Type)]));
        }

        planes = planes with { Name = border.Fresh($"{Value.Name}, channels first") };
        string value = planes.Name;
        for (int i = 0; i < steps.Count; i++)
        {
            (string type, string[] more, (string, AttributeValue)[] attributes) = steps[i];
            value = border.Before(type, [value, .. more], i == steps.Count - 1 ? Value.Name : border.Fresh($"{Value.Name}, {type}"), attributes);
        }

        return planes;
    }

    /// <summary>How the input holds images, for people.</summary>
    public override string ToString()
    {
        string order = Dimensions.SequenceEqual(PlanesOf(Image)) ? "N×C×H×W"
            : Dimensions.SequenceEqual(DimensionsOf(Image, InputLayout.ChannelsLast)) ? "N×H×W×C"
            : $"N×{string.Join("×", Dimensions)}" + (Image.Channels == 1 ? "" : Layout == InputLayout.ChannelsFirst ? ", one channel after the other"
                : ", one pixel after the other");
        return $"{order}, {(Value.Type == ElementType.Float ? "32-bit floats" : Value.Type.ToString())}";
    }

    private static long[] PlanesOf(InputShape image) => [image.Channels, image.Height, image.Width];

    private static int[] Sides(InputShape image) => [image.Height, image.Width];

    private static long[] DimensionsOf(InputShape image, InputLayout layout)
        => layout == InputLayout.ChannelsFirst ? PlanesOf(image) : [image.Height, image.Width, image.Channels];

    // The user gives the shape of an image: which order fits the input?
    private static InputLayout LayoutOf(string path, GraphValue input, long?[] open, InputShape given, InputLayout? layout)
    {
        bool isOneRow = !Fits(InputLayout.ChannelsFirst) && !Fits(InputLayout.ChannelsLast);
        if (isOneRow && !FitsAsRow(open, given))
        {
            throw new AuditException($"{path}: images of {given} do not fit its input '{input}' (channels × height × width).");
        }

        if (layout is { } wanted)
        {
            return isOneRow || Fits(wanted) ? wanted
                : throw new AuditException($"{path}: images of {given} do not fit its input '{input}' in this layout. Leave out layout.");
        }

        return !isOneRow ? (Fits(InputLayout.ChannelsFirst) ? InputLayout.ChannelsFirst : InputLayout.ChannelsLast)
            : given.Channels == 1 ? InputLayout.ChannelsFirst
            : throw new AuditException($"{path}: its input '{input}' holds an image in one row, which leaves the order of its samples open. Write "
                + "layout: nchw (one channel after the other), or layout: nhwc (one pixel after the other, as TensorFlow has it).");

        bool Fits(InputLayout candidate)
            => open.Length == 3 && open.Zip(DimensionsOf(given, candidate)).All(pair => pair.First is null || pair.First == pair.Second);
    }

    // N×H×W, N×(C·H·W), and these with dimensions of 1 behind them.
    private static bool FitsAsRow(long?[] open, InputShape given)
    {
        if (open.Length == 2 && open.Contains(null))
        {
            return given.Channels == 1 && (open[0] ?? given.Height) == given.Height && (open[1] ?? given.Width) == given.Width;
        }

        long known = open.Aggregate(1L, (product, length) => product * (length ?? 1));
        int unknown = open.Count(length => length is null);
        return (open.Length < 3 || (open[1] == 1 && open[2] == 1))
            && (unknown == 0 ? known == given.Length : unknown == 1 && known > 0 && given.Length % known == 0);
    }

    // The shape of an image by the input's own dimensions.
    private static (InputLayout, InputShape) Found(string path, GraphValue input, long?[] open, InputLayout? layout)
    {
        if (open.Any(length => length is null))
        {
            throw new AuditException(
                $"{path}: its input '{input}' leaves the image's size open. Say which size to use: input: [channels, height, width].");
        }

        long[] sizes = [.. open.Select(length => Math.Clamp(length!.Value, 0, int.MaxValue))];
        return sizes switch
        {
            [var length, 1, 1] when length > 3 => Row(length),
            [1 or 3, _, _] when layout is not InputLayout.ChannelsLast => (InputLayout.ChannelsFirst, new((int)sizes[0], (int)sizes[1], (int)sizes[2])),
            [_, _, 1 or 3] when layout is not InputLayout.ChannelsFirst => (InputLayout.ChannelsLast, new((int)sizes[2], (int)sizes[0], (int)sizes[1])),
            [_, _, _] => throw new AuditException($"{path}: its input '{input}' is no image: expected N×C×H×W or N×H×W×C with 1 or 3 channels."),
            [var length, 1] => Row(length),
            [var height, var width] => (InputLayout.ChannelsFirst, new(1, (int)height, (int)width)),
            [var length] => Row(length),
            _ => throw new AuditException($"{path}: its input '{input}' is no image."),
        };

        // One row of a square image.
        (InputLayout, InputShape) Row(long length)
        {
            foreach (int channels in new[] { 1, 3 })
            {
                int side = (int)Math.Sqrt(length / channels);
                if ((long)side * side * channels == length && side > 1)
                {
                    var image = new InputShape(channels, side, side);
                    return (LayoutOf(path, input, open, image, layout), image);
                }
            }

            throw new AuditException($"{path}: its input '{input}' holds an image in one row of {length} numbers, and it is not a square one. "
                + "Say its shape: input: [channels, height, width].");
        }
    }

    private static int? BatchOf(string path, GraphValue input, InputShape image) => input.Shape?[0].Size is not { } batch ? null
        : batch is >= 1 and <= 65536 && batch * image.Length <= int.MaxValue / sizeof(float) ? (int)batch
        : throw new AuditException($"{path}: the batch size of its input '{input}' cannot be used: 0, or more than 2 GB of images.");
}
