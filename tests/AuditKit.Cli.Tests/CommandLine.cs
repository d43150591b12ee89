using System.Diagnostics;

namespace AuditKit.Cli.Tests;

/// <summary>The command line as users start it: another process, its exit code and what it prints.</summary>
internal static class CommandLine
{
    public static (ExitCode ExitCode, string Output) Run(string folder, params string[] arguments) => Run(StartInfo(folder, arguments));

    /// <summary>Runs to the end what is to be started.</summary>
    public static (ExitCode ExitCode, string Output) Run(ProcessStartInfo start)
    {
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return ((ExitCode)process.ExitCode, output + errors.Result);
    }

    public static Process Start(string folder, params string[] arguments) => Process.Start(StartInfo(folder, arguments))!;

    /// <summary>What is to be started, for tests that change its environment.</summary>
    public static ProcessStartInfo StartInfo(string folder, params string[] arguments) =>
        new("dotnet", [Path.Combine(AppContext.BaseDirectory, "AuditKit.Cli.dll"), .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
}
