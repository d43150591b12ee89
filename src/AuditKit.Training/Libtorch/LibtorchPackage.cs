using System.ComponentModel;
using System.Diagnostics;
using System.Reflection;

namespace AuditKit.Training.Libtorch;

/// <summary>
/// Fetches libtorch's NuGet package by the .NET SDK: <c>Libtorch/Libtorch.csproj</c>, which lies beside the program, with
/// its lock file, names it.
/// </summary>
internal static class LibtorchPackage
{
    /// <summary>Whether this build was made for CUDA (<c>-p:Device=cuda</c>).</summary>
    public static bool HasCuda { get; } = typeof(LibtorchPackage).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Any(note => note is { Key: "Device", Value: "cuda" });

    /// <summary>Fetches the libraries.</summary>
    /// <param name="folder">The folder to make. It comes into being whole, by a rename.</param>
    /// <exception cref="AuditException">There is no .NET SDK, no network, or no room.</exception>
    public static void Fetch(string folder)
    {
        string work = $"{folder}.{Environment.ProcessId}";
        try
        {
            string project = Directory.CreateDirectory(Path.Combine(work, "project")).FullName;
            foreach (string file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Libtorch")))
            {
                File.Copy(file, Path.Combine(project, Path.GetFileName(file)));
            }

            string libraries = Path.Combine(work, "libraries");
            LibtorchFolder.Announce($"fetching libtorch {LibtorchEngine.Version} into {folder}; once, 130 MB to download …");
            Build(project, libraries);
            if (LibtorchLibraries.FirstMissing(libraries) is { } missing)
            {
                throw new AuditException($"libtorch's package for this platform has no {missing}. Set {LibtorchFolder.Variable} "
                    + "to a folder that has.", ExitCode.Error);
            }

            MoveInto(folder, libraries);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AuditException($"libtorch cannot be put into {folder}: {e.Message}", ExitCode.Error, e);
        }
        finally
        {
            if (Directory.Exists(work))
            {
                Directory.Delete(work, recursive: true);
            }
        }
    }

    // Where two processes fetch at the same time, the second one finds the folder complete.
    private static void MoveInto(string folder, string libraries)
    {
        try
        {
            Directory.Move(libraries, folder);
        }
        catch (IOException) when (LibtorchLibraries.FirstMissing(folder) is null)
        {
            return;
        }
    }

    private static void Build(string project, string libraries)
    {
        var start = new ProcessStartInfo("dotnet",
            ["build", project, "-t:Libraries", $"-p:Into={libraries}", $"-p:Device={(HasCuda ? "cuda" : "cpu")}", "-v:quiet", "-nologo"])
        {
            WorkingDirectory = project,
            // A bare system has no ICU, which the SDK otherwise asks for.
            Environment = { ["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1" },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using Process build = Process.Start(start)!;
            Task<string> errors = build.StandardError.ReadToEndAsync();
            string said = build.StandardOutput.ReadToEnd();
            build.WaitForExit();
            if (build.ExitCode != 0)
            {
                string reason = $"{said}\n{errors.Result}".Split('\n')
                    .FirstOrDefault(line => line.Contains("error", StringComparison.Ordinal), "no reason given").Trim();
                throw new AuditException(
                    $"libtorch {LibtorchEngine.Version} cannot be fetched: {reason} Gradients and TorchScript need it; with a "
                    + "network, 'auditkit setup' fetches it "
                    + $"ahead of time, or set {LibtorchFolder.Variable} to a folder that holds it.",
                    ExitCode.Error);
            }
        }
        catch (Win32Exception e)
        {
            throw new AuditException(
                $"libtorch {LibtorchEngine.Version}, which gradients and TorchScript need, is fetched by the .NET SDK, and "
                + "'dotnet' was not found. Install it, or set "
                + $"{LibtorchFolder.Variable} to a folder that holds libtorch.",
                ExitCode.Error, e);
        }
    }
}
