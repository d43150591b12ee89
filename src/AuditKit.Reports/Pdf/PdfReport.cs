using AuditKit.Reports.Json;

namespace AuditKit.Reports.Pdf;

/// <summary>
/// The report for the file: PDF/A-3a, tagged, with bookmarks, and <c>report.json</c> attached. Typst sets it
/// from the template <c>report.typ</c> in a folder of its own, which holds everything that goes into the PDF.
/// </summary>
public sealed class PdfReport : IReport
{
    /// <summary>Where the template and the compiler lie: beside the program.</summary>
    internal static string Tools { get; } = Path.Combine(AppContext.BaseDirectory, "Pdf");

    /// <inheritdoc/>
    public string FileName => "report.pdf";

    /// <inheritdoc/>
    public void Write(AuditResult result, Stream destination)
    {
        string folder = Directory.CreateTempSubdirectory("auditkit-pdf-").FullName;
        try
        {
            using (FileStream json = File.Create(Path.Combine(folder, "report.json")))
            {
                new JsonReport().Write(result, json);
            }

            var fonts = Fonts.Find();
            string links = Directory.CreateDirectory(Path.Combine(folder, "fonts")).FullName;
            foreach (FontFile font in fonts.Files)
            {
                File.CreateSymbolicLink(Path.Combine(links, Path.GetFileName(font.Path)), font.Path);
            }

            new PdfContent(folder, fonts).Write(result);
            File.Copy(Path.Combine(Tools, "report.typ"), Path.Combine(folder, "report.typ"));
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
}
