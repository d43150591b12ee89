using AuditKit.Yaml;

namespace AuditKit.Models;

/// <summary>The transforms of well-known trainings, from an image to a model's input, by name: what a spec's <c>preprocess</c> stands for.</summary>
/// <param name="Pixels">What becomes of pixels.</param>
/// <param name="Sizing">How images get the model's size.</param>
internal sealed record NamedTransform(UsualPreprocessing Pixels, UsualSizing Sizing)
{
    private static readonly UsualSizing s_own = new("the images' own size", null, false, false);
    private static readonly UsualSizing s_stretched = new("stretched to the model's size", null, false, true);

    // torchvision's weights (V1, V2 and Inception's), OpenAI's CLIP, Caffe's ImageNet models, Keras' preprocess_input by its modes.
    private static readonly Dictionary<string, NamedTransform?> s_known = new()
    {
        ["imagenet-224"] = new(UsualPreprocessing.ImageNet, Cut(256)),
        ["imagenet-v2-224"] = new(UsualPreprocessing.ImageNet, Cut(232)),
        ["inception-299"] = new(UsualPreprocessing.ImageNet, Cut(342)),
        ["clip-224"] = new(UsualPreprocessing.Clip, Cut(224)),
        ["caffe-224"] = new(UsualPreprocessing.Caffe.Reversed(), new("both sides 256, centre cut out", 256, true, true)),
        ["keras-tf"] = new(UsualPreprocessing.Signed, s_stretched),
        ["keras-torch"] = new(UsualPreprocessing.ImageNet, s_stretched),
        ["keras-caffe"] = new(UsualPreprocessing.Caffe.Reversed(), s_stretched),
        ["cifar-10"] = new(UsualPreprocessing.Cifar10, s_own),
        ["cifar-100"] = new(UsualPreprocessing.Cifar100, s_own),
        ["mnist"] = new(UsualPreprocessing.Mnist, s_own),
        ["fashion-mnist"] = new(UsualPreprocessing.FashionMnist, s_own),
    };

    /// <summary>The key of the <c>model:</c> block; absent, its other keys say all.</summary>
    public static readonly ChoiceKey<NamedTransform?> Key = new(
        "preprocess", "A well-known training's range, mean, std, resize, crop and stretch; keys beside it win", s_known, null)
    { Example = "mnist" };

    /// <summary>The model with this transform.</summary>
    public ModelSpec Of(ModelSpec model) => Sizing.Of(Pixels.Of(model));

    private static UsualSizing Cut(int shorter) => new($"shorter side {shorter}, centre cut out", shorter, true, false);
}
