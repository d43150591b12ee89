using AuditKit.Reports.Json;
using AuditKit.Results;

namespace AuditKit.Reports.Pdf;

/// <summary>
/// The report for the file: PDF/A-3a, tagged, with bookmarks, and <c>report.json</c> attached. Typst sets it
/// from the templates beside this file in a folder of its own, which holds everything that goes into the PDF.
/// </summary>
public sealed class PdfReport : IReport
{
    /// <summary>Where the template and the compiler lie: beside the program.</summary>
    internal static string Tools { get; } = Path.Combine(AppContext.BaseDirectory, "Pdf");

    private const string FolderPrefix = "auditkit-pdf-";
    // No report takes longer (see Typst): what is older was left by a run that was killed.
    private static readonly TimeSpan s_abandoned = TimeSpan.FromHours(1);

    /// <inheritdoc/>
    public string FileName => "report.pdf";

    /// <inheritdoc/>
    public void Write(AuditResult result, Stream destination)
    {
        RemoveAbandoned(Path.GetTempPath());
        string folder = Directory.CreateTempSubdirectory(FolderPrefix).FullName;
        try
        {
            using (FileStream json = File.Create(Path.Combine(folder, "report.json")))
            {
                new JsonReport().Write(result, json);
            }

            new PdfContent(folder, Fonts.Find()).Write(result);
            foreach (string template in Directory.EnumerateFiles(Tools, "*.typ"))
            {
                File.Copy(template, Path.Combine(folder, Path.GetFileName(template)));
            }

            string pdf = Path.Combine(folder, "report.pdf");
            Typst.Compile(folder, pdf);
            using FileStream file = File.OpenRead(pdf);
            file.CopyTo(destination);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Removes the working folders that killed runs have left.</summary>
    internal static void RemoveAbandoned(string temporary)
    {
        foreach (string folder in Directory.EnumerateDirectories(temporary, FolderPrefix + "*"))
        {
            try
            {
                if (Directory.GetLastWriteTimeUtc(folder) < DateTime.UtcNow - s_abandoned)
                {
                    Directory.Delete(folder, recursive: true);
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Somebody else's, or already gone.
            }
        }
    }
}
