using AuditKit.Imaging.TransformCoding;

namespace AuditKit.Imaging.Corruptions;

/// <summary><c>jpeg-compression</c>: compressed as JPEG and decompressed.</summary>
/// <param name="severity">1 to 5.</param>
public sealed class JpegLoss(int severity)
    : Corruption<int>("jpeg-compression", severity, [80, 65, 58, 50, 40], [25, 18, 15, 10, 7])
{
    /// <inheritdoc/>
    public override string Definition
        => "Compressed as JPEG of quality q and decompressed "
        + "(pixels equal to libjpeg-turbo's with the accurate DCT; 4:2:0 chroma where there is colour).";

    /// <inheritdoc/>
    public override Image Apply(Image image, CounterRandom random) => JpegRoundTrip.Apply(image, For(image));
}
