using AuditKit.Models.Onnx;

namespace AuditKit.Models;

/// <summary>
/// A way in which trainings usually bring pixels to a model: which of them a model file wants it does not say, and with a wrong
/// one the model still answers, only worse.
/// </summary>
/// <param name="Name">What people call it: <c>ImageNet mean and std</c>.</param>
/// <param name="Range">What black and white become.</param>
/// <param name="Mean">Mean a channel, in the range and in the order of the channels; empty for none.</param>
/// <param name="Std">Standard deviation a channel; empty for none.</param>
/// <param name="Channels">The order of the colours, or grey; null where images and model agree already.</param>
public sealed record UsualPreprocessing(
    string Name, PixelRange Range, IReadOnlyList<double> Mean, IReadOnlyList<double> Std, ChannelOrder? Channels = null)
{
    // Published with the data sets' usual training scripts (torchvision, pytorch-classification, OpenAI's CLIP, Keras' "caffe" mode).
    internal static readonly UsualPreprocessing Signed = new("pixels from -1 to 1", PixelRange.Signed, [], []);
    internal static readonly UsualPreprocessing ImageNet = new("ImageNet mean and std", PixelRange.Unit, [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]);
    internal static readonly UsualPreprocessing Cifar10 = new("CIFAR-10 mean and std", PixelRange.Unit, [0.4914, 0.4822, 0.4465], [0.247, 0.2435, 0.2616]);
    internal static readonly UsualPreprocessing Cifar100 = new("CIFAR-100 mean and std", PixelRange.Unit, [0.5071, 0.4865, 0.4409], [0.2673, 0.2564, 0.2762]);
    internal static readonly UsualPreprocessing Clip =
        new("CLIP mean and std", PixelRange.Unit, [0.48145466, 0.4578275, 0.40821073], [0.26862954, 0.26130258, 0.27577711]);
    internal static readonly UsualPreprocessing Caffe = new("Caffe's mean of ImageNet", PixelRange.Bytes, [123.68, 116.779, 103.939], [1, 1, 1]);
    internal static readonly UsualPreprocessing Mnist = new("MNIST mean and std", PixelRange.Unit, [0.1307], [0.3081]);
    internal static readonly UsualPreprocessing FashionMnist = new("Fashion-MNIST mean and std", PixelRange.Unit, [0.286], [0.353]);

    private static readonly UsualPreprocessing[] Plain =
        [new("pixels / 255", PixelRange.Unit, [], []), new("pixels from 0 to 255", PixelRange.Bytes, [], []), Signed];

    private static readonly UsualPreprocessing[] OfColour =
    [
        .. Plain, ImageNet, Cifar10,
        new("CIFAR-10 mean and std of its images' own deviations", PixelRange.Unit, [0.4914, 0.4822, 0.4465], [0.2023, 0.1994, 0.201]),
        Cifar100, Clip, Caffe,
    ];

    private static readonly UsualPreprocessing[] OfGrey = [.. Plain, Mnist, FashionMnist];

    /// <summary>Those by which images are brought to a model: with colours in the order red, green, blue and in the other one.</summary>
    /// <param name="channels">The model's channels, 1 or 3.</param>
    /// <param name="coloured">Whether images have colours.</param>
    public static IReadOnlyList<UsualPreprocessing> For(int channels, bool coloured) => (channels, coloured) switch
    {
        (1, false) => OfGrey,
        (1, true) => [.. OfGrey.Select(usual => usual with { Channels = ChannelOrder.Grey })],
        (_, false) => OfColour,
        _ => [.. OfColour.SelectMany(usual => new[] { usual with { Channels = ChannelOrder.Rgb }, usual.Reversed() })],
    };

    /// <summary>The model under this preprocessing.</summary>
    public ModelSpec Of(ModelSpec model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model with { Range = Range, Mean = Mean, Std = Std, Channels = Channels ?? model.Channels };
    }

    /// <summary>Whether a model can take it: an input of bytes takes whole numbers from 0 to 255 and no others.</summary>
    public bool Fits(AuditedModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model.Graph is not { } graph || graph.RequiredInputs.First().Type != ElementType.UInt8 || (Range == PixelRange.Bytes && Mean.Count == 0);
    }

    /// <summary>Whether a model gets the very same numbers by this preprocessing and by another.</summary>
    internal bool IsThatOf(UsualPreprocessing other) => IsThatOf(other.Of(new ModelSpec { Path = "" }));

    /// <summary>Whether a model gets the very same numbers by this preprocessing and as its spec has it.</summary>
    public bool IsThatOf(ModelSpec model)
    {
        ArgumentNullException.ThrowIfNull(model);
        PixelRange range = model.Range ?? PixelRange.Unit;
        return (model.Channels ?? ChannelOrder.Rgb) == (Channels ?? model.Channels ?? ChannelOrder.Rgb)
            && Enumerable.Range(0, 3).All(c => Line(range, model.Mean, model.Std, c) == Line(Range, Mean, Std, c));
    }

    // What black and white become in a channel, to six digits: 0.5 and 0.5 of pixels in [0, 1] are pixels in [-1, 1].
    private static (double Black, double White) Line(PixelRange range, IReadOnlyList<double> mean, IReadOnlyList<double> std, int channel)
    {
        (float scale, float black) = range.Map();
        double subtracted = mean.Count == 0 ? 0 : mean[channel % mean.Count];
        double divisor = std.Count == 0 ? 1 : std[channel % std.Count];
        return (Math.Round((black - subtracted) / divisor, 6), Math.Round((scale + black - subtracted) / divisor, 6));
    }

    /// <summary>The same for a model that takes blue first.</summary>
    internal UsualPreprocessing Reversed() => this with
    {
        Name = $"{Name}, blue first",
        Channels = ChannelOrder.Bgr,
        Mean = [.. Mean.Reverse()],
        Std = [.. Std.Reverse()],
    };
}
