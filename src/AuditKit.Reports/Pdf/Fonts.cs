namespace AuditKit.Reports.Pdf;

/// <summary>
/// The fonts that a PDF is set in: Noto's, pinned in <c>package-lock.json</c>, so that a report has the same bytes
/// wherever it is written, whatever fonts the system has.
/// </summary>
internal sealed class Fonts
{
    private const string Japanese = "NotoSansJP_400Regular.ttf";
    private const string Korean = "NotoSansKR_400Regular.ttf";
    private const string Chinese = "NotoSansSC_400Regular.ttf";

    // In order of preference. Chinese characters have one code, but a shape for every country; see FamiliesFor.
    private static readonly string[] s_files =
    [
        "NotoSans_400Regular.ttf", "NotoSans_700Bold.ttf", "NotoSansMono_400Regular.ttf", "NotoSansMath_400Regular.ttf",
        "NotoSansSymbols2_400Regular.ttf", "NotoSansArabic_400Regular.ttf", "NotoSansHebrew_400Regular.ttf",
        "NotoSansDevanagari_400Regular.ttf", "NotoSansThai_400Regular.ttf", Chinese, Japanese, Korean,
    ];

    private Fonts(IReadOnlyList<FontFile> files) => Files = files;

    /// <summary>Where they lie: beside the template.</summary>
    public static string Folder { get; } = Path.Combine(PdfReport.Tools, "fonts");

    /// <summary>The files, in order of preference.</summary>
    public IReadOnlyList<FontFile> Files { get; }

    /// <summary>Opens the fonts.</summary>
    /// <exception cref="AuditException">One is missing.</exception>
    public static Fonts Find() => Find(Folder);

    /// <summary>Opens the fonts in a folder.</summary>
    public static Fonts Find(string folder)
    {
        string[] paths = [.. s_files.Select(file => Path.Combine(folder, file))];
        return paths.FirstOrDefault(path => !File.Exists(path)) is { } missing
            ? throw new AuditException(
                $"The PDF report needs the font {missing}, which is missing. '{ProgramName.Value} setup' fetches it; an installed tool has to be installed again.",
                ExitCode.Error)
            : new Fonts([.. paths.Select(path => new FontFile(path))]);
    }

    /// <summary>
    /// The families' names, in order of preference. Where a report has kana, its Chinese characters are Japanese; where
    /// it has hangul instead, they are Korean.
    /// </summary>
    public IEnumerable<string> FamiliesFor(bool kana, bool hangul)
    {
        string first = kana ? Japanese : hangul ? Korean : Chinese;
        // The sort is stable: only the last three change places.
        return Files.OrderBy(file => Path.GetFileName(file.Path) is var name && name == first ? 1 : name is Chinese or Japanese or Korean ? 2 : 0)
            .Select(file => file.Family).Distinct();
    }
}
