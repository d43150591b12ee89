using System.ComponentModel;
using System.Diagnostics;

namespace AuditKit.Training.Libtorch;

/// <summary>
/// A project file that lies beside the program and names NuGet packages, copied to where it may be built: the .NET SDK fetches the
/// packages, and a target of it copies what is needed of them.
/// </summary>
internal sealed class PackageProject
{
    private readonly string _project;

    private PackageProject(string work, string name)
    {
        Content = Path.Combine(work, "content");
        _project = Directory.CreateDirectory(Path.Combine(work, "project")).FullName;
        foreach (string file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, name)))
        {
            File.Copy(file, Path.Combine(_project, Path.GetFileName(file)));
        }
    }

    /// <summary>The folder that a target fills.</summary>
    public string Content { get; }

    /// <summary>Fills a folder. It comes into being whole, by a rename.</summary>
    /// <param name="name">The folder beside the program that holds the project.</param>
    /// <param name="folder">The folder to make.</param>
    /// <param name="isComplete">Whether the folder holds what it should.</param>
    /// <param name="fill">Builds the target that fills <see cref="Content"/>, and refuses what is not as it should be.</param>
    /// <exception cref="AuditException">There is no room.</exception>
    public static void Fetch(string name, string folder, Func<bool> isComplete, Action<PackageProject> fill)
    {
        string work = $"{folder}.{Environment.ProcessId}";
        try
        {
            var project = new PackageProject(work, name);
            fill(project);
            MoveInto(folder, project.Content, isComplete);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AuditException($"{folder} cannot be made: {e.Message}", ExitCode.Error, e);
        }
        finally
        {
            if (Directory.Exists(work))
            {
                Directory.Delete(work, recursive: true);
            }
        }
    }

    /// <summary>Builds a target of the project.</summary>
    /// <param name="target">The target's name.</param>
    /// <param name="properties">The build's properties.</param>
    /// <returns>Why it cannot be built; null where it was.</returns>
    public string? Build(string target, params IReadOnlyList<(string Name, string Value)> properties)
    {
        var start = new ProcessStartInfo("dotnet",
            ["build", _project, $"-t:{target}", .. properties.Select(property => $"-p:{property.Name}={property.Value}"), "-v:quiet", "-nologo"])
        {
            WorkingDirectory = _project,
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
            return build.ExitCode == 0 ? null : $"{said}\n{errors.Result}".Split('\n')
                .FirstOrDefault(line => line.Contains("error", StringComparison.Ordinal), "no reason given").Trim();
        }
        catch (Win32Exception)
        {
            return "the .NET SDK fetches it, and 'dotnet' was not found.";
        }
    }

    // Where two processes fetch at the same time, the second one finds the folder complete.
    private static void MoveInto(string folder, string content, Func<bool> isComplete)
    {
        try
        {
            // Something of it has been deleted since it was fetched.
            if (Directory.Exists(folder) && !isComplete())
            {
                Directory.Delete(folder, recursive: true);
            }

            Directory.Move(content, folder);
        }
        catch (IOException) when (isComplete())
        {
            return;
        }
    }
}
