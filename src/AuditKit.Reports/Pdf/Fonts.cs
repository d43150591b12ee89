namespace AuditKit.Reports.Pdf;

/// <summary>
/// The fonts that a PDF is set in: a fixed list, in order of preference, so that a report looks the same
/// wherever it is written. They are Debian's fonts-noto-core, fonts-noto-mono and fonts-droid-fallback.
/// </summary>
internal sealed class Fonts
{
    private static readonly string[] s_required = ["NotoSans-Regular.ttf", "NotoSans-Bold.ttf", "NotoSansMono-Regular.ttf"];

    private static readonly string[] s_files =
    [
        .. s_required, "NotoSansMath-Regular.ttf", "NotoSansSymbols2-Regular.ttf", "NotoSansArabic-Regular.ttf", "NotoSansHebrew-Regular.ttf",
        "NotoSansDevanagari-Regular.ttf", "NotoSansThai-Regular.ttf", "DroidSansFallbackFull.ttf",
    ];

    private Fonts(IReadOnlyList<FontFile> files) => Files = files;

    /// <summary>The files, in order of preference.</summary>
    public IReadOnlyList<FontFile> Files { get; }

    /// <summary>The families' names, in order of preference.</summary>
    public IEnumerable<string> Families => Files.Select(file => file.Family).Distinct();

    /// <summary>Finds the fonts where the system keeps them.</summary>
    /// <exception cref="AuditException">One that no report can do without is missing.</exception>
    public static Fonts Find() => Find(
    [
        "/usr/share/fonts", "/usr/local/share/fonts",
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "fonts"),
    ]);

    /// <summary>Finds the fonts below some folders, the first of which wins.</summary>
    public static Fonts Find(IReadOnlyList<string> folders)
    {
        var paths = new Dictionary<string, string>();
        foreach (string folder in folders.Where(Directory.Exists))
        {
            foreach (string path in Directory.EnumerateFiles(folder, "*.ttf", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            {
                paths.TryAdd(Path.GetFileName(path), path);
            }
        }

        return s_required.FirstOrDefault(file => !paths.ContainsKey(file)) is { } missing
            ? throw new AuditException(
                $"The PDF report needs the font {missing}, which is not below {string.Join(", ", folders)}. Install Debian's fonts-noto-core and fonts-noto-mono.",
                ExitCode.Error)
            : new Fonts([.. s_files.Where(paths.ContainsKey).Select(file => new FontFile(paths[file]))]);
    }
}
