using AuditKit.Imaging;
using AuditKit.Models.Onnx;
using AuditKit.Yaml;

namespace AuditKit.Models.Architectures;

/// <summary>The reference architectures by the name that recipes use, each built as a graph with fresh parameters.</summary>
public static class Architecture
{
    private delegate Graph Builder(InputShape input, int classes, long seed);

    private static readonly SortedDictionary<string, Builder> Builders = new(StringComparer.Ordinal)
    {
        ["conv7-conv5"] = Conv7Conv5.Build,
        ["lenet-300-100"] = LeNet.Dense,
        ["lenet-5-caffe"] = LeNet.Caffe,
        ["resnet8-cifar"] = (input, classes, seed) => ResNet.Thin(1, input, classes, seed),
        ["resnet18"] = (input, classes, seed) => ResNet.Wide(18, imageNetStem: true, input, classes, seed),
        ["resnet18-cifar"] = (input, classes, seed) => ResNet.Wide(18, imageNetStem: false, input, classes, seed),
        ["resnet34"] = (input, classes, seed) => ResNet.Wide(34, imageNetStem: true, input, classes, seed),
        ["resnet34-cifar"] = (input, classes, seed) => ResNet.Wide(34, imageNetStem: false, input, classes, seed),
        ["resnet50"] = (input, classes, seed) => ResNet.Wide(50, imageNetStem: true, input, classes, seed),
        ["resnet50-cifar"] = (input, classes, seed) => ResNet.Wide(50, imageNetStem: false, input, classes, seed),
    };

    /// <summary>Every name that <see cref="Build"/> knows.</summary>
    public static IReadOnlyCollection<string> Names => Builders.Keys;

    /// <summary>
    /// Builds an architecture: input <c>input</c> N×C×H×W, the classifier's input under the name <c>embedding</c>,
    /// output <c>logits</c> N×K.
    /// </summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="input">The shape of one image.</param>
    /// <param name="classes">Number of classes K, at least 2.</param>
    /// <param name="seed">The seed of the initial parameters; each parameter has draws of its own.</param>
    /// <exception cref="AuditException">The name is unknown, or the images are too small for the architecture.</exception>
    public static Graph Build(string name, InputShape input, int classes, long seed)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 2);
        return Builders.TryGetValue(name, out Builder? build)
            ? build(input, classes, seed)
            : throw new AuditException(
                $"There is no architecture '{name}'.{Spelling.Nearest(name, Names)} There are: {string.Join(", ", Names)}.");
    }
}
