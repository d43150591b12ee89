using System.Reflection;

namespace AuditKit.Imaging.Files;

/// <summary>What JPEG and PNG files are decoded with: the system's libraries, or ImageSharp.</summary>
/// <param name="HasTurboJpeg">Whether JPEG files go to libjpeg-turbo.</param>
/// <param name="HasLibPng">Whether PNG files go to libpng.</param>
internal sealed record ImageCodecs(bool HasTurboJpeg, bool HasLibPng)
{
    /// <summary>The label of the fact that names what decoded JPEG files.</summary>
    public const string JpegLabel = "JPEG files decoded by";

    /// <summary>No native library at all.</summary>
    public static ImageCodecs Managed { get; } = new(HasTurboJpeg: false, HasLibPng: false);

    /// <summary>What this machine has.</summary>
    public static ImageCodecs Here { get; } = new(SystemLibrary.TurboJpeg.Name is not null, SystemLibrary.LibPng.Name is not null);

    /// <summary>
    /// Which of the codecs whose pixels differ decodes JPEG files. libjpeg-turbo's versions agree, and so do all
    /// decoders of PNG.
    /// </summary>
    public string JpegPixels => HasTurboJpeg ? "libjpeg-turbo" : ImageSharp;

    /// <summary>The codecs and their versions, for the provenance.</summary>
    public IReadOnlyList<Fact> Facts =>
    [
        // TurboJPEG has no function that tells the version.
        new(JpegLabel, HasTurboJpeg ? $"libjpeg-turbo ({SystemLibrary.TurboJpeg.Name}, TurboJPEG API "
            + $"{(SystemLibrary.TurboJpeg.Has("tj3Init") ? 3 : 2)})" : ImageSharp),
        new("Other image files decoded by", $"PNG: {(HasLibPng ? $"libpng {LibPng.Version}" : ImageSharp)}; WebP, TIFF, BMP, GIF and TGA: "
            + $"{ImageSharp}; PBM, PGM and PPM: AuditKit"),
    ];

    private static string ImageSharp { get; } = "ImageSharp " + typeof(SixLabors.ImageSharp.Configuration).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <summary>What a comparison must say where two runs decoded JPEG files differently; null where they did not, or one does not say.</summary>
    public static string? Difference(string? baseline, string? candidate)
        => baseline is null || candidate is null || baseline == candidate ? null
            : $"The two runs decoded image files with different codecs (candidate: {candidate}; baseline: {baseline}): pixels of JPEG files "
                + "may differ, mostly by a few levels, which adds to the differences.";

    /// <summary>What decoded JPEG files in a run; null where its provenance does not say.</summary>
    public static string? Of(IReadOnlyList<Fact> provenance) => provenance.FirstOrDefault(fact => fact.Label == JpegLabel)?.Value;
}
