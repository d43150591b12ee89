using System.ComponentModel;
using System.Diagnostics;

namespace AuditKit.Reports.Pdf;

/// <summary>
/// The typesetter, in a process of its own: the version pinned in <c>package-lock.json</c> under node, or else a
/// <c>typst</c> of version 0.14 or newer on the PATH.
/// </summary>
internal static class Typst
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    /// <summary>Compiles <c>report.typ</c> in a folder to PDF/A-3a, with the fonts that lie beside the template.</summary>
    /// <exception cref="AuditException">There is no typesetter, or it refuses the document.</exception>
    public static void Compile(string folder, string target) => Compile(folder, target, PdfReport.Tools, "typst", s_patience);

    /// <summary>The same, with the pinned typesetter's folder and the other's name given.</summary>
    internal static void Compile(string folder, string target, string tools, string typst, TimeSpan patience)
    {
        string[] pinned = [Path.Combine(tools, "compile.mjs"), folder, target];
        string[] other =
            ["compile", "--root", folder, "--font-path", Path.Combine(tools, "fonts"), "--ignore-system-fonts",
                "--pdf-standard", "a-3a", Path.Combine(folder, "report.typ"), target];
        Process? started = Directory.Exists(Path.Combine(tools, "node_modules")) ? Start("node", pinned) : null;
        using Process process = started ?? Start(typst, other) ?? throw new AuditException(
            $"The PDF report needs node on the PATH and the packages that '{ProgramName.Value} setup' fetches, or typst 0.14 or newer on the PATH; neither was found.",
            ExitCode.Error);
        string program = started is null ? typst : "node";
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        // What the process has started may hold its output open after its own end.
        if (!process.WaitForExit(patience) || !Task.WaitAll([output, errors], patience))
        {
            process.Kill(entireProcessTree: true);
            throw new AuditException(
                $"The PDF report was given up: {program} has not finished in {NumberText.Exact(patience.TotalMinutes, isProportion: false)} minutes. "
                + "All other reports are written.", ExitCode.Error);
        }

        if (process.ExitCode != 0 || !File.Exists(target))
        {
            // Paths of a folder that is gone by now would only mislead.
            string said = $"{errors.Result}\n{output.Result}".Replace(folder, "").Trim();
            throw new AuditException($"The PDF report could not be set; {program} said: {said}", ExitCode.Error);
        }
    }

    // Null where there is no such program.
    private static Process? Start(string program, string[] arguments)
    {
        try
        {
            return Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true });
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
