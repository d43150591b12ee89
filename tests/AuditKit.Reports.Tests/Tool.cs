using System.ComponentModel;
using System.Diagnostics;

namespace AuditKit.Reports.Tests;

/// <summary>Runs the programs that judge reports from outside.</summary>
internal static class Tool
{
    /// <summary>Exit status, and everything the program printed. The test is skipped where the program is absent.</summary>
    public static (int Status, string Output) Run(string program, params string[] arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            Task<string> errors = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output + errors.Result);
        }
        catch (Win32Exception)
        {
            string package = program.StartsWith("pdf", StringComparison.Ordinal) ? "poppler-utils" : program == "fc-query" ? "fontconfig" : program;
            Assert.Skip($"needs the program {program}: apt-get install {package}");
            throw;
        }
    }
}
