using AuditKit.Yaml;

namespace AuditKit.Imaging.Corruptions;

/// <summary>A kind of corruption, to be made at any severity.</summary>
/// <param name="Name">As specs and reports name it: <c>gaussian-noise</c>.</param>
/// <param name="Category">What it is averaged with.</param>
/// <param name="InBenchmark">Whether it is one of the 15 of the benchmark, not one of the 4 held out for validation.</param>
/// <param name="Make">Makes it, given the severity and the pictures of frost.</param>
public sealed record CorruptionKind(string Name, CorruptionCategory Category, bool InBenchmark, Func<int, FrostTexture, Corruption> Make);

/// <summary>The 15 + 4 corruptions, in the order of the paper's tables.</summary>
public static class CorruptionCatalog
{
    /// <summary>The 15 of the benchmark, then the 4 others.</summary>
    public static IReadOnlyList<CorruptionKind> Kinds { get; } =
    [
        new("gaussian-noise", CorruptionCategory.Noise, true, (severity, _) => new GaussianNoise(severity)),
        new("shot-noise", CorruptionCategory.Noise, true, (severity, _) => new ShotNoise(severity)),
        new("impulse-noise", CorruptionCategory.Noise, true, (severity, _) => new ImpulseNoise(severity)),
        new("defocus-blur", CorruptionCategory.Blur, true, (severity, _) => new DefocusBlur(severity)),
        new("glass-blur", CorruptionCategory.Blur, true, (severity, _) => new GlassBlur(severity)),
        new("motion-blur", CorruptionCategory.Blur, true, (severity, _) => new MotionBlur(severity)),
        new("zoom-blur", CorruptionCategory.Blur, true, (severity, _) => new ZoomBlur(severity)),
        new("snow", CorruptionCategory.Weather, true, (severity, _) => new Snow(severity)),
        new("frost", CorruptionCategory.Weather, true, (severity, texture) => new Frost(severity, texture)),
        new("fog", CorruptionCategory.Weather, true, (severity, _) => new Fog(severity)),
        new("brightness", CorruptionCategory.Weather, true, (severity, _) => new Brightness(severity)),
        new("contrast", CorruptionCategory.Digital, true, (severity, _) => new Contrast(severity)),
        new("elastic-transform", CorruptionCategory.Digital, true, (severity, _) => new ElasticTransform(severity)),
        new("pixelate", CorruptionCategory.Digital, true, (severity, _) => new Pixelate(severity)),
        new("jpeg-compression", CorruptionCategory.Digital, true, (severity, _) => new JpegLoss(severity)),
        new("speckle-noise", CorruptionCategory.Noise, false, (severity, _) => new SpeckleNoise(severity)),
        new("gaussian-blur", CorruptionCategory.Blur, false, (severity, _) => new GaussianBlur(severity)),
        new("spatter", CorruptionCategory.Weather, false, (severity, _) => new Spatter(severity)),
        new("saturate", CorruptionCategory.Digital, false, (severity, _) => new Saturate(severity)),
    ];

    /// <summary>The kind of a name.</summary>
    /// <exception cref="AuditException">There is no such corruption; the message lists those there are.</exception>
    public static CorruptionKind Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        IEnumerable<string> names = Kinds.Select(kind => kind.Name);
        return Kinds.FirstOrDefault(kind => kind.Name == name) ?? throw new AuditException(
            $"'{name}' is no corruption.{Spelling.Nearest(name, names)} There are {string.Join(", ", names)}.");
    }
}
