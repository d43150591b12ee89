using AuditKit.Imaging.TransformCoding;

namespace AuditKit.Imaging;

/// <summary>JPEG-q (Zheng et al. 2016): compressed and decompressed. Grey images stay grey.</summary>
/// <param name="quality">The quality factor of the IJG scale, 1–100.</param>
public sealed class JpegCompression(int quality) : IPerturbation
{
    /// <inheritdoc/>
    public string Name => $"jpeg-{quality}";

    /// <inheritdoc/>
    public string Description =>
        $"Compressed as JPEG of quality {quality} and decompressed "
        + "(pixels equal to libjpeg-turbo's with the accurate DCT; 4:2:0 chroma where there is colour).";

    /// <inheritdoc/>
    public Image Apply(Image image, CounterRandom random) => JpegRoundTrip.Apply(image, quality);
}
